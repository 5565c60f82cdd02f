"""Efron's partial likelihood: value, score, information, and its maximum by Newton's method.

Columns are centered and scaled to unit standard deviation before anything is summed, and cases are sorted by
time, event and values, so that neither units nor the order of cases reach the last bits.

A likelihood that rises without bound along a direction (separation of the events: Bryson and Johnson 1981) has
an information matrix that vanishes in that direction while the likelihood stands still. Linear programs then
tell it from a maximum far out: the coefficients involved are infinite, and those of the others are right, with
variances from the estimable directions alone.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from backend.analysis.errors import NotEstimable
from backend.analysis.survival.covariates import Design
from backend.analysis.survival.cox_separation import separated_columns
from backend.analysis.survival.outcomes import NO_EVENT, Flags, Floats, Matrix, as_sorted

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

MOST_STEPS = 200
STEP_TOLERANCE = 1e-10  # in standard deviations of a column; the step that meets it is still taken
GAIN_TOLERANCE = 1e-11
NOISE = 1e-12  # of the log likelihood, by rounding: a loss below it is none
COLLINEAR = 1e-10  # share of the largest eigenvalue of the information at 0
VANISHED = 1e-7  # likewise at the maximum
WALKING = 1e-2  # length of a step, in standard deviations of a column
INVOLVED = 1e-3  # component of a unit vector
UNDETERMINED = NotEstimable("what the separated events leave does not determine the other coefficients")
SINGULAR = NotEstimable("the information at the maximum is singular by rounding")
BAND = 300.0  # of the linear predictor: e^-300 is still a number beside 1


@dataclass(frozen=True, slots=True)
class EfronData:
    """Sorted cases and what the likelihood sums over.

    Attributes
    ----------
    times, events, x
        Shapes (n,), (n,), (n, p): ``x`` centered at ``center`` and divided by ``scale``.
    event_times, first, deaths
        Distinct event times, the row where each one's risk set begins, the events at each.
    slot, fraction
        One entry an event: the position of its time, and l/d for the l-th of d tied events.
    """

    times: Floats
    events: Flags
    x: Matrix
    center: Floats
    scale: Floats
    event_times: Floats
    first: np.ndarray[tuple[int], np.dtype[np.intp]]
    deaths: np.ndarray[tuple[int], np.dtype[np.intp]]
    slot: np.ndarray[tuple[int], np.dtype[np.intp]]
    fraction: Floats


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Log likelihood, score (p,), information (p, p) and, one an event, the terms they are sums of.

    The denominators (sums over the risk sets) stand as logarithms: an exponential may be beyond any number.
    """

    log_likelihood: float
    score: Floats
    information: Matrix
    log_denominators: Floats
    means: Matrix
    variances: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Maximum:
    """The fit in the columns' own units; ``infinite`` marks coefficients that the data push beyond every
    bound."""

    data: EfronData
    coefficients: Floats
    covariance: Matrix
    infinite: Flags
    null: Derivatives
    at: Derivatives
    scaled: Floats


