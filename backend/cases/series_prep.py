"""From the images of a series to stacks that can be shown as one: split, sorted, measured, named."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import geometry
from .geometry import Orientation
from .intake import DecodedImage, LostImage, SourceSeries, is_lossy
from .reports import Finding, PathFinding, Refused
from .sequences import SequenceKind, b_value_of, kind_of, title_of
from .values import numbers, text, texts, whole
from .window import default_window

MAX_ORIENTATIONS = 6
PHANTOM_WRITER = "RR_PHANTOM"


@dataclass(frozen=True, slots=True)
class PreparedSeries:
    """A stack ready to be stored.

    `part` tells stacks of one source series apart, for their new UIDs; empty when there was nothing to split.
    """

    images: tuple[DecodedImage, ...]
    part: str
    kind: SequenceKind
    modality: str
    plane: str
    title: str
    spacing: tuple[float, float] | None
    step_mm: float | None
    is_uniform: bool
    geometry: dict[str, Any]
    window: dict[str, float]
    warnings: tuple[Finding, ...]
    is_synthetic: bool
    series_number: int


@dataclass(frozen=True, slots=True)
class _Part:
    images: tuple[DecodedImage, ...]
    label: str
    findings: tuple[Finding, ...]


class SeriesRefused(Refused):
    """A series stays out whole; `shown` is the path that is to blame."""

    def __init__(self, shown: str, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.shown = shown


def prepare(
    series: SourceSeries, images: list[DecodedImage], lost: list[LostImage], skipped: list[PathFinding]
) -> list[PreparedSeries]:
    """The stacks of a series.

    Raises
    ------
    SeriesRefused
        When an image of it is lost, a slice is missing, or it is no set of stacks.
    """
    _check_complete(images, lost)
    if not images:
        return []
    prepared = [_prepare(part, series, skipped) for part in _split(series, images)]
    return [_with_announced(stack, series) for stack in prepared]


def _check_complete(images: list[DecodedImage], lost: list[LostImage]) -> None:
    for missing in lost:
        if not any(_covers(image, missing) for image in images):
            count = len(images) + len(lost)
            reason = missing.refusal.reason
            if count > 1:
                reason += f" Its series of {count} images was left out whole."
            raise SeriesRefused(missing.found.shown, missing.refusal.code, reason)


def _covers(image: DecodedImage, missing: LostImage) -> bool:
    if image.source.identity.sop_uid == missing.sop_uid:
        return True
    if image.position is None or missing.position is None:
        return False
    return bool(np.linalg.norm(np.subtract(image.position, missing.position)) < geometry.SAME_POSITION_MM)


def _split(series: SourceSeries, images: list[DecodedImage]) -> list[_Part]:
    orientations: list[Orientation] = []
    groups: dict[Hashable, list[DecodedImage]] = {}
    for image in images:
        groups.setdefault(_look(image, orientations), []).append(image)
    if len(groups) > MAX_ORIENTATIONS:
        reason = f"The series holds {len(groups)} orientations or image sizes and is no set of stacks."
        raise SeriesRefused(series.shown, "mixed_geometry", reason)
    parts = []
    for number, group in enumerate(groups.values(), start=1):
        label = f"look {number}" if number > 1 else ""
        findings: tuple[Finding, ...] = ()
        if len(groups) > 1:
            reason = f"Part {number} of {len(groups)}: the series mixes orientations or image sizes."
            findings = (Finding("split_by_geometry", reason),)
        parts += _split_repeats(_Part(tuple(group), label, findings))
    return parts


def _look(image: DecodedImage, orientations: list[Orientation]) -> Hashable:
    """What images of one stack share."""
    cluster = -1
    if image.orientation is not None:
        same = (geometry.is_same_orientation(known, image.orientation) for known in orientations)
        cluster = next((number for number, is_same in enumerate(same) if is_same), len(orientations))
        if cluster == len(orientations):
            orientations.append(image.orientation)
    spacing = None if image.spacing is None else tuple(round(value, 4) for value in image.spacing)
    header = image.header
    size = (whole(header, "Rows"), whole(header, "Columns"))
    return (cluster, size, spacing, text(header, "PhotometricInterpretation"))


SPLITTERS: tuple[tuple[str, Callable[[DecodedImage], Hashable]], ...] = (
    ("b-value", lambda image: b_value_of(image.header)),
    ("echo time", lambda image: numbers(image.header, "EchoTime", 1)),
    ("image type", lambda image: tuple(texts(image.header, "ImageType"))),
    ("time point", lambda image: whole(image.header, "TemporalPositionIdentifier")),
    ("time point", lambda image: whole(image.header, "TemporalPositionIndex")),
    ("acquisition", lambda image: whole(image.header, "AcquisitionNumber")),
)
"""What tells images at one position apart, tried in this order."""


def _split_repeats(part: _Part) -> list[_Part]:
    """Stacks that were sent as one series, such as the b-values of a diffusion measurement, taken apart."""
    if not _repeats(part.images):
        return [part]
    for name, key in SPLITTERS:
        groups: dict[Hashable, list[DecodedImage]] = {}
        for image in part.images:
            groups.setdefault(key(image), []).append(image)
        if len(groups) > 1 and not any(_repeats(tuple(group)) for group in groups.values()):
            finding = Finding(
                "split_by_value", f"One of {len(groups)} stacks sent as one series, split by {name}."
            )
            return [
                _Part(tuple(group), f"{part.label} {name} {value}".strip(), (*part.findings, finding))
                for value, group in groups.items()
            ]
    return [part]


def _repeats(images: tuple[DecodedImage, ...]) -> tuple[int, ...]:
    first = images[0]
    if first.orientation is None:
        return ()
    return geometry.stack_slices(first.orientation, [_position(image) for image in images]).repeated


def _position(image: DecodedImage) -> geometry.Position:
    if image.position is None:
        raise ValueError("an image with an orientation has a position")
    return image.position


def _prepare(part: _Part, series: SourceSeries, skipped: list[PathFinding]) -> PreparedSeries:
    first = part.images[0]
    placed: dict[str, Any] = {}
    kind, modality = kind_of(first.header), text(first.header, "Modality").upper()
    if first.orientation is None:
        images, stack, plane = _by_instance_number(part.images), None, "unknown"
        warnings = [
            Finding("no_geometry", "No position in the patient: no orientation letters, no reformats.")
        ]
    else:
        stack = geometry.stack_slices(first.orientation, [_position(image) for image in part.images])
        if stack.missing:
            count = len(stack.order) + stack.missing
            reason = f"{stack.missing} of {count} slices are missing in between; send the whole series."
            raise SeriesRefused(series.shown, "missing_slice", reason)
        images = tuple(part.images[index] for index in stack.order)
        plane, placed, warnings = _place(first.orientation, images)
        warnings += [*stack.findings, *_set_aside(part, stack, images, skipped)]
    window, is_tagged = _window(images)
    return PreparedSeries(
        images=images,
        part=part.label,
        kind=kind,
        modality=modality,
        plane=plane,
        title=title_of(kind, modality, plane),
        spacing=first.spacing,
        step_mm=stack.step_mm if stack else None,
        is_uniform=bool(stack and stack.is_uniform and first.spacing),
        geometry={**placed, "is_window_tagged": is_tagged, "b_value": kind.b_value},
        window=window,
        warnings=(*part.findings, *warnings, *_image_warnings(images, kind)),
        is_synthetic=_is_synthetic(first),
        series_number=whole(first.header, "SeriesNumber") or 0,
    )


def _by_instance_number(images: tuple[DecodedImage, ...]) -> tuple[DecodedImage, ...]:
    return tuple(sorted(images, key=lambda image: whole(image.header, "InstanceNumber") or 0))


def _place(
    orientation: Orientation, images: tuple[DecodedImage, ...]
) -> tuple[str, dict[str, Any], list[Finding]]:
    plane, tilt = geometry.plane_of(orientation)
    is_conventional = geometry.is_conventional(orientation, plane)
    warnings = []
    if not is_conventional:
        reason = "Stored turned or mirrored against the usual view, and shown so, with its letters."
        warnings.append(Finding("unusual_view", reason))
    placed = {
        "orientation": list(orientation),
        "normal": [float(value) for value in geometry.normal_of(orientation)],
        "first_position": list(_position(images[0])),
        "last_position": list(_position(images[-1])),
        "tilt_degrees": round(tilt, 2),
        "is_conventional": is_conventional,
        "instance_order": _instance_order(images),
    }
    return plane, placed, warnings


def _instance_order(images: tuple[DecodedImage, ...]) -> str:
    """How the sender's numbering runs along the sorted stack."""
    sent = [whole(image.header, "InstanceNumber") for image in images]
    known = [number for number in sent if number is not None]
    if len(known) < len(sent) or len(known) < 2:
        return "unknown"
    if known == sorted(known):
        return "ascending"
    return "descending" if known == sorted(known, reverse=True) else "mixed"


