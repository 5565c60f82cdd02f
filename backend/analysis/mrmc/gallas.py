"""AUC of readers and cases from the reads there are: the one-shot U-statistics of Gallas.

Whatever reads a study has, crossed, nested, split-plot or with gaps, every pair of a read negative and a
read positive case of one reader and modality counts once. So the AUC of a modality is the mean over those
pairs, weighted by pairs and not a plain mean over readers (they are the same when nothing is missing), and
no read is dropped because another one is missing.

Its variance is a sum of eight moments, the mean products of two successes that share reader, negative case
and positive case (M1), reader and positive (M2), reader and negative (M3), reader (M4), both cases (M5),
the positive (M6), the negative (M7) or nothing (M8), each with a coefficient counted from the design:
``variance = sum(c_k M_k)``. U-statistics estimate the moments without bias; the plain mean products, which
let the two be the same, give the variance that iMRMC calls MLE, biased but never negative. The components
BCK (Barrett, Clarkson, Kupinski) are differences of the moments.

Followed to the digit is iMRMC (4.0.3 in Java, 2.1.0 in R): degrees of freedom dfBDG from the biased
components, not below the smallest of the three, the normal quantile above 50 and the whole part below.
Three things are different. A negative unbiased variance gives no interval, with the biased one beside it.
A moment that the design leaves without a pair is not estimable, where iMRMC prints 0. And intervals of an
AUC are clipped to [0, 1], of a difference to [-1, 1].

References
----------
Gallas BD. Acad Radiol 2006;13:353-362. Gallas BD, Pennello GA, Myers KJ. J Opt Soc Am A 2007;24:B70-B80.
Gallas BD, Brown DG. Neural Networks 2008;21:387-397. Gallas BD, Bandos A, Samuelson FW, Wagner RF. Commun
Stat Theory Methods 2009;38:2586-2603. Gaylor DW, Hopper FN. Technometrics 1969;11:691-706.
"""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.mrmc.arrays import Floats
from backend.analysis.mrmc.design import MissingRead
from backend.analysis.mrmc.gallas_moments import (
    NO_SUCH_PAIR,
    TO_UNBIASED,
    Covariance,
    Moments,
    Successes,
    eight_sums,
    ratio,
    successes,
    weighted,
)
from backend.analysis.mrmc.ratings import MrmcData
from backend.analysis.results import (
    Interval,
    Result,
    check_level,
    normal_quantile,
    t_quantile,
    two_sided_p,
    two_sided_t_p,
)

NORMAL_ABOVE = 50.0
NEGATIVE = NotEstimable("the unbiased variance is negative; the biased one is given beside it")


@dataclass(frozen=True, slots=True)
class ReaderAuc(Result):
    """One reader under one modality: AUC with the unbiased variance over cases."""

    reader: str
    modality: str
    auc: Estimate
    variance: Estimate
    n_positive: int
    n_negative: int


@dataclass(frozen=True, slots=True)
class ModalityAuc(Result):
    """One modality over readers and cases; ``df`` above 50 means the normal quantile was used."""

    modality: str
    auc: Estimate
    variance: Estimate
    variance_biased: Estimate
    se: Estimate
    df: Estimate
    ci: Interval | NotEstimable
    n_readers: int
    n_positive: int
    n_negative: int
    moments: Moments | NotEstimable


@dataclass(frozen=True, slots=True)
class ModalityDifference(Result):
    """AUC of ``a`` minus AUC of ``b``; ``moments`` are those of their covariance."""

    a: str
    b: str
    difference: Estimate
    variance: Estimate
    variance_biased: Estimate
    se: Estimate
    df: Estimate
    statistic: Estimate
    p: Estimate
    ci: Interval | NotEstimable
    moments: Moments | NotEstimable


