"""Masks as the browser sends them by their voxels: checked against the form and the series, and measured here."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jsonschema import Draft202012Validator
from numpy.typing import NDArray
from scipy import ndimage

from backend.analysis.errors import AnalysisError
from backend.analysis.masks.calliper import MAX_PARTS, MaskAxes, is_borderline, mask_axes, mask_volume_ml
from backend.audit.errors import InvalidInput
from backend.cases.models import CaseSeries
from backend.studies.form_schema import MAX_SEGMENTS, is_by_voxels
from backend.studies.forms import can_be_stored

from .access import shown_series
from .geometry import BadMeasurement
from .labelmap_bytes import Shape, Voxels, from_base64, unpacked, values_in
from .models import Read

MAX_BASE64 = 2 * 1024 * 1024
MAX_WORDS = 256 * 1024

_KEY = {"type": ["string", "null"], "maxLength": 60}
_PARAMETER = {"type": ["number", "string", "boolean", "null"], "maxLength": 60}
_STEP = {
    "type": "object",
    "properties": {
        "tool": {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,29}$"},
        "version": {"type": "string", "maxLength": 40},
        "seed_ijk": {"type": ["array", "null"], "items": {"type": "integer"}, "minItems": 3, "maxItems": 3},
        "parameters": {"type": "object", "additionalProperties": _PARAMETER, "maxProperties": 20},
    },
    "required": ["tool"],
    "additionalProperties": False,
}
# What a step need not say, as it is kept and given back.
_UNSAID: dict[str, Any] = {"version": "", "seed_ijk": None, "parameters": {}}
_SEGMENT = {
    "type": "object",
    "properties": {
        "value": {"type": "integer", "minimum": 1, "maximum": MAX_SEGMENTS},
        "question": {"type": "string", "maxLength": 60},
        "label": _KEY,
        "status": _KEY,
        "origin": {"type": "array", "items": _STEP, "maxItems": 500},
        "edited_voxels": {"type": "integer", "minimum": 0},
    },
    "required": ["value", "question"],
    "additionalProperties": False,
}
_LABELMAP = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "series": {"type": "integer"},
            "segments": {"type": "array", "items": _SEGMENT, "maxItems": MAX_SEGMENTS},
            "shape": {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3},
            "data": {"type": "string"},
        },
        "required": ["series", "segments", "shape", "data"],
        "additionalProperties": False,
    }
)


@dataclass(frozen=True)
class Segment:
    """One structure of a mask: what the reader calls it, how it was drawn, and what was measured on it here.

    `origin` are the steps that drew it: tool, its version, seed (column, row, slice) and parameters. `slices` counts
    frames from 1; `frame` is the one on which the short axis was measured. Axes are None where the segment is nowhere
    two pixels wide, the volume where the slices do not lie evenly, and `borderline` where
    the question has no cut-off.
    """

    value: int
    question: str
    label: str | None
    status: str | None
    origin: list[dict[str, Any]]
    edited_voxels: int
    voxels: int
    slices: list[int]
    frame: int | None
    short_axis_mm: float | None
    long_axis_mm: float | None
    volume_ml: float | None
    borderline: bool | None

    def as_sent(self) -> dict[str, Any]:
        """The segment in the words of the API, without what the server measured."""
        parts = ("value", "question", "label", "status", "origin", "edited_voxels")
        return {part: getattr(self, part) for part in parts}

    def measured(self) -> dict[str, Any]:
        """The segment as an answer: its words and sizes, nothing of how it was drawn."""
        parts = ("label", "status", "short_axis_mm", "long_axis_mm", "volume_ml", "slices", "borderline")
        return {part: getattr(self, part) for part in parts}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Labelmap:
    """What is painted on one series; `data` are the packed voxels, whose slices come in the series' own order."""

    series: CaseSeries
    index: int
    segments: tuple[Segment, ...]
    data: bytes

    @property
    def shape(self) -> Shape:
        return shape_of(self.series)

    def as_sent(self) -> dict[str, Any]:
        """The labelmap in the words of the API."""
        return {
            "series": self.index,
            "segments": [one.as_sent() for one in self.segments],
            "shape": list(self.shape),
            "data": base64.b64encode(self.data).decode(),
        }


def shape_of(series: CaseSeries) -> Shape:
    return (series.slices, series.rows, series.columns)


def has_voxel_questions(form: Mapping[str, Any]) -> bool:
    return any(is_by_voxels(question) for question in form["questions"])


