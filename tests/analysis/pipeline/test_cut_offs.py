"""Cut-offs of models are found on the development cases alone and judged, unchanged, in each other cohort."""

import re
from typing import Any

import pytest

from backend.analysis.cutoffs import youden
from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.curves import roc
from backend.analysis.pipeline.cut_offs import OF_DEVELOPMENT, CarriedCutoffs
from backend.analysis.pipeline.figure_kinds import CUT_OFFS_OF_DEVELOPMENT, Drawing, figure_kinds
from backend.analysis.pipeline.operating import operating
from backend.analysis.pipeline.report_summary import summary_section
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.roc import roc_curve

from .two_cohorts import Rows, only_cohort, study_of_rows, two_cohorts

PLAN: dict[str, Any] = {"cohort": "cohort", "development": ["development"]}
RULES = ("youden", "closest", "sensitivity", "specificity")


def counts(rows: Rows, threshold: float) -> tuple[int, int, int, int]:
    """TP, FN, FP, TN, case by case."""
    pairs = [(row["truth"] == 1, row["net"] >= threshold) for row in rows.values()]
    return tuple(pairs.count(one) for one in ((True, True), (True, False), (False, True), (False, False)))  # type: ignore[return-value]


def chosen(rows: Rows, rule: str) -> list[float]:
    """Every score tried as a cut-off, the best ones by the rule."""
    gains = {}
    for threshold in {row["net"] for row in rows.values()}:
        tp, fn, fp, tn = counts(rows, threshold)
        se, sp = tp / (tp + fn), tn / (tn + fp)
        gains[threshold] = {
            "youden": round(se + sp, 12),
            "closest": -round((1 - se) ** 2 + (1 - sp) ** 2, 12),
            "sensitivity": sp if se >= 0.9 else -1.0,
            "specificity": se if sp >= 0.9 else -1.0,
        }[rule]
    return sorted((t for t, gain in gains.items() if gain == max(gains.values())), reverse=True)


def carried_of(rows: Rows, cohort: str = "validation", **plan: object) -> CarriedCutoffs:
    found = operating(study_of_rows(rows, {**PLAN, **plan})).item(f"carried/net/{cohort}").result
    assert isinstance(found, CarriedCutoffs)
    return found


@pytest.mark.parametrize("rule", RULES)
def test_every_score_tried_on_the_development_cases_and_counted_in_the_other_cohort(rule: str) -> None:
    rows = two_cohorts()
    development, validation = (only_cohort(rows, name) for name in ("development", "validation"))
    by_hand = chosen(development, rule)
    item = roc(study_of_rows(rows, PLAN)).item(f"{rule}/net")
    assert [point.threshold for point in item.result.points] == by_hand
    assert item.n == 70
    assert item.title.endswith(", found on development")
    own = [one for one in carried_of(rows).rows if one.rule == rule]
    assert [one.row.threshold for one in own] == by_hand
    for one, threshold in zip(own, by_hand, strict=True):
        row = one.row
        found = (row.true_positives, row.false_negatives, row.false_positives, row.true_negatives)
        tp, fn, fp, tn = counts(validation, threshold)
        assert found == (tp, fn, fp, tn)
        assert row.sensitivity.estimate == pytest.approx(tp / (tp + fn))
        assert row.npv.estimate == pytest.approx(tn / (tn + fn))
        here = counts(development, threshold)
        assert one.found_sensitivity == pytest.approx(here[0] / (here[0] + here[1]))
        assert one.found_specificity == pytest.approx(here[3] / (here[2] + here[3]))


def test_published_accuracy_of_a_carried_cut_off() -> None:
    """Bao, external validation, 127 of 410 positive: accuracy 78.8, sensitivity 59.8, specificity 87.3, PPV 67.9,
    NPV 82.9 per cent; the counts that give them are 76, 51, 36, 247."""
    template = next(iter(two_cohorts().values()))
    rows: Rows = {}
    own = {(1, 0.8): 20, (1, 0.2): 5, (0, 0.8): 3, (0, 0.2): 30}
    other = {(1, 0.9): 76, (1, 0.4): 51, (0, 0.8): 36, (0, 0.79): 247}
    for cohort, cells in (("development", own), ("validation", other)):
        for (truth, score), n in cells.items():
            for number in range(n):
                name = f"{cohort[0]}{truth}{score}-{number}"
                rows[name] = {**template, "cohort": cohort, "truth": truth, "net": score, "old": score}
    row = next(one.row for one in carried_of(rows).rows if one.rule == "youden")
    assert row.threshold == 0.8
    shares = (row.accuracy, row.sensitivity, row.specificity, row.ppv, row.npv)
    percents = [100 * float(share.estimate) for share in shares]  # type: ignore[arg-type]
    assert percents == pytest.approx([78.8, 59.8, 87.3, 67.9, 82.9], abs=0.05)


def test_what_the_other_cohort_holds_changes_no_cut_off() -> None:
    rows = two_cohorts()
    before = carried_of(rows)
    for number, row in enumerate(only_cohort(rows, "validation").values()):
        row |= {"net": 0.001 * number, "truth": number % 2}
    after = carried_of(rows)
    assert [one.row.threshold for one in after.rows] == [one.row.threshold for one in before.rows]
    assert after.rows[0].row != before.rows[0].row