def efron_data(model: Design) -> EfronData | NotEstimable:
    """Arrays of the likelihood; not estimable without an event or where a column is constant."""
    if model.kept.n_events == 0:
        return NO_EVENT
    rows = as_sorted(model.kept, model.values)
    center = rows.values.mean(axis=0)
    centered = rows.values - center
    scale = np.sqrt((centered**2).mean(axis=0))
    for column, spread, low, high in zip(
        model.columns, scale.tolist(), rows.values.min(axis=0), rows.values.max(axis=0), strict=True
    ):
        if low == high or spread == 0.0:
            return NotEstimable(f"{column.label} is the same in every case")
    event_times, deaths = np.unique(rows.times[rows.events], return_counts=True)
    slot = np.repeat(np.arange(len(deaths)), deaths)
    within = np.arange(len(slot)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    first = np.searchsorted(rows.times, event_times, side="left")
    return EfronData(
        rows.times,
        rows.events,
        centered / scale,
        center,
        scale,
        event_times,
        first,
        deaths,
        slot,
        within / deaths[slot],
    )


def derivatives(data: EfronData, beta: Floats) -> Derivatives:
    """Efron's log partial likelihood and its first two derivatives at ``beta``, in scaled columns."""
    x = data.x
    predictor = (x * beta).sum(axis=1)
    shift = _shifts(data, predictor)
    s0, p = np.empty(len(shift)), x.shape[1]
    s1, s2 = np.empty((len(shift), p)), np.empty((len(shift), p, p))
    for own in np.unique(shift):
        # Rows above the shift stand in none of the risk sets that it serves; the bound keeps them finite.
        weight = np.exp(np.minimum(predictor - own, 0.0))
        wx = weight[:, None] * x
        slots = shift == own
        for total, values in ((s0, weight), (s1, wx), (s2, wx[:, :, None] * x[:, None, :])):
            total[slots] = _risk_sums(data, values)[slots]
    means = s1 / s0[:, None]
    variances = s2 / s0[:, None, None] - means[:, :, None] * means[:, None, :]
    log_denominators = np.log(s0) + shift
    log_likelihood = float((predictor[data.events] - shift).sum() - np.log(s0).sum())
    score = x[data.events].sum(axis=0) - means.sum(axis=0)
    return Derivatives(log_likelihood, score, variances.sum(axis=0), log_denominators, means, variances)


def _shifts(data: EfronData, predictor: Floats) -> Floats:
    """What to take off the predictor before its exponential, one an event: near the highest of the risk set.

    One number serves all risk sets unless their highest predictors are so far apart that the weights of one
    would all vanish beside those of another, as they are on the way of a likelihood without a maximum.
    """
    highest = np.maximum.accumulate(predictor[::-1])[::-1][data.first]
    band = np.floor((highest[0] - highest) / BAND)
    _, top = np.unique(band, return_index=True)
    shifts: Floats = highest[top][np.searchsorted(band[top], band)][data.slot]
    return shifts


def _risk_sums(data: EfronData, values: Values) -> Values:
    """Sums over the risk set, less the share of those who fail: one an event."""
    starts = np.cumsum(data.deaths) - data.deaths
    at_risk = np.cumsum(values[::-1], axis=0)[::-1][data.first]
    failing = np.add.reduceat(values[data.events], starts, axis=0)
    share = data.fraction.reshape(-1, *(1,) * (values.ndim - 1))
    sums: Values = at_risk[data.slot] - share * failing[data.slot]
    return sums


def maximize(model: Design) -> Maximum | NotEstimable:
    """Newton's method with halved steps; not estimable without events, for constant or collinear columns."""
    data = efron_data(model)
    if isinstance(data, NotEstimable):
        return data
    beta = np.zeros(data.x.shape[1])
    null = now = derivatives(data, beta)
    if dependent := _collinear(model, null.information):
        return dependent
    before = np.inf
    for _ in range(MOST_STEPS):
        step = np.linalg.lstsq(now.information, now.score, rcond=1e-14)[0]
        length = float(np.abs(step).max())  # before any halving: a step cut short settles nothing
        after = derivatives(data, beta + step)
        halvings = 0
        while (
            not after.log_likelihood >= now.log_likelihood - NOISE * (1.0 + abs(now.log_likelihood))
            and halvings < 40
        ):
            step, halvings = step / 2.0, halvings + 1
            after = derivatives(data, beta + step)
        gain = after.log_likelihood - now.log_likelihood
        beta, now = beta + step, after
        if length < STEP_TOLERANCE:
            return _maximum(data, beta, null, now, _infinite(data, now, null))
        # Towards a maximum the steps shrink with the gain; along a likelihood without one they keep their length.
        walks_on = length > max(WALKING, before / 2.0)
        if walks_on and abs(gain) < GAIN_TOLERANCE * (1.0 + abs(now.log_likelihood)):
            infinite = _infinite(data, now, null)
            if infinite.any():
                return _maximum(data, beta, null, now, infinite)
        before = length
    return NotEstimable(f"Newton's method did not settle within {MOST_STEPS} steps")


def _collinear(model: Design, information: Matrix) -> NotEstimable | None:
    values, vectors = np.linalg.eigh(information)
    if values[0] > COLLINEAR * max(values[-1], 1e-300) and values[-1] > 0.0:
        return None
    named = [
        column.label
        for column, part in zip(model.columns, vectors[:, 0], strict=True)
        if abs(part) > INVOLVED
    ]
    if len(named) == 1:
        return NotEstimable(f"{named[0]} does not vary among the cases at risk when events happened")
    return NotEstimable(
        f"{', '.join(named[:-1])} and {named[-1]} are linearly dependent in the cases at risk"
    )


def _vanishing(null: Derivatives) -> float:
    """Information below which a direction has none left, measured by that at 0."""
    return VANISHED * float(np.linalg.eigvalsh(null.information)[-1])


def _infinite(data: EfronData, at: Derivatives, null: Derivatives) -> Flags:
    """The columns without a finite coefficient; looked for where the information has vanished."""
    if np.linalg.eigvalsh(at.information)[0] >= _vanishing(null):
        return np.zeros(data.x.shape[1], dtype=bool)
    return separated_columns(data.x, data.events, data.first, data.slot)


def _maximum(
    data: EfronData, beta: Floats, null: Derivatives, at: Derivatives, infinite: Flags
) -> Maximum | NotEstimable:
    curved = np.eye(len(beta))[:, ~infinite]
    if infinite.any():
        values, vectors = np.linalg.eigh(at.information[np.ix_(infinite, infinite)])
        bent = vectors[:, values >= _vanishing(null)]
        curved = np.column_stack((curved, np.zeros((len(beta), bent.shape[1]))))
        curved[infinite, -bent.shape[1] or len(beta) :] = bent
    information = curved.T @ at.information @ curved
    if information.size and np.linalg.eigvalsh(information)[0] <= 0.0:
        return UNDETERMINED if infinite.any() else SINGULAR
    inverse = curved @ np.linalg.inv(information) @ curved.T
    covariance = inverse / np.outer(data.scale, data.scale)
    return Maximum(data, beta / data.scale, covariance, infinite, null, at, beta)
