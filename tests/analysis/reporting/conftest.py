"""A report of a small seeded study, as the documents get it."""

from collections.abc import Callable

import pytest

from backend.analysis.figures import roc_figure_png, roc_figure_svg
from backend.analysis.reporting.analysis_done import AnalysisDone, MethodUse
from backend.analysis.reporting.checklists import prefilled
from backend.analysis.reporting.content import (
    SYNTHETIC_LABEL,
    DeviationRow,
    NotApplicable,
    ProvenanceRow,
    ReportContent,
    ReportFigure,
    ReportSection,
)
from backend.analysis.reporting.grras import GRRAS
from backend.analysis.reporting.manuscript_tables import auc_table, kappa_matrix_table, operating_points_table
from backend.analysis.reporting.methods_text import methods_text
from backend.analysis.reporting.study_facts import ReaderFacts, ResultsPresent, StudyFacts
from backend.analysis.study_dataset import StudyDataset
from backend.analysis.study_report import StudyReport, study_report

DRAWN: dict[str, tuple[bytes, bytes]] = {}


@pytest.fixture
def study(make_dataset: Callable[..., StudyDataset]) -> StudyReport:
    return study_report(make_dataset())


@pytest.fixture
def facts() -> StudyFacts:
    return StudyFacts(
        title="Nodes",
        design="fully crossed, first without and then with the model",
        arms=("UNAIDED", "AIDED"),
        n_sessions=2,
        washout_days=28,
        readers=(ReaderFacts("reader1", 16, "radiologist"), ReaderFacts("reader2")),
        n_cases=40,
        n_positive=22,
        n_negative=17,
        n_without_truth=1,
        positive_class="metastatic node",
        results=ResultsPresent(agreement=("Cohen's kappa",), accuracy=("AUC", "sensitivity")),
        level=0.95,
        places=(("agreement", "Agreement"), ("accuracy", "Accuracy")),
    )


@pytest.fixture
def figure(study: StudyReport) -> ReportFigure:
    # Drawing takes most of the time of these tests, and the study is the same in all.
    if study.dataset_sha256 not in DRAWN:
        DRAWN[study.dataset_sha256] = roc_figure_svg(study), roc_figure_png(study, dpi=60)
    svg, png = DRAWN[study.dataset_sha256]
    alt = "ROC curves of two readers in two arms and of the model; areas from 0.66 to 0.94."
    return ReportFigure("roc", "ROC curves", alt, svg, png)


@pytest.fixture
def content(study: StudyReport, facts: StudyFacts, figure: ReportFigure) -> ReportContent:
    kappa = kappa_matrix_table(study.agreement[0].matrix, key="kappa-call", caption="Kappa of the call")
    areas = auc_table(study.curves, study.comparisons, key="auc", caption="Areas under the curve")
    points = operating_points_table(study.curves, key="points", caption="Operating points")
    done = AnalysisDone(
        tuple(MethodUse(method.key) for method in study.methods),
        study.level,
        n_readers=len(study.readers),
        n_cases=study.n_cases,
        arms=study.arms,
        software=(("Reading Room", "0.1.0"),),
    )
    return ReportContent(
        title="Lateral nodes",
        subtitle="Results, version 2",
        provenance=(ProvenanceRow("Dataset (SHA-256)", study.dataset_sha256),),
        sections=(
            ReportSection("agreement", "Agreement", ("Two readers and a model.",), tables=(kappa,)),
            ReportSection(
                "accuracy",
                "Accuracy",
                tables=(areas, points),
                figures=(figure,),
                warnings=("Cut-offs were chosen on the same data.",),
                sections=(ReportSection("froc", "Localization", not_applicable="no marks were drawn"),),
            ),
        ),
        methods=methods_text(done),
        synthetic_label=SYNTHETIC_LABEL,
        not_applicable=(NotApplicable("Survival", "there is no follow-up"),),
        deviations=(DeviationRow("2026-02-03", "Washout of 20 days", "reader2", "illness"),),
        checklists=(prefilled(GRRAS, facts),),
    )