def _set_aside(
    part: _Part, stack: geometry.Stack, images: tuple[DecodedImage, ...], skipped: list[PathFinding]
) -> list[Finding]:
    """Name the images whose place is taken; nothing in their headers tells them from those that stay."""
    for index in stack.repeated:
        taken = next(image for image in images if _is_at_same_depth(image, part.images[index]))
        reason = f"At the same position as {taken.shown}, and nothing tells the two apart."
        skipped.append(PathFinding(part.images[index].shown, "duplicate_position", reason))
    if not stack.repeated:
        return []
    reason = f"{len(stack.repeated)} further images lie at positions already taken and were left out."
    return [Finding("duplicate_position", reason)]


def _is_at_same_depth(one: DecodedImage, other: DecodedImage) -> bool:
    if one.orientation is None:
        return False
    apart = np.subtract(_position(one), _position(other)) @ geometry.normal_of(one.orientation)
    return bool(abs(apart) < geometry.SAME_POSITION_MM)


def _image_warnings(images: tuple[DecodedImage, ...], kind: SequenceKind) -> list[Finding]:
    warnings = []
    if images[0].spacing is None:
        reason = "No pixel spacing: lengths cannot be measured in millimeters."
        warnings.append(Finding("no_spacing", reason))
    if any(is_lossy(image) for image in images):
        reason = "Sent with lossy compression: gray values are not those of the scanner."
        warnings.append(Finding("lossy_compression", reason))
    if kind.is_localizer:
        warnings.append(Finding("localizer", "A localizer: for planning, not for reading."))
    return warnings


