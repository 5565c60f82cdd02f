"""A nomogram as data: points for each predictor, their total, and what the total means.

The conventions of ``rms::nomogram``: an axis runs over round numbers that cover the predictor's range (or
over its values, where there are at most ten), 0 points are at the end that speaks least for the outcome,
the predictor with the largest effect over its axis has 100 points, and every other in proportion. From the
total back to the linear predictor nothing is lost, so the nomogram computes the model's own probability;
``rms`` finds the ticks of its probability axis by interpolation, here they are exact.

The result's JSON computes: for a number, points = (value - zero_at) * points_per_value; for a category its
points are listed; linear predictor = linear_predictor_at_zero + total / points_per_unit; probability =
1 / (1 + exp(-linear predictor)), or survival = baseline ** exp(linear predictor) at each baseline's time.

References
----------
Harrell FE. Regression Modeling Strategies, 2nd ed. Springer 2015, chapter 5. Iasonos A, Schrag D, Raj GV,
Panageas KS. J Clin Oncol 2008;26:1364-1370.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.logistic import LogisticFit
from backend.analysis.results import Result
from backend.analysis.ticks import pretty

MAX_POINTS = 100.0
TICKS = 10
DEFAULT_PROBABILITIES = (0.01, 0.05, *(tenth / 10 for tenth in range(1, 10)), 0.95, 0.99)
Value = float | str


@dataclass(frozen=True, slots=True)
class NumericTerm(Result):
    """A predictor with one coefficient per unit; ``ticks`` rise and span the axis."""

    name: str
    coefficient: float
    ticks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CategoricalTerm(Result):
    """A predictor with a coefficient for each category, 0 for the reference."""

    name: str
    coefficients: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Baseline(Result):
    """Survival at ``time`` of a case whose linear predictor, less the center, is 0."""

    time: float
    survival: float


@dataclass(frozen=True, slots=True)
class AxisTick(Result):
    """A labeled position on an axis, in points (or total points)."""

    label: str
    value: float | None
    points: float


@dataclass(frozen=True, slots=True)
class PredictorAxis(Result):
    """One predictor's axis; ``zero_at`` and ``points_per_value`` are ``None`` for categories."""

    name: str
    kind: Literal["numeric", "categorical"]
    zero_at: float | None
    points_per_value: float | None
    ticks: tuple[AxisTick, ...]


@dataclass(frozen=True, slots=True)
class OutcomeAxis(Result):
    """Total points against a probability: of the outcome, or of survival to ``time``."""

    label: str
    time: float | None
    baseline: float | None
    ticks: tuple[AxisTick, ...]


@dataclass(frozen=True, slots=True)
class Nomogram(Result):
    """All that is needed to draw the nomogram and to compute with it."""

    method: str
    schema_version: int
    model: Literal["logistic", "cox"]
    points_per_unit: float
    linear_predictor_at_zero: float
    axes: tuple[PredictorAxis, ...]
    total: tuple[AxisTick, ...]
    linear_predictor: tuple[AxisTick, ...]
    outcomes: tuple[OutcomeAxis, ...]


@dataclass(frozen=True, slots=True)
class NomogramReading(Result):
    """One case read off: points by predictor, the total, and a probability for each outcome axis."""

    points: Mapping[str, float]
    total: float
    linear_predictor: float
    probabilities: tuple[float, ...]


def numeric_term(name: str, coefficient: float, low: float, high: float) -> NumericTerm:
    """A term whose axis runs over round numbers that cover [low, high], as rms draws it."""
    if not all(map(math.isfinite, (coefficient, low, high))):
        raise AnalysisError("not_finite", f"{name} has a coefficient or range that is not finite")
    if not low < high:
        raise AnalysisError("range_empty", f"the range of {name} is empty: {low} to {high}")
    return NumericTerm(name, coefficient, pretty(low, high, TICKS))


def logistic_nomogram(
    intercept: float,
    terms: Sequence[NumericTerm | CategoricalTerm],
    *,
    outcome: str = "outcome",
    linear_predictor_range: tuple[float, float] | None = None,
    probabilities: Sequence[float] = DEFAULT_PROBABILITIES,
) -> Nomogram | NotEstimable:
    """The nomogram of a logistic regression.

    Parameters
    ----------
    intercept, terms
        The model: log odds = intercept + the terms.
    outcome
        What the probability is of, for its axis's label.
    linear_predictor_range
        From where to where the linear predictor's axis must reach, as in the fitted cases; all that the
        axes can add up to when left out.
    probabilities
        Where to put ticks on the probability axis; those beyond the linear predictor's axis are left out.

    Raises
    ------
    AnalysisError
        ``no_predictors``, ``duplicate_predictor``, ``ticks_invalid``, ``not_finite`` or
        ``probability_out_of_range``. Not estimable when no term has an effect.
    """
    frame = _frame(terms, intercept, linear_predictor_range)
    if isinstance(frame, NotEstimable):
        return frame
    shares = _check_shares(probabilities)
    positions = [(share, math.log(share / (1.0 - share))) for share in shares]
    axis = OutcomeAxis(f"Probability of {outcome}", None, None, frame.ticks_at(positions))
    return frame.nomogram("logistic", (axis,))


