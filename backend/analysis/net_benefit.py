"""True- and false-positive rates over threshold probabilities, as arrays, observed and resampled.

A rate is a share of all cases, and a case is positive when its predicted probability is at or above the
threshold. Where Kaplan-Meier is undefined the arrays hold NaN; :mod:`backend.analysis.decision_curve`
turns it into a reason. In a bootstrap, cases alike in outcome and in where they stand between the
thresholds are one cell of a multinomial: the same draw as one by one, whatever the order of cases.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.analysis.model_inputs import Booleans, Floats, Integers

# How many numbers a portion of a bootstrap may hold: 64 MB.
PORTION = 8_000_000


@dataclass(frozen=True, slots=True)
class Rates:
    """``true`` and ``false`` of shape (samples, thresholds), ``prevalence`` of shape (samples,)."""

    true: Floats
    false: Floats
    prevalence: Floats

    def net_benefit(self, thresholds: Floats) -> Floats:
        """Shape (samples, thresholds): true positives less false ones at the odds of the threshold."""
        benefit: Floats = self.true - self.false * (thresholds / (1.0 - thresholds))
        return benefit


@dataclass(frozen=True, slots=True)
class Cells:
    """Distinct kinds of cases: how many thresholds each model's prediction reaches, by cell."""

    counts: Integers
    reached: Mapping[str, Integers]
    is_event: Booleans
    times: Floats

    def observed(self) -> Floats:
        """The sample as it is, shape (1, cells)."""
        return self.counts[None, :].astype(np.float64)

    def resampled(self, rng: np.random.Generator, resamples: int, *, is_stratified: bool) -> Iterator[Floats]:
        """Bootstrap samples in portions of shape (some, cells); stratified keeps the number of each outcome."""
        portion = max(1, PORTION // len(self.counts))
        strata = [self.is_event, ~self.is_event] if is_stratified else [np.ones_like(self.is_event)]
        for start in range(0, resamples, portion):
            drawn = np.zeros((min(portion, resamples - start), len(self.counts)))
            for stratum in strata:
                counts = self.counts[stratum]
                drawn[:, stratum] = rng.multinomial(counts.sum(), counts / counts.sum(), size=len(drawn))
            yield drawn


def resampled_rates(
    cells: Cells,
    rates: Callable[[Floats, str], Rates],
    *,
    resamples: int,
    seed: int,
    is_stratified: bool,
) -> dict[str, Rates]:
    """Every model's rates in the same bootstrap samples."""
    portions: dict[str, list[Rates]] = {name: [] for name in cells.reached}
    for weights in cells.resampled(np.random.default_rng(seed), resamples, is_stratified=is_stratified):
        for name, found in portions.items():
            found.append(rates(weights, name))
    return {name: _joined(found) for name, found in portions.items()}


def _joined(portions: Sequence[Rates]) -> Rates:
    return Rates(
        np.concatenate([item.true for item in portions]),
        np.concatenate([item.false for item in portions]),
        np.concatenate([item.prevalence for item in portions]),
    )


def binary_cells(outcome: Booleans, predicted: Mapping[str, Floats], thresholds: Floats) -> Cells:
    """The cells of cases whose outcome is known; arrays of shape (n,)."""
    return survival_cells(np.zeros(len(outcome)), outcome, predicted, thresholds, at=1.0)


def survival_cells(
    times: Floats, events: Booleans, predicted: Mapping[str, Floats], thresholds: Floats, at: float
) -> Cells:
    """The cells of cases with censored outcomes; what happens after ``at`` is all one."""
    later = times > at
    columns = [np.where(later, np.inf, times), (events & ~later).astype(np.float64)]
    columns += [np.searchsorted(thresholds, values, side="right") for values in predicted.values()]
    rows, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    reached = {name: rows[:, 2 + k].astype(np.int64) for k, name in enumerate(predicted)}
    return Cells(counts.astype(np.int64), reached, rows[:, 1] == 1.0, rows[:, 0])


def binary_rates(
    cells: Cells, weights: Floats, name: str, thresholds: Floats, prevalence: float | None
) -> Rates:
    """The rates of one model; a given prevalence reweights the two outcomes."""
    reaches = (cells.reached[name][:, None] > np.arange(len(thresholds))).astype(np.float64)
    event = cells.is_event
    true, false = weights[:, event] @ reaches[event], weights[:, ~event] @ reaches[~event]
    positive, n = weights[:, event].sum(axis=1), weights.sum(axis=1)
    if prevalence is None:
        return Rates(true / n[:, None], false / n[:, None], positive / n)
    true, false = true / positive[:, None], false / (n - positive)[:, None]
    return Rates(true * prevalence, false * (1.0 - prevalence), np.full(len(n), prevalence))


def survival_rates(cells: Cells, weights: Floats, name: str, thresholds: Floats, at: float) -> Rates:
    """The rates of one model by Kaplan-Meier at ``at`` among the cases at or above each threshold."""
    n = weights.sum(axis=1)
    shape = (len(weights), len(thresholds))
    true, false = np.zeros(shape), np.zeros(shape)
    last = -1
    for column in range(len(thresholds)):
        treated = cells.reached[name] > column
        if (now := int(treated.sum())) == last:
            true[:, column], false[:, column] = true[:, column - 1], false[:, column - 1]
            continue
        last = now
        alive, share = _survival_at(cells, weights, treated, at), weights[:, treated].sum(axis=1) / n
        alive = np.where(share == 0.0, 1.0, alive)
        true[:, column], false[:, column] = (1.0 - alive) * share, alive * share
    everyone = _survival_at(cells, weights, np.ones_like(cells.is_event), at)
    return Rates(true, false, 1.0 - everyone)


def _survival_at(cells: Cells, weights: Floats, chosen: Booleans, at: float) -> Floats:
    """Kaplan-Meier at ``at`` in every sample, shape (samples,); NaN where follow-up ends before it."""
    if not chosen.any():
        return np.ones(len(weights))
    times, events, weights = cells.times[chosen], cells.is_event[chosen], weights[:, chosen]
    starts = np.flatnonzero(np.append(True, times[1:] != times[:-1]))
    at_risk = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1][:, starts]
    deaths = np.add.reduceat(weights * events, starts, axis=1)
    alive = np.prod(1.0 - deaths / np.maximum(at_risk, 1.0), axis=1)
    followed = weights[:, times >= at].sum(axis=1) > 0.0
    survival: Floats = np.where(followed | (alive == 0.0), alive, np.nan)
    return survival