@dataclass(frozen=True, slots=True)
class GallasResult(Result):
    """All modalities, all pairs of them, all readers; nothing is dropped, ``missing`` names what is not there."""

    method: str
    design: str
    modalities: tuple[ModalityAuc, ...]
    differences: tuple[ModalityDifference, ...]
    readers: tuple[ReaderAuc, ...]
    n_readers: int
    n_positive: int
    n_negative: int
    missing: tuple[MissingRead, ...]
    level: float
    warnings: tuple[str, ...]


def gallas(data: MrmcData, *, level: float = 0.95) -> GallasResult:
    """Random readers and random cases, from all reads there are, for any design.

    Raises
    ------
    AnalysisError
        ``no_positive`` and ``no_negative``: the study lacks one class; ``level_out_of_range``.
    """
    check_level(level)
    if data.n_positive == 0 or data.n_negative == 0:
        kind = "positive" if data.n_positive == 0 else "negative"
        raise AnalysisError(f"no_{kind}", f"the study has no {kind} case")
    reads = [successes(data, i) for i in range(len(data.modalities))]
    singles = [Covariance(one, one) for one in reads]
    crossed = {(i, j): Covariance(reads[i], reads[j]) for i, j in combinations(range(len(reads)), 2)}
    differences = tuple(
        _difference(data.modalities[i], data.modalities[j], singles[i], singles[j], cross, level)
        for (i, j), cross in crossed.items()
    )
    modalities = tuple(_modality(data, i, single, level) for i, single in enumerate(singles))
    return GallasResult(
        method="mrmc_gallas",
        design=data.design.name,
        modalities=modalities,
        differences=differences,
        readers=tuple(
            _reader(data, reads[i], i, j)
            for i in range(len(data.modalities))
            for j in range(len(data.readers))
            if data.read[i, j].any()
        ),
        n_readers=len(data.readers),
        n_positive=data.n_positive,
        n_negative=data.n_negative,
        missing=data.missing,
        level=level,
        warnings=_warnings(modalities, differences),
    )


def _degrees(variance: float, components: Floats, single: Floats) -> float:
    """dfBDG: the variance against its biased components of N, D and R, never below the smallest df."""
    floor = float(single.min())
    spread = float((components**2 / single**3).sum())
    return max(variance**2 / spread, floor) if spread > 0.0 else math.inf


def _why_no_variance(single: Covariance, variance: float) -> NotEstimable | None:
    if math.isnan(single.auc):
        return NotEstimable("no reader has read both a positive and a negative case")
    for df, what in zip(
        single.single_df().tolist(), ("negative case", "positive case", "reader"), strict=True
    ):
        if not df >= 1.0:
            return NotEstimable(f"there is only one {what}")
    if math.isnan(variance):
        return NO_SUCH_PAIR
    return NEGATIVE if variance < 0.0 else None


def _modality(data: MrmcData, index: int, single: Covariance, level: float) -> ModalityAuc:
    read = data.read[index]
    counts = (
        int(read.any(axis=1).sum()),
        int((read.any(axis=0) & data.truth).sum()),
        int((read.any(axis=0) & ~data.truth).sum()),
    )
    name, variance = data.modalities[index], single.variance
    reason = _why_no_variance(single, variance)
    if math.isnan(single.auc):
        nothing = reason or NO_SUCH_PAIR
        return ModalityAuc(name, *(nothing,) * 6, *counts, nothing)
    biased = single.variance_biased
    if reason:
        given: Estimate = biased if reason is NEGATIVE else reason
        return ModalityAuc(name, single.auc, reason, given, *(reason,) * 3, *counts, single.result())
    df = _degrees(variance, single.components_biased[[0, 1, 3]], single.single_df())
    se = math.sqrt(variance)
    ci: Interval | NotEstimable = NotEstimable("the variance is 0")
    if se > 0.0:
        margin = _quantile(df, level) * se
        ci = Interval(max(0.0, single.auc - margin), min(1.0, single.auc + margin), level)
    shown: Estimate = df if math.isfinite(df) else NotEstimable("the variance is 0")
    return ModalityAuc(name, single.auc, variance, biased, se, shown, ci, *counts, single.result())


