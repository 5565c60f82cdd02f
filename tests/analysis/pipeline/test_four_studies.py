"""Each of the four studies' demonstration datasets gives every analysis of its paper's list, and estimable.

The lists are those of the papers: Yoo 2025 (doi 10.1038/s41598-025-99029-1), Qiao 2025 (Front Oncol
15:1681939), Bao (five centers, 1,095 patients), Liu 2021 (doi 10.1016/j.ebiom.2021.103442).
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from backend.analysis.demo import DEMOS, demo_files
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.provenance import dataset_sha256
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.results import to_json_value

Dataset = Callable[[str], DatasetFiles]
Results = Callable[[str], AnalysisResults]

ARMS = ("UNAIDED", "AIDED")
LPLN_CURVES = [f"Reader {n}, {arm}" for n in (1, 2) for arm in ARMS] + ["radiomics", "clinical-radiomics"]
LLN_RATERS = ["Junior, INDEPENDENT", "Mid-level, INDEPENDENT", "Senior, INDEPENDENT", "nnU-Net"]
CERVIX_MODELS = ["radiomics", "deep learning", "DLRC"]
LARC_MODELS = ["signature", "clinical", "nomogram"]

# (section, item, the numbers in it that must be estimable, as a path of fields)
LPLN: list[tuple[str, str, str]] = [
    *(("roc", f"curve/{one}", "auc.auc") for one in LPLN_CURVES),
    *(("roc", f"curve/{one}", "auc.ci.low") for one in LPLN_CURVES),
    *(("roc", f"delong/Reader {n}, AIDED - Reader {n}, UNAIDED", "result.p") for n in (1, 2)),
    *(("roc", f"delong/radiomics - Reader {n}, UNAIDED", "result.p") for n in (1, 2)),
    ("roc", "groups/cohort", "groups.0.result.auc"),
    *(("operating_points", f"at_cutoff/{one}", "rows.0.sensitivity.estimate") for one in LPLN_CURVES),
    *(("operating_points", f"at_cutoff/{one}", "rows.0.specificity.estimate") for one in LPLN_CURVES),
    ("operating_points", "at_cutoff/radiomics/cohort/validation", "rows.0.sensitivity.estimate"),
    ("models", "calibration/radiomics/validation", "recalibration.slope.estimate"),
    ("models", "decision_curve/validation", "models.0.points.29.net_benefit"),
    *(("table_one", "cohort", f"rows.{row}.chosen.test.p") for row in range(8)),
    ("mrmc", "or_jackknife/AUC", "random_readers_random_cases.test.p"),
    ("mrmc", "or_jackknife/AUC", "fixed_readers.test.p"),
    ("mrmc", "or_jackknife/AUC", "fixed_cases.test.p"),
    ("mrmc", "gallas", "differences.0.p"),
    ("mrmc", "panel/radiomics/UNAIDED", "random_readers_random_cases.p"),
    ("mrmc", "sample_size", "sizes.4.n_cases"),
    ("change_of_mind", "UNAIDED to AIDED, radiomics", "pooled.accuracy.stratified.p_exact"),
    ("change_of_mind", "UNAIDED to AIDED, radiomics", "pooled.advice.followed_wrong.estimate"),
    ("change_of_mind", "UNAIDED to AIDED, radiomics", "pooled.time.ratio.estimate"),
    ("reading_time", "times", "per_ten_reads.estimate"),
    ("periods", "UNAIDED and AIDED", "cells.0.auc"),
    ("intra_reader", "between/rating:score/quadratic/UNAIDED", "0.kappa.kappa"),
    ("intra_reader", "between/measurement:short_axis/UNAIDED", "0.repeatability.within_sd"),
    ("agreement", "icc/short_axis/UNAIDED", "forms.4.icc"),
    ("per_protocol", "or_jackknife/AUC", "random_readers_random_cases.test.p"),
]
LLN: list[tuple[str, str, str]] = [
    ("agreement", "kappa_unweighted/rating:call/INDEPENDENT", "matrix.pairs.5.result.kappa"),
    ("agreement", "grid_unweighted/rating:call/INDEPENDENT", "cells.3.0.kappa"),
    ("agreement", "grid_unweighted/rating:call/INDEPENDENT", "cells.3.0.band"),
    ("agreement", "kappa_unweighted/question:region/INDEPENDENT", "matrix.pairs.5.result.kappa"),
    ("agreement", "kappa_unweighted/question:diameter/INDEPENDENT", "matrix.pairs.5.result.kappa"),
    *(("operating_points", f"confusion/{one}", "accuracy.estimate") for one in LLN_RATERS),
    *(("operating_points", f"at_cutoff/{one}", "rows.0.sensitivity.estimate") for one in LLN_RATERS),
    *(("agreement", f"reference/question:region/{one}", "accuracy.estimate") for one in LLN_RATERS),
    *(("agreement", f"reference/question:diameter/{one}", "accuracy.estimate") for one in LLN_RATERS),
    ("agreement", "masks", "pairs.5.measures.0.mean"),
    ("intra_reader", "within/rating:call/unweighted/INDEPENDENT", "2.kappa.kappa"),
    ("intra_reader", "within/question:region/unweighted/INDEPENDENT", "0.kappa.kappa"),
    ("intra_reader", "within/measurement:short_axis/INDEPENDENT", "2.repeatability.within_sd"),
    ("agreement", "bland_altman_repeated/short_axis/INDEPENDENT/Junior/Senior", "bias"),
    ("free_response", "or_jackknife/wAFROC", "random_readers_random_cases.means.0.ci.low"),
    ("free_response", "or_jackknife/LROC", "random_readers_random_cases.means.0.mean"),
    ("free_response", "curve/Senior, INDEPENDENT", "points.1.lesions"),
    *(
        ("survival", f"logrank/{endpoint}/{column}", "test.p")
        for endpoint in ("DFS", "OS")
        for column in ("truth", "nnU-Net", "region", "diameter")
    ),
    *(
        ("survival", f"findings/{endpoint}/{found}", "test.p")
        for endpoint in ("DFS", "OS")
        for found in (
            *(f"rating:call/{one}" for one in LLN_RATERS[:3]),
            *(f"question:{key}/{one}" for key in ("region", "diameter") for one in LLN_RATERS),
        )
    ),
    ("survival", "kaplan_meier/OS", "groups.0.curve.at.2.survival"),
    ("survival", "logrank/DFS/diameter/neoadjuvant/yes", "test.p"),
    ("survival", "stratified/OS/truth", "p"),
    *(
        ("survival", f"cox/{endpoint}", f"univariate.{row}.p")
        for endpoint in ("DFS", "OS")
        for row in range(6)
    ),
    ("survival", "cox/DFS", "multivariate.terms.0.hazard_ratio"),
    ("survival", "hazards/DFS", "overall.p"),
    ("survival", "trend/OS/diameter", "p"),
    ("survival", "rmst/DFS/diameter", "groups.2.mean.ci.high"),
    ("survival", "decision_curve/OS", "models.0.points.19.net_benefit_ci.low"),
]
CERVIX: list[tuple[str, str, str]] = [
    *(("roc", f"curve/{one}", "auc.ci.high") for one in CERVIX_MODELS),
    *(("roc", f"youden/{one}", "value") for one in CERVIX_MODELS),
    *(("roc", f"delong/{pair}", "result.p") for pair in ("DLRC - deep learning", "DLRC - radiomics")),
    ("roc", "groups/cohort", "groups.2.result.auc"),
    ("roc", "groups/short_axis", "groups.1.result.auc"),
    # The model's areas in centers A to E follow those of the consensus in B to E.
    *(("roc", "groups/center", f"groups.{place}.result.plain.low") for place in range(4, 9)),
    *(
        ("operating_points", f"at_cutoff/DLRC/center/{center}", "rows.0.sensitivity.estimate")
        for center in "ABCDE"
    ),
    *(
        ("operating_points", f"at_cutoff/DLRC{of}", f"rows.0.{measure}.estimate")
        for of in (
            "",
            "/cohort/external validation",
            "/short_axis/below 10 mm",
            "/short_axis/10 mm and above",
        )
        for measure in ("accuracy", "sensitivity", "specificity", "ppv", "npv")
    ),
    *(
        ("operating_points", "carried/DLRC/external validation", f"rows.0.row.{measure}.estimate")
        for measure in ("accuracy", "sensitivity", "specificity", "ppv", "npv")
    ),
    ("operating_points", "at_cutoff/Consensus, SRA", "rows.0.ppv.estimate"),
    ("operating_points", "mcnemar/DLRC - Consensus, SRA", "sensitivity.tests.p_exact"),
    ("operating_points", "predictive/DLRC - Consensus, SRA", "ppv.p"),
    ("models", "hosmer_lemeshow/DLRC/external validation", "p"),
    ("models", "calibration/DLRC/external validation", "recalibration.slope.estimate"),
    ("models", "decision_curve/external validation", "models.2.points.19.net_benefit"),
    ("models", "idi/radiomics to DLRC", "idi.p"),
    ("models", "nri_categories/radiomics to DLRC", "nri.p"),
    ("models", "logistic", "terms.3.odds_ratio"),
    ("models", "backward", "fit.aic"),
    ("models", "nomogram", "points_per_unit"),
    ("models", "fitted_auc/logistic/external validation", "ci.low"),
    ("models", "fitted_calibration/backward/internal validation", "recalibration.slope.estimate"),
    ("models", "idi/radiomics to DLRC/external validation", "idi.p"),
    ("features", "inter", "features.0.icc"),
    ("features", "intra/Reader 1", "features.0.icc"),
    ("features", "selection", "n_features"),
    ("table_one", "cohort", "rows.0.chosen.test.p"),
]
LARC: list[tuple[str, str, str]] = [
    *(("survival", f"harrell/DMFS/{one}", "ci.low") for one in LARC_MODELS),
    *(("survival", f"uno/DMFS/{one}", "c") for one in LARC_MODELS),
    *(("survival", f"time_roc/DMFS/{one}", f"{at}.auc") for one in LARC_MODELS for at in range(3)),
    ("survival", "compare_c/DMFS/clinical - nomogram", "p"),
    ("survival", "compare_time_auc/DMFS/clinical - signature", "2.p"),
    ("survival", "logrank/DMFS/signature", "test.p"),
    ("survival", "logrank/DMFS/signature", "groups.0.curve.at.2.at_risk"),
    *(("survival", f"logrank/DMFS/signature/response/{one}", "test.p") for one in ("pCR", "non-pCR")),
    *(("survival", f"logrank/DMFS/signature/downstaged/{one}", "test.p") for one in ("yes", "no")),
    ("survival", "cox/DMFS", "multivariate.terms.0.hazard_ratio"),
    ("survival", "cox_nomogram/DMFS", "points_per_unit"),
    ("survival", "decision_curve/DMFS", "models.1.points.19.standardized"),
    ("survival", "decision_curve/DMFS/external validation", "models.0.points.19.net_benefit_ci.low"),
    ("survival", "cox_c/DMFS/external validation", "ci.low"),
    ("survival", "cox_calibration/DMFS/external validation", "at.2.ratio"),
    ("survival", "harrell/DMFS/signature/external validation", "c"),
    ("survival", "compare_uno/DMFS/clinical - nomogram", "p"),
    ("survival", "logrank/DMFS/signature/cohort/external validation", "test.p"),
    ("survival", "brier/DMFS/Cox model/external validation", "2.scaled"),
    ("models", "nri/clinical to nomogram", "nri.p"),
    ("models", "nri_categories/clinical to nomogram", "nri.p"),
    ("models", "idi/clinical to nomogram", "idi.p"),
    ("models", "decision_curve/all cases", "models.1.points.19.standardized"),
    ("models", "components/nomogram/all cases", "points.19.sensitivity.estimate"),
    ("models", "impact/nomogram/all cases", "points.19.high_risk.estimate"),
    ("roc", "groups/response", "groups.0.result.auc"),
    # No analysis of the paper: what a plan may ask for besides.
    ("roc", "partial_sensitivity/signature", "corrected"),
    ("roc", "partial_pair_sensitivity/nomogram - signature", "result.p"),
    ("roc", "bootstrap_pair/nomogram - signature", "result.p"),
    ("roc", "band/nomogram", "points.10.ci.low"),
    ("table_one", "cohort", "rows.8.chosen.test.p"),
]


def number_at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


@pytest.mark.parametrize(
    ("study", "wanted"),
    [("lpln-radiomics", LPLN), ("lln-segmentation", LLN), ("cervix-dlrc", CERVIX), ("larc-dm", LARC)],
)
def test_every_analysis_of_the_paper_is_there_and_estimable(
    demo_results: Results, study: str, wanted: list[tuple[str, str, str]]
) -> None:
    results = demo_results(study)
    assert results.is_synthetic
    lacking = []
    for section, item, path in wanted:
        try:
            found = number_at(to_json_value(results.section(section).item(item).result), path)
        except (KeyError, IndexError, TypeError) as error:
            lacking.append((section, item, path, repr(error)))
            continue
        if not isinstance(found, (int, float, str)) or isinstance(found, bool):
            lacking.append((section, item, path, repr(found)))
    assert lacking == []


@pytest.mark.parametrize("study", list(DEMOS))
def test_nothing_fails_but_what_gaps_forbid(demo_results: Results, study: str) -> None:
    failures = [one for section in demo_results(study).sections for one in section.failures]
    assert {one.code for one in failures} <= {"incomplete_for_delong"}


@pytest.mark.parametrize("study", list(DEMOS))
def test_every_item_names_a_registered_method_and_its_number_of_cases(
    demo_results: Results, study: str
) -> None:
    results = demo_results(study)
    registered = {method.key for method in results.methods}
    without = [
        (section.key, item.key)
        for section in results.sections
        for item in section.items
        if item.method not in registered
    ]
    assert without == []


@pytest.mark.parametrize("study", list(DEMOS))
def test_demonstration_files_are_the_same_for_the_same_seed(demo_dataset: Dataset, study: str) -> None:
    assert demo_files(study) == demo_files(study)
    assert dataset_sha256(read_dataset(demo_files(study))) == dataset_sha256(demo_dataset(study))
    other = demo_files(study, seed=2)
    assert other["truth.csv"] != demo_files(study)["truth.csv"]
    assert json.loads(other["study.json"])["is_synthetic"] is True


def test_an_unknown_demonstration_is_refused() -> None:
    with pytest.raises(AnalysisError, match=r"no demonstration dataset 'mri'; there are lpln-radiomics"):
        demo_files("mri")


@pytest.mark.parametrize(
    ("study", "item", "column", "counts", "method", "p"),
    [
        ("lpln-radiomics", "cohort", "sex", [(76, 114), (61, 85)], "fisher_exact", 0.823),
        ("lpln-radiomics", "cohort", "dissection", [(53, 137), (30, 116)], "fisher_exact", 0.128),
        (
            "lpln-radiomics",
            "cohort",
            "T_stage",
            [(17, 7, 27, 121, 18), (10, 5, 31, 83, 17)],
            "chi_square",
            0.429,
        ),
        ("lpln-radiomics", "cohort", "N_stage", [(79, 68, 43), (72, 46, 28)], "chi_square", 0.366),
        (
            "cervix-dlrc",
            "truth/training",
            "family_history",
            [(129, 20), (290, 42)],
            "chi_square_yates",
            0.931,
        ),
        ("lpln-radiomics", "cohort", "truth", [(65, 125), (48, 98)], "chi_square", 0.798),
        ("larc-dm", "cohort", "distant_metastasis", [(128, 42), (39, 26)], "chi_square_yates", 0.031),
        ("larc-dm", "cohort", "adjuvant_chemotherapy", [(10, 160), (9, 56)], "fisher_exact", 0.060),
    ],
)
def test_published_p_values_come_out_of_the_demonstrations(
    demo_results: Results,
    study: str,
    item: str,
    column: str,
    counts: list[tuple[int, ...]],
    method: str,
    p: float,
) -> None:
    """As the papers print them (docs/statistics/tables.md); where a paper chose the test, the plan names it."""
    table = demo_results(study).section("table_one").item(item).result
    row = next(row for row in table.rows if row.variable.key == column)
    assert [group.counts for group in row.groups] == counts
    assert row.chosen.test.method == method
    assert row.chosen.test.p == pytest.approx(p, abs=5e-4)


def test_the_model_s_counts_of_the_segmentation_study(demo_results: Results) -> None:
    """Qiao 2025: TP 45, FN 16, TN 375, FP 44 of 480, accuracy 87.5 %."""
    matrix = demo_results("lln-segmentation").section("operating_points").item("confusion/nnU-Net").result
    own = matrix.for_class("positive lateral node")
    counts = (own.true_positives, own.false_negatives, own.true_negatives, own.false_positives)
    assert counts == (45, 16, 375, 44)
    assert matrix.accuracy.estimate == pytest.approx(0.875)
