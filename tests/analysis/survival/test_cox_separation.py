"""Which columns of a Cox model have no maximum, and a maximum whose information is nothing but rounding."""

import numpy as np
import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import CoxModel, cox
from backend.analysis.survival.cox_separation import separated_columns
from backend.analysis.survival.efron import SINGULAR
from backend.analysis.survival.outcomes import outcomes

# Every direction in which differences of whole numbers up to 4 can be level, and some between.
DIRECTIONS = [(a, b) for a in range(-6, 7) for b in range(-6, 7) if (a, b) != (0, 0)]


def slow(x: np.ndarray, times: np.ndarray, events: np.ndarray) -> list[bool]:
    """The columns of the directions that at no event have anybody at risk above who has it."""
    found = [False, False]
    for direction in DIRECTIONS:
        height = x @ np.array(direction)
        errs = any(
            height[j] > height[i]
            for i in range(len(times))
            for j in range(len(times))
            if events[i] and times[j] >= times[i]
        )
        if not errs:
            found = [one or bool(part) for one, part in zip(found, direction, strict=True)]
    return found


def has_full_rank(x: np.ndarray, times: np.ndarray, events: np.ndarray) -> bool:
    apart = [
        x[j] - x[i]
        for i in range(len(times))
        for j in range(len(times))
        if events[i] and times[j] >= times[i]
    ]
    return bool(apart) and np.linalg.matrix_rank(np.array(apart)) == 2


def test_the_columns_are_those_of_the_directions_tried_one_by_one() -> None:
    rng, seen = np.random.default_rng(20260301), set()
    for _ in range(250):
        n = int(rng.integers(4, 8))
        times, events = rng.integers(1, 6, n).astype(float), rng.random(n) < 0.5
        x = rng.integers(0, 5, (n, 2)).astype(float)
        order = np.lexsort([~events, times])
        x, times, events = x[order], times[order], events[order]
        if not has_full_rank(x, times, events):
            continue
        event_times, deaths = np.unique(times[events], return_counts=True)
        first = np.searchsorted(times, event_times, side="left")
        slot = np.repeat(np.arange(len(deaths)), deaths)
        found = separated_columns(x, events, first, slot).tolist()
        assert found == slow(x, times, events), (x.tolist(), times.tolist(), events.tolist())
        seen.add(tuple(found))
    assert seen == {(False, False), (True, False), (False, True), (True, True)}


def of_two_far_cases(marker: float) -> CoxModel | NotEstimable:
    """Fourteen events, and two cases with a low marker who alone have another ``side``, up and down alike."""
    own = [2.0, 2.0, 1.0, 2.0, 0.0, 1.0, 2.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    known = outcomes([*map(float, range(1, 15)), 100.0, 100.0], [*[True] * 14, False, False])
    values = zip(known.cases, [*own, marker, marker], strict=True)
    sides = zip(known.cases, [*[0.0] * 14, 1.0, -1.0], strict=True)
    return cox(known, [Covariate("marker", dict(values)), Covariate("side", dict(sides))])


@pytest.mark.filterwarnings("error")
def test_information_that_rounding_leaves_nothing_of_is_not_inverted() -> None:
    """No direction separates the events, yet at the maximum the two cases have no weight beside the others."""
    assert of_two_far_cases(-800.0) == SINGULAR
    near = of_two_far_cases(-2.0)
    assert isinstance(near, CoxModel)
    assert near.terms[1].coefficient == pytest.approx(0.0, abs=1e-9)
    assert isinstance(near.terms[1].se, float)
