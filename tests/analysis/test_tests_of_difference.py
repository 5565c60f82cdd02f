"""Tests of difference against R (tests/reference/tables/tables.R), published P values, slow enumeration."""

import csv
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.difference_rules import DifferenceRules, compare_counts, compare_values
from backend.analysis.effect_sizes import cramers_v, smd_of_counts, smd_of_values
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.fisher_exact import conditional_odds_ratio, fisher_exact, fisher_monte_carlo
from backend.analysis.results import Interval
from backend.analysis.tests_of_difference import (
    DifferenceTest,
    anova,
    chi_square,
    kruskal_wallis,
    levene,
    mann_whitney,
    shapiro_wilk,
    student_t,
    welch_anova,
    welch_t,
)

Reference = Callable[[str], Any]
DATA = Path(__file__).parents[1] / "reference/tables/data.csv"
NUMBERS = ["normal", "skewed", "untied", "grade"]
TABLES = [
    "sex", "dissection", "metastatic", "t_stage", "n_stage", "family_history", "distant", "adjuvant", "tea",
    "job", "small", "four_by_five", "three_by_four", "five_by_five",
]  # fmt: skip

# The P values that the four published studies print for their tables of counts, as the platform's study
# templates name them: Yoo 2025 (lpln-radiomics), Bao (cervix-dlrc), Liu 2021 (larc-dm). Qiao 2025
# (lln-segmentation) prints none. The test is the one that reproduces the printed P.
PUBLISHED = [
    ("lpln-radiomics sex", [[114, 76], [85, 61]], "fisher_exact", 0.823),
    ("lpln-radiomics dissection", [[137, 53], [116, 30]], "fisher_exact", 0.128),
    ("lpln-radiomics metastatic", [[65, 125], [48, 98]], "chi_square", 0.798),
    ("lpln-radiomics T stage", [[17, 7, 27, 121, 18], [10, 5, 31, 83, 17]], "chi_square", 0.429),
    ("lpln-radiomics N stage", [[79, 68, 43], [72, 46, 28]], "chi_square", 0.366),
    ("cervix-dlrc family history", [[290, 42], [129, 20]], "chi_square_yates", 0.931),
    ("larc-dm distant metastasis", [[42, 128], [26, 39]], "chi_square_yates", 0.031),
    ("larc-dm adjuvant chemotherapy", [[160, 10], [56, 9]], "fisher_exact", 0.060),
]


def groups_of(column: str) -> list[list[float]]:
    with DATA.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [[float(row[column]) for row in rows if row["group"] == name] for name in "ABC"]


def assert_test(test: DifferenceTest, expected: dict[str, Any]) -> None:
    assert test.statistic == pytest.approx(expected["statistic"], rel=1e-11, abs=1e-11)
    assert test.p == pytest.approx(expected["p"], rel=1e-9)
    if expected.get("df"):
        assert list(test.df) == pytest.approx(np.atleast_1d(expected["df"]).tolist(), rel=1e-11)


@pytest.mark.parametrize(("name", "counts", "test", "p"), PUBLISHED)
def test_published_p_values_come_out(name: str, counts: list[list[int]], test: str, p: float) -> None:
    chosen = compare_counts(counts, DifferenceRules(overrides={name: test}), key=name)
    assert chosen.test.method == test
    assert chosen.is_override
    assert not isinstance(chosen.test.p, NotEstimable)
    assert round(chosen.test.p, 3) == p


@pytest.mark.parametrize("name", TABLES)
def test_tests_of_counts_match_r(reference: Reference, name: str) -> None:
    expected = reference("tables/expected.json")["counts"][name]
    counts = expected["counts"]
    assert_test(chi_square(counts), expected["chi_square"])
    result = fisher_exact(counts)
    assert result.p == pytest.approx(expected["fisher"], rel=1e-9)
    assert cramers_v(counts).estimate == pytest.approx(expected["v"], rel=1e-12)
    assert smd_of_counts(counts[0], counts[1]).estimate == pytest.approx(expected["smd"], rel=1e-10)
    if "yates" in expected:
        assert_test(chi_square(counts, yates=True), expected["yates"])
        ratio = result.odds_ratio
        assert ratio is not None
        assert [ratio.estimate, ratio.low, ratio.high] == pytest.approx(expected["odds_ratio"], rel=1e-9)
    else:
        assert result.odds_ratio is None