def _difference(
    a: str, b: str, one: Covariance, two: Covariance, cross: Covariance, level: float
) -> ModalityDifference:
    variance = one.variance + two.variance - 2.0 * cross.variance
    reason = _why_no_variance(one, variance) or _why_no_variance(two, variance)
    difference: Estimate = one.auc - two.auc
    if math.isnan(one.auc) or math.isnan(two.auc):
        nothing = reason or NO_SUCH_PAIR
        return ModalityDifference(a, b, *(nothing,) * 9)
    biased = one.variance_biased + two.variance_biased - 2.0 * cross.variance_biased
    # Three rounded terms of order 0.01 leave this much where they cancel.
    variance, biased = (0.0 if abs(v) < 1e-15 else v for v in (variance, biased))
    if reason and variance >= 0.0 and reason is NEGATIVE:
        reason = None
    if reason:
        given: Estimate = biased if reason is NEGATIVE else reason
        return ModalityDifference(a, b, difference, reason, given, *(reason,) * 5, cross.result())
    flat = NotEstimable("the variance of the difference is 0")
    if variance == 0.0:
        test: Estimate = 0.0 if difference == 0.0 else flat
        p: Estimate = 1.0 if difference == 0.0 else flat
        return ModalityDifference(a, b, difference, 0.0, biased, 0.0, flat, test, p, flat, cross.result())
    spread = one.components_biased + two.components_biased - 2.0 * cross.components_biased
    df = _degrees(variance, spread[[0, 1, 3]], np.minimum(one.single_df(), two.single_df()))
    se = math.sqrt(variance)
    statistic, margin = (one.auc - two.auc) / se, _quantile(df, level) * se
    p = two_sided_p(statistic) if df > NORMAL_ABOVE else two_sided_t_p(statistic, math.floor(df))
    ci = Interval(max(-1.0, one.auc - two.auc - margin), min(1.0, one.auc - two.auc + margin), level)
    shown: Estimate = df if math.isfinite(df) else NotEstimable("no component of readers or cases varies")
    return ModalityDifference(a, b, difference, variance, biased, se, shown, statistic, p, ci, cross.result())


def _quantile(df: float, level: float) -> float:
    if df > NORMAL_ABOVE:
        return normal_quantile(level)
    return t_quantile(level, math.floor(df))


def _reader(data: MrmcData, reads: Successes, modality: int, reader: int) -> ReaderAuc:
    own = Successes(reads.value[[reader]], reads.made[[reader]])
    read = data.read[modality, reader]
    counts = (int((read & data.truth).sum()), int((read & ~data.truth).sum()))
    names = (data.readers[reader], data.modalities[modality])
    for n, what in zip(counts, ("positive", "negative"), strict=True):
        if n == 0:
            return ReaderAuc(*names, *(NotEstimable(f"the reader has read no {what} case"),) * 2, *counts)
    sums, made = eight_sums(own.value, own.value), eight_sums(own.made, own.made)
    auc = float(own.value.sum() / own.made.sum())
    for n, what in zip(counts, ("positive", "negative"), strict=True):
        if n == 1:
            return ReaderAuc(*names, auc, NotEstimable(f"the reader has read one {what} case"), *counts)
    within = (TO_UNBIASED @ made)[:4]
    coefficients = within / made[3]
    coefficients[3] -= 1.0
    variance = weighted(coefficients, ratio((TO_UNBIASED @ sums)[:4], within))
    return ReaderAuc(*names, auc, 0.0 if abs(variance) < 1e-15 else variance, *counts)


def _warnings(
    modalities: tuple[ModalityAuc, ...], differences: tuple[ModalityDifference, ...]
) -> tuple[str, ...]:
    texts = [
        f"The unbiased variance of {m.modality} is negative." for m in modalities if m.variance is NEGATIVE
    ]
    texts += [
        f"The unbiased variance of {d.a} minus {d.b} is negative."
        for d in differences
        if d.variance is NEGATIVE
    ]
    return tuple(texts)
