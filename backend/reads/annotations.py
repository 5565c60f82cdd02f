"""Notes and measurements beside the form, as the browser sends them: checked against their slices, and measured here.

Nothing of them answers a question. The values are those computed here, from the points and the stored pixels; where
the browser's differ, it is told so.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from backend.audit.errors import InvalidInput
from backend.cases.models import CaseImage
from backend.cases.pixels import read_slice
from backend.studies.forms import can_be_stored, is_finite_number

from .access import protocol_of, shown_series
from .geometry import (
    BadMeasurement,
    Point,
    SliceGrid,
    agree,
    check_on_slice,
    checked_point,
    slice_grid,
)
from .marks import checked_uuid
from .models import Read
from .outlines import area_mm2, crosses_itself
from .region_values import ellipse_mask, polygon_mask, statistics_of

MAX_ANNOTATIONS = 100
MAX_POINTS = 2_000
MAX_TEXT = 500
# How many points each tool has: the least and the most.
TOOLS: Mapping[str, tuple[int, int]] = {
    "length": (2, 2),
    "angle": (3, 3),
    "ellipse": (4, 4),
    "freehand": (3, MAX_POINTS),
    "arrow": (2, 2),
    "text": (1, 1),
}
WRITTEN = ("arrow", "text")
Values = dict[str, float]


@dataclass(frozen=True)
class CheckedAnnotation:
    """A drawing beside the form with the values computed here; `series` counts from 0, `frame` from 1."""

    uuid: UUID
    tool: str
    series: int
    frame: int
    points_mm: list[list[float]]
    text: str | None
    values: Values
    image: CaseImage
    sent_values: Mapping[str, Any] = field(default_factory=dict)

    def as_sent(self) -> dict[str, Any]:
        """The annotation in the words of the API."""
        return {
            "uuid": str(self.uuid),
            "tool": self.tool,
            "series": self.series,
            "frame": self.frame,
            "points_mm": self.points_mm,
            "text": self.text,
            "values": self.values,
        }

    def differences(self) -> list[dict[str, Any]]:
        """Values of the browser that are not ours, to a hundredth of their unit."""
        return differences_of(self.uuid, self.sent_values, self.values)


def differences_of(uuid: UUID, here: Mapping[str, Any], server: Mapping[str, float]) -> list[dict[str, Any]]:
    """The values that the browser sent of a drawing and that differ from the server's by more than the tolerance."""
    return [
        {"uuid": str(uuid), "field": name, "here": float(here[name]), "server": value}
        for name, value in server.items()
        if is_finite_number(here.get(name)) and not agree(float(here[name]), value)
    ]


def check_annotations(
    read: Read, sent: Sequence[Mapping[str, Any]], *, kept: Iterable[Mapping[str, Any]] = ()
) -> list[CheckedAnnotation]:
    """The annotations of a draft, submission or correction.

    Parameters
    ----------
    kept : those of the draft as this server wrote it
        What has not moved since keeps its values, without a look at the pixels again.

    Raises
    ------
    InvalidInput
        Names the annotation by its place in the list.
    """
    if len(sent) > MAX_ANNOTATIONS:
        raise InvalidInput("Too many annotations.", {"annotations": f"At most {MAX_ANNOTATIONS} are kept."})
    slices = _Slices(read)
    known = {one["uuid"]: one for one in kept}
    checked = []
    for place, one in enumerate(sent):
        try:
            checked.append(_check(one, slices, known))
        except BadMeasurement as problem:
            raise InvalidInput(
                "An annotation cannot be accepted.", {f"annotations[{place}]": str(problem)}
            ) from problem
    if len({one.uuid for one in checked}) != len(checked):
        raise InvalidInput(
            "An annotation cannot be accepted.", {"annotations": "An annotation is sent twice."}
        )
    return checked