def cox_nomogram(
    terms: Sequence[NumericTerm | CategoricalTerm],
    *,
    center: float,
    baselines: Sequence[Baseline],
    time_unit: str = "",
    linear_predictor_range: tuple[float, float] | None = None,
    probabilities: Sequence[float] = DEFAULT_PROBABILITIES,
) -> Nomogram | NotEstimable:
    """The nomogram of a Cox regression, with one survival axis for each time.

    Parameters
    ----------
    terms
        The model: linear predictor = the terms - ``center``.
    center
        What is taken off the terms so that ``baselines`` are those of a linear predictor of 0 (in R,
        ``cph``'s ``center``); 0 when the baselines are those of a case with every term 0.
    baselines
        Survival at the times of interest, each strictly between 0 and 1.
    time_unit
        For the labels, for example ``"years"``. Others as for :func:`logistic_nomogram`.
    """
    for baseline in baselines:
        if not (0.0 < baseline.survival < 1.0 and math.isfinite(baseline.time)):
            raise AnalysisError(
                "baseline_invalid",
                f"baseline survival {baseline.survival} at {baseline.time} is not strictly between 0 and 1",
            )
    frame = _frame(terms, -center, linear_predictor_range)
    if isinstance(frame, NotEstimable):
        return frame
    shares = _check_shares(probabilities)
    outcomes = []
    for item in sorted(baselines, key=lambda item: item.time):
        positions = [(share, math.log(math.log(share) / math.log(item.survival))) for share in shares]
        label = f"Survival at {item.time:g} {time_unit}".rstrip()
        outcomes.append(OutcomeAxis(label, item.time, item.survival, frame.ticks_at(positions)))
    return frame.nomogram("cox", tuple(outcomes))


def nomogram_of_fit(
    fit: LogisticFit,
    *,
    outcome: str = "outcome",
    probabilities: Sequence[float] = DEFAULT_PROBABILITIES,
) -> Nomogram | NotEstimable:
    """The nomogram of a fitted logistic regression, its axes over the fitted cases."""
    coefficients = {
        (term.column.predictor, term.column.category): _number(term.coefficient.estimate)
        for term in fit.terms
    }
    terms: list[NumericTerm | CategoricalTerm] = []
    for item in fit.predictors:
        if item.kind == "categorical":
            pairs = {name: coefficients.get((item.name, name), 0.0) for name in item.categories}
            terms.append(CategoricalTerm(item.name, pairs))
        elif item.distinct:
            terms.append(NumericTerm(item.name, coefficients[item.name, None], item.distinct))
        elif item.low is not None and item.high is not None:
            terms.append(numeric_term(item.name, coefficients[item.name, None], item.low, item.high))
    return logistic_nomogram(
        coefficients[None, None],
        terms,
        outcome=outcome,
        linear_predictor_range=(fit.log_odds_low, fit.log_odds_high),
        probabilities=probabilities,
    )


def read_nomogram(nomogram: Nomogram, values: Mapping[str, Value]) -> NomogramReading:
    """The points, total and probabilities of one case.

    Parameters
    ----------
    nomogram
        Drawn or read back with :func:`backend.analysis.nomogram_json.nomogram_from_json`.
    values
        A number or a category by the predictor's name.

    Raises
    ------
    AnalysisError
        ``predictor_missing``, ``predictor_unknown``, ``unknown_category``, ``not_a_number`` or
        ``outside_axis`` (a number that the axis does not reach).
    """
    names = [axis.name for axis in nomogram.axes]
    if unknown := set(values) - set(names):
        raise AnalysisError("predictor_unknown", f"the nomogram has no axis for {min(unknown)}")
    if missing := [name for name in names if name not in values]:
        raise AnalysisError("predictor_missing", f"the case lacks {missing[0]}")
    points = {axis.name: _points_on(axis, values[axis.name]) for axis in nomogram.axes}
    total = math.fsum(points.values())
    position = nomogram.linear_predictor_at_zero + total / nomogram.points_per_unit
    chances = tuple(_probability(position, axis.baseline) for axis in nomogram.outcomes)
    return NomogramReading(points, total, position, chances)


def _points_on(axis: PredictorAxis, value: Value) -> float:
    if axis.kind == "categorical":
        for tick in axis.ticks:
            if tick.label == value:
                return tick.points
        raise AnalysisError("unknown_category", f"{axis.name} has no category {value!r}")
    if isinstance(value, str) or not math.isfinite(value):
        raise AnalysisError("not_a_number", f"{axis.name} is {value!r}, not a number")
    ends = [tick.value for tick in axis.ticks if tick.value is not None]
    if not min(ends) <= value <= max(ends) or axis.zero_at is None or axis.points_per_value is None:
        raise AnalysisError(
            "outside_axis", f"{axis.name} = {value:g} lies beyond its axis, {min(ends):g} to {max(ends):g}"
        )
    return (value - axis.zero_at) * axis.points_per_value


