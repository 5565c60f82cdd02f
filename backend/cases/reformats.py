"""Whether other planes can be made of a series, by the geometry that was stored when it came in. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .geometry import SHEAR_TOLERANCE_MM, STEP_TOLERANCE, STEP_TOLERANCE_MM, is_orientation

FEWEST_SLICES = 3


def why_no_reformats(
    *,
    slices: int,
    is_uniform: bool,
    slice_step_mm: float | None,
    spacing_mm: tuple[float | None, float | None],
    geometry: Mapping[str, Any],
    warnings: Sequence[str] = (),
) -> str | None:
    """Why other planes cannot be made of a series, in words for its reader; None where they can.

    Its slices have to fill a block evenly: one orientation, one spacing, nothing missing, nothing shifted.

    A series is stored with its slices sorted, of one orientation and size, without a second slice at any place;
    one with a missing slice is not taken in. What is left to ask here is whether the rest is even, and whether
    the stored ends agree with the stored step.

    Parameters
    ----------
    spacing_mm : (row, column)
        Of the pixels; None where it is not known.
    geometry : mapping
        As `CaseSeries.geometry` has it: `orientation`, `first_position` and `last_position` in patient
        coordinates, mm.
    warnings : sequence of str
        Codes of what was found when the series came in.
    """
    orientation = tuple(geometry.get("orientation") or ())
    if not is_orientation(orientation):
        return "Its slices do not say where they lie in the patient."
    if None in spacing_mm:
        return "The distance between its pixels is not known."
    if slices < FEWEST_SLICES:
        return f"It has fewer than {FEWEST_SLICES} slices."
    if "sheared" in warnings:
        return "Its slices are shifted sideways, as with a tilted gantry."
    if not is_uniform or slice_step_mm is None:
        return "The distances between its slices differ."
    if not _is_as_long_as(slices, slice_step_mm, geometry):
        return "Its slices do not lie where their distance puts them."
    return None


def _is_as_long_as(slices: int, step_mm: float, geometry: Mapping[str, Any]) -> bool:
    """Whether the last slice lies straight above the first one, as far as so many steps lead."""
    ends = [geometry.get("first_position"), geometry.get("last_position"), geometry.get("normal")]
    if any(end is None for end in ends):
        return False
    first, last, normal = (np.asarray(end, dtype=np.float64) for end in ends)
    along = float((last - first) @ normal)
    aside = float(np.linalg.norm(last - first - along * normal))
    # Both ends may be rounded, each as far as the import lets a slice lie from its place.
    slack = 2 * max(STEP_TOLERANCE * step_mm, STEP_TOLERANCE_MM)
    return abs(along - (slices - 1) * step_mm) <= slack and aside <= SHEAR_TOLERANCE_MM
