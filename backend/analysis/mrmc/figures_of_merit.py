"""What is measured of one reader under one modality: AUC, partial AUC, sensitivity, specificity.

A figure of merit is given the truth and the ratings of the cases that the reader read there. Besides its value it says
what the value becomes when each case in turn is left out, which is all that the jackknife needs; where a closed form
exists it is used. A higher rating means more suspicious; a case is called positive when its rating is at or above the
cut-off; ties count one half.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError
from backend.analysis.mrmc.arrays import Bools, Floats, Ints
from backend.analysis.partial_auc import chance_area, partial_area
from backend.analysis.placements import placements_of

Classes: TypeAlias = Literal["both", "positive", "negative"]
Axis: TypeAlias = Literal["specificity", "sensitivity"]
BLOCK = 256


class FigureOfMerit(Protocol):
    """A number between ``low`` and ``high`` for one reader under one modality."""

    @property
    def name(self) -> str:
        """What tables and sentences call it, for example ``AUC``."""

    @property
    def method(self) -> str:
        """The key of its method."""

    @property
    def uses(self) -> Classes:
        """The classes of cases on which it depends."""

    @property
    def bounds(self) -> tuple[float, float]:
        """The range of its values."""

    def value(self, truth: Bools, ratings: Floats) -> float:
        """The figure of the cases given, both arrays of shape (cases,)."""

    def left_out(self, truth: Bools, ratings: Floats) -> Floats:
        """Shape (cases,): the figure without each case in turn, among the cases that the figure uses."""


def used_cases(uses: Classes, truth: Bools) -> Bools:
    """Shape of ``truth``: True for the cases on which a figure of that kind depends."""
    if uses == "both":
        return np.ones_like(truth)
    return truth if uses == "positive" else ~truth


def placements(truth: Bools, ratings: Floats) -> tuple[float, Floats, Floats]:
    """The AUC, for each positive case the share of negatives below it, for each negative that of positives above it."""
    placed = placements_of(truth, ratings)
    return (
        placed.auc(),
        placed.positive / (2.0 * placed.n_negative),
        placed.negative / (2.0 * placed.n_positive),
    )


@dataclass(frozen=True, slots=True)
class Auc:
    """Area under the empirical (trapezoidal) curve, the share of pairs ranked rightly."""

    name: str = "AUC"
    method: str = "fom_auc"
    uses: Classes = "both"
    bounds: tuple[float, float] = (0.0, 1.0)

    def value(self, truth: Bools, ratings: Floats) -> float:
        """The mean placement."""
        return placements(truth, ratings)[0]

    def left_out(self, truth: Bools, ratings: Floats) -> Floats:
        """(n A - placement) / (n - 1), n the number of cases of the class of the case left out."""
        auc, of_positives, of_negatives = placements(truth, ratings)
        without = np.empty(truth.size)
        without[truth] = (of_positives.size * auc - of_positives) / (of_positives.size - 1)
        without[~truth] = (of_negatives.size * auc - of_negatives) / (of_negatives.size - 1)
        return without


@dataclass(frozen=True, slots=True)
class PartialAuc:
    """Area under a part of the empirical curve.

    Parameters
    ----------
    axis
        ``specificity``: the area under the curve over a range of specificity. ``sensitivity``: specificity integrated
        over a range of sensitivity.
    low, high
        The range on that axis, 0 <= low < high <= 1.
    standardized
        McClish's correction, 0.5 for a chance curve and 1 for a perfect one; otherwise the area as it is.

    References
    ----------
    McClish DK. Med Decis Making 1989;9:190-195. Robin X et al. BMC Bioinformatics 2011;12:77 (both axes).
    """

    axis: Axis
    low: float
    high: float
    standardized: bool = False
    method: str = "fom_partial_auc"
    uses: Classes = "both"

    def __post_init__(self) -> None:
        if not 0.0 <= self.low < self.high <= 1.0:
            raise AnalysisError(
                "range_out_of_order", f"a range runs from 0 to 1 upward, not from {self.low} to {self.high}"
            )
        if self.axis not in ("specificity", "sensitivity"):
            raise AnalysisError("unknown_axis", f"the axis is specificity or sensitivity, not {self.axis!r}")

    @property
    def name(self) -> str:
        """The axis and its range."""
        kind = "standardized partial AUC" if self.standardized else "partial AUC"
        return f"{kind}, {self.axis} {self.low:g} to {self.high:g}"

    @property
    def bounds(self) -> tuple[float, float]:
        """Up to the width of the range, or up to 1 when standardized (which below chance goes below 0)."""
        if not self.standardized:
            return (0.0, self.high - self.low)
        return (float(self._standardize(np.zeros(1))[0]), 1.0)

    def value(self, truth: Bools, ratings: Floats) -> float:
        """The trapezoidal area between the two bounds, linear between the points of the curve."""
        true, false = _counts_along_curve(truth, ratings)
        return float(self._areas(true[None, :], false[None, :])[0])

    def left_out(self, truth: Bools, ratings: Floats) -> Floats:
        """The curve of each leave-one-out sample: its counts are one less from the place of the case on."""
        true, false = _counts_along_curve(truth, ratings)
        place = np.searchsorted(-np.unique(ratings)[::-1], -ratings) + 1
        without = np.empty(truth.size)
        for start in range(0, truth.size, BLOCK):
            some = slice(start, start + BLOCK)
            after = np.arange(true.size)[None, :] >= place[some, None]
            gone = truth[some, None]
            without[some] = self._areas(true - (after & gone), false - (after & ~gone))
        return without

    def resampled(self, truth: Bools, ratings: Floats, weights: Ints) -> Floats:
        """Shape (resamples,): the figure with each case counted as often as ``weights`` (resamples, cases) says."""
        order, last = _order_along_curve(ratings)
        is_true = truth[order]
        areas = np.empty(len(weights))
        for start in range(0, len(weights), BLOCK):
            some = slice(start, start + BLOCK)
            drawn = weights[some][:, order]
            true, false = (
                np.pad(np.cumsum(drawn * kind, axis=1)[:, last], ((0, 0), (1, 0)))
                for kind in (is_true, ~is_true)
            )
            areas[some] = self._areas(true, false)
        return areas

    def _areas(self, true: Ints, false: Ints) -> Floats:
        """The areas of curves given row by row as counts of positives and negatives at or above each rating."""
        true_rate, false_rate = true / true[:, -1:], false / false[:, -1:]
        if self.axis == "specificity":
            areas = partial_area(false_rate, true_rate, 1.0 - self.high, 1.0 - self.low)
        else:
            areas = partial_area(
                1.0 - true_rate[:, ::-1], 1.0 - false_rate[:, ::-1], 1.0 - self.high, 1.0 - self.low
            )
        return self._standardize(areas) if self.standardized else areas

    def _standardize(self, area: Floats) -> Floats:
        chance = chance_area(self.low, self.high)
        standardized: Floats = 0.5 * (1.0 + (area - chance) / (self.high - self.low - chance))
        return standardized


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The share of positive cases whose rating is at or above the cut-off."""

    cut_off: float
    method: str = "fom_sensitivity"
    uses: Classes = "positive"
    bounds: tuple[float, float] = (0.0, 1.0)

    @property
    def name(self) -> str:
        """The rule."""
        return f"sensitivity, rating at or above {self.cut_off:g}"

    def value(self, truth: Bools, ratings: Floats) -> float:
        """The observed share."""
        return float((ratings[truth] >= self.cut_off).mean())

    def left_out(self, truth: Bools, ratings: Floats) -> Floats:
        """Shape (positive cases,)."""
        return _share_left_out(ratings[truth] >= self.cut_off)


