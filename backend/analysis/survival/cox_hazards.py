"""Test of proportional hazards: the score test of ``cox.zph`` in R's survival 3 and later.

The model is enlarged by each covariate times g(t), and the enlarged coefficients are tested at 0 by their
score, with the full information matrix (Therneau 2020; Grambsch and Therneau 1994). This is not the older
approximation by scaled Schoenfeld residuals that lifelines and survival 2 print.

g is centered at its mean over the events. ``km`` (the default) is 1 minus the Kaplan-Meier survival just
before t.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import chdtrc  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Result
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import MONOTONE, ChiSquareTest, fit
from backend.analysis.survival.efron import EfronData
from backend.analysis.survival.outcomes import Floats, Matrix, Outcomes
from backend.analysis.survival.risk_table import product_limit, risk_table, step_before

TimeTransform: TypeAlias = Literal["km", "identity", "log", "rank"]


@dataclass(frozen=True, slots=True)
class CovariateHazards(Result):
    """The test of one covariate, all levels of a category together."""

    covariate: str
    test: ChiSquareTest


@dataclass(frozen=True, slots=True)
class ProportionalHazards(Result):
    """One test a covariate and the test of all; ``transform`` names g(t)."""

    method: str
    transform: TimeTransform
    covariates: tuple[CovariateHazards, ...]
    overall: ChiSquareTest
    n: int
    n_events: int
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def proportional_hazards(
    known: Outcomes, covariates: Sequence[Covariate], *, transform: TimeTransform = "km"
) -> ProportionalHazards | NotEstimable:
    """Fit the model and test that no hazard ratio changes with time.

    Not estimable where the model is not, where a hazard ratio is infinite, or where g(t) does not vary over
    the events.

    Raises
    ------
    AnalysisError
        ``unknown_transform``, ``time_is_zero`` (an event at 0 with ``log``), and those of
        :func:`~backend.analysis.survival.cox.cox`.

    References
    ----------
    Grambsch PM, Therneau TM. Biometrika 1994;81:515-526.
    """
    if transform not in ("km", "identity", "log", "rank"):
        raise AnalysisError("unknown_transform", f"{transform!r} is not one of km, identity, log, rank")
    fitted = fit(known, covariates)
    if isinstance(fitted, NotEstimable):
        return fitted
    model, maximum = fitted
    if maximum.infinite.any():
        return MONOTONE
    data = maximum.data
    g = _transformed(data, transform)
    per_event = (g - g[data.events].mean())[data.events]
    if np.ptp(per_event) == 0.0:
        return NotEstimable("all events happened at one time: no change with time can be seen")
    # Events are sorted by time, and the terms of one time are interchangeable under its one g.
    v = maximum.at.variances
    observed = data.x[data.events] - maximum.at.means
    score = (per_event[:, None] * observed).sum(axis=0)
    cross, square = _weighted(v, per_event), _weighted(v, per_event**2)
    information = np.block([[maximum.at.information, cross], [cross, square]])
    p = len(model.columns)
    names = list(dict.fromkeys(column.covariate for column in model.columns))
    tests = tuple(
        CovariateHazards(name, _score_test(information, score, model.rows_of(name), p)) for name in names
    )
    overall = _score_test(information, score, list(range(p)), p)
    counts = (model.kept.n, model.kept.n_events, model.kept.dropped)
    return ProportionalHazards("cox_zph", transform, tests, overall, *counts, ())


def _transformed(data: EfronData, transform: TimeTransform) -> Floats:
    if transform == "km":
        table = risk_table(data.times, data.events)
        return 1.0 - step_before(table.times, product_limit(table), data.times)
    if transform == "rank":
        _, inverse, counts = np.unique(data.times, return_inverse=True, return_counts=True)
        middle: Floats = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
        return middle
    if transform == "log":
        if (data.times[data.events] == 0.0).any():
            raise AnalysisError(
                "time_is_zero", "an event at time 0 has no logarithm; choose another transform"
            )
        return np.log(np.where(data.events, data.times, 1.0))
    return data.times


def _weighted(variances: np.ndarray[tuple[int, int, int], np.dtype[np.float64]], weights: Floats) -> Matrix:
    total: Matrix = (weights[:, None, None] * variances).sum(axis=0)
    return total


def _score_test(information: Matrix, score: Floats, rows: list[int], p: int) -> ChiSquareTest:
    """The score test of these time-dependent coefficients, the plain ones kept at their maximum (score 0)."""
    kept = [*range(p), *(p + row for row in rows)]
    matrix = information[np.ix_(kept, kept)]
    u = np.concatenate((np.zeros(p), score[rows]))
    scale = np.sqrt(np.diag(matrix))
    if (scale == 0.0).any() or np.linalg.cond(matrix / np.outer(scale, scale)) > 1e12:
        none = NotEstimable("the change with time cannot be told from the covariates themselves")
        return ChiSquareTest(none, len(rows), none)
    statistic = float(u @ np.linalg.solve(matrix, u))
    return ChiSquareTest(statistic, len(rows), float(chdtrc(len(rows), statistic)))