def _window(images: tuple[DecodedImage, ...]) -> tuple[dict[str, float], bool]:
    values = np.concatenate([image.frame.sample * slope + intercept for image in images
                             for slope, intercept in [rescale_of(image)]])  # fmt: skip
    return default_window([_tagged_window(image) for image in images], values)


def _is_synthetic(image: DecodedImage) -> bool:
    """Whether the image says itself that it shows no patient: by attribute, or by the phantom's writer."""
    writer = text(image.header.file_meta, "ImplementationVersionName")
    return text(image.header, "SyntheticData") == "YES" or writer.startswith(PHANTOM_WRITER)


def rescale_of(image: DecodedImage) -> tuple[float, float]:
    """Slope and intercept from stored to shown values; a slope of zero is none."""
    slope, intercept = numbers(image.header, "RescaleSlope", 1), numbers(image.header, "RescaleIntercept", 1)
    return (slope[0] if slope and slope[0] else 1.0), (intercept[0] if intercept else 0.0)


def _tagged_window(image: DecodedImage) -> tuple[float, float] | None:
    center, width = numbers(image.header, "WindowCenter"), numbers(image.header, "WindowWidth")
    return (center[0], width[0]) if center and width else None


def _with_announced(stack: PreparedSeries, series: SourceSeries) -> PreparedSeries:
    """Warn when the header promises more images than came; scanners count differently: a hint."""
    announced = whole(stack.images[0].header, "ImagesInAcquisition") or 0
    if announced <= len(series.images):
        return stack
    reason = f"The header announces {announced} images, {len(series.images)} came; part may be missing."
    return replace(stack, warnings=(*stack.warnings, Finding("fewer_than_announced", reason)))