@pytest.mark.parametrize("name", NUMBERS)
def test_tests_of_values_match_r(reference: Reference, name: str) -> None:
    expected = reference("tables/expected.json")["values"][name]
    groups = groups_of(name)
    two = groups[:2]
    for test, theirs in ((student_t(two), expected["student"]), (welch_t(two), expected["welch"])):
        assert_test(test, theirs)
        assert isinstance(test.ci, Interval)
        assert [test.ci.low, test.ci.high] == pytest.approx(theirs["ci"], rel=1e-10)
    assert_test(mann_whitney(two), expected["mann_whitney"])
    assert_test(anova(groups), expected["anova"])
    assert_test(welch_anova(groups), expected["welch_anova"])
    assert_test(kruskal_wallis(groups), expected["kruskal"])
    assert_test(levene(groups), expected["levene"])
    assert smd_of_values(*two).estimate == pytest.approx(expected["smd"], rel=1e-12)
    normality = shapiro_wilk(groups[0])
    assert normality.statistic == pytest.approx(expected["shapiro"]["statistic"], rel=1e-9)
    assert normality.p == pytest.approx(expected["shapiro"]["p"], rel=1e-7)


def test_mann_whitney_is_exact_without_ties_and_corrected_with_them() -> None:
    assert mann_whitney(groups_of("untied")[:2]).method == "mann_whitney_exact"
    assert mann_whitney(groups_of("skewed")[:2]).method == "mann_whitney"
    many = [list(range(50)), [value + 0.5 for value in range(50)]]
    assert mann_whitney(many).method == "mann_whitney"


def tables_with(rows: tuple[int, ...], columns: tuple[int, ...]) -> list[list[tuple[int, ...]]]:
    """Every table with the margins, the slow way."""
    if len(rows) == 1:
        return [[columns]]
    found = []
    for first in itertools.product(*(range(total + 1) for total in columns)):
        if sum(first) == rows[0]:
            left = tuple(total - cell for total, cell in zip(columns, first, strict=True))
            found += [[first, *rest] for rest in tables_with(rows[1:], left)]
    return found


def slow_fisher(counts: list[list[int]]) -> float:
    """The definition, in whole numbers: of all tables, the share no more probable than this one."""
    rows = tuple(sum(row) for row in counts)
    columns = tuple(sum(column) for column in zip(*counts, strict=True))

    def weight(table: list[Any]) -> int:
        # Proportional to the probability, and whole: a product of multinomial coefficients.
        return math.prod(
            math.factorial(sum(row)) // math.prod(math.factorial(cell) for cell in row) for row in table
        )

    everything = [weight(table) for table in tables_with(rows, columns)]
    return sum(one for one in everything if one <= weight(counts)) / sum(everything)


small_tables = st.integers(2, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 3), min_size=columns, max_size=columns), min_size=2, max_size=3
    )
)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(small_tables)
def test_fisher_is_the_share_of_tables_no_more_probable(counts: list[list[int]]) -> None:
    result = fisher_exact(counts)
    rows, columns = sum(any(row) for row in counts), sum(any(c) for c in zip(*counts, strict=True))
    if rows < 2 or columns < 2:
        assert isinstance(result.p, NotEstimable)
    else:
        assert result.p == pytest.approx(slow_fisher(counts), rel=1e-12)


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(small_tables, st.randoms(use_true_random=False))
def test_order_and_transposition_change_no_bit_of_fisher(counts: list[list[int]], shuffle: Any) -> None:
    here = fisher_exact(counts).p
    columns = list(range(len(counts[0])))
    shuffle.shuffle(columns)
    moved = [[row[place] for place in columns] for row in counts]
    shuffle.shuffle(moved)
    assert fisher_exact(moved).p == here or isinstance(here, NotEstimable)
    if min(len(counts), len(counts[0])) >= 2:
        turned = fisher_exact([list(column) for column in zip(*counts, strict=True)]).p
        assert turned == here or isinstance(here, NotEstimable)


def test_swapped_groups_flip_the_sign_and_invert_the_odds_ratio() -> None:
    first, second, _ = groups_of("normal")
    for test in (welch_t, student_t):
        here, there = test([first, second]), test([second, first])
        assert not isinstance(here.difference, NotEstimable | None)
        assert (there.difference, there.p) == (-here.difference, here.p)
    smd, turned = smd_of_values(first, second), smd_of_values(second, first)
    assert smd.estimate == -turned.estimate
    here_or, there_or = conditional_odds_ratio([[9, 2], [4, 8]]), conditional_odds_ratio([[4, 8], [9, 2]])
    assert here_or.estimate == pytest.approx(1 / there_or.estimate, rel=1e-11)
    assert here_or.low == pytest.approx(1 / there_or.high, rel=1e-11)


