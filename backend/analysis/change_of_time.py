"""Reading time before and after, as a ratio: one reader by a paired t test, all by a mixed model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.mixed_model import MixedModelFit, RandomTerm, fit_mixed_model
from backend.analysis.reading_time import Ratio, log_ratio
from backend.analysis.results import Result

NO_TIMES = NotEstimable("no pair has both times")
TWO_READERS = (
    "With two readers the variance between readers is often estimated as 0, and the test over readers then "
    "rejects too often (11 of 100 true nulls at 5% in a simulation): read it beside the readers' own tests."
)


@dataclass(frozen=True, slots=True)
class TimeChange(Result):
    """One reader: seconds before and after, and after / before as the ratio of geometric means."""

    n: int
    without_times: int
    median_before: Estimate
    median_after: Estimate
    mean_difference: Estimate
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class PooledTimeChange(Result):
    """All readers: after / before from the mixed model of the paired log differences.

    Attributes
    ----------
    ratio
        For a new reader and a new case of the same kinds.
    model
        log(after) - log(before) by a constant, with random readers and random cases.
    """

    method: str
    n: int
    without_times: int
    ratio: Ratio
    model: MixedModelFit | NotEstimable
    warnings: tuple[str, ...]


def time_change(times: Sequence[tuple[float | None, float | None]], *, level: float = 0.95) -> TimeChange:
    """The change of one reader's times, from (before, after) in seconds, ``None`` where unknown."""
    pairs = [(x, y) for x, y in times if x is not None and y is not None]
    missing = len(times) - len(pairs)
    if not pairs:
        return TimeChange(0, missing, NO_TIMES, NO_TIMES, NO_TIMES, Ratio(*(NO_TIMES,) * 4))
    before, after = (np.array(column) for column in zip(*pairs, strict=True))
    return TimeChange(
        len(pairs),
        missing,
        float(np.median(before)),
        float(np.median(after)),
        math.fsum(after - before) / len(pairs),
        _paired_ratio(np.sort(np.log(after) - np.log(before)), level),
    )


def _paired_ratio(logs: np.ndarray[tuple[int], np.dtype[np.float64]], level: float) -> Ratio:
    mean, n = float(logs.mean()), len(logs)
    if n < 2:
        return Ratio(math.exp(mean), *(NotEstimable("there is only one pair with both times"),) * 3)
    se = float(logs.std(ddof=1)) / math.sqrt(n)
    if not se > 1e-14:
        return Ratio(math.exp(mean), *(NotEstimable("the ratios do not vary"),) * 3)
    return log_ratio(mean, se, n - 1, level)


def pooled_time_change(
    times: Sequence[tuple[str, str, float | None, float | None]], *, level: float = 0.95
) -> PooledTimeChange:
    """The change over readers, from (reader, case, before, after); one row a reader and case."""
    pairs = sorted(
        (r, c, math.log(y) - math.log(x)) for r, c, x, y in times if x is not None and y is not None
    )
    missing = len(times) - len(pairs)
    model: MixedModelFit | NotEstimable = NO_TIMES
    if pairs and len({reader for reader, _, _ in pairs}) < 2:
        model = NotEstimable("one reader is no sample of readers")
    elif pairs:
        random = [
            RandomTerm("reader", [reader for reader, _, _ in pairs]),
            RandomTerm("case", [case for _, case, _ in pairs]),
        ]
        logs = [log for _, _, log in pairs]
        model = fit_mixed_model(logs, {"change": [1.0] * len(pairs)}, random, level=level)
    if isinstance(model, NotEstimable):
        return PooledTimeChange("time_change_mixed", len(pairs), missing, Ratio(*(model,) * 4), model, ())
    change = model.coefficients[0]
    ratio = log_ratio(change.estimate, change.se, change.df, level)
    warnings = (*model.warnings, *((TWO_READERS,) if model.levels.get("reader") == 2 else ()))
    return PooledTimeChange("time_change_mixed", len(pairs), missing, ratio, model, warnings)
