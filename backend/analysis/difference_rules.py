"""Which test a difference is tested with: stated rules, and a sentence for each choice.

Categories
    Pearson's chi-square (2 x 2: with continuity correction where ``yates`` is set), or Fisher's exact test
    where an expected count lies below ``fisher_below``, r x c too. ``fisher_share`` softens that to "more
    than this share of the cells" (0.2: Cochran's rule). A table beyond the exact test's limit of work is
    sampled at the rules' seed, and the reason says so.
Values
    Welch's t-test (Welch's one-way test for more groups) where the values of every group pass Shapiro-Wilk,
    the Mann-Whitney (Kruskal-Wallis) test otherwise. Fewer than three values, or equal ones, in a group
    cannot show normality and count as not normal; more than 5000 are beyond Shapiro-Wilk, and their means
    are taken as normal. ``equal_variances`` turns Welch into Student (analysis of variance).
Ordered grades
    Mann-Whitney or Kruskal-Wallis on the position in the declared order.

Every rule can be changed, and ``overrides`` names the test of one variable.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from backend.analysis.contingency import Counts, read_counts
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.fisher_exact import (
    MAX_WORK,
    FisherResult,
    fisher_exact,
    fisher_monte_carlo,
)
from backend.analysis.reporting.journal_numbers import significant_text
from backend.analysis.results import Result
from backend.analysis.tests_of_difference import (
    SHAPIRO_RANGE,
    DifferenceTest,
    Groups,
    anova,
    chi_square,
    kruskal_wallis,
    mann_whitney,
    shapiro_wilk,
    student_t,
    welch_anova,
    welch_t,
)

CountTest: TypeAlias = Literal["chi_square", "chi_square_yates", "fisher_exact", "fisher_monte_carlo"]
ValueTest: TypeAlias = Literal[
    "welch_t", "student_t", "mann_whitney", "welch_anova", "anova", "kruskal_wallis"
]
TestName: TypeAlias = CountTest | ValueTest
Normality: TypeAlias = Literal["shapiro", "assumed", "not_assumed"]

NORMALITIES: tuple[str, ...] = get_args(Normality)
COUNT_TESTS: tuple[str, ...] = get_args(CountTest)
VALUE_TESTS: tuple[str, ...] = get_args(ValueTest)
BY_NAME = "asked for by name"
RANK_TESTS = ("mann_whitney", "kruskal_wallis")
_TWO_GROUPS_ONLY = ("welch_t", "student_t", "mann_whitney")


@dataclass(frozen=True, slots=True)
class DifferenceRules(Result):
    """The rules; see the module. ``overrides`` maps a variable's key to the name of its test."""

    fisher_below: float = 5.0
    fisher_share: float = 0.0
    yates: bool = False
    normality: Normality = "shapiro"
    normality_alpha: float = 0.05
    equal_variances: bool = False
    overrides: Mapping[str, str] = field(default_factory=dict)
    seed: int = 1
    replicates: int = 100_000
    max_work: int = MAX_WORK

    def __post_init__(self) -> None:
        for key, name in self.overrides.items():
            if name not in (*COUNT_TESTS, *VALUE_TESTS):
                raise AnalysisError("unknown_test", f"the test {name!r} of {key} is none of the known tests")
        if self.normality not in NORMALITIES:
            known = ", ".join(NORMALITIES)
            raise AnalysisError("unknown_rule", f"normality is {self.normality!r}, which is none of {known}")
        if not (math.isfinite(self.fisher_below) and self.fisher_below >= 0.0):
            raise AnalysisError(
                "limit_out_of_range",
                f"{self.fisher_below} is no limit of an expected count: it is 0 or above",
            )
        if not 0.0 <= self.fisher_share < 1.0:
            raise AnalysisError("share_out_of_range", f"{self.fisher_share} is no share of the cells")
        if not 0.0 < self.normality_alpha < 1.0:
            raise AnalysisError("level_out_of_range", f"{self.normality_alpha} is no level of a test")


@dataclass(frozen=True, slots=True)
class ChosenTest(Result):
    """A test's result, and why this test made it. ``is_override`` where the test was asked for by name."""

    test: DifferenceTest | FisherResult
    reason: str
    is_override: bool
    is_by_ranks: bool


