"""Stratified resampling of cases, as counts: the engine under every bootstrap of an ROC number.

Positive and negative cases are drawn with replacement, each class to its own size. A replicate is kept as
how often each distinct score pattern was drawn, so that its statistics are cumulative sums and no score is
sorted twice. Cases are put in order by their scores first and each class has a generator of its own, so
that the draws depend on the seed and on the set of cases, not on their order in the file. Blocks bound the
memory: about 2^16 draws at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError
from backend.analysis.placements import Booleans, Floats, Ints

Counts: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.int64]]
Table: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Statistic: TypeAlias = Callable[[Counts, Counts], Table]
_BLOCK = 2**16
FEWEST_REPLICATES = 100


def check_draws(replicates: int, seed: int) -> None:
    """Raise ``AnalysisError`` unless there are 100 replicates or more and the seed is a whole number >= 0."""
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < FEWEST_REPLICATES:
        raise AnalysisError(
            "too_few_replicates",
            f"a bootstrap needs {FEWEST_REPLICATES} replicates or more, not {replicates}",
        )
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise AnalysisError("seed_not_whole", f"the seed must be a whole number of 0 or more, not {seed!r}")


@dataclass(frozen=True, slots=True, eq=False)
class Stratum:
    """The cases of one class: distinct score patterns, shape (p, curves), sorted, and their frequencies."""

    patterns: Table
    frequencies: Ints

    @property
    def size(self) -> int:
        return int(self.frequencies.sum())

    def observed(self) -> Counts:
        """The cases as they are, as a block of one replicate."""
        return self.frequencies.reshape(1, -1)


def strata(positive: Booleans, columns: Sequence[Floats]) -> tuple[Stratum, Stratum]:
    """The positive and the negative cases by their pattern of scores in one or more curves."""
    table = np.column_stack(columns) + 0.0  # minus zero becomes zero
    return _stratum(table[positive]), _stratum(table[~positive])


def bootstrap(
    positive: Stratum, negative: Stratum, statistic: Statistic, *, replicates: int, seed: int
) -> Table:
    """The statistic of each replicate, shape (replicates, values of the statistic)."""
    draw_positive, draw_negative = (
        np.random.Generator(np.random.PCG64(child)) for child in np.random.SeedSequence(seed).spawn(2)
    )
    block = max(1, min(replicates, _BLOCK // max(1, positive.size + negative.size)))
    parts = [
        statistic(_draw(draw_positive, positive, rows), _draw(draw_negative, negative, rows))
        for rows in _block_sizes(replicates, block)
    ]
    return np.concatenate(parts)


class CurveSums:
    """Where the patterns of one curve stand among each other; turns counts into areas and points."""

    def __init__(self, positive: Stratum, negative: Stratum, curve: int = 0) -> None:
        scores, others = positive.patterns[:, curve], negative.patterns[:, curve]
        self._order = np.argsort(scores, kind="stable")
        self._in_order = bool(np.all(np.diff(self._order) == 1))
        self._other_order = np.argsort(others, kind="stable")
        ranked, other_ranked = scores[self._order], others[self._other_order]
        self._below = np.searchsorted(ranked, others, side="left")
        self._up_to = np.searchsorted(ranked, others, side="right")
        self._has_ties = bool(np.any(self._below != self._up_to))
        thresholds = np.unique(np.concatenate([ranked, other_ranked]))[::-1]
        self._reached = ranked.size - np.searchsorted(ranked, thresholds, side="left")
        self._other_reached = other_ranked.size - np.searchsorted(other_ranked, thresholds, side="left")

    def auc(self, positive: Counts, negative: Counts) -> Floats:
        """Empirical area of each replicate, shape (replicates,), from whole numbers."""
        ordered = positive if self._in_order else np.take(positive, self._order, axis=1)
        sums = _with_zero(np.cumsum(ordered, axis=1))
        n1 = sums[:, -1]
        n0 = negative.sum(axis=1)
        beaten = np.take(sums, self._below, axis=1)
        beaten += np.take(sums, self._up_to, axis=1) if self._has_ties else beaten
        lost = np.einsum("ij,ij->i", negative, beaten)
        areas: Floats = (2 * n1 * n0 - lost) / (2 * n1 * n0)
        return areas

    def points(self, positive: Counts, negative: Counts) -> tuple[Table, Table]:
        """False-positive and true-positive rates from (0, 0) to (1, 1), each (replicates, thresholds + 1)."""
        true = _with_zero(np.cumsum(np.take(positive, self._order[::-1], axis=1), axis=1))
        false = _with_zero(np.cumsum(np.take(negative, self._other_order[::-1], axis=1), axis=1))
        steps, other_steps = np.append(0, self._reached), np.append(0, self._other_reached)
        return (
            np.take(false, other_steps, axis=1) / false[:, -1:],
            np.take(true, steps, axis=1) / true[:, -1:],
        )


def _stratum(table: Table) -> Stratum:
    patterns, frequencies = np.unique(table, axis=0, return_counts=True)
    return Stratum(patterns, frequencies.astype(np.int64))


def _draw(generator: np.random.Generator, stratum: Stratum, rows: int) -> Counts:
    n, kinds = stratum.size, stratum.frequencies.size
    drawn = generator.integers(0, n, size=(rows, n))
    if kinds < n:
        drawn = np.take(np.repeat(np.arange(kinds), stratum.frequencies), drawn)
    if rows > 1:
        drawn += np.arange(rows).reshape(-1, 1) * kinds
    counts: Counts = np.bincount(drawn.reshape(-1), minlength=rows * kinds).reshape(rows, kinds)
    return counts


def _block_sizes(replicates: int, block: int) -> Iterator[int]:
    for start in range(0, replicates, block):
        yield min(block, replicates - start)


def _with_zero(sums: Counts) -> Counts:
    return np.concatenate([np.zeros((sums.shape[0], 1), dtype=np.int64), sums], axis=1)
