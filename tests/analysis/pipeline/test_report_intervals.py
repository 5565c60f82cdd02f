"""Both intervals of a share, both errors of kappa, all net benefits and the measures of outlines in the report."""

import json

import pytest
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.mask_agreement import MEASURES
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.operating import operating
from backend.analysis.pipeline.predictions import predictions
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.study import Study, study_of
from backend.analysis.reporting.content import ReportTable


@pytest.fixture
def study(small_files: dict[str, str]) -> Study:
    return study_of(read_dataset(small_files), level=0.95, seed=1)


def table_of(section: Section, caption: str) -> ReportTable:
    tables = [one.table for part in section_tables(section, 0.95) for one in part.tables]
    return next(one for one in tables if one.caption.startswith(caption))


def test_operating_points_have_score_intervals_beside_the_exact_ones(study: Study) -> None:
    section = operating(study)
    table = table_of(section, "Score intervals at the stated cut-offs")
    item = section.item("at_cutoff/net")
    shown = dict(
        zip(table.header[1:], next(row for row in table.rows if row[0] == item.title)[1:], strict=True)
    )
    point = item.result.rows[0]
    for head in ("sensitivity", "specificity", "accuracy", "ppv", "npv"):
        share = getattr(point, head)
        low, high = proportion_confint(share.successes, share.n, method="wilson")
        name = next(one for one in shown if one.lower().startswith(head))
        assert shown[name] == f"{100 * share.estimate:.1f} ({100 * low:.1f}, {100 * high:.1f})"
    exact = table_of(section, "Accuracy at the stated cut-offs")
    assert [row[0] for row in exact.rows] == [row[0] for row in table.rows]
    every = table_of(section, "Score intervals at every cut-off")
    assert len(every.rows) == len(table_of(section, "Accuracy at every cut-off").rows)


def test_what_warns_of_a_share_stands_below_its_score_interval_too(small_files: dict[str, str]) -> None:
    """The model was made on these cases: a table that is copied alone has to say so."""
    rows = "".join(f"C{n:02d},old\n" for n in range(1, 31))
    plan = {"cohort": "cohort", "development": ["old"]}
    design = {**json.loads(small_files["study.json"]), "analysis": plan}
    files = {**small_files, "cases.csv": f"case,cohort\n{rows}", "study.json": json.dumps(design)}
    section = operating(study_of(read_dataset(files), level=0.95, seed=1))
    warnings = section.item("at_cutoff/net").warnings
    assert any(warning.startswith("Apparent") for warning in warnings)
    for caption in ("Accuracy at the stated", "Predictive values and", "Score intervals at the stated"):
        notes = table_of(section, caption).notes
        for warning in warnings:
            assert sum(note.endswith(warning.replace(">=", "≥")) for note in notes) == 1, caption


def test_kappa_has_its_standard_error_under_the_null_and_not(study: Study) -> None:
    section = agreement(study)
    table = table_of(section, "Called positive")
    column = table.header.index("SE (SE₀)")
    pair = section.item("kappa_unweighted/rating:call/UNAIDED").result.matrix.pairs[0]
    row = next(one for one in table.rows if one[:2] == (f"{pair.rater_a} and {pair.rater_b}", "UNAIDED"))
    assert row[column] == f"{pair.result.se:.3f} ({pair.result.se0:.3f})"
    assert pair.result.se != pair.result.se0


def test_measures_of_outlines_are_named_in_words(small_files: dict[str, str]) -> None:
    values = "".join(f"C01,R1,R2,{measure},0.5\n" for measure in MEASURES)
    files = {**small_files, "masks.csv": f"case,reader_a,reader_b,measure,value\n{values}"}
    section = agreement(study_of(read_dataset(files), level=0.95, seed=1))
    table = table_of(section, "Outlines compared")
    assert [row[1] for row in table.rows if row[0] == "R1 and R2"] == [
        "Dice coefficient",
        "Jaccard index",
        "Hausdorff distance, mm",
        "Hausdorff distance, 95th percentile, mm",
        "Average symmetric surface distance, mm",
        "Volume difference, first minus second, ml",
    ]


@pytest.mark.parametrize(
    ("what", "measure", "digits"),
    [
        ("net benefit", "net_benefit", 3),
        ("standardized net benefit", "standardized", 3),
        ("net interventions avoided per 100 cases", "avoided", 1),
    ],
)
def test_decision_curves_are_printed_in_every_measure(
    study: Study, what: str, measure: str, digits: int
) -> None:
    section = predictions(study)
    table = table_of(section, f"Decision curves, all cases: {what} by threshold")
    curve = section.item("decision_curve/all cases").result.models[0]
    assert table.header[1] == "net (95% CI)"
    assert len(table.header) == (2 if measure == "avoided" else 3)
    for row in table.rows:
        point = next(one for one in curve.points if round(100 * one.threshold, 9) == float(row[0]))
        value = getattr(point, measure)
        if not isinstance(value, NotEstimable):
            assert row[1].replace("\N{MINUS SIGN}", "-").split(" ")[0] == f"{value:.{digits}f}".replace(
                "-0.000", "0.000"
            )
