"""The one kernel of every empirical ROC number: checked columns, mid-ranks and placement values.

The placement value of a positive case is the share of negative cases that it beats, a tie counting one
half (and the other way around). They are kept here as whole numbers, twice the count of opponents beaten,
so that sums are exact: results do not depend on the order of cases to the last bit, and ties are ties.
O(n log n): Sun X, Xu W. IEEE Signal Process Lett 2014;21:1389-1393.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable

Ints: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
Booleans: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]

NO_POSITIVE = NotEstimable("there is no positive case")
NO_NEGATIVE = NotEstimable("there is no negative case")
_INT64 = 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Placements:
    """Twice the number of opponents that each case beats (a tie counts one), by class, in input order."""

    positive: Ints
    negative: Ints
    n_positive: int
    n_negative: int

    def wins(self) -> int:
        """Twice the number of positive-negative pairs ranked rightly, a tie counting one."""
        return int(self.positive.sum())

    def auc(self) -> float:
        """The empirical area; both classes must be there."""
        return self.wins() / (2 * self.n_positive * self.n_negative)

    def missing_class(self) -> NotEstimable | None:
        """Why there is no area, if there is none."""
        if self.n_positive == 0:
            return NO_POSITIVE
        return NO_NEGATIVE if self.n_negative == 0 else None

    def single_case(self) -> NotEstimable | None:
        """Why DeLong's variance is undefined, if one class has a single case."""
        if self.n_positive == 1:
            return NotEstimable("there is only one positive case")
        return NotEstimable("there is only one negative case") if self.n_negative == 1 else None

    def minus(self, other: "Placements") -> "Placements":
        """The placements of the contrast of two curves on the same cases in the same order."""
        return Placements(
            self.positive - other.positive, self.negative - other.negative, self.n_positive, self.n_negative
        )

    def is_constant(self) -> bool:
        """Whether every case of a class has the same placement: the curve has no variance."""
        return bool(np.ptp(self.positive) == 0 and np.ptp(self.negative) == 0)


def check_lengths(truth: Sequence[bool], values: Sequence[object], name: str) -> None:
    """Raise ``AnalysisError`` unless there are as many values as truths."""
    if len(truth) != len(values):
        raise AnalysisError("lengths_differ", f"truth has {len(truth)} rows, {name} {len(values)}")


def check_booleans(values: Sequence[bool], name: str) -> Booleans:
    """The column as an array, shape (n,); a value that is not true or false is refused by its row."""
    if not set(map(type, values)) <= {bool, np.bool_}:
        for row, value in enumerate(values):
            if not isinstance(value, (bool, np.bool_)):
                raise AnalysisError("not_boolean", f"row {row} of {name} is {value!r}, not true or false")
    return np.asarray(values, dtype=bool).reshape(-1)


def check_scores(scores: Sequence[float], name: str, *, code: str = "score_") -> Floats:
    """The column as an array, shape (n,); what is no finite number is refused by its row.

    The errors' codes are ``not_a_number`` and ``not_finite``, led by ``code``.
    """
    if not all(map(_is_number_type, set(map(type, scores)))):
        for row, score in enumerate(scores):
            if not _is_number_type(type(score)):
                raise AnalysisError(f"{code}not_a_number", f"row {row} of {name} is {score!r}, not a number")
    values = np.asarray(scores, dtype=np.float64).reshape(-1)
    finite = np.isfinite(values)
    if not finite.all():
        row = int(np.argmin(finite))
        raise AnalysisError(f"{code}not_finite", f"row {row} of {name} is {scores[row]}, not a finite number")
    return values


def check_columns(truth: Sequence[bool], scores: Sequence[float], name: str) -> tuple[Booleans, Floats]:
    """Truth and scores as arrays of one length, each value checked."""
    positive = check_booleans(truth, "truth")
    check_lengths(truth, scores, name)
    return positive, check_scores(scores, name)


def placements(truth: Sequence[bool], scores: Sequence[float], name: str = "scores") -> Placements:
    """The placement values of one curve. ``name`` stands for the column in an error's text."""
    return placements_of(*check_columns(truth, scores, name))


def placements_of(positive: Booleans, values: Floats) -> Placements:
    """As :func:`placements`, from columns that are checked already."""
    n_positive = int(positive.sum())
    n_negative = positive.size - n_positive
    overall = doubled_midranks(values)
    wins = overall[positive] - doubled_midranks(values[positive])
    losses = overall[~positive] - doubled_midranks(values[~positive])
    return Placements(wins, 2 * n_positive - losses, n_positive, n_negative)


def doubled_midranks(values: Floats) -> Ints:
    """Twice the mid-rank (1-based) of each value: whole numbers, so that nothing is rounded."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    doubled = 2 * (np.cumsum(counts) - counts) + counts + 1
    ranks: Ints = doubled.astype(np.int64)[inverse]
    return ranks


def delong_covariance_of(a: Placements, b: Placements) -> float:
    """DeLong's S10 / n1 + S01 / n0 of two sets of placements, from exact whole-number sums."""
    positive = sum_of_products(a.positive, b.positive)
    negative = sum_of_products(a.negative, b.negative)
    n1, n0 = a.n_positive, a.n_negative
    return positive / (4 * n0**2 * n1**2 * (n1 - 1)) + negative / (4 * n1**2 * n0**2 * (n0 - 1))


def sum_of_products(a: Ints, b: Ints) -> int:
    """n times the centered sum of products: an exact whole number, however large."""
    if a.size == 0:
        return 0
    largest = int(np.abs(a).max()) * int(np.abs(b).max())
    fits = largest * a.size <= _INT64
    products = int(np.dot(a, b)) if fits else sum(map(mul, a.tolist(), b.tolist()))
    return int(a.size) * products - int(a.sum()) * int(b.sum())


def _is_number_type(kind: type) -> bool:
    return issubclass(kind, (int, float, np.integer, np.floating)) and not issubclass(kind, (bool, np.bool_))