def test_order_of_values_changes_no_bit() -> None:
    for name in NUMBERS:
        groups = groups_of(name)
        turned = [values[::-1] for values in groups]
        for test in (anova, welch_anova, kruskal_wallis, levene):
            assert test(groups) == test(turned)
        for test in (welch_t, student_t, mann_whitney):
            assert test(groups[:2]) == test(turned[:2])
        assert shapiro_wilk(groups[0]) == shapiro_wilk(turned[0])
        assert smd_of_values(*groups[:2]) == smd_of_values(*turned[:2])


def test_sampled_fisher_is_seeded_and_near_the_exact() -> None:
    counts = [[17, 7, 27, 121, 18], [10, 5, 31, 83, 17]]
    exact, drawn = fisher_exact(counts).p, fisher_monte_carlo(counts, seed=4, replicates=20_000)
    assert drawn.p == fisher_monte_carlo(counts[::-1], seed=4, replicates=20_000).p
    assert drawn.p != fisher_monte_carlo(counts, seed=5, replicates=20_000).p
    assert (drawn.seed, drawn.replicates) == (4, 20_000)
    assert drawn.p == pytest.approx(exact, abs=4 * math.sqrt(0.25 / 20_000))


def test_a_table_beyond_the_limit_is_told_and_sampled() -> None:
    counts = [[2, 3, 1, 4, 2], [5, 1, 0, 2, 3], [1, 1, 4, 0, 2], [0, 2, 2, 3, 1], [3, 0, 1, 1, 2]]
    result = fisher_exact(counts, max_work=1000)
    assert result.p == NotEstimable(
        "a 5 x 5 table of 46 needs more than the limit of 1000 steps of the exact test"
    )
    chosen = compare_counts(counts, DifferenceRules(max_work=1000, replicates=2000, seed=3))
    assert chosen.test.method == "fisher_monte_carlo"
    assert "limit of 1000 steps" in chosen.reason
    assert "2000 tables were drawn at seed 3" in chosen.reason
    assert chosen.test.p == pytest.approx(0.209, abs=0.04)


def test_odds_ratio_at_an_empty_cell_has_one_open_end() -> None:
    infinite = NotEstimable("infinite: a cell of the 2 x 2 table is 0")
    # R: fisher.test(matrix(c(0,4,5,3),2)) estimate 0, CI 0 to 1.7461; the columns turned: infinite from .5727.
    none = conditional_odds_ratio([[0, 5], [4, 3]])
    assert (none.estimate, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1.7461237219796824, rel=1e-10)
    every = conditional_odds_ratio([[5, 0], [3, 4]])
    assert (every.estimate, every.high) == (infinite, infinite)
    assert every.low == pytest.approx(0.572697104685252, rel=1e-10)
    empty = conditional_odds_ratio([[0, 0], [3, 4]])
    assert empty.estimate == NotEstimable("a row or a column of the 2 x 2 table is empty")
    every.to_json()


def test_rules_choose_and_say_why() -> None:
    few = compare_counts([[3, 1], [1, 3]])
    assert few.test.method == "fisher_exact"
    assert few.reason == "expected count below 5 in 4 of 4 cells (smallest expected count 2)"
    wide = compare_counts([[12, 4, 7, 9], [3, 8, 2, 6], [5, 11, 1, 4]])
    assert wide.test.method == "fisher_exact"
    cochran = compare_counts([[17, 7, 27, 121, 18], [1, 5, 31, 83, 17]], DifferenceRules(fisher_share=0.2))
    assert cochran.test.method == "chi_square"
    assert compare_counts([[50, 40], [30, 60]]).test.method == "chi_square"
    corrected = compare_counts([[50, 40], [30, 60]], DifferenceRules(yates=True))
    assert corrected.test.method == "chi_square_yates"
    assert (
        compare_counts([[50, 40, 9], [30, 60, 20]], DifferenceRules(yates=True)).test.method == "chi_square"
    )

    normal, skewed = groups_of("normal"), groups_of("skewed")
    assert compare_values(normal[:2]).test.method == "welch_t"
    assert compare_values(normal).test.method == "welch_anova"
    assert compare_values(skewed[:2]).test.method == "mann_whitney"
    assert "Shapiro-Wilk" in compare_values(skewed[:2]).reason
    assert compare_values(skewed).test.method == "kruskal_wallis"
    student = DifferenceRules(equal_variances=True, normality="assumed")
    assert compare_values(skewed[:2], student).test.method == "student_t"
    assert compare_values(skewed, student).test.method == "anova"
    assert compare_values(normal[:2], DifferenceRules(normality="not_assumed")).is_by_ranks
    large = [[float(v) for v in range(5001)], [float(v) for v in range(5002)]]
    assert compare_values(large).reason == "more than 5000 values in each group: means taken as normal"
    short = compare_values([[1.0, 2.0], [3.0, 4.0, 9.0]])
    assert short.test.method == "mann_whitney_exact"
    assert short.reason.startswith("normality cannot be shown in a group")


