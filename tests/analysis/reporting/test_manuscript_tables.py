"""Results as printed: published values rounded, every cell where it belongs, words where there is no number."""

from collections.abc import Callable

import numpy as np
import pytest

from backend.analysis.agreement import kappa_matrix
from backend.analysis.change_of_mind import change_of_mind
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.obuchowski_rockette import OrResult, obuchowski_rockette
from backend.analysis.mrmc.ratings import mrmc_from_array
from backend.analysis.reclassification import categorical_nri, continuous_nri, integrated_discrimination
from backend.analysis.reporting.content import ReportTable
from backend.analysis.reporting.content_checks import check_table
from backend.analysis.reporting.journal_numbers import p_text
from backend.analysis.reporting.manuscript_models import (
    change_table,
    cox_screen_table,
    cox_table,
    nri_category_tables,
    nri_table,
    score_change_tables,
)
from backend.analysis.reporting.manuscript_mrmc import or_table
from backend.analysis.reporting.manuscript_tables import (
    auc_against_models_table,
    auc_table,
    ci_name,
    kappa_matrix_table,
    kappa_pairs_table,
    operating_points_table,
)
from backend.analysis.results import Interval
from backend.analysis.study_dataset import StudyDataset
from backend.analysis.study_report import StudyReport
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import CoxModel, cox
from backend.analysis.survival.cox_screen import cox_screen
from backend.analysis.survival.outcomes import outcomes


def cell(table: ReportTable, row: str, column: str) -> str:
    check_table(table)
    (line,) = [one for one in table.rows if one[0] == row]
    return line[table.header.index(column)]


def test_kappa_stands_below_and_agreement_above_the_diagonal() -> None:
    # 20 cases: both yes 8, both no 6, the first alone 4, the second alone 2; kappa = (0.7 - 0.5) / (1 - 0.5) = 0.4.
    first = dict(enumerate([1] * 8 + [0] * 6 + [1] * 4 + [0] * 2))
    second = dict(enumerate([1] * 8 + [0] * 6 + [0] * 4 + [1] * 2))
    raters = {
        name: {f"c{case}": answer for case, answer in own.items()}
        for name, own in (("A", first), ("B", second))
    }
    matrix = kappa_matrix(raters, (0, 1))
    table = kappa_matrix_table(matrix, key="k", caption="K")
    assert table.header == ("", "A", "B")
    assert cell(table, "A", "B") == "70.0% (20)"
    assert cell(table, "B", "A").startswith("0.40 (0.0")
    assert cell(table, "A", "A") == "–"
    pairs = kappa_pairs_table(matrix, key="p", caption="P")
    assert pairs.rows[0][:3] == ("A and B", "20 (0)", "70.0%")
    assert pairs.rows[0][5] == "fair"


def test_a_constant_pair_says_why_it_has_no_kappa() -> None:
    raters = {"A": {"c1": 1, "c2": 1}, "B": {"c1": 1, "c2": 1}}
    table = kappa_matrix_table(kappa_matrix(raters, (0, 1)), key="k", caption="K")
    assert cell(table, "B", "A") == "not estimable (a)"
    assert cell(table, "A", "B") == "100.0% (2)"
    assert table.notes[-1].startswith("(a) Not estimable: ")
    assert table.notes[0].startswith("Below the diagonal: unweighted kappa (CI).")


def test_areas_by_reader_and_arm(study: StudyReport) -> None:
    table = auc_table(study.curves, study.comparisons, key="a", caption="A")
    assert table.header == (
        "",
        "UNAIDED, AUC (95% CI)",
        "AIDED, AUC (95% CI)",
        "AIDED minus UNAIDED (95% CI)",
        "P",
        "Model alone, AUC (95% CI)",
    )
    first = study.curves[0]
    assert isinstance(first.auc.ci, Interval)
    assert cell(table, "reader1", "UNAIDED, AUC (95% CI)") == (
        f"{first.auc.auc:.3f} ({first.auc.ci.low:.3f}, {first.auc.ci.high:.3f})"
    )
    assert [row[0] for row in table.rows] == ["reader1", "reader2", "model"]
    assert table.rows[2][1:5] == ("–",) * 4
    assert any(note.startswith("P values have two digits") for note in table.notes)
    alone = auc_table(study.curves[:2], (), key="a", caption="A")
    assert alone.header == ("", "UNAIDED, AUC (95% CI)", "AIDED, AUC (95% CI)")
    assert not any(note.startswith("P values") for note in alone.notes)