def compare_counts(counts: Counts, rules: DifferenceRules | None = None, *, key: str = "") -> ChosenTest:
    """Test groups (rows) on categories (columns) as the rules say.

    Parameters
    ----------
    key
        The variable's key, for ``rules.overrides``.

    Raises
    ------
    AnalysisError
        ``test_not_applicable`` where an override does not fit counts; what the tests refuse.
    """
    rules = rules or DifferenceRules()
    override = rules.overrides.get(key)
    if override is not None:
        if override not in COUNT_TESTS:
            raise AnalysisError("test_not_applicable", f"{override} does not test the categories of {key}")
        test = _count_test(override, counts, rules)
        return ChosenTest(test, BY_NAME, is_override=True, is_by_ranks=False)
    name, reason = _rule_for_counts(counts, rules)
    test = _count_test(name, counts, rules)
    if name == "fisher_exact" and isinstance(test.p, NotEstimable):
        reason = f"{reason}; {test.p.reason}, so {rules.replicates} tables were drawn at seed {rules.seed}"
        test = _count_test("fisher_monte_carlo", counts, rules)
    return ChosenTest(test, reason, is_override=False, is_by_ranks=False)


def compare_values(
    groups: Groups, rules: DifferenceRules | None = None, *, key: str = "", is_ordered: bool = False
) -> ChosenTest:
    """Test groups of values as the rules say; ``is_ordered`` for grades, which are tested by ranks.

    Raises
    ------
    AnalysisError
        ``test_not_applicable`` where an override does not fit values or the number of groups.
    """
    rules = rules or DifferenceRules()
    override = rules.overrides.get(key)
    if override is not None:
        fits = override in VALUE_TESTS and not (override in _TWO_GROUPS_ONLY and len(groups) != 2)
        if not fits or (is_ordered and override not in RANK_TESTS):
            raise AnalysisError(
                "test_not_applicable", f"{override} does not test {key} between {len(groups)} groups"
            )
        is_by_ranks = override in RANK_TESTS
        return ChosenTest(_VALUE[override](groups), BY_NAME, is_override=True, is_by_ranks=is_by_ranks)
    if is_ordered:
        is_by_ranks, reason = True, "ordered grades"
    else:
        is_by_ranks, reason = why_not_normal(groups, rules)
    name = _name_for_values(len(groups), rules, is_by_ranks=is_by_ranks)
    return ChosenTest(_VALUE[name](groups), reason, is_override=False, is_by_ranks=is_by_ranks)


def why_not_normal(groups: Groups, rules: DifferenceRules) -> tuple[bool, str]:
    """Whether the groups' values are taken as not normal, and the sentence for it."""
    if rules.normality != "shapiro":
        is_normal = rules.normality == "assumed"
        return not is_normal, "normality assumed by the rules" if is_normal else "normality not assumed"
    smallest: float | None = None
    for values in groups:
        if len(values) > SHAPIRO_RANGE[1]:
            continue
        p = shapiro_wilk(values).p
        if isinstance(p, NotEstimable):
            return True, f"normality cannot be shown in a group ({p.reason})"
        smallest = p if smallest is None else min(smallest, p)
    if smallest is None:
        return False, f"more than {SHAPIRO_RANGE[1]} values in each group: means taken as normal"
    if smallest < rules.normality_alpha:
        return True, f"a group is not normal (Shapiro-Wilk, smallest P = {significant_text(smallest)})"
    return False, f"no group departs from normal (Shapiro-Wilk, smallest P = {significant_text(smallest)})"


def _rule_for_counts(counts: Counts, rules: DifferenceRules) -> tuple[CountTest, str]:
    table = read_counts(counts)
    if table.why_not_testable() is not None:
        return "chi_square", "no test is possible"
    expected = table.expected()
    low = int((expected < rules.fisher_below).sum())
    smallest = f"smallest expected count {float(expected.min()):.3g}"
    if low > rules.fisher_share * expected.size:
        return (
            "fisher_exact",
            f"expected count below {rules.fisher_below:g} in {low} of {expected.size} cells ({smallest})",
        )
    if rules.yates and table.is_two_by_two and len(counts) == len(counts[0]) == 2:
        return "chi_square_yates", f"{smallest}; continuity correction for a 2 x 2 table by the rules"
    return "chi_square", smallest


def _count_test(name: str, counts: Counts, rules: DifferenceRules) -> DifferenceTest | FisherResult:
    if name == "fisher_exact":
        return fisher_exact(counts, max_work=rules.max_work)
    if name == "fisher_monte_carlo":
        return fisher_monte_carlo(counts, seed=rules.seed, replicates=rules.replicates)
    return chi_square(counts, yates=name == "chi_square_yates")


def _name_for_values(n_groups: int, rules: DifferenceRules, *, is_by_ranks: bool) -> ValueTest:
    if n_groups == 2:
        if is_by_ranks:
            return "mann_whitney"
        return "student_t" if rules.equal_variances else "welch_t"
    if is_by_ranks:
        return "kruskal_wallis"
    return "anova" if rules.equal_variances else "welch_anova"


_VALUE = {
    "welch_t": welch_t,
    "student_t": student_t,
    "mann_whitney": mann_whitney,
    "welch_anova": welch_anova,
    "anova": anova,
    "kruskal_wallis": kruskal_wallis,
}
