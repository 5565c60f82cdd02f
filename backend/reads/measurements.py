"""Measurements as the browser sends them, checked against the slice they were drawn on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from backend.audit.errors import InvalidInput, RuleBroken
from backend.cases.models import CaseImage
from backend.studies.forms import is_finite_number

from .access import protocol_of, shown_series
from .annotations import differences_of
from .geometry import Axes, BadMeasurement, bidirectional_axes, check_on_slice, slice_grid
from .models import Read

MAX_MEASUREMENTS = 20


@dataclass(frozen=True)
class CheckedMeasurement:
    """A bidirectional measurement with the lengths computed here."""

    uuid: UUID
    tool: str
    question: str | None
    series: int
    frame: int
    points_mm: list[list[float]]
    axes: Axes
    image: CaseImage
    sent_axes: Axes

    def differences(self) -> list[dict[str, Any]]:
        """Lengths of the browser that are not ours, to a hundredth of a millimeter."""
        return differences_of(self.uuid, asdict(self.sent_axes), asdict(self.axes))

    def as_sent(self) -> dict[str, Any]:
        """The measurement in the words of the API."""
        return {
            "uuid": str(self.uuid),
            "tool": self.tool,
            "question": self.question,
            "series": self.series,
            "frame": self.frame,
            "points_mm": self.points_mm,
            "long_axis_mm": self.axes.long_axis_mm,
            "short_axis_mm": self.axes.short_axis_mm,
        }


def check_measurements(
    read: Read, sent: Sequence[Mapping[str, Any]], *, tolerant: bool = False
) -> list[CheckedMeasurement]:
    """The measurements of a draft or submission.

    Parameters
    ----------
    tolerant : bool
        Whether a length that is not ours is told by `differences` alone, and the measurement kept with ours.

    Raises
    ------
    InvalidInput
        Names the measurement by its place in the list.
    RuleBroken
        `measurement_mismatch`, when a length of the browser and ours differ by more than the tolerance, unless
        `tolerant`.
    """
    if len(sent) > MAX_MEASUREMENTS:
        raise InvalidInput(
            "Too many measurements.", {"measurements": f"At most {MAX_MEASUREMENTS} are kept."}
        )
    series = shown_series(read) if sent else []
    form = protocol_of(read)["form"]
    pairs = {
        question["key"]: question.get("of") or ""
        for question in form["questions"]
        if question["kind"] == "measurement"
    }
    checked = []
    for place, one in enumerate(sent):
        try:
            checked.append(_check(one, [row.pk for row in series], pairs.keys()))
        except (BadMeasurement, KeyError, TypeError, ValueError) as problem:
            text = str(problem) if isinstance(problem, BadMeasurement) else "The measurement is not complete."
            raise InvalidInput(
                "A measurement cannot be accepted.", {f"measurements[{place}]": text}
            ) from problem
    if not tolerant and any(one.differences() for one in checked):
        raise RuleBroken("measurement_mismatch", "The browser and the server measure different lengths.")
    if len({one.uuid for one in checked}) != len(checked):
        raise InvalidInput(
            "A measurement cannot be accepted.", {"measurements": "A measurement is sent twice."}
        )
    filled = [pairs[one.question] for one in checked if one.question is not None]
    if len(set(filled)) != len(filled):
        raise InvalidInput(
            "A measurement cannot be accepted.",
            {"measurements": "Two measurements fill the same pair of axes."},
        )
    return checked


def _check(
    sent: Mapping[str, Any], series_ids: Sequence[UUID], fillable: Collection[str]
) -> CheckedMeasurement:
    if sent["tool"] != "bidirectional":
        raise BadMeasurement("The tool is not one that this form uses.")
    question = sent.get("question")
    if question is not None and (not isinstance(question, str) or question not in fillable):
        raise BadMeasurement("The form has no such measurement.")
    if not (is_finite_number(sent["long_axis_mm"]) and is_finite_number(sent["short_axis_mm"])):
        raise BadMeasurement("A length is a number of mm.")
    index, frame = sent["series"], sent["frame"]
    if type(index) is not int or not 0 <= index < len(series_ids) or type(frame) is not int:
        raise BadMeasurement("The slice of the measurement is not part of this case.")
    image = (
        CaseImage.objects.select_related("series")
        .filter(series_id=series_ids[index], index=frame - 1)
        .first()
    )
    if image is None:
        raise BadMeasurement("The slice of the measurement is not part of this case.")
    points = sent["points_mm"]
    axes = bidirectional_axes(points)
    check_on_slice(points, slice_grid(image.metadata))
    return CheckedMeasurement(
        uuid=UUID(str(sent["uuid"])),
        tool="bidirectional",
        question=question,
        series=index,
        frame=frame,
        points_mm=[[float(value) for value in point] for point in points],
        axes=axes,
        image=image,
        sent_axes=Axes(float(sent["long_axis_mm"]), float(sent["short_axis_mm"])),
    )
