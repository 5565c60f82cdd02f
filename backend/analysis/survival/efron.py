"""Efron's partial likelihood: value, score, information, and its maximum by Newton's method.

Columns are centered and scaled to unit standard deviation before anything is summed, and cases are sorted by
time, event and values, so that neither units nor the order of cases reach the last bits.

A likelihood that rises without bound along a direction (separation of the events: Bryson and Johnson 1981) is
told by an information matrix that vanishes in that direction while the likelihood stands still: the
coefficients involved are then infinite, and those of the others are right, with variances from the estimable
directions alone.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from backend.analysis.errors import NotEstimable
from backend.analysis.survival.covariates import Design
from backend.analysis.survival.outcomes import NO_EVENT, Flags, Floats, Matrix, as_sorted

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

MOST_STEPS = 200
STEP_TOLERANCE = 1e-10  # in standard deviations of a column; the step that meets it is still taken
GAIN_TOLERANCE = 1e-11
COLLINEAR = 1e-10  # share of the largest eigenvalue of the information at 0
VANISHED = 1e-7  # likewise at the maximum
WALKING = 1e-2  # length of a step, in standard deviations of a column
INVOLVED = 1e-3  # component of a unit vector


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
    """Log likelihood, score (p,), information (p, p) and, one an event, the terms they are sums of."""

    log_likelihood: float
    score: Floats
    information: Matrix
    denominators: Floats
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
    shift = predictor.max()
    weight = np.exp(predictor - shift)
    wx = weight[:, None] * x
    wxx = wx[:, :, None] * x[:, None, :]
    starts = np.cumsum(data.deaths) - data.deaths

    def slots(values: Values) -> Values:
        at_risk = np.cumsum(values[::-1], axis=0)[::-1][data.first]
        failing = np.add.reduceat(values[data.events], starts, axis=0)
        share = data.fraction.reshape(-1, *(1,) * (values.ndim - 1))
        return at_risk[data.slot] - share * failing[data.slot]

    s0, s1, s2 = slots(weight), slots(wx), slots(wxx)
    means = s1 / s0[:, None]
    variances = s2 / s0[:, None, None] - means[:, :, None] * means[:, None, :]
    log_likelihood = float((predictor[data.events] - shift).sum() - np.log(s0).sum())
    score = x[data.events].sum(axis=0) - means.sum(axis=0)
    return Derivatives(log_likelihood, score, variances.sum(axis=0), s0 * np.exp(shift), means, variances)


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
        after = derivatives(data, beta + step)
        halvings = 0
        while (
            not after.log_likelihood >= now.log_likelihood - 1e-12 * abs(now.log_likelihood) and halvings < 40
        ):
            step, halvings = step / 2.0, halvings + 1
            after = derivatives(data, beta + step)
        gain = after.log_likelihood - now.log_likelihood
        beta, now, length = beta + step, after, float(np.abs(step).max())
        if length < STEP_TOLERANCE:
            return _maximum(data, beta, null, now, _flat(now, null)[:, :0])
        # Towards a maximum the steps shrink with the gain; along a likelihood without one they keep their length.
        walks_on = length > max(WALKING, before / 2.0)
        if walks_on and abs(gain) < GAIN_TOLERANCE * (1.0 + abs(now.log_likelihood)):
            flat = _flat(now, null)
            if flat.size:
                return _maximum(data, beta, null, now, flat)
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


def _flat(at: Derivatives, null: Derivatives) -> Matrix:
    """Unit vectors (as columns) in which the information has vanished, measured by that at 0."""
    values, vectors = np.linalg.eigh(at.information)
    flat: Matrix = vectors[:, values < VANISHED * np.linalg.eigvalsh(null.information)[-1]]
    return flat


def _maximum(data: EfronData, beta: Floats, null: Derivatives, at: Derivatives, flat: Matrix) -> Maximum:
    if flat.size:
        infinite = np.asarray((np.abs(flat) > INVOLVED).any(axis=1), dtype=bool)
        values, vectors = np.linalg.eigh(at.information)
        curved = vectors[:, flat.shape[1] :]  # eigenvalues ascend
        inverse = (curved / values[flat.shape[1] :]) @ curved.T
    else:
        infinite = np.zeros(len(beta), dtype=bool)
        inverse = np.linalg.inv(at.information)
    covariance = inverse / np.outer(data.scale, data.scale)
    return Maximum(data, beta / data.scale, covariance, infinite, null, at, beta)