def _probability(linear_predictor: float, baseline: float | None) -> float:
    if baseline is not None:
        return float(math.exp(math.log(baseline) * math.exp(min(linear_predictor, 700.0))))
    if linear_predictor >= 0.0:
        return 1.0 / (1.0 + math.exp(-linear_predictor))
    odds = math.exp(linear_predictor)
    return odds / (1.0 + odds)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the axes share: the scale, and the linear predictor's axis."""

    axes: tuple[PredictorAxis, ...]
    scale: float
    at_zero: float
    positions: tuple[float, ...]

    def points(self, linear_predictor: float) -> float:
        return (linear_predictor - self.at_zero) * self.scale

    def ticks_at(self, positions: Sequence[tuple[float, float]]) -> tuple[AxisTick, ...]:
        """Ticks for (probability, linear predictor) within the linear predictor's axis, by points."""
        low, high = self.positions[0], self.positions[-1]
        inside = [(share, at) for share, at in positions if low <= at <= high]
        ticks = [AxisTick(f"{share:g}", share, self.points(at)) for share, at in inside]
        return tuple(sorted(ticks, key=lambda tick: tick.points))

    def nomogram(self, model: Literal["logistic", "cox"], outcomes: tuple[OutcomeAxis, ...]) -> Nomogram:
        reach = MAX_POINTS if len(self.axes) == 1 else max(MAX_POINTS, self.points(self.positions[-1]))
        return Nomogram(
            method="nomogram",
            schema_version=1,
            model=model,
            points_per_unit=self.scale,
            linear_predictor_at_zero=self.at_zero,
            axes=self.axes,
            total=tuple(AxisTick(f"{tick:g}", tick, tick) for tick in pretty(0.0, reach, TICKS)),
            linear_predictor=tuple(AxisTick(f"{at:g}", at, self.points(at)) for at in self.positions),
            outcomes=outcomes,
        )


def _frame(
    terms: Sequence[NumericTerm | CategoricalTerm], intercept: float, reach: tuple[float, float] | None
) -> _Frame | NotEstimable:
    _check_terms(terms, intercept)
    effects = [_effects(term) for term in terms]
    spans = [max(values) - min(values) for values in effects]
    if max(spans) == 0.0:
        return NotEstimable("no predictor has an effect")
    scale = MAX_POINTS / max(spans)
    at_zero = intercept + math.fsum(min(values) for values in effects)
    low, high = reach or (at_zero, at_zero + math.fsum(spans))
    axes = tuple(_axis(term, scale) for term in terms)
    return _Frame(axes, scale, at_zero, pretty(low, high, TICKS))


def _check_terms(terms: Sequence[NumericTerm | CategoricalTerm], intercept: float) -> None:
    if not terms:
        raise AnalysisError("no_predictors", "a nomogram needs a predictor")
    if not math.isfinite(intercept):
        raise AnalysisError("not_finite", f"the intercept is {intercept}")
    seen: set[str] = set()
    for term in terms:
        if term.name in seen:
            raise AnalysisError("duplicate_predictor", f"{term.name} is there twice")
        seen.add(term.name)
        if isinstance(term, NumericTerm):
            rising = all(a < b for a, b in zip(term.ticks, term.ticks[1:], strict=False))
            if len(term.ticks) < 2 or not rising:
                raise AnalysisError("ticks_invalid", f"the ticks of {term.name} must be two or more and rise")
        elif len(term.coefficients) < 2:
            raise AnalysisError("ticks_invalid", f"{term.name} needs two categories or more")
        if not all(map(math.isfinite, _effects(term))):
            raise AnalysisError("not_finite", f"{term.name} has a coefficient or tick that is not finite")


def _effects(term: NumericTerm | CategoricalTerm) -> list[float]:
    """What the term adds to the linear predictor at the ends of its axis, or in each category."""
    if isinstance(term, NumericTerm):
        return [term.coefficient * term.ticks[0], term.coefficient * term.ticks[-1]]
    return list(term.coefficients.values())


def _axis(term: NumericTerm | CategoricalTerm, scale: float) -> PredictorAxis:
    lowest = min(_effects(term))
    if isinstance(term, CategoricalTerm):
        ticks = tuple(
            AxisTick(name, None, (value - lowest) * scale) for name, value in term.coefficients.items()
        )
        return PredictorAxis(term.name, "categorical", None, None, ticks)
    zero_at = term.ticks[0] if term.coefficient >= 0.0 else term.ticks[-1]
    slope = term.coefficient * scale
    ticks = tuple(AxisTick(f"{value:g}", value, (value - zero_at) * slope) for value in term.ticks)
    return PredictorAxis(term.name, "numeric", zero_at, slope, ticks)


def _check_shares(probabilities: Sequence[float]) -> list[float]:
    for share in probabilities:
        if not 0.0 < share < 1.0:
            raise AnalysisError("probability_out_of_range", f"a tick at probability {share} has no position")
    return sorted(set(probabilities))


def _number(estimate: Estimate) -> float:
    if isinstance(estimate, NotEstimable):
        raise AnalysisError("not_finite", f"a coefficient is {estimate}")
    return estimate