def check_labelmaps(read: Read, form: Mapping[str, Any], sent: Sequence[Mapping[str, Any]]) -> list[Labelmap]:
    """The labelmaps of a draft or submission, their segments measured; one that holds no segment is left out.

    Each lies on a series of the read's case and has its shape; its values are those of its segments, and each segment
    belongs to a mask question that is drawn by voxels. A series has one labelmap, and a mask lies in one series.

    Raises
    ------
    InvalidInput
        Names the labelmap by its place in the list, or the question, and in its text the series.
    """
    if sum(len(one["data"]) for one in sent if isinstance(one.get("data"), str)) > MAX_BASE64:
        raise _refusal({"labelmaps": "The masks of a case take at most 2 MB when they are packed."})
    shown = shown_series(read) if sent else []
    questions = {one["key"]: one for one in form["questions"] if is_by_voxels(one)}
    checked: list[Labelmap] = []
    for place, one in enumerate(sent):
        try:
            checked.append(_check(one, shown, questions))
        except _BadSegment as problem:
            raise _refusal({problem.question: str(problem)}) from problem
        except BadMeasurement as problem:
            raise _refusal({f"labelmaps[{place}]": str(problem)}) from problem
    _check_together(checked)
    return [one for one in checked if one.segments]


def segment_answers(form: Mapping[str, Any], labelmaps: Sequence[Labelmap]) -> dict[str, Any]:
    """The answers to the mask questions that are drawn by voxels: the words of each segment, None without one."""
    answers: dict[str, Any] = {}
    for key, own in _by_question(form, labelmaps).items():
        words = [{"label": one.label, "status": one.status} for one in own]
        answers[key] = {"segments": words} if words else None
    return answers


def segment_values(form: Mapping[str, Any], labelmaps: Sequence[Labelmap]) -> dict[str, float | int | None]:
    """What expressions may ask of a mask drawn by voxels; None without a segment.

    Volume and slices are those of all segments together, the axes those of the segment with the largest short axis.
    """
    values: dict[str, float | int | None] = {}
    for key, own in _by_question(form, labelmaps).items():
        measured = [one for one in own if one.short_axis_mm is not None]
        largest = max(measured, key=lambda one: (one.short_axis_mm, one.long_axis_mm), default=None)
        volumes = [one.volume_ml for one in own]
        known = [volume for volume in volumes if volume is not None]
        values[f"{key}_volume_ml"] = sum(known) if own and len(known) == len(own) else None
        values[f"{key}_slices"] = len({frame for one in own for frame in one.slices}) or None
        values[f"{key}_short_axis_mm"] = largest.short_axis_mm if largest else None
        values[f"{key}_long_axis_mm"] = largest.long_axis_mm if largest else None
        values[f"{key}_count"] = len(own) or None
    return values


def _by_question(form: Mapping[str, Any], labelmaps: Sequence[Labelmap]) -> dict[str, list[Segment]]:
    segments = [segment for one in labelmaps for segment in one.segments]
    return {
        question["key"]: [one for one in segments if one.question == question["key"]]
        for question in form["questions"]
        if is_by_voxels(question)
    }


class _BadSegment(BadMeasurement):
    """What is wrong with a segment, by its question."""

    def __init__(self, question: str, text: str) -> None:
        super().__init__(text)
        self.question = question


def _refusal(fields: dict[str, str]) -> InvalidInput:
    return InvalidInput("A mask cannot be accepted.", fields)


def _check(
    sent: Mapping[str, Any], shown: Sequence[CaseSeries], questions: Mapping[str, Mapping[str, Any]]
) -> Labelmap:
    _check_structure(sent)
    # To JSON 1.0 is an integer too.
    index = int(sent["series"])
    if not 0 <= index < len(shown):
        raise BadMeasurement("The series that is named is not part of this case.")
    series, where = shown[index], _place(index, shown[index])
    try:
        if tuple(sent["shape"]) != shape_of(series):
            raise BadMeasurement(f"The labelmap has the shape {sent['shape']}, not {list(shape_of(series))}.")
        data = from_base64(sent["data"])
        voxels = unpacked(data, shape_of(series))
        _check_values(voxels, [int(one["value"]) for one in sent["segments"]])
    except BadMeasurement as problem:
        raise BadMeasurement(f"{where}: {problem}") from problem
    for one in sent["segments"]:
        _check_words(one, questions, series, where)
    segments = _measured(voxels, sent["segments"], questions, series, where)
    return Labelmap(series, index, segments, data)


