"""Mean squares, intraclass correlations and their intervals of many variables at once.

The last axis of the measurements is the variable: one for a study's measurement, a thousand for radiomic
features. Inside, NaN marks what is undefined; what leaves the package turns it into a reason.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

Array: TypeAlias = NDArray[np.float64]
IccForm: TypeAlias = Literal["ICC(1)", "ICC(k)", "ICC(C,1)", "ICC(C,k)", "ICC(A,1)", "ICC(A,k)"]

DEFINITION_OF: dict[IccForm, str] = {
    "ICC(1)": "absolute agreement",
    "ICC(k)": "absolute agreement",
    "ICC(C,1)": "consistency",
    "ICC(C,k)": "consistency",
    "ICC(A,1)": "absolute agreement",
    "ICC(A,k)": "absolute agreement",
}

SINGLE_OF: dict[IccForm, IccForm] = {
    "ICC(1)": "ICC(1)",
    "ICC(k)": "ICC(1)",
    "ICC(C,1)": "ICC(C,1)",
    "ICC(C,k)": "ICC(C,1)",
    "ICC(A,1)": "ICC(A,1)",
    "ICC(A,k)": "ICC(A,1)",
}

# A standard deviation below this share of the largest measurement is rounding.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of n cases x k raters, one value a variable; what is rounding is 0."""

    n: int
    k: int
    cases: Array
    raters: Array
    residual: Array
    within: Array


def mean_squares(values: Array) -> MeanSquares:
    """Of measurements of shape (cases, raters, variables), complete, two cases and two raters or more."""
    n, k, _ = values.shape
    smallest = (ROUNDING * np.abs(values).max(axis=(0, 1))) ** 2
    centered = values - values.mean(axis=(0, 1))
    case_means, rater_means = centered.mean(axis=1), centered.mean(axis=0)
    residual = centered - case_means[:, np.newaxis] - rater_means
    inside = centered - case_means[:, np.newaxis]

    def clean(squares: Array) -> Array:
        return np.where(squares <= smallest, 0.0, squares)

    return MeanSquares(
        n=n,
        k=k,
        cases=clean(k * (case_means**2).sum(axis=0) / (n - 1)),
        raters=clean(n * (rater_means**2).sum(axis=0) / (k - 1)),
        residual=clean((residual**2).sum(axis=(0, 1)) / ((n - 1) * (k - 1))),
        within=clean((inside**2).sum(axis=(0, 1)) / (n * (k - 1))),
    )


def estimates(mean: MeanSquares, form: IccForm) -> Array:
    """The correlation of each variable, NaN where it is undefined."""
    n, k = mean.n, mean.k
    single = SINGLE_OF[form] == form
    error = mean.within if form in ("ICC(1)", "ICC(k)") else mean.residual
    total = mean.cases + (k - 1) * error if single else mean.cases.copy()
    if DEFINITION_OF[form] == "absolute agreement" and error is mean.residual:
        total = total + (mean.raters - mean.residual) * (k / n if single else 1.0 / n)
    return np.divide(mean.cases - error, total, out=np.full_like(total, np.nan), where=total > 0.0)


def intervals(mean: MeanSquares, form: IccForm, *, level: float) -> tuple[Array, Array]:
    """Both bounds for each variable, NaN where they are undefined."""
    name = SINGLE_OF[form]
    with np.errstate(divide="ignore", invalid="ignore"):
        if name == "ICC(A,1)":
            low, high = _agreement_bounds(mean, level)
        else:
            error, df = (mean.within, mean.n) if name == "ICC(1)" else (mean.residual, mean.n - 1)
            low, high = _ratio_bounds(mean, error, df * (mean.k - 1), level)
        if name != form:
            low, high = _stepped_up(low, mean.k), _stepped_up(high, mean.k)
    bad = ~(np.isfinite(low) & np.isfinite(high) & (low <= high))
    return np.where(bad, np.nan, low), np.where(bad, np.nan, high)


def _ratio_bounds(mean: MeanSquares, error: Array, df: int, level: float) -> tuple[Array, Array]:
    ratio = np.where(error > 0.0, mean.cases / error, np.nan)
    tail = 0.5 + level / 2.0
    low = ratio / fdtri(mean.n - 1, df, tail)
    high = ratio * fdtri(df, mean.n - 1, tail)
    return (low - 1.0) / (low + mean.k - 1), (high - 1.0) / (high + mean.k - 1)


def _agreement_bounds(mean: MeanSquares, level: float) -> tuple[Array, Array]:
    """McGraw and Wong, table 7: the degrees of freedom by Satterthwaite at the estimate."""
    n, k = mean.n, mean.k
    value = estimates(mean, "ICC(A,1)")
    a = k * value / (n * (1.0 - value))
    b = 1.0 + k * value * (n - 1) / (n * (1.0 - value))
    spread = (a * mean.raters) ** 2 / (k - 1) + (b * mean.residual) ** 2 / ((n - 1) * (k - 1))
    df = (a * mean.raters + b * mean.residual) ** 2 / spread
    tail = 0.5 + level / 2.0
    below, above = fdtri(n - 1.0, df, tail), fdtri(df, n - 1.0, tail)
    mixed = k * mean.raters + (k * n - k - n) * mean.residual
    low = n * (mean.cases - below * mean.residual) / (below * mixed + n * mean.cases)
    high = n * (above * mean.cases - mean.residual) / (mixed + n * above * mean.cases)
    return low, high


def _stepped_up(single: Array, k: int) -> Array:
    """The correlation of a mean of k from that of one rater, by Spearman and Brown."""
    denominator = 1.0 + (k - 1) * single
    return np.where(denominator > 0.0, k * single / denominator, np.nan)
