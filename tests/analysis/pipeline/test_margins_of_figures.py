"""Margins of figures besides the area, and the model against the readers by its own calls."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student

from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.method_details_readers import READER_DETAILS
from backend.analysis.pipeline.multireader import mrmc_of_table
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.study import study_of

from .test_multireader import records, section_of, table_of

PLANNED = {"partial_specificity": [0.7, 1], "partial_sensitivity": [0.6, 1]}
MARGINS = {
    "margin_sensitivity": ("sensitivity", "panel_sensitivity"),
    "margin_specificity": ("specificity", "panel_specificity"),
    "margin_partial_specificity": ("partial AUC, specificity 0.7 to 1", "panel_partial_specificity"),
    "margin_partial_sensitivity": ("partial AUC, sensitivity 0.6 to 1", "panel_partial_sensitivity"),
}


@pytest.mark.parametrize("key", MARGINS)
def test_each_figure_has_a_margin_of_its_own(small_files: dict[str, str], key: str) -> None:
    name, panel = MARGINS[key]
    section = section_of(small_files, plan={**PLANNED, key: 0.06})
    assert [item.key for item in section.items if item.key.startswith("margin/")] == [f"margin/{name}"]
    found = section.item(f"margin/{name}").result
    pair = section.item(f"or_jackknife/{name}").result.random_readers_random_cases.differences[0]
    assert (found.margin, found.figure) == (0.06, section.item(f"or_jackknife/{name}").result.figure)
    assert (found.tests[0].difference, found.tests[0].se, found.tests[0].ci) == (
        pair.difference,
        pair.se,
        pair.ci,
    )
    declared = {item.key for item in section.items if getattr(item.result, "margin", None) is not None}
    assert declared == {f"margin/{name}", f"{panel}/net/UNAIDED", f"{panel}/net/AIDED"}
    assert (
        table_of(section, "margin").caption
        == f"Non-inferiority with a margin of 0.06 in {name}, and superiority"
    )


def test_every_margin_has_a_table_of_its_own_in_the_report(small_files: dict[str, str]) -> None:
    section = section_of(small_files, plan={**PLANNED, "margin": 0.1} | dict.fromkeys(MARGINS, 0.06))
    keys = [one.table.key for part in section_tables(section, 0.95) for one in part.tables]
    assert sum("-margin" in key for key in keys) == 1 + len(MARGINS)
    assert len(keys) == len(set(keys))


def test_the_methods_text_names_each_margin_with_its_figure(small_files: dict[str, str]) -> None:
    plan = {"margin": 0.1, "margin_sensitivity": 0.05}
    section = section_of(small_files, plan=plan)
    tests = [section.item(f"margin/{name}").result for name in ("AUC", "sensitivity")]
    told = READER_DETAILS["mrmc_margin"](tests, AnalysisPlan(), "")
    assert told == "The margin was 0.1 in AUC; 0.05 in sensitivity, rating at or above 3."
    panels = [item.result for item in section.items if item.key.startswith("panel")]
    told = READER_DETAILS["model_against_readers"](panels, AnalysisPlan(), "")
    by_calls = "the model by its own calls"
    assert told == (
        f"The margin was 0.1 in AUC; 0.05 in sensitivity, rating at or above 3, {by_calls}. "
        f"No margin was declared for specificity, rating below 3, {by_calls}, whose non-inferiority was not tested."
    )


@pytest.mark.parametrize(("kind", "is_positive"), [("panel_sensitivity", True), ("panel_specificity", False)])
def test_the_model_is_called_as_it_calls_and_readers_at_their_cut_off(
    small_files: dict[str, str], kind: str, is_positive: bool
) -> None:
    """The one-treatment test of shares, written out: the covariance of means is that of the cases, divided by n."""
    study = study_of(read_dataset(small_files), level=0.95, seed=1)
    net = study.models()[0]
    cases = [case for case in study.known if study.is_positive(case) == is_positive and case in net.calls]
    readers = [one.calls for one in study.readers() if one.curve.arm == "AIDED"]
    differences = np.array(
        [[(net.calls[c] == is_positive) - float(own[c] == is_positive) for c in cases] for own in readers]
    )
    j, each = len(readers), differences.mean(axis=1)
    covariance = np.cov(differences) / len(cases)
    cov2 = max((covariance.sum() - np.trace(covariance)) / (j * (j - 1)), 0.0)
    ms = each.var(ddof=1)
    se, df = np.sqrt((ms + j * cov2) / j), (ms + j * cov2) ** 2 / (ms**2 / (j - 1))
    found = section_of(small_files, plan={"margin_sensitivity": 0.1, "margin_specificity": 0.1})
    result = found.item(f"{kind}/net/AIDED").result
    random = result.random_readers_random_cases
    assert (result.difference, random.se, random.df) == pytest.approx((each.mean(), se, df), rel=1e-9)
    assert random.p_noninferior == pytest.approx(student.sf((each.mean() + 0.1) / se, df), rel=1e-9)
    assert result.model_figure == sum(net.calls[case] == is_positive for case in cases) / len(cases)


def of_table(plan: AnalysisPlan, *arms: str) -> Section:
    """The section of the reads of these arms as ``mrmc.csv`` alone."""
    rows = "".join(
        f"{one.reader},{one.modality},{one.case},{int(one.truth)},{one.rating:g}\n"
        for one in records()
        if one.modality in arms
    )
    table = read_dataset({"mrmc.csv": f"reader,modality,case,truth,rating\n{rows}"}).mrmc
    assert table is not None
    return mrmc_of_table(table, plan=plan, level=0.95, seed=1)


def test_a_margin_of_calls_without_a_cut_off_is_refused_by_name() -> None:
    section = of_table(AnalysisPlan(margin_specificity=0.1), "UNAIDED", "AIDED")
    assert [(one.key, one.code) for one in section.failures] == [("margin/specificity", "no_cut_off")]
    assert section.item("or_jackknife/AUC").n


@pytest.mark.parametrize("key", ["margin", "margin_sensitivity", "margin_partial_specificity"])
def test_one_arm_has_no_difference_for_any_margin_and_says_it_once(key: str) -> None:
    plan = AnalysisPlan(partial_specificity=(0.7, 1.0), margin_specificity=0.1)
    section = of_table(replace(plan, **{key: 0.05}), "AIDED")
    found = [(item.key, str(item.result)) for item in section.items if item.key.startswith("margin")]
    assert found == [("margin", "not estimable: one modality, no difference to set against the margin")]
    assert section.failures == ()
    said = [one.table for part in section_tables(section, 0.95) for one in part.tables]
    assert sum("set against the margin" in str(table) for table in said) == 1


def test_one_arm_without_a_margin_says_nothing_of_margins() -> None:
    section = of_table(AnalysisPlan(), "AIDED")
    assert [item.key for item in section.items if item.key.startswith("margin")] == []


def test_in_one_arm_the_margin_of_a_model_is_that_of_its_comparison(small_files: dict[str, str]) -> None:
    files = {**small_files, "study.json": '{"arms": ["AIDED"]}'}
    section = section_of(files, *(f"{reader},UNAIDED" for reader in ("R1", "R2", "R3")), plan={"margin": 0.1})
    assert [item.key for item in section.items if item.key.startswith("margin")] == []
    assert section.item("panel/net/AIDED").result.margin == 0.1
