"""Lin's concordance correlation of two raters or methods.

Variances divide by n, as Lin 1989 does; the standard error is that of his correction (Biometrics
2000;56:324-325), and the interval takes the inverse hyperbolic tangent, as epiR::epi.ccc does by default.
"""

import math
from dataclasses import dataclass

import numpy as np

from backend.analysis.bland_altman import ROUNDING, Array, pick_pair
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.rater_table import Measurements, measurement_table
from backend.analysis.results import Interval, Result, check_level, normal_quantile


@dataclass(frozen=True, slots=True)
class Concordance(Result):
    """Concordance of two measurements.

    Attributes
    ----------
    ccc, se, ci
        Concordance correlation, its standard error, its interval by the z transform.
    pearson, bias_correction
        Precision and accuracy, whose product it is.
    scale_shift, location_shift
        Ratio of the standard deviations a over b; difference of the means a - b over their geometric mean.
    """

    method: str
    rater_a: str
    rater_b: str
    n: int
    dropped_cases: tuple[str, ...]
    ccc: Estimate
    se: Estimate
    ci: Interval | NotEstimable
    pearson: Estimate
    bias_correction: Estimate
    scale_shift: Estimate
    location_shift: Estimate
    warnings: tuple[str, ...]


def concordance_correlation(
    raters: Measurements, rater_a: str, rater_b: str, *, level: float = 0.95
) -> Concordance:
    """Lin's concordance correlation coefficient.

    Parameters
    ----------
    raters, rater_a, rater_b, level
        As for :func:`~backend.analysis.bland_altman.bland_altman`.

    Returns
    -------
    Concordance
        Both constant and equal: not estimable. One constant: 0 without interval. Full concordance: 1
        without interval.

    References
    ----------
    Lin LI. Biometrics 1989;45:255-268; correction Biometrics 2000;56:324-325.
    """
    check_level(level)
    table = measurement_table(pick_pair(raters, rater_a, rater_b))
    n = len(table.cases)
    if n < 3:
        few = NotEstimable(f"{n} cases were measured by both; three are needed")
        values: tuple[Estimate, ...] = (few,) * 6
        ci: Interval | NotEstimable = few
    else:
        x, y = (table.values[:, table.raters.index(name)] for name in (rater_a, rater_b))
        *values, ci = _concordance(x, y, level)  # type: ignore[assignment]
    ccc, se, pearson, correction, scale, location = values
    return Concordance(
        "ccc_lin",
        rater_a,
        rater_b,
        n,
        table.dropped_cases,
        ccc,
        se,
        ci,
        pearson,
        correction,
        scale,
        location,
        (),
    )


def _concordance(
    x: Array,
    y: Array,
    level: float,
) -> tuple[Estimate, Estimate, Estimate, Estimate, Estimate, Estimate, Interval | NotEstimable]:
    """CCC, SE, Pearson, bias correction, scale shift, location shift, interval."""
    n = len(x)
    smallest = ROUNDING * max(float(np.abs(x).max()), float(np.abs(y).max()))
    mean_x, mean_y = math.fsum(x) / n, math.fsum(y) / n
    dx, dy = x - mean_x, y - mean_y
    var_x, var_y, cov = math.fsum(dx * dx) / n, math.fsum(dy * dy) / n, math.fsum(dx * dy) / n
    shift = mean_x - mean_y
    flat = [var <= smallest**2 for var in (var_x, var_y)]
    if any(flat):
        constant = NotEstimable("one rater gave one value for every case")
        if all(flat) and abs(shift) <= smallest:
            constant = NotEstimable("both raters gave one and the same value for every case")
            return (*(constant,) * 6, constant)
        return 0.0, constant, constant, constant, constant, constant, constant
    ccc = 2.0 * cov / (var_x + var_y + shift**2)
    pearson = max(-1.0, min(1.0, cov / math.sqrt(var_x * var_y)))
    scale, location = math.sqrt(var_x / var_y), shift / (var_x * var_y) ** 0.25
    correction = 2.0 / (scale + 1.0 / scale + location**2)
    if math.fsum((x - y) ** 2) <= n * smallest**2:
        full = NotEstimable("the raters agree fully")
        return 1.0, full, pearson, correction, scale, location, full
    if abs(pearson) < 1e-12:
        none = NotEstimable("the standard error is undefined at a correlation of 0")
        return ccc, none, pearson, correction, scale, location, none
    u2, r = location**2, pearson
    spread = (1.0 - r * r) * ccc**2 * (1.0 - ccc**2) / r**2
    spread += 2.0 * ccc**3 * (1.0 - ccc) * u2 / r - ccc**4 * u2**2 / (2.0 * r**2)
    if spread <= 1e-15 or n < 3:
        none = NotEstimable("the estimated variance is 0")
        return ccc, none, pearson, correction, scale, location, none
    se = math.sqrt(spread / (n - 2))
    margin = normal_quantile(level) * se / (1.0 - ccc**2)
    z = math.atanh(ccc)
    ci = Interval(math.tanh(z - margin), math.tanh(z + margin), level)
    return ccc, se, pearson, correction, scale, location, ci
