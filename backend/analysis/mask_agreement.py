"""Agreement of readers who drew the same case: overlap, surface distances, volumes, by pair and in summary.

A reader who drew nothing is not a reader who was not asked: an empty mask is an answer, ``None`` or no entry is
missing. Two empty masks agree, but no overlap or distance is defined; such pairs are counted apart and stay
out of the means. One empty mask has Dice and Jaccard 0, which count in the means, and no distance.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Result
from backend.analysis.surface_distance import Distances, Mask, Surface, crop, surface_distances

Drawn: TypeAlias = Literal["both", "one", "neither"]

NEITHER = NotEstimable("both masks are empty")
ONE = NotEstimable("one mask is empty")
PERCENTILE = 95.0
# Distances within a millionth of a millimeter of the tolerance are within it.
EDGE_MM = 1e-6
MEASURES = ("dice", "jaccard", "hausdorff_mm", "hausdorff95_mm", "assd_mm", "volume_difference_ml")


@dataclass(frozen=True, slots=True)
class CaseMasks:
    """The masks of one case: reader -> bool array, ``None`` where the reader did not draw the case.

    ``spacing_mm`` is in the order of the axes: (between slices, between rows, between columns).
    """

    case: str
    spacing_mm: tuple[float, ...]
    masks: Mapping[str, Mask | None]


@dataclass(frozen=True, slots=True)
class SurfaceDice(Result):
    """Share of both surfaces that lies within the tolerance of the other."""

    tolerance_mm: float
    value: Estimate


@dataclass(frozen=True, slots=True)
class MaskComparison(Result):
    """Two masks of one case.

    Attributes
    ----------
    drawn
        Whether both, one or neither of the masks holds anything.
    hausdorff_mm, hausdorff95_mm, assd_mm
        Largest distance of the surfaces, its 95th percentile (the larger of both directions), average.
    volume_difference_ml
        a minus b.
    """

    drawn: Drawn
    dice: Estimate
    jaccard: Estimate
    hausdorff_mm: Estimate
    hausdorff95_mm: Estimate
    assd_mm: Estimate
    surface_dice: tuple[SurfaceDice, ...]
    volume_a_ml: float
    volume_b_ml: float
    volume_difference_ml: float


@dataclass(frozen=True, slots=True)
class MaskPair(Result):
    """One case and two readers, a before b in the alphabet."""

    case: str
    reader_a: str
    reader_b: str
    comparison: MaskComparison


@dataclass(frozen=True, slots=True)
class Spread(Result):
    """Mean, SD, median, quartiles (linear between ranks) and range of a measure over ``n`` pairs."""

    measure: str
    n: int
    mean: Estimate
    sd: Estimate
    median: Estimate
    quartile1: Estimate
    quartile3: Estimate
    minimum: Estimate
    maximum: Estimate


@dataclass(frozen=True, slots=True)
class MaskSummary(Result):
    """Over the cases of one pair of readers, or of all pairs (then both readers are ``None``)."""

    reader_a: str | None
    reader_b: str | None
    n: int
    n_both_drawn: int
    n_one_empty: int
    n_both_empty: int
    measures: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class MaskAgreement(Result):
    """All pairs in the order of case and readers; ``single_cases`` have masks of fewer than two readers."""

    method: str
    tolerances_mm: tuple[float, ...]
    pairs: tuple[MaskPair, ...]
    summaries: tuple[MaskSummary, ...]
    overall: MaskSummary
    n_cases: int
    single_cases: tuple[str, ...]
    warnings: tuple[str, ...]


def compare_masks(
    a: Mask, b: Mask, spacing_mm: tuple[float, ...], *, tolerances_mm: Sequence[float] = (1.0, 2.0)
) -> MaskComparison:
    """Overlap and surface distances of two masks.

    Parameters
    ----------
    a, b : bool arrays of one shape
    spacing_mm
        Distance of voxel centers along each axis, in the order of the axes.
    tolerances_mm
        For the surface Dice.

    Raises
    ------
    AnalysisError
        Masks that are not boolean or differ in shape, a spacing that is not positive or has another number
        of axes, a negative tolerance.

    References
    ----------
    Taha AA, Hanbury A. BMC Med Imaging 2015;15:29. Heimann T, et al. IEEE Trans Med Imaging 2009;28:1251-65.
    Nikolov S, et al. J Med Internet Res 2021;23:e26151 (surface Dice).
    """
    item = CaseMasks("of this comparison", spacing_mm, {"a": a, "b": b})
    ((_, _, comparison),) = _case_pairs(item, _tolerances(tolerances_mm))
    return comparison


def mask_agreement(
    cases: Iterable[CaseMasks], *, tolerances_mm: Sequence[float] = (1.0, 2.0)
) -> MaskAgreement:
    """Every pair of readers on every case, and summaries by pair of readers and over all.

    Parameters
    ----------
    cases
        One at a time, so that a generator that loads them keeps one case in memory.
    tolerances_mm
        For the surface Dice.

    Raises
    ------
    AnalysisError
        As :func:`compare_masks`, naming case and reader; a case that comes twice.
    """
    tolerances = _tolerances(tolerances_mm)
    pairs: list[MaskPair] = []
    seen: set[str] = set()
    single: list[str] = []
    for item in cases:
        if item.case in seen:
            raise AnalysisError("duplicate_case", f"case {item.case} comes more than once")
        seen.add(item.case)
        found = _case_pairs(item, tolerances)
        if not found:
            single.append(item.case)
        pairs += [MaskPair(item.case, a, b, comparison) for a, b, comparison in found]
    pairs.sort(key=lambda pair: (pair.case, pair.reader_a, pair.reader_b))
    couples = sorted({(pair.reader_a, pair.reader_b) for pair in pairs})
    summaries = tuple(
        _summary([p for p in pairs if (p.reader_a, p.reader_b) == couple], *couple, tolerances)
        for couple in couples
    )
    overall = _summary(pairs, None, None, tolerances)
    warnings = (
        ()
        if not overall.n_both_empty
        else (f"{overall.n_both_empty} pairs of empty masks agree and are in no mean.",)
    )
    return MaskAgreement(
        "mask_agreement",
        tolerances,
        tuple(pairs),
        summaries,
        overall,
        len(seen),
        tuple(sorted(single)),
        warnings,
    )


def _tolerances(tolerances_mm: Sequence[float]) -> tuple[float, ...]:
    for tolerance in tolerances_mm:
        if not (math.isfinite(tolerance) and tolerance >= 0.0):
            raise AnalysisError("tolerance_impossible", f"a tolerance is 0 mm or more, not {tolerance}")
    return tuple(sorted({float(tolerance) for tolerance in tolerances_mm}))


def _checked(item: CaseMasks) -> dict[str, Mask]:
    masks = {reader: mask for reader, mask in sorted(item.masks.items()) if mask is not None}
    shapes = {}
    for reader, mask in masks.items():
        where = f"case {item.case}, {reader}"
        if mask.dtype != np.bool_:
            raise AnalysisError("mask_not_boolean", f"{where}: the mask is of {mask.dtype}, not boolean")
        if mask.ndim != len(item.spacing_mm):
            raise AnalysisError(
                "spacing_of_other_axes",
                f"{where}: a mask of {mask.ndim} axes with {len(item.spacing_mm)} spacings",
            )
        shapes[mask.shape] = where
    if len(shapes) > 1:
        raise AnalysisError(
            "shapes_differ", "; ".join(f"{where} has {shape}" for shape, where in shapes.items())
        )
    if not all(math.isfinite(step) and step > 0.0 for step in item.spacing_mm):
        raise AnalysisError("spacing_impossible", f"case {item.case}: the spacing is {item.spacing_mm} mm")
    return masks


def _case_pairs(item: CaseMasks, tolerances: tuple[float, ...]) -> list[tuple[str, str, MaskComparison]]:
    masks = _checked(item)
    if len(masks) < 2:
        return []
    spacing = tuple(float(step) for step in item.spacing_mm)
    cut = [Surface(mask, spacing) for mask in crop(list(masks.values()))]
    distances = surface_distances(cut)
    return [
        (
            a,
            b,
            _compare(
                cut[i],
                cut[j],
                (distances[i, j], distances[j, i]) if (i, j) in distances else None,
                tolerances,
            ),
        )
        for (i, a), (j, b) in combinations(enumerate(masks), 2)
    ]


def _compare(
    a: Surface, b: Surface, distances: tuple[Distances, Distances] | None, tolerances: tuple[float, ...]
) -> MaskComparison:
    """``distances`` of the surface of a to that of b, and back; ``None`` where either mask is empty."""
    voxel_ml = math.prod(a.spacing_mm) / 1000.0
    volumes = a.size * voxel_ml, b.size * voxel_ml, (a.size - b.size) * voxel_ml
    if not a.size and not b.size:
        return MaskComparison("neither", *(NEITHER,) * 5, _no_surface_dice(tolerances, NEITHER), *volumes)
    common = int((a.mask & b.mask).sum())
    dice, jaccard = 2.0 * common / (a.size + b.size), common / (a.size + b.size - common)
    if distances is None:
        nowhere = _no_surface_dice(tolerances, ONE)
        return MaskComparison("one", dice, jaccard, ONE, ONE, ONE, nowhere, *volumes)
    there, back = distances
    both = len(there) + len(back)
    return MaskComparison(
        drawn="both",
        dice=dice,
        jaccard=jaccard,
        hausdorff_mm=float(max(there[-1], back[-1])),
        hausdorff95_mm=float(max(np.percentile(there, PERCENTILE), np.percentile(back, PERCENTILE))),
        assd_mm=math.fsum((*there, *back)) / both,
        surface_dice=tuple(
            SurfaceDice(t, int((there <= t + EDGE_MM).sum() + (back <= t + EDGE_MM).sum()) / both)
            for t in tolerances
        ),
        volume_a_ml=volumes[0],
        volume_b_ml=volumes[1],
        volume_difference_ml=volumes[2],
    )


def _no_surface_dice(tolerances: tuple[float, ...], reason: NotEstimable) -> tuple[SurfaceDice, ...]:
    return tuple(SurfaceDice(tolerance, reason) for tolerance in tolerances)


def _summary(
    pairs: list[MaskPair], reader_a: str | None, reader_b: str | None, tolerances: tuple[float, ...]
) -> MaskSummary:
    found = [pair.comparison for pair in pairs]
    counts = Counter(item.drawn for item in found)
    spreads = [spread_of(name, [getattr(item, name) for item in found]) for name in MEASURES]
    for position, tolerance in enumerate(tolerances):
        values = [item.surface_dice[position].value for item in found]
        spreads.append(spread_of(f"surface_dice_{tolerance:g}_mm", values))
    return MaskSummary(
        reader_a, reader_b, len(found), counts["both"], counts["one"], counts["neither"], tuple(spreads)
    )


def spread_of(measure: str, values: Sequence[Estimate]) -> Spread:
    """What the values of a measure are like; those not estimable have no part."""
    numbers = sorted(value for value in values if not isinstance(value, NotEstimable))
    n = len(numbers)
    if not n:
        none = NotEstimable("no pair of masks has this measure")
        return Spread(measure, 0, *(none,) * 7)
    mean = math.fsum(numbers) / n
    sd: Estimate = NotEstimable("one pair has no standard deviation")
    if n > 1:
        sd = math.sqrt(math.fsum((value - mean) ** 2 for value in numbers) / (n - 1))
    low, middle, high = (float(np.percentile(numbers, share)) for share in (25.0, 50.0, 75.0))
    return Spread(measure, n, mean, sd, middle, low, high, numbers[0], numbers[-1])
