"""The JSON Schema of a form's answers. Pure.

Server and browser validate by it: types, options, ranges, lengths. What depends on other answers is said by the
form's expressions (`form_logic`), not by the schema.
"""

from collections.abc import Callable, Mapping
from typing import Any

Schema = dict[str, Any]

MAX_TEXT = 2_000
MAX_MARKS = 100
MAX_CONTOURS = 500
MAX_POINTS = 2_000
# A labelmap tells its segments apart by the values of a byte; 0 is outside of all.
MAX_SEGMENTS = 255
# How a mask question is answered: `drawn_by` of its outline, which is the default, or of its voxels.
VOXELS = "voxels"
# No patient is larger; the images' own coordinates are checked where the images are known.
MAX_COORDINATE_MM = 5_000
_UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
_UID = "^[0-9.]{1,64}$"


def form_schema(form: Mapping[str, Any]) -> Schema:
    """The schema (draft 2020-12) of the answers to a form: an object with a value or null for every question."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {question["key"]: _schema_of(question) for question in form["questions"]},
        "additionalProperties": False,
    }


def _schema_of(question: Mapping[str, Any]) -> Schema:
    kind = question["kind"]
    return _FIXED[kind] if kind in _FIXED else _MADE[kind](question)


def _options(question: Mapping[str, Any]) -> list[Any]:
    return [option["value"] for option in question["options"]]


def _one_of(question: Mapping[str, Any]) -> Schema:
    return {"enum": [*_options(question), None]}


def _choice(question: Mapping[str, Any]) -> Schema:
    if not question.get("multiple"):
        return _one_of(question)
    return {"type": ["array", "null"], "items": {"enum": _options(question)}, "uniqueItems": True}


def _number(question: Mapping[str, Any]) -> Schema:
    return {"type": ["number", "null"], "minimum": question["min"], "maximum": question["max"]}


def _mark(question: Mapping[str, Any]) -> Schema:
    # A draft may hold a mark whose rating is open; `check_answers` asks for it at the commit.
    rating = _one_of(question) if question.get("options") else {"type": "null"}
    mark = _drawn({"uuid": {"type": "string", "pattern": _UUID}, "point_mm": _point(), "rating": rating})
    return {"type": ["array", "null"], "items": mark, "maxItems": question.get("max_marks") or MAX_MARKS}


def is_by_voxels(question: Mapping[str, Any]) -> bool:
    """Whether the question is a mask that is painted voxel by voxel; other masks are drawn by their outline."""
    return question["kind"] == "mask" and question.get("drawn_by") == VOXELS


def _mask(question: Mapping[str, Any]) -> Schema:
    if not is_by_voxels(question):
        return _OUTLINED
    # A draft may hold a segment without its label or status; `check_answers` asks for them at the commit.
    segment = {
        part: {"enum": [*(word["key"] for word in question.get(words, [])), None]}
        for part, words in (("label", "labels"), ("status", "statuses"))
    }
    segments = {"type": "array", "items": _object(segment), "maxItems": MAX_SEGMENTS}
    return {**_object({"segments": segments}), "type": ["object", "null"]}


def _drawn(parts: Mapping[str, Schema]) -> Schema:
    uid = {"type": "string", "pattern": _UID}
    return _object({"sop_uid": uid, "frame_of_reference_uid": uid, **parts})


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _point() -> Schema:
    coordinate = {"type": "number", "minimum": -MAX_COORDINATE_MM, "maximum": MAX_COORDINATE_MM}
    return {"type": "array", "items": coordinate, "minItems": 3, "maxItems": 3}


def _derived(question: Mapping[str, Any]) -> Schema:
    if question["type"] == "category":
        return _one_of(question)
    return {"type": [question["type"], "null"]}


_POINTS = {"type": "array", "items": _point(), "minItems": 3, "maxItems": MAX_POINTS}
_CONTOURS = {"type": "array", "items": _drawn({"points_mm": _POINTS}), "maxItems": MAX_CONTOURS}
# Kinds whose answers have one schema, whatever else the question says.
_FIXED: dict[str, Schema] = {
    "yes_no": {"type": ["boolean", "null"]},
    "probability": {"type": ["integer", "null"], "minimum": 0, "maximum": 100},
    "text": {"type": ["string", "null"], "maxLength": MAX_TEXT},
}
_OUTLINED: Schema = {**_object({"contours": _CONTOURS}), "type": ["object", "null"]}
_MADE: dict[str, Callable[[Mapping[str, Any]], Schema]] = {
    "choice": _choice,
    "ordinal": _one_of,
    "location": _one_of,
    "number": _number,
    "measurement": _number,
    "mark": _mark,
    "mask": _mask,
    "derived": _derived,
}