@pytest.mark.parametrize("development", [[], ["all cases"], ["development", "validation"]])
def test_without_cases_of_other_cohorts_cut_offs_are_those_of_the_curve(development: list[str]) -> None:
    rows = two_cohorts()
    study = study_of_rows(rows, {**PLAN, "development": development})
    section = roc(study)
    curve = roc_curve([row["truth"] == 1 for row in rows.values()], [row["net"] for row in rows.values()])
    assert section.item("curve/net").result.youden.points == youden(curve).points  # type: ignore[arg-type]
    assert section.item("closest/net").n == 120
    assert "youden/net" not in {item.key for item in section.items}
    assert not [item for item in operating(study).items if item.key.startswith("carried/")]


def test_the_whole_curve_has_no_cut_off_beside_those_of_development() -> None:
    section = roc(study_of_rows(two_cohorts(), PLAN))
    assert section.item("curve/net").result.youden == OF_DEVELOPMENT
    shown = [one for part in section_tables(section, 0.95) for one in part.tables]
    table = next(one.table for one in shown if one.table.key.endswith("-cutoffs"))
    assert {row[0] for row in table.rows} == {"net, development", "old, development"}
    assert {row[1] for row in table.rows} >= {"largest Youden index", "closest to the top left corner"}


def test_the_report_shows_counts_and_predictive_values_of_every_carried_cut_off() -> None:
    section = operating(study_of_rows(two_cohorts(), {**PLAN, "prevalences": [0.3]}))
    tables = [
        one for part in section_tables(section, 0.95) for one in part.tables if "carried" in one.table.key
    ]
    first, second = tables
    assert first.items == second.items == ("carried/net/validation", "carried/old/validation")
    row = carried_of(two_cohorts()).rows[0].row
    counted = "/".join(
        map(str, (row.true_positives, row.false_negatives, row.false_positives, row.true_negatives))
    )
    assert first.table.rows[0][:4] == (
        "net, validation",
        "largest Youden index",
        f"{row.threshold:g}",
        counted,
    )
    assert second.table.header[-2:] == ("PPV at 30%, % (95% CI)", "NPV at 30%, % (95% CI)")


def test_development_cases_of_one_class_give_no_cut_off_and_say_so() -> None:
    rows = two_cohorts()
    for row in only_cohort(rows, "development").values():
        row["truth"] = 0
    study = study_of_rows(rows, PLAN)
    assert isinstance(roc(study).item("youden/net").result, NotEstimable)
    found = operating(study).item("carried/net/validation").result
    assert isinstance(found, NotEstimable)
    assert found.reason.startswith("no cut-off can be found on development: ")


def test_a_model_that_scored_no_development_case_is_said_to_have_none() -> None:
    rows = two_cohorts()
    for row in only_cohort(rows, "development").values():
        row["net"] = None
    study = study_of_rows(rows, PLAN)
    reason = "no case of development has the truth and a score of net"
    for rule in RULES:
        assert roc(study).item(f"{rule}/net").result == NotEstimable(reason)
    found = operating(study).item("carried/net/validation").result
    assert found == NotEstimable(f"no cut-off can be found on development: {reason}")


def test_an_unknown_development_group_refuses_the_cut_offs_and_leaves_the_areas() -> None:
    study = study_of_rows(two_cohorts(), {**PLAN, "development": ["training"]})
    section = roc(study)
    assert section.item("curve/net").result.auc.auc > 0.5
    assert {one.code for one in section.failures} == {"unknown_group"}
    assert {one.key for one in section.failures} == {"youden/net", "youden/old"}
    assert "closest/net" not in {item.key for item in section.items}
    assert "carried/net" in {one.key for one in operating(study).failures}


def test_cases_of_a_cohort_without_a_score_are_left_out_by_name_and_a_cohort_without_any_is_refused() -> None:
    rows = two_cohorts()
    rows["V03"]["net"] = None
    item = operating(study_of_rows(rows, PLAN)).item("carried/net/validation")
    assert (item.n, [(one.case, one.reason) for one in item.dropped]) == (49, [("V03", "no score by net")])
    for row in only_cohort(rows, "validation").values():
        row["net"] = None
    failures = {one.key: one.code for one in operating(study_of_rows(rows, PLAN)).failures}
    assert failures["carried/net/validation"] == "no_cases"


def test_the_figure_marks_the_cut_offs_of_development_and_the_head_of_the_report_has_what_they_do() -> None:
    study = study_of_rows(two_cohorts(), PLAN)
    results: AnalysisResults = run_analysis(study.files, seed=3)
    kind = next(one for one in figure_kinds() if one.name == "cut-offs")
    item = results.section("roc").item("curve/net")
    drawn = kind.draw(Drawing((item,), "Cut-offs", results, study.study), "", "svg").decode()
    written = " ".join(re.findall(r"<!-- (.*?) -->", drawn))
    assert CUT_OFFS_OF_DEVELOPMENT in written
    head = {table.key: table for table in summary_section(results, "cohort").tables}["main-carried"]
    n_cut_offs = sum(one.rule == "youden" for one in carried_of(two_cohorts()).rows)
    assert [row[0] for row in head.rows[:n_cut_offs]] == ["net, validation"] * n_cut_offs
    assert "carried_cutoffs" in {method.key for method in results.methods}