def test_what_the_data_leave_undefined_says_why() -> None:
    assert chi_square([[3, 0], [4, 0]]).p == NotEstimable("only one category has any count")
    assert chi_square([[0, 0], [4, 1]]).p == NotEstimable("only one group has any count")
    assert chi_square([[0, 0], [0, 0]]).p == NotEstimable("there is nothing to count")
    assert fisher_exact([[3, 0], [4, 0]]).p == NotEstimable("only one category has any count")
    assert cramers_v([[3, 0], [4, 0]]).estimate == NotEstimable("only one category has any count")
    assert chi_square([[3, 0, 9], [4, 0, 6]]).warnings[0] == (
        "column 2 without any count left out of the test"
    )
    assert chi_square([[3, 9], [4, 6]]).warnings == ("the expected count is below 5 in 2 of 4 cells",)
    assert welch_t([[1.0], [1.0, 2.0]]).p == NotEstimable("a group has fewer than two values")
    assert welch_t([[1.0, 1.0], [2.0, 2.0]]).p == NotEstimable("neither group varies")
    assert student_t([[], [2.0, 2.0]]).p == NotEstimable("a group has fewer than two values")
    assert anova([[1.0, 1.0], [2.0]]).p == NotEstimable("no group varies")
    assert anova([[1.0], [2.0]]).p == NotEstimable("no group has two values")
    assert anova([[1.0], []]).p == NotEstimable("a group has no value")
    assert welch_anova([[1.0, 1.0], [2.0, 3.0]]).p == NotEstimable("a group does not vary")
    assert mann_whitney([[1.0, 1.0], [1.0]]).p == NotEstimable("all values are equal")
    assert kruskal_wallis([[1.0, 1.0], []]).p == NotEstimable("a group has no value")
    assert shapiro_wilk([2.0, 2.0, 2.0]).p == NotEstimable("all values are equal")
    assert shapiro_wilk([1.0, 2.0]).p == NotEstimable("normality is tested on 3 to 5000 values, not 2")
    assert smd_of_values([1.0, 1.0], [2.0, 2.0]).estimate == NotEstimable("neither group varies")
    assert smd_of_values([1.0], [2.0, 3.0]).estimate == NotEstimable("a group has fewer than two values")
    assert smd_of_counts([4, 0], [0, 5]).estimate == NotEstimable(
        "the categories separate the groups completely"
    )
    assert smd_of_counts([4, 0], [5, 0]).estimate == 0.0
    assert smd_of_counts([0, 0], [5, 1]).estimate == NotEstimable("a group has no value")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: chi_square([[1, 2], [3]]), "table_not_rectangular"),
        (lambda: chi_square([[1, 2], [3, -1]]), "count_not_whole"),
        (lambda: fisher_exact([[1, 2.5], [3, 1]]), "count_not_whole"),
        (lambda: fisher_exact([[1, float("nan")], [3, 1]]), "count_not_whole"),
        (lambda: fisher_exact([[1, True], [3, 1]]), "count_not_whole"),
        (lambda: fisher_exact([[1_000_000, 1], [3, 1]]), "table_too_large"),
        (lambda: fisher_monte_carlo([[1, 1], [3, 1]], seed=1, replicates=0), "too_few_replicates"),
        (lambda: chi_square([[1, 2, 3], [3, 4, 5]], yates=True), "not_two_by_two"),
        (lambda: conditional_odds_ratio([[1, 2, 3], [3, 4, 5]]), "not_two_by_two"),
        (lambda: welch_t([[1.0, 2.0]]), "too_few_groups"),
        (lambda: welch_t([[1.0, 2.0]] * 3), "not_two_groups"),
        (lambda: mann_whitney([[1.0, float("nan")], [1.0]]), "value_not_finite"),
        (lambda: smd_of_values([1.0, math.inf], [1.0]), "value_not_finite"),
        (lambda: welch_t([[1.0, 2.0]] * 2, level=1.0), "level_out_of_range"),
        (lambda: DifferenceRules(overrides={"age": "t-test"}), "unknown_test"),
        (lambda: DifferenceRules(fisher_below=-1.0), "limit_out_of_range"),
        (lambda: DifferenceRules(fisher_below=float("nan")), "limit_out_of_range"),
        (lambda: DifferenceRules(normality="levene"), "unknown_rule"),  # type: ignore[arg-type]
        (lambda: DifferenceRules(fisher_share=1.0), "share_out_of_range"),
        (lambda: DifferenceRules(normality_alpha=0.0), "level_out_of_range"),
    ],
)
def test_wrong_input_is_refused_by_name(call: Callable[[], object], code: str) -> None:
    with pytest.raises(AnalysisError) as caught:
        call()
    assert caught.value.code == code