def test_readers_against_the_model(study: StudyReport) -> None:
    table = auc_against_models_table(study.comparisons, key="a", caption="A")
    assert len(table.rows) == 4
    assert table.row_headers == 2
    assert {row[0] for row in table.rows} == {"model"}
    assert table.header[5].startswith("Model minus reader")
    differences = {item.b.label: item.result for item in study.comparisons if item.kind == "reader_vs_model"}
    for row in table.rows:
        assert row[5].startswith(
            f"{differences[row[1]].auc_a - differences[row[1]].auc_b:.3f}".replace("-", "−")
        )


@pytest.mark.parametrize("interval", ["clopper_pearson", "wilson"])
def test_operating_points_show_the_four_counts(study: StudyReport, interval: str) -> None:
    table = operating_points_table(study.curves, key="o", caption="O", interval=interval)  # type: ignore[arg-type]
    for row, item in zip(table.rows, study.curves, strict=True):
        at = item.operating_point
        counts = (at.true_positives, at.false_negatives, at.true_negatives, at.false_positives)
        assert row[2:6] == tuple(map(str, counts))
        assert row[6].endswith(f"[{at.true_positives}/{at.true_positives + at.false_negatives}]")
        bounds = getattr(at.sensitivity, interval)
        assert f"({100 * bounds.low:.1f}, {100 * bounds.high:.1f})" in row[6]
    assert table.notes[0].startswith("Positive class: metastatic node.")


def test_intervals_of_one_column_have_one_level() -> None:
    assert ci_name([Interval(0, 1, 0.9), NotEstimable("none")]) == "90% CI"
    assert ci_name([NotEstimable("none")]) == "CI"
    with pytest.raises(AnalysisError) as refused:
        ci_name([Interval(0, 1, 0.9), Interval(0, 1, 0.95)])
    assert refused.value.code == "levels_differ"


def small_study(n_readers: int = 3) -> OrResult:
    rng = np.random.default_rng(5)
    truth = np.array([True] * 20 + [False] * 30)
    scores = rng.normal(size=(2, n_readers, 50)) + truth * np.array([0.8, 1.6])[:, None, None]
    return obuchowski_rockette(estimate_cells(mrmc_from_array(scores, truth)))


def test_obuchowski_rockette_by_reader_and_generalization() -> None:
    result = small_study()
    table = or_table(result, key="or", caption="OR")
    assert [row[0] for row in table.rows] == [
        *result.readers,
        "Mean. Random readers, random cases",
        "Mean. Fixed readers, random cases",
        "Mean. Random readers, fixed cases",
    ]
    analysis = result.random_readers_random_cases
    (difference,) = analysis.differences
    assert isinstance(difference.ci, Interval)
    assert isinstance(difference.difference, float)
    low, high = (f"{bound:.3f}".replace("-", "−") for bound in (difference.ci.low, difference.ci.high))
    assert table.rows[3][3] == f"{difference.difference:.3f} ({low}, {high})".replace("-", "−")
    assert "Random readers, random cases: F(1, " in table.notes[2]
    assert table.notes[3].startswith("Fixed readers, random cases: chi-square(1) = ")


def test_one_reader_has_fixed_readers_only() -> None:
    table = or_table(small_study(1), key="or", caption="OR")
    assert "not estimable" in table.rows[1][3]
    assert "not estimable" not in table.rows[2][3]


def test_changes_of_mind(make_dataset: Callable[..., StudyDataset]) -> None:
    change = change_of_mind(make_dataset(), before="UNAIDED", after="AIDED", model="model")
    table = change_table(change, key="c", caption="C")
    assert [row[0] for row in table.rows] == ["reader1", "reader2", "All readers"]
    for place in range(1, 6):
        assert int(table.rows[0][place]) + int(table.rows[1][place]) == int(table.rows[2][place])
    without = change_table(
        change_of_mind(make_dataset(), before="UNAIDED", after="AIDED"), key="c", caption="C"
    )
    assert len(without.header) == len(table.header) - 2
    positive, negative = score_change_tables(
        change.pooled.reclassification, before="UNAIDED", after="AIDED", key="s", caption="S"
    )
    assert (positive.key, negative.key) == ("s-positive", "s-negative")
    assert int(positive.rows[-1][-1]) + int(negative.rows[-1][-1]) == change.pooled.n
    assert all(int(row[-1]) == sum(map(int, row[1:-1])) for row in positive.rows)


