"""The eight moments of Gallas's one-shot variance, counted from the reads that there are.

See :mod:`gallas` for what they are and for the sources.
"""

import math
from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.mrmc.arrays import Floats
from backend.analysis.mrmc.ratings import MrmcData
from backend.analysis.results import Result

COMPONENTS = ("N", "D", "ND", "R", "NR", "DR", "RND")
NO_SUCH_PAIR = NotEstimable("the design has no two reads of this kind")

# Rows map sums that let two indices agree to sums where they differ (Gallas 2006, appendix).
TO_UNBIASED = np.array(
    [
        [1, 0, 0, 0, 0, 0, 0, 0],
        [-1, 1, 0, 0, 0, 0, 0, 0],
        [-1, 0, 1, 0, 0, 0, 0, 0],
        [1, -1, -1, 1, 0, 0, 0, 0],
        [-1, 0, 0, 0, 1, 0, 0, 0],
        [1, -1, 0, 0, -1, 1, 0, 0],
        [1, 0, -1, 0, -1, 0, 1, 0],
        [-1, 1, 1, -1, 1, -1, -1, 1],
    ],
    dtype=np.float64,
)
# Moments to components (Gallas et al. 2009, equation 19), and the moments whose coefficients each sums.
_TO_COMPONENTS = np.array(
    [
        [0, 0, 0, 0, 0, 0, 1, -1],
        [0, 0, 0, 0, 0, 1, 0, -1],
        [0, 0, 0, 0, 1, -1, -1, 1],
        [0, 0, 0, 1, 0, 0, 0, -1],
        [0, 0, 1, -1, 0, 0, -1, 1],
        [0, 1, 0, -1, 0, -1, 0, 1],
        [1, -1, -1, 1, -1, 1, 1, -1],
    ],
    dtype=np.float64,
)
_TO_COMPONENT_COEFFICIENTS = np.array(
    [
        [1, 0, 1, 0, 1, 0, 1, 0],
        [1, 1, 0, 0, 1, 1, 0, 0],
        [1, 0, 0, 0, 1, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 0, 0],
        [1, 0, 1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, 0, 0],
    ],
    dtype=np.float64,
)


@dataclass(frozen=True, slots=True)
class Moments(Result):
    """The decomposition of a variance, or of a covariance between two modalities.

    Attributes
    ----------
    unbiased, biased, coefficients
        M1 to M8, the plain mean products, and the coefficients c1 to c8.
    components, components_biased, component_coefficients
        BCK in the order N, D, ND, R, NR, DR, RND (negatives, positives, readers).
    """

    unbiased: tuple[Estimate, ...]
    biased: tuple[Estimate, ...]
    coefficients: tuple[float, ...]
    components: tuple[Estimate, ...]
    components_biased: tuple[Estimate, ...]
    component_coefficients: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Successes:
    """1, 1/2 or 0 for each reader, negative and positive case, 0 where not ``made``; both (J, N0, N1)."""

    value: Floats
    made: Floats


def successes(data: MrmcData, modality: int) -> Successes:
    ratings = data.ratings[modality]
    negative, positive = ratings[:, ~data.truth, None], ratings[:, None, data.truth]
    made = ~(np.isnan(negative) | np.isnan(positive))
    value = (positive > negative) + 0.5 * (positive == negative)
    return Successes(np.where(made, value, 0.0), made.astype(np.float64))


def eight_sums(a: Floats, b: Floats) -> Floats:
    """Products summed within a reader (1 to 4) and over all pairs of readers (5 to 8), agreement allowed."""
    all_a, all_b = a.sum(axis=0), b.sum(axis=0)
    within = [
        np.einsum("jnp,jnp->", a, b),
        np.einsum("jp,jp->", a.sum(axis=1), b.sum(axis=1)),
        np.einsum("jn,jn->", a.sum(axis=2), b.sum(axis=2)),
        a.sum(axis=(1, 2)) @ b.sum(axis=(1, 2)),
    ]
    over = [
        np.einsum("np,np->", all_a, all_b),
        all_a.sum(axis=0) @ all_b.sum(axis=0),
        all_a.sum(axis=1) @ all_b.sum(axis=1),
        all_a.sum() * all_b.sum(),
    ]
    return np.array([*within, *over], dtype=np.float64)


class Covariance:
    """Moments and components of the covariance of two modalities; of one with itself, its variance."""

    def __init__(self, a: Successes, b: Successes) -> None:
        sums, counts = eight_sums(a.value, b.value), eight_sums(a.made, b.made)
        self.pairs = float(a.made.sum())
        self.auc = float(a.value.sum()) / self.pairs if self.pairs else math.nan
        unbiased_counts = TO_UNBIASED @ counts
        self.moments = ratio(TO_UNBIASED @ sums, unbiased_counts)
        self.biased = ratio(sums, counts)
        self.coefficients = np.full(8, np.nan)
        if counts[7]:
            self.coefficients = unbiased_counts / counts[7]
            self.coefficients[7] -= 1.0
        self.component_coefficients = _TO_COMPONENT_COEFFICIENTS @ self.coefficients
        used = self.component_coefficients != 0.0
        self.components = np.where(used, _components(self.moments), 0.0)
        self.components_biased = np.where(used, _components(self.biased), 0.0)

    @property
    def variance(self) -> float:
        """The unbiased variance; NaN where a moment that it needs has no pair of reads."""
        return weighted(self.coefficients, self.moments)

    @property
    def variance_biased(self) -> float:
        """The variance that iMRMC calls MLE."""
        return weighted(self.coefficients, self.biased)

    def single_df(self) -> Floats:
        """Negatives, positives and readers as if each were a plain sample: 1 / coefficient - 1, rounded."""
        chosen = self.component_coefficients[[0, 1, 3]]
        return np.array([float(round(1.0 / c - 1.0)) if c > 0.0 else math.nan for c in chosen.tolist()])

    def result(self) -> Moments:
        """The decomposition for output."""
        return Moments(
            _estimates(self.moments),
            _estimates(self.biased),
            tuple(self.coefficients.tolist()),
            _estimates(self.components),
            _estimates(self.components_biased),
            tuple(self.component_coefficients.tolist()),
        )


def ratio(sums: Floats, counts: Floats) -> Floats:
    made = counts != 0.0
    return np.where(made, sums / np.where(made, counts, 1.0), np.nan)


def _components(moments: Floats) -> Floats:
    """BCK of the moments; NaN where one needs a moment that has no pair of reads."""
    unknown = np.isnan(moments)
    lacking = np.abs(_TO_COMPONENTS) @ unknown > 0.0
    return np.where(lacking, np.nan, _TO_COMPONENTS @ np.where(unknown, 0.0, moments))


def weighted(coefficients: Floats, moments: Floats) -> float:
    used = coefficients != 0.0
    total = math.fsum((coefficients[used] * moments[used]).tolist())
    # Terms of order 1 that cancel leave this much; the variance of a thousand cases is a million times more.
    return 0.0 if abs(total) < 1e-15 else total


def _estimates(values: Floats) -> tuple[Estimate, ...]:
    return tuple(NO_SUCH_PAIR if math.isnan(value) else value for value in values.tolist())