def test_an_override_that_does_not_fit_is_refused() -> None:
    with pytest.raises(AnalysisError, match="welch_t does not test the categories of sex"):
        compare_counts([[1, 2], [3, 4]], DifferenceRules(overrides={"sex": "welch_t"}), key="sex")
    with pytest.raises(AnalysisError, match="welch_t does not test age between 3 groups"):
        compare_values([[1.0, 2.0]] * 3, DifferenceRules(overrides={"age": "welch_t"}), key="age")
    rules = DifferenceRules(overrides={"grade": "anova"})
    with pytest.raises(AnalysisError, match="anova does not test grade"):
        compare_values([[1.0, 2.0]] * 3, rules, key="grade", is_ordered=True)


def test_monte_carlo_of_one_category_is_not_estimable() -> None:
    assert isinstance(fisher_monte_carlo([[3, 0], [4, 0]], seed=1).p, NotEstimable)
    assert fisher_monte_carlo([[3, 1], [1, 3]], seed=1, replicates=500).odds_ratio is not None


def test_cramers_v_is_corrected_for_bias_as_bergsma_says() -> None:
    # R 4.2.2: phi2 = chisq.test(x, correct = FALSE)$statistic / n; sqrt(max(0, phi2 - df/(n - 1))/(min(r, c) - 1))
    # with r - (r - 1)^2/(n - 1) for r, and c likewise.
    assert cramers_v([[10, 2], [3, 9]]).bias_corrected == pytest.approx(0.5592657069407609, rel=1e-12)
    assert cramers_v([[5, 2, 4], [3, 9, 4]]).bias_corrected == pytest.approx(0.2840545431269749, rel=1e-12)
    assert cramers_v([[5, 5], [5, 5]]).bias_corrected == 0.0
    assert cramers_v([[1, 0], [0, 1]]).bias_corrected == NotEstimable("too few counts for the correction")


def test_interval_of_an_smd_is_hedges_and_olkins() -> None:
    # R 4.2.2: s +- qnorm(.975) * sqrt((n1 + n2)/(n1 * n2) + s^2/(2 * (n1 + n2)))
    smd = smd_of_values([5.0, 7.0, 9.0], [6.0, 9.0, 12.0, 4.0])
    assert isinstance(smd.ci, Interval)
    assert [smd.estimate, smd.ci.low, smd.ci.high] == pytest.approx(
        [-0.2631174057921088, -1.7663962234689019, 1.2401614118846842], rel=1e-12
    )
    counts = smd_of_counts([5, 5], [6, 5])
    assert isinstance(counts.ci, Interval)
    assert counts.ci.low == 0.0


def test_an_empty_table_is_refused() -> None:
    for counts in ([], [[], []]):
        with pytest.raises(AnalysisError, match="differ in length"):
            chi_square(counts)


def test_normality_knows_no_unit() -> None:
    """SciPy warns of values that lie within 1e-19 of each other."""
    values = [52.0, 61.0, 47.0, 70.0, 66.0, 58.0, 39.0]
    assert shapiro_wilk([value * 2.0**-160 for value in values]) == shapiro_wilk(values)
