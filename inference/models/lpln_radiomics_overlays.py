"""What `lpln-radiomics` shows on the images: the region that it measured, and where in it the score comes from.

The score is a function of the whole region; no voxel has a score of its own. What can be told of a part is how the
score changes when the part is left out and everything is measured again as before. The box around the region is cut
into 3 × 3 × 3 blocks (fewer where it is thinner than that), each is left out once, and its voxels get the size of the
change. Changes do not add up to the score, and a part counts through shape as well as through texture.

The model's digest does not cover this module, for the score does not depend on it: what was made here bears `METHOD`
and a version.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inference.contracts import CaseInputs, InputProblem, ModelOutput, ModelOverlay, RunContext, Volume
from inference.models.lpln_radiomics import FEATURES, MASK, MIN_VOXELS, N4, SEQUENCE, linear_predictor

# As in the model: the engines are imported where they are needed.
if TYPE_CHECKING:
    from inference.radiomics.preprocessing import CorrectedImage

METHOD = "leave-one-part-out/1"
MASK_METHOD = "region-as-given/1"
BLOCKS_PER_AXIS = 3
BOX_MARGIN = 3
"""Voxels of 1 mm around the region's box: more than the features see."""

RUN_SHARE = 0.8
"""Of the way that a run tells: what comes before the overlays."""

Mask = NDArray[np.bool_]
Score = Callable[[Mask], float]
"""The score of a mask on the acquired grid; `InputProblem` where it has none."""

Index = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True)
class Part:
    """One block of the region.

    Attributes
    ----------
    place : tuple of slice
        The block on the acquired grid (z, y, x); the part is what the region has in it.
    change : float or None
        Of the score when the part is left out, signed; None where what is left has no score.
    """

    place: Index
    change: float | None


def before_overlays(ctx: RunContext) -> RunContext:
    """The context for the run itself, whose end is not the end."""

    def progress(fraction: float, step: str) -> None:
        if fraction < 1:
            ctx.progress(RUN_SHARE * fraction, step)

    return replace(ctx, progress=progress)


def with_overlays(output: ModelOutput, inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
    """The output of a run with what is shown on the images; score and all else as they were.

    Costs one measurement of the features for each part, 27 at most.

    Raises
    ------
    RunCancelled
        Asked between two parts.
    """
    from inference.radiomics.cache import corrected_image
    from inference.radiomics.preprocessing import fixed_threads

    volume, mask = inputs.volumes[SEQUENCE], inputs.masks[MASK]
    corrected, _ = corrected_image(volume, N4, ctx.cache_dir)
    with fixed_threads(N4.threads):
        parts = list(changes(mask, output.score, node_score(volume, mask, corrected), ctx))
    ctx.step(1.0, "done")
    return replace(output, overlays=(region(mask), influence(mask, parts)))


def node_score(volume: Volume, mask: Mask, corrected: "CorrectedImage") -> Score:
    """The score of `mask`, and of anything inside it, measured as the model does.

    Returns
    -------
    callable
        From a mask (z, y, x) on the volume's grid to the score. `InputProblem` where too little is left
        ("mask_too_small") or a feature has no value.
    """
    from inference.radiomics.features import extract_features, mask_box
    from inference.radiomics.preprocessing import canonical_spacing, isotropic_grid, resample_mask

    grid = isotropic_grid(volume, N4.spacing_mm)
    spacing = canonical_spacing(volume)
    box = mask_box(resample_mask(mask, spacing, grid), BOX_MARGIN)
    part, levels = grid.part(box), corrected.standardized(corrected.array[box])

    def score(inside: Mask) -> float:
        node = resample_mask(inside, spacing, part)
        if int(node.sum()) < MIN_VOXELS:
            raise InputProblem("mask_too_small", f"Fewer than {MIN_VOXELS} voxels of 1 mm are left.")
        return linear_predictor(extract_features(levels, node, (N4.spacing_mm,) * 3, FEATURES))

    return score


def changes(mask: Mask, whole: float, score: Score, ctx: RunContext) -> Iterator[Part]:
    """Every part of the mask with the change of the score from `whole` when it is left out."""
    places = [place for place in blocks(mask) if mask[place].any()]
    for number, place in enumerate(places):
        ctx.step(RUN_SHARE + (1 - RUN_SHARE) * number / len(places), "overlays")
        rest = mask.copy()
        rest[place] = False
        try:
            yield Part(place, score(rest) - whole)
        except InputProblem:
            yield Part(place, None)


def blocks(mask: Mask) -> Iterator[Index]:
    """The blocks of the box around a mask (z, y, x): a mirrored mask has the mirrored blocks."""
    spans = []
    for axis in range(3):
        found = np.flatnonzero(mask.any(axis=tuple(other for other in range(3) if other != axis)))
        spans.append([slice(a, b) for a, b in pairwise(_cuts(int(found[0]), int(found[-1]) + 1))])
    z, y, x = spans
    yield from product(z, y, x)


def _cuts(start: int, stop: int) -> list[int]:
    """Where a span is cut: the outer blocks are alike, and the middle one takes what does not divide."""
    outer = round((stop - start) / BLOCKS_PER_AXIS)
    if outer == 0:
        return [start, stop]
    inner = [start + outer, stop - outer]
    return [start, *sorted(set(inner)), stop]


def region(mask: Mask) -> ModelOverlay:
    """The region that was measured."""
    return ModelOverlay(
        name="region",
        kind="mask",
        title="Region measured",
        on=SEQUENCE,
        array=mask.astype(np.uint8),
        note="The index node as it was given to the model. The model did not draw it.",
        method=MASK_METHOD,
    )


def influence(mask: Mask, parts: Sequence[Part]) -> ModelOverlay:
    """The changes of the score as a map: 255 for the largest, 1 for none, 0 where there is nothing to tell."""
    largest = max((abs(part.change) for part in parts if part.change is not None), default=0.0)
    return ModelOverlay(
        name="influence",
        kind="heat",
        title="Influence on the score",
        on=SEQUENCE,
        array=_painted(mask, parts, largest),
        note=_note(parts, largest),
        method=METHOD,
        low="no change",
        high=f"{largest:.2f} up or down",
    )


def _painted(mask: Mask, parts: Sequence[Part], largest: float) -> NDArray[np.uint8]:
    array = np.zeros(mask.shape, dtype=np.uint8)
    for part in parts:
        if part.change is not None:
            value = 1 + round(254 * abs(part.change) / largest) if largest > 0 else 1
            array[part.place] = np.where(mask[part.place], value, 0)
    return array


def _note(parts: Sequence[Part], largest: float) -> str:
    told = (
        f"The region is cut into {len(parts)} parts. A part's color is how much the score changes, up or down, "
        f"when it is left out and the rest is measured anew: {largest:.2f} at most. "
        "Parts act together, so the changes do not add up to the score."
    )
    lost = sum(part.change is None for part in parts)
    if lost:
        told += f" {lost} of the parts could not be told, for what is left without them has no score; they stay blank."
    return told
