"""How a person likes the viewer: keys, windows by kind of sequence, linking, lines, layouts.

The document has room for a habit and for nothing of a case: every name in it comes from a fixed list or a narrow
pattern, and there is no free text (ADR 0020).
"""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from jsonschema import Draft202012Validator

from backend.audit.errors import InvalidInput

from .models import User, ViewerPreferences

MAX_BYTES = 16_384
ROLES = ("T2W", "DWI", "ADC", "T1", "OTHER")
# The only sequence whose values have a unit, so that a window means the same in every case.
ROLE_WITH_UNIT = "CT"
# What a drag with a mouse button does; the left one has the tool in hand.
DRAGS = ("pan", "zoom", "window")
Schema = dict[str, Any]

_ACTION = r"\A[a-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*\Z"
_KEY = r"\A(Ctrl\+)?(Shift\+)?([^\s\x00-\x1f\ud800-\udfff]|[A-Z][A-Za-z0-9]{1,19})\Z"
_ANY_ROLE = "|".join((*ROLES, ROLE_WITH_UNIT, r"\*"))
# As "T2W" or, of a plane across the slices, "T2W:sagittal"; where the slices must have been taken so, "T2W@sagittal".
_PANE = rf"({_ANY_ROLE})(:(acquired|axial|sagittal|coronal)|@(axial|sagittal|coronal))?"
_HANGING = rf"\A{_PANE}([,/]{_PANE}){{0,5}}\Z"


def _object(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _named(pattern: str, value: Schema, *, at_most: int, longest: int) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": pattern, "maxLength": longest},
        "additionalProperties": value,
        "maxProperties": at_most,
    }


def _number(low: float, high: float) -> Schema:
    return {"type": "number", "minimum": low, "maximum": high}


_PERCENTILES = _object({"low": _number(0, 100), "high": _number(0, 100)}, ("low", "high"))
_WINDOW = _object({"center": _number(-1e5, 1e5), "width": _number(1e-3, 1e5)}, ("center", "width"))
_LAYOUT = _object(
    {
        "rows": {"type": "integer", "minimum": 1, "maximum": 2},
        "columns": {"type": "integer", "minimum": 1, "maximum": 3},
    },
    ("rows", "columns"),
)
_SWITCH: Schema = {"type": ["boolean", "null"]}
_DRAG: Schema = {"enum": list(DRAGS)}
SCHEMA: Schema = _object(
    {
        "keys": _named(
            _ACTION,
            {"type": "array", "maxItems": 6, "items": {"type": "string", "pattern": _KEY}},
            at_most=200,
            longest=40,
        ),
        "remember_windows": {"type": "boolean"},
        "windows": _object({ROLE_WITH_UNIT: _WINDOW, **dict.fromkeys(ROLES, _PERCENTILES)}),
        "linked": _SWITCH,
        "lines": _SWITCH,
        "drags": _object({"middle": _DRAG, "right": _DRAG}, ("middle", "right")),
        "layouts": _named(_HANGING, _LAYOUT, at_most=20, longest=120),
    }
)
_VALIDATOR = Draft202012Validator(SCHEMA)


def no_preferences() -> dict[str, Any]:
    """What holds where nobody has chosen: null leaves it to the study, or to the viewer."""
    return {
        "keys": {},
        "remember_windows": False,
        "windows": {},
        "linked": None,
        "lines": None,
        "drags": {"middle": "pan", "right": "zoom"},
        "layouts": {},
    }


def preferences_of(user: User) -> dict[str, Any]:
    kept = ViewerPreferences.objects.filter(user=user).first()
    return {**no_preferences(), **(kept.document if kept else {})}


def preferences_save(*, document: object, by: User, now: datetime) -> dict[str, Any]:
    """Keep a person's own preferences in place of those before; what is not named goes back to its default.

    Nothing of it is of a study, so no audit event is written, as for signing in.

    Raises
    ------
    InvalidInput
        If it is no document of preferences, or too large; `fields` names the place.
    """
    fields = _faults(document)
    if fields:
        raise InvalidInput("These preferences cannot be kept.", fields)
    with transaction.atomic():
        ViewerPreferences.objects.update_or_create(
            user=by, defaults={"document": document, "updated_at": now}
        )
    return preferences_of(by)


def _faults(document: object) -> dict[str, str]:
    try:
        size = len(json.dumps(document, allow_nan=False).encode())
    except ValueError:
        return {"": "There is a number in it that cannot be kept."}
    if size > MAX_BYTES:
        return {"": f"They take {size} bytes, and at most {MAX_BYTES} can be kept."}
    faults = {
        ".".join(map(str, error.absolute_path)): f"This is not as preferences have it ({error.validator})."
        for error in _VALIDATOR.iter_errors(document)
    }
    if not faults and isinstance(document, dict):
        for role, window in document.get("windows", {}).items():
            if "low" in window and window["low"] >= window["high"]:
                faults[f"windows.{role}"] = "The lower percentile must be below the upper one."
    return faults
