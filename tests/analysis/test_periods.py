"""Periods and crossovers against R's t.test, the mean squares of balanced data, and designs built by hand."""

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from backend.analysis.crossover import (
    CrossoverEffects,
    CrossoverUnit,
    Effect,
    SequenceName,
    hills_armitage,
    one_sample,
)
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.periods import period_analysis
from backend.analysis.study_dataset import ReadRecord, StudyDataset

DESIGNS = Path(__file__).parents[1] / "reference" / "designs"
Order = Callable[[int, int], tuple[int, int]]


def units() -> list[CrossoverUnit]:
    with (DESIGNS / "crossover.csv").open(newline="") as file:
        return [
            CrossoverUnit(row["reader"], order(row["sequence"]), float(row["period1"]), float(row["period2"]))
            for row in csv.DictReader(file)
        ]


def order(name: str) -> SequenceName:
    return "AB" if name == "AB" else "BA"


def bounds(effect: Effect) -> list[float]:
    assert not isinstance(effect.ci, NotEstimable)
    return [effect.ci.low, effect.ci.high]


def test_hills_and_armitage_match_r(reference: Callable[[str], Any]) -> None:
    """t.test(var.equal = TRUE) on period differences and sums; treatment and period are half of them."""
    expected = reference("designs/expected.json")["hills_armitage"]
    result = hills_armitage(units())
    for effect, name, half in (
        (result.treatment, "treatment", 0.5),
        (result.period, "period", 0.5),
        (result.carry_over, "carry_over", 1.0),
    ):
        theirs = expected[name]
        assert effect.estimate == pytest.approx(half * theirs["difference"], rel=1e-11)
        assert effect.p == pytest.approx(theirs["p"], rel=1e-9)
        assert bounds(effect) == pytest.approx([half * bound for bound in theirs["ci"]], rel=1e-9)
        assert effect.df == 7
    assert (result.n_ab, result.n_ba) == (5, 4)


def test_relabeled_arms_change_the_sign_of_treatment_and_carry_over_only() -> None:
    result = hills_armitage(units())
    swapped = hills_armitage(
        [replace(unit, sequence="BA" if unit.sequence == "AB" else "AB") for unit in units()[::-1]]
    )
    for name, sign in (("treatment", -1.0), ("period", 1.0), ("carry_over", -1.0)):
        before, after = getattr(result, name), getattr(swapped, name)
        assert after.estimate == pytest.approx(sign * before.estimate, rel=1e-12)
        assert after.p == pytest.approx(before.p, rel=1e-12)


def test_units_that_cannot_be_compared() -> None:
    one = CrossoverUnit("a", "AB", 0.5, 0.7)
    lone = hills_armitage([one, CrossoverUnit("b", "BA", 0.6, 0.5)])
    assert lone.treatment.estimate == pytest.approx(0.15)
    assert lone.treatment.se == NotEstimable("each order has only one unit")
    assert hills_armitage([one]).period.estimate == NotEstimable("one of the two orders has no unit")
    still = [CrossoverUnit(name, "AB" if name < "c" else "BA", 0.5, 0.75) for name in "abcd"]
    assert hills_armitage(still).treatment.p == NotEstimable("the values do not vary")
    with pytest.raises(AnalysisError, match="a stands in the crossover more than once"):
        hills_armitage([one, one])
    with pytest.raises(AnalysisError, match="a has a value that is not a finite number"):
        hills_armitage([replace(one, period2=math.nan)])


def study(sessions: Order, *, readers: int = 4, cases: int = 24, seed: int = 1) -> StudyDataset:
    """``sessions(reader, case)`` gives the sessions of the arms A and B; later sessions and arm B score better."""
    rng = np.random.default_rng(seed)
    truth: dict[str, bool | None] = {f"c{k:02d}": k % 2 == 0 for k in range(cases)}
    reads = []
    for j in range(readers):
        for k, (case, positive) in enumerate(truth.items()):
            for arm, session in zip("AB", sessions(j, k), strict=True):
                lean = 0.5 + 0.4 * (arm == "B") + 0.3 * session
                score = round(3 + (lean if positive else -lean) + rng.normal(0, 1.2))
                reads.append(ReadRecord(f"r{j}", arm, session, case, min(5, max(1, score))))
    return StudyDataset("Built", tuple(reads), truth, ("A", "B"))