class _Slices:
    """The slices of one read, their grids and values; each is read once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._series: list[UUID] | None = None
        self._images: dict[tuple[int, int], tuple[CaseImage, SliceGrid]] = {}
        self._values: dict[UUID, NDArray[np.float32]] = {}
        self.tools: Sequence[str] | None = protocol_of(read).get("tools")

    def find(self, index: object, frame: object) -> tuple[CaseImage, SliceGrid]:
        if type(index) is not int or type(frame) is not int:
            raise BadMeasurement("The slice of the annotation is not part of this case.")
        if (index, frame) not in self._images:
            self._images[index, frame] = self._found(index, frame)
        return self._images[index, frame]

    def values(self, image: CaseImage) -> NDArray[np.float32]:
        if image.pk not in self._values:
            self._values[image.pk] = read_slice(image)
        return self._values[image.pk]

    def _found(self, index: int, frame: int) -> tuple[CaseImage, SliceGrid]:
        if self._series is None:
            self._series = [one.pk for one in shown_series(self._read)]
        image = None
        if 0 <= index < len(self._series) and 1 <= frame <= 1_000_000:
            images = CaseImage.objects.select_related("series")
            image = images.filter(series_id=self._series[index], index=frame - 1).first()
        if image is None:
            raise BadMeasurement("The slice of the annotation is not part of this case.")
        return image, slice_grid(image.metadata)


def _check(sent: object, slices: _Slices, known: Mapping[str, Mapping[str, Any]]) -> CheckedAnnotation:
    if not isinstance(sent, Mapping):
        raise BadMeasurement("The annotation is not complete.")
    tool = sent.get("tool")
    if not isinstance(tool, str) or tool not in TOOLS:
        raise BadMeasurement("The tool is none that the viewer has.")
    if slices.tools is not None and tool not in slices.tools:
        raise BadMeasurement("The protocol of this study does not have this tool.")
    uuid = checked_uuid(sent.get("uuid"))
    image, grid = slices.find(sent.get("series"), sent.get("frame"))
    points = _points(tool, sent.get("points_mm"))
    check_on_slice(points, grid)
    points_mm = [list(point) for point in points]
    before = known.get(str(uuid), {})
    names = ("tool", "series", "frame", "points_mm")
    stands = all(
        before.get(name) == mine
        for name, mine in zip(names, (tool, sent["series"], sent["frame"], points_mm), strict=True)
    )
    values = before["values"] if stands else VALUES[tool](points, grid, lambda: slices.values(image))
    given = sent.get("values")
    return CheckedAnnotation(
        uuid=uuid,
        tool=tool,
        series=sent["series"],
        frame=sent["frame"],
        points_mm=points_mm,
        text=_text(tool, sent.get("text")),
        values=values,
        image=image,
        sent_values=given if isinstance(given, Mapping) else {},
    )


def _points(tool: str, sent: object) -> list[Point]:
    least, most = TOOLS[tool]
    if not isinstance(sent, (list, tuple)) or not least <= len(sent) <= most:
        raise BadMeasurement("The annotation has not the points of its tool.")
    return [checked_point(point) for point in sent]


def _text(tool: str, sent: object) -> str | None:
    if sent is None:
        text = ""
    elif isinstance(sent, str):
        text = sent.strip()
    else:
        raise BadMeasurement("The text is none.")
    if not can_be_stored(text):
        raise BadMeasurement("The text holds a character that cannot be stored.")
    if len(text) > MAX_TEXT:
        raise BadMeasurement(f"The text has at most {MAX_TEXT} characters.")
    if text and tool not in WRITTEN:
        raise BadMeasurement("This tool has no text.")
    if not text and tool == "text":
        raise BadMeasurement("The note is empty.")
    return text or None


Pixels = Callable[[], NDArray[np.float32]]


def _length(points: Sequence[Point], _grid: SliceGrid, _pixels: Pixels) -> Values:
    return {"length_mm": math.dist(points[0], points[1])}


def _angle(points: Sequence[Point], _grid: SliceGrid, _pixels: Pixels) -> Values:
    """The angle at the second point; without a length of either arm there is none."""
    one, other = np.subtract(points[0], points[1]), np.subtract(points[2], points[1])
    if not np.any(one) or not np.any(other):
        return {}
    turned = math.atan2(float(np.linalg.norm(np.cross(one, other))), float(one @ other))
    return {"angle_deg": math.degrees(turned)}


def _ellipse(points: Sequence[Point], grid: SliceGrid, pixels: Pixels) -> Values:
    a, b, c, d = grid.in_plane(points)
    u, v = (b - a) / 2, (d - c) / 2
    mask = ellipse_mask(grid.in_pixels(points), rows=grid.rows, columns=grid.columns)
    area = math.pi * abs(float(u[0] * v[1] - u[1] * v[0]))
    return {"area_mm2": area, **statistics_of(pixels(), mask)}


def _freehand(points: Sequence[Point], grid: SliceGrid, pixels: Pixels) -> Values:
    outline = grid.in_plane(points)
    if crosses_itself(outline):
        raise BadMeasurement("The outline crosses itself.")
    mask = polygon_mask(grid.in_pixels(points), rows=grid.rows, columns=grid.columns)
    return {"area_mm2": area_mm2(outline), **statistics_of(pixels(), mask)}


def _nothing(_points: Sequence[Point], _grid: SliceGrid, _pixels: Pixels) -> Values:
    return {}


VALUES: Mapping[str, Callable[[Sequence[Point], SliceGrid, Pixels], Values]] = {
    "length": _length,
    "angle": _angle,
    "ellipse": _ellipse,
    "freehand": _freehand,
    "arrow": _nothing,
    "text": _nothing,
}