def _check_structure(sent: Mapping[str, Any]) -> None:
    if not can_be_stored(sent):
        raise BadMeasurement("The labelmap holds what cannot be stored.")
    for fault in _LABELMAP.iter_errors(sent):
        part = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in fault.path).lstrip(".")
        raise BadMeasurement(
            f"The labelmap is not complete{f': {part} is not what it should be' if part else ''}."
        )
    if len(json.dumps(sent["segments"])) > MAX_WORDS:
        raise BadMeasurement("The segments say too much of how they were drawn.")


def _place(index: int, series: CaseSeries) -> str:
    return f"Series {index + 1}, {series.title}"


def _check_values(voxels: Voxels, values: Sequence[int]) -> None:
    present = values_in(voxels)
    if len(set(values)) != len(values):
        raise BadMeasurement("Two segments have the same value.")
    if missing := sorted(set(values) - present):
        raise BadMeasurement(f"No voxel has the value {missing[0]}, which a segment names.")
    if unknown := sorted(present - set(values)):
        raise BadMeasurement(f"Voxels have the value {unknown[0]}, which no segment names.")


def _check_words(
    sent: Mapping[str, Any], questions: Mapping[str, Mapping[str, Any]], series: CaseSeries, where: str
) -> None:
    key = sent["question"]
    question = questions.get(key)
    if question is None:
        raise _BadSegment(key, f"{where}: The form has no mask '{key}' that is drawn by voxels.")
    if question.get("role") and series.role != question["role"]:
        raise _BadSegment(
            key, f"{where}: This is drawn on {question['role']} images only, and the series is another one."
        )
    for part, words in (("label", "labels"), ("status", "statuses")):
        known = [one["key"] for one in question.get(words, [])]
        if sent.get(part) is not None and sent[part] not in known:
            raise _BadSegment(key, f"{where}: The question has no {part} '{sent[part]}'.")


def _measured(
    voxels: Voxels,
    sent: Sequence[Mapping[str, Any]],
    questions: Mapping[str, Mapping[str, Any]],
    series: CaseSeries,
    where: str,
) -> tuple[Segment, ...]:
    if sent and (series.row_spacing_mm is None or series.column_spacing_mm is None):
        raise BadMeasurement(
            f"{where}: This series says nothing of the distance of its pixels, so nothing can be measured on it."
        )
    boxes = ndimage.find_objects(voxels)
    return tuple(
        _segment(one, voxels, boxes[int(one["value"]) - 1], questions[one["question"]], series, where)
        for one in sorted(sent, key=lambda one: int(one["value"]))
    )


def _segment(
    sent: Mapping[str, Any],
    voxels: Voxels,
    box: tuple[slice, slice, slice],
    question: Mapping[str, Any],
    series: CaseSeries,
    where: str,
) -> Segment:
    own: NDArray[np.bool_] = voxels[box] == sent["value"]
    spacing = (float(series.row_spacing_mm or 0), float(series.column_spacing_mm or 0))
    try:
        found = mask_axes(own, spacing, series.slice_step_mm)
    except AnalysisError as problem:
        raise _BadSegment(
            sent["question"],
            f"{where}: A segment has more than {MAX_PARTS:,} separate parts on one slice. Take the specks away.",
        ) from problem
    axes = found if isinstance(found, MaskAxes) else None
    cut_off = question.get("cut_off_mm")
    return Segment(
        value=int(sent["value"]),
        question=sent["question"],
        label=sent.get("label"),
        status=sent.get("status"),
        origin=[{**_UNSAID, **step} for step in sent.get("origin", [])],
        edited_voxels=int(sent.get("edited_voxels", 0)),
        voxels=int(np.count_nonzero(own)),
        slices=[box[0].start + int(one) + 1 for one in np.flatnonzero(own.any(axis=(1, 2)))],
        frame=box[0].start + axes.slice + 1 if axes else None,
        short_axis_mm=axes.short_axis_mm if axes else None,
        long_axis_mm=axes.long_axis_mm if axes else None,
        volume_ml=mask_volume_ml(own, spacing, series.slice_step_mm),
        borderline=is_borderline(axes.short_axis_mm, cut_off, max(spacing)) if axes and cut_off else None,
    )


def _check_together(checked: Sequence[Labelmap]) -> None:
    places: dict[str, int] = {}
    for place, one in enumerate(checked):
        if one.index in [other.index for other in checked[:place]]:
            text = f"{_place(one.index, one.series)}: A series has one labelmap."
            raise _refusal({f"labelmaps[{place}]": text})
        for segment in one.segments:
            if places.setdefault(segment.question, one.index) != one.index:
                text = f"{_place(one.index, one.series)}: The mask lies in another series too; a mask lies in one."
                raise _refusal({segment.question: text})