@dataclass(frozen=True, slots=True)
class Specificity:
    """The share of negative cases whose rating is below the cut-off."""

    cut_off: float
    method: str = "fom_specificity"
    uses: Classes = "negative"
    bounds: tuple[float, float] = (0.0, 1.0)

    @property
    def name(self) -> str:
        """The rule."""
        return f"specificity, rating below {self.cut_off:g}"

    def value(self, truth: Bools, ratings: Floats) -> float:
        """The observed share."""
        return float((ratings[~truth] < self.cut_off).mean())

    def left_out(self, truth: Bools, ratings: Floats) -> Floats:
        """Shape (negative cases,)."""
        return _share_left_out(ratings[~truth] < self.cut_off)


@dataclass(frozen=True, slots=True)
class ComputedFigure:
    """Any other figure of ratings: a function of truth and ratings, computed again without each case.

    The function must be defined whenever a case is left out of the classes that it uses.
    """

    name: str
    method: str
    function: Callable[[Bools, Floats], float]
    uses: Classes = "both"
    bounds: tuple[float, float] = (0.0, 1.0)

    def value(self, truth: Bools, ratings: Floats) -> float:
        """What the function says."""
        return self.function(truth, ratings)

    def left_out(self, truth: Bools, ratings: Floats) -> Floats:
        """By computing again; cases alike in truth and rating are computed once."""
        used = used_cases(self.uses, truth)
        return left_out_by_hand(self.function, truth, ratings)[used]


def left_out_by_hand(value: Callable[[Bools, Floats], float], truth: Bools, ratings: Floats) -> Floats:
    """The figure without each case, by computing it again once for each distinct pair of truth and rating."""
    pairs = np.stack([truth.astype(np.float64), ratings])
    _, first, which = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
    distinct = np.empty(first.size)
    keep = np.ones(truth.size, dtype=np.bool_)
    for number, case in enumerate(first.tolist()):
        keep[case] = False
        distinct[number] = value(truth[keep], ratings[keep])
        keep[case] = True
    without: Floats = distinct[which.reshape(-1)]
    return without


def _order_along_curve(ratings: Floats) -> tuple[Ints, Ints]:
    """The cases from the highest rating down, and the place in that order where each distinct rating ends."""
    order = np.argsort(-ratings, kind="stable")
    return order, np.append(np.flatnonzero(np.diff(ratings[order])), ratings.size - 1)


def _counts_along_curve(truth: Bools, ratings: Floats) -> tuple[Ints, Ints]:
    """Positives and negatives rated at or above each distinct rating, from none to all."""
    order, last = _order_along_curve(ratings)
    true = np.append(0, np.cumsum(truth[order])[last])
    false = np.append(0, last + 1) - true
    return true.astype(np.int64), false.astype(np.int64)


def _share_left_out(hits: Bools) -> Floats:
    without: Floats = (hits.sum() - hits.astype(np.float64)) / (hits.size - 1)
    return without