def analyzed(sessions: Order, **options: Any) -> Any:
    return period_analysis(study(sessions, **options), first_arm="A", second_arm="B")


@pytest.mark.parametrize(
    ("sessions", "design"),
    [
        (lambda j, k: (1, 1), "sequential reveal"),
        (lambda j, k: (1, 2), "fixed order"),
        (lambda j, k: (2, 1), "fixed order"),
        (lambda j, k: (1, 2) if j % 2 else (2, 1), "crossover by reader"),
        (lambda j, k: (1, 2) if k % 4 < 2 else (2, 1), "crossover by case"),
        (lambda j, k: (1, 2) if (j + k // 2) % 2 else (2, 1), "crossover mixed"),
    ],
)
def test_the_sessions_tell_the_design(sessions: Order, design: str) -> None:
    result = analyzed(sessions)
    assert result.design == design
    assert isinstance(result.by_case, CrossoverEffects) is design.startswith("crossover")
    assert result.n_ab + result.n_ba + result.n_together == 96
    assert result.to_json()["design"] == design
    if not design.startswith("crossover"):
        assert isinstance(result.by_reader, NotEstimable)
        assert result.by_reader.reason == result.design_text


def test_a_fixed_order_says_that_sessions_and_arms_are_one() -> None:
    result = analyzed(lambda j, k: (2, 1))
    assert {(cell.period, cell.arm) for cell in result.cells} == {(1, "B"), (2, "A")}
    assert (result.n_ab, result.n_ba) == (0, 96)
    assert "contains any difference between the sessions" in result.design_text


def test_a_crossover_by_reader_is_hills_and_armitage_on_the_readers_auc() -> None:
    result = analyzed(lambda j, k: (1, 2) if j % 2 else (2, 1))
    cells = {(cell.reader, cell.period): cell.auc for cell in result.cells}
    assert len(cells) == 8
    by_hand = [
        CrossoverUnit(f"r{j}", "AB" if j % 2 else "BA", cells[f"r{j}", 1], cells[f"r{j}", 2])
        for j in range(4)
    ]
    assert result.by_reader == hills_armitage(by_hand)


def test_a_crossover_by_case_tests_each_readers_contrasts() -> None:
    result = analyzed(lambda j, k: (1, 2) if k % 4 < 2 else (2, 1))
    auc = {(cell.reader, cell.sequence, cell.arm): cell.auc for cell in result.cells}
    contrasts = [
        (
            auc[f"r{j}", "AB", "B"]
            - auc[f"r{j}", "AB", "A"]
            + auc[f"r{j}", "BA", "B"]
            - auc[f"r{j}", "BA", "A"]
        )
        / 2
        for j in range(4)
    ]
    treatment = result.by_reader.treatment
    assert treatment.estimate == pytest.approx(np.mean(contrasts), rel=1e-12)
    assert treatment.se == pytest.approx(np.std(contrasts, ddof=1) / 2, rel=1e-12)
    assert treatment.df == 3
    assert result.by_reader.method == "crossover_within_readers"


def test_the_case_model_of_a_balanced_crossover_has_the_simple_means() -> None:
    """Half of the cases in each order, all readers alike: generalized and simple means are the same."""
    data = study(lambda j, k: (1, 2) if k % 4 < 2 else (2, 1))
    result = period_analysis(data, first_arm="A", second_arm="B")
    right = {(r.reader, r.arm, r.case): ((r.score or 0) >= 3) == data.truth[r.case] for r in data.reads}
    groups: dict[str, list[tuple[int, int]]] = {"AB": [], "BA": []}
    for j in range(4):
        for k, case in enumerate(data.truth):
            a, b = right[f"r{j}", "A", case], right[f"r{j}", "B", case]
            groups["AB" if k % 4 < 2 else "BA"].append((a, b) if k % 4 < 2 else (b, a))
    later = {name: float(np.mean([y - x for x, y in pairs])) for name, pairs in groups.items()}
    total = {name: float(np.mean([y + x for x, y in pairs])) for name, pairs in groups.items()}
    effects = result.by_case
    assert isinstance(effects, CrossoverEffects)
    assert effects.treatment.estimate == pytest.approx((later["AB"] - later["BA"]) / 2, abs=1e-10)
    assert effects.period.estimate == pytest.approx((later["AB"] + later["BA"]) / 2, abs=1e-10)
    assert effects.carry_over.estimate == pytest.approx(total["AB"] - total["BA"], abs=1e-10)
    assert (effects.n_ab, effects.n_ba) == (48, 48)


def test_order_of_reads_changes_nothing_and_swapped_arms_change_the_sign() -> None:
    data = study(lambda j, k: (1, 2) if (j + k // 2) % 2 else (2, 1))
    result = period_analysis(data, first_arm="A", second_arm="B")
    again = period_analysis(replace(data, reads=data.reads[::-1]), first_arm="A", second_arm="B")
    assert again.to_json() == result.to_json()
    swapped = period_analysis(data, first_arm="B", second_arm="A")
    assert isinstance(result.by_case, CrossoverEffects)
    assert isinstance(swapped.by_case, CrossoverEffects)
    assert swapped.by_case.treatment.estimate == pytest.approx(-result.by_case.treatment.estimate, rel=1e-6)
    assert swapped.by_case.period.estimate == pytest.approx(result.by_case.period.estimate, rel=1e-6)


def test_what_is_missing_is_named_and_what_was_read_together_is_left_out() -> None:
    data = study(lambda j, k: (1, 1) if k == 3 else ((1, 2) if j % 2 else (2, 1)))
    reads = [read for read in data.reads if (read.reader, read.arm, read.case) != ("r0", "B", "c05")]
    result = period_analysis(replace(data, reads=tuple(reads)), first_arm="A", second_arm="B")
    assert result.design == "crossover by reader"
    assert result.n_together == 4
    assert result.warnings == ("4 pairs were read in one session and have no part in the effects.",)
    assert [(pair.reader, pair.case, pair.reason) for pair in result.left_out] == [
        ("r0", "c05", "no score in B")
    ]


def test_a_cell_of_one_class_and_readers_of_one_order_are_told() -> None:
    one_class = analyzed(lambda j, k: (1, 2) if k % 2 else (2, 1))
    assert one_class.by_reader == NotEstimable("r0 has no AUC in order AB: one class is missing there")
    mixed = analyzed(lambda j, k: (1, 2) if j or k % 4 < 2 else (2, 1))
    assert mixed.by_reader == NotEstimable("some readers have both orders and others one")
    alone = analyzed(lambda j, k: (1, 2) if k % 4 < 2 else (2, 1), readers=1)
    assert alone.by_reader.treatment.p == NotEstimable("one reader is no sample of readers")
    assert alone.by_case.treatment.estimate == NotEstimable("reader has fewer than two levels")


def test_the_interval_of_a_mean_is_that_of_r() -> None:
    """R's help page of t.test, with(sleep, t.test(extra[group == 1])): mean 0.75, interval -0.5297804 to 2.0297804."""
    effect = one_sample([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], 0.95)
    assert effect.estimate == pytest.approx(0.75, rel=1e-12)
    assert bounds(effect) == pytest.approx([-0.5297804, 2.0297804], abs=5e-8)


def test_means_of_the_readers_by_period_and_order() -> None:
    result = analyzed(lambda j, k: (1, 2) if j % 2 else (2, 1), readers=7)
    assert [(one.measure, one.sequence, one.period, one.arm) for one in result.means] == [
        (measure, sequence, period, sequence[period - 1])
        for measure in ("auc", "right")
        for sequence in ("AB", "BA")
        for period in (1, 2)
    ]
    for one in result.means:
        own = [
            getattr(cell, one.measure)
            for cell in result.cells
            if (cell.sequence, cell.period) == (one.sequence, one.period)
        ]
        assert len(one.readers) == len(own)
        assert one.mean == pytest.approx(np.mean(own), rel=1e-12)
        expected = stats.t.interval(0.95, len(own) - 1, np.mean(own), stats.sem(own))
        assert [one.ci.low, one.ci.high] == pytest.approx(np.clip(expected, 0.0, 1.0), rel=1e-10)
    assert any(one.ci.high == 1.0 for one in result.means)
    assert any(one.ci.high < 1.0 for one in result.means)


def test_means_that_no_reader_gives_have_their_reason() -> None:
    one_class = analyzed(lambda j, k: (1, 2) if k % 2 else (2, 1))
    auc = [one for one in one_class.means if one.measure == "auc"]
    assert {(one.mean, one.readers) for one in auc} == {(NotEstimable("no reader has a value there"), ())}
    alone = analyzed(lambda j, k: (1, 2), readers=1)
    assert {one.ci for one in alone.means} == {NotEstimable("one reader is no sample of readers")}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"first_arm": "A", "second_arm": "C"}, "unknown_arm"),
        ({"first_arm": "A", "second_arm": "A"}, "same_arm"),
        ({"first_arm": "A", "second_arm": "B", "level": 0.0}, "level_out_of_range"),
    ],
)
def test_wrong_names_are_refused(options: dict[str, Any], code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        period_analysis(study(lambda j, k: (1, 2)), **options)
    assert refused.value.code == code


def test_no_pairs_and_no_rating_are_refused() -> None:
    data = study(lambda j, k: (1, 2))
    only_a = replace(data, reads=tuple(read for read in data.reads if read.arm == "A"))
    with pytest.raises(AnalysisError, match="no reader has a case with truth in both A and B"):
        period_analysis(only_a, first_arm="A", second_arm="B")
    unrated = StudyDataset("x", (), {"p1": True}, ("A", "B"), is_rated=False)
    with pytest.raises(AnalysisError) as refused:
        period_analysis(unrated, first_arm="A", second_arm="B")
    assert refused.value.code == "score_without_rating"


def test_readers_who_gain_differently_are_random_in_the_case_model_too() -> None:
    """Two readers gain by the second arm and two lose: over readers the effect is as uncertain as they differ."""
    truth = {f"c{k:02d}": k % 2 == 0 for k in range(80)}
    share = {"A": (0.5, 0.5, 0.75, 0.75), "B": (0.95, 0.95, 0.5, 0.5)}
    reads = []
    for j in range(4):
        for arm, shares in share.items():
            for k, (case, positive) in enumerate(truth.items()):
                is_right = (7 * k + 13 * j + 3 * (arm == "B")) % 80 < 80 * shares[j]
                is_first = (arm == "A") == (k // 2 % 2 == 0)
                score = 4 if is_right == positive else 2
                reads.append(ReadRecord(f"r{j}", arm, 1 if is_first else 2, case, score))
    dataset = StudyDataset(title="Gains", reads=tuple(reads), truth=truth, arms=("A", "B"))
    result = period_analysis(dataset, first_arm="A", second_arm="B")
    assert result.design == "crossover by case"
    assert isinstance(result.by_case, CrossoverEffects)
    treatment = result.by_case.treatment
    assert treatment.estimate == pytest.approx(0.1, abs=0.01)
    # Their gains have a standard deviation of 0.4, and there are four of them.
    assert treatment.se == pytest.approx(np.std([0.45, 0.45, -0.25, -0.25], ddof=1) / 2, rel=0.1)
    assert treatment.df == pytest.approx(3, abs=0.5)
    assert treatment.p > 0.5
