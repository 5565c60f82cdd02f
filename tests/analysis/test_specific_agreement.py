"""Plain and specific agreement against formulas for two raters, loops over pairs, and awkward input."""

import math
import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.specific_agreement import CategoryAgreement, specific_agreement


def two_raters(a: int, b: int, c: int, d: int) -> dict[str, dict[str, str]]:
    cells = [("yes", "yes")] * a + [("yes", "no")] * b + [("no", "yes")] * c + [("no", "no")] * d
    return {
        name: {f"{i:04d}": cell[side] for i, cell in enumerate(cells)} for side, name in enumerate(("p", "q"))
    }


def test_positive_and_negative_agreement_of_two_raters() -> None:
    """Cicchetti and Feinstein 1990: 2a/(2a+b+c), 2d/(2d+b+c); variance of Graham and Bull 1998."""
    a, b, c, d = 40, 9, 6, 45
    result = specific_agreement(two_raters(a, b, c, d), ["no", "yes"], positive="yes")
    assert isinstance(result.positive, CategoryAgreement)
    assert isinstance(result.negative, CategoryAgreement)
    for item, same in ((result.positive, a), (result.negative, d)):
        share = 2 * same / (2 * same + b + c)
        se = math.sqrt(4 * same * (b + c) * (same + b + c)) / (2 * same + b + c) ** 2
        assert item.agreement == pytest.approx(share, rel=1e-14)
        assert item.se == pytest.approx(se, rel=1e-12)
        assert not isinstance(item.ci, NotEstimable)
        assert (item.ci.low, item.ci.high) == pytest.approx(
            (share - 1.959963984540054 * se, min(1.0, share + 1.959963984540054 * se)), rel=1e-12
        )
    assert result.percent_agreement.estimate == pytest.approx(0.85)
    assert (result.unanimous.successes, result.unanimous.n) == (85, 100)
    assert result.positive.category == "yes"


@pytest.mark.parametrize("seed", range(5))
def test_specific_agreement_equals_its_definition(seed: int) -> None:
    """Over ordered pairs of ratings of a case, each case weighing as its ratings."""
    rng = random.Random(seed)
    raters = {f"r{j}": {f"c{i:02d}": rng.choice([1, 2, 3, None]) for i in range(20)} for j in range(4)}
    result = specific_agreement(raters, [1, 2, 3])
    for item in result.by_category:
        agreeing = total = 0.0
        for case in raters["r0"]:
            given_here = [r[case] for r in raters.values() if r[case] is not None]
            for first, second in permutations(given_here, 2):
                if first == item.category:
                    total += 1 / (len(given_here) - 1)
                    agreeing += (second == first) / (len(given_here) - 1)
        assert item.agreement == pytest.approx(agreeing / total, rel=1e-12)
        assert item.n_ratings == pytest.approx(total)


def test_tolerance_counts_steps_of_the_scale() -> None:
    raters = {"a": {"x": 1, "y": 2, "z": 5}, "b": {"x": 2, "y": 2, "z": 1}, "c": {"x": 2, "y": 2}}
    exact, near = (specific_agreement(raters, range(1, 6), tolerance=t).unanimous for t in (0, 1))
    assert (exact.successes, exact.n) == (1, 2)
    assert (near.successes, near.n) == (2, 2)


def test_awkward_input() -> None:
    result = specific_agreement({"a": {"x": 1, "y": None}, "b": {"x": 1}}, [1, 2, 3])
    assert result.dropped_cases == ("y",)
    assert result.by_category[0].agreement == 1.0
    assert result.by_category[0].ci == NotEstimable("the estimated variance is 0")
    assert isinstance(result.by_category[1].agreement, NotEstimable)
    assert result.positive == NotEstimable("no positive class was named")
    many = specific_agreement({"a": {"x": 1}, "b": {"x": 1}}, [1, 2, 3], positive=1)
    assert isinstance(many.positive, NotEstimable)
    nothing = specific_agreement({"a": {}, "b": {}}, [1, 2])
    assert isinstance(nothing.unanimous.estimate, NotEstimable)
    lone = specific_agreement({"a": {"x": 1}, "b": {}}, [1, 2])
    assert lone.unanimous.n == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [({"positive": 7}, "unknown_category"), ({"tolerance": -1}, "tolerance_impossible")],
)
def test_bad_input_is_refused(options: dict[str, Any], code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        specific_agreement({"a": {"x": 1}, "b": {"x": 1}}, [1, 2], **options)
    assert refused.value.code == code


cells = st.tuples(*(st.integers(0, 12) for _ in range(4))).filter(lambda counts: sum(counts) > 0)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(cells)
def test_swapping_the_positive_class_swaps_both(counts: tuple[int, int, int, int]) -> None:
    ratings = two_raters(*counts)
    one = specific_agreement(ratings, ["no", "yes"], positive="yes")
    other = specific_agreement(ratings, ["no", "yes"], positive="no")
    assert (one.positive, one.negative) == (other.negative, other.positive)
    one.to_json()