def test_reclassification_by_events_and_categories() -> None:
    truth = [True] * 6 + [False] * 6
    old = [0.1, 0.3, 0.5, 0.6, 0.2, 0.7, 0.1, 0.3, 0.5, 0.6, 0.2, 0.4]
    new = [0.3, 0.6, 0.6, 0.5, 0.5, 0.8, 0.1, 0.1, 0.3, 0.7, 0.1, 0.2]
    nri = categorical_nri(truth, old, new, [0.25, 0.55])
    table = nri_table(nri, integrated_discrimination(truth, old, new), key="n", caption="N")
    assert len(table.rows) == 6
    assert "Risk categories cut at 0.25, 0.55." in table.notes
    tables = nri_category_tables(nri, key="n", caption="N")
    assert not isinstance(tables, NotEstimable)
    assert tables[0].header[1:] == ("<0.25", "0.25 to <0.55", "≥0.55", "All")
    assert tables[0].rows[-1][-1] == "6"
    free = continuous_nri(truth, old, new)
    assert isinstance(nri_category_tables(free, key="n", caption="N"), NotEstimable)
    assert "Without risk categories." in nri_table(free, key="n", caption="N").notes


def test_cox_models_alone_and_together() -> None:
    rng = np.random.default_rng(3)
    stage = rng.integers(1, 4, 80)
    age = rng.normal(60, 10, 80)
    times = rng.exponential(np.exp(-0.9 * (stage - 1)) * 40)
    cases = [f"c{number}" for number in range(80)]
    known = outcomes([float(time) for time in times], [bool(time < 60) for time in times], cases=cases)
    covariates = [
        Covariate("Stage", {case: f"T{value}" for case, value in zip(cases, stage, strict=True)}),
        Covariate("Age", {case: float(value) for case, value in zip(cases, age, strict=True)}),
        Covariate("Constant", dict.fromkeys(cases, 1.0)),
    ]
    model = cox(known, covariates[:2])
    assert isinstance(model, CoxModel)
    table = cox_table(model, key="c", caption="C")
    term = model.terms[0]
    assert isinstance(term.ci, Interval)
    shown = f"{term.hazard_ratio:.2f} ({term.ci.low:.2f}, {term.ci.high:.2f})"
    assert cell(table, "Stage: T2 (reference T1)", "Hazard ratio (95% CI)") == shown
    assert f"80 cases, {model.n_events} events" in table.notes[0]
    screen = cox_screen(known, covariates)
    wide = cox_screen_table(screen, key="s", caption="S")
    assert [row[0] for row in wide.rows] == [
        "Stage, all levels (joint Wald test)",
        "Stage: T2 (reference T1)",
        "Stage: T3 (reference T1)",
        "Age",
        "Constant",
    ]
    assert wide.rows[4][1].startswith("not estimable (")
    assert wide.rows[4][3] == "–"
    assert "Stage" in screen.entered
    assert wide.rows[1][3] != "–"
    alone, together = screen.univariate[0], screen.multivariate
    assert isinstance(alone.model, CoxModel)
    assert isinstance(together, CoxModel)
    # The joint P of a category alone is that of its model, and the one that decided.
    assert alone.p == pytest.approx(alone.model.joint("Stage").p, rel=1e-12)
    assert wide.rows[0][1:] == (
        "–",
        p_text(alone.p, "ama"),
        "–",
        p_text(together.joint("Stage").p, "ama"),
    )
    assert table.rows[0] == (
        "Stage, all levels (joint Wald test)",
        "–",
        p_text(model.joint("Stage").p, "ama"),
    )
    with pytest.raises(AnalysisError, match="no covariate Sex"):
        model.joint("Sex")
    assert set(screen.warnings) <= set(wide.notes)
