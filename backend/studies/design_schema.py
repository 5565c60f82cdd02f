"""The shape of a protocol document, format 2, as a JSON Schema, and its faults in plain sentences. Pure.

What the parts mean together is checked by `design_checks`; the questions of the form have rules of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from .forms import can_be_stored
from .statements import COLLECTION, COLLECTIONS, LONGEST, STATEMENTS

Schema = dict[str, Any]
MAX_FAULTS = 50
KEY_PATTERN = r"^[A-Za-z0-9_-]{1,40}$"


@dataclass(frozen=True)
class Problem:
    """A fault of a protocol: the path of the field, a sentence, and whether it blocks the freeze."""

    path: str
    text: str
    is_blocking: bool = True


def advice(path: str, text: str) -> Problem:
    """A fault that does not stand in the way of the freeze."""
    return Problem(path, text, is_blocking=False)


def _object(required: Mapping[str, Schema], **optional: Schema) -> Schema:
    return {
        "type": "object",
        "required": sorted(required),
        "properties": {**required, **optional},
    }


def _list(items: Schema, *, at_least: int = 0, at_most: int = 1000) -> Schema:
    return {"type": "array", "items": items, "minItems": at_least, "maxItems": at_most}


def _whole(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def _number(low: float, high: float) -> Schema:
    return {"type": "number", "minimum": low, "maximum": high}


def _text(longest: int) -> Schema:
    return {"type": "string", "maxLength": longest}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _only(required: Mapping[str, Schema], **optional: Schema) -> Schema:
    return {**_object(required, **optional), "additionalProperties": False}


# Tools of the viewer that no question needs; a protocol that names some leaves out the others.
OPTIONAL_TOOLS = ("length", "angle", "ellipse", "freehand", "arrow", "text", "probe", "magnify")

ROLES = ("T2W", "ADC", "DWI", "T1", "CT", "OTHER")
PLANES = ("acquired", "axial", "sagittal", "coronal")
_GRAY = _number(-1_000_000, 1_000_000)
WINDOW: Schema = {
    "oneOf": [
        _only(
            {
                "center": _GRAY,
                "width": {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000},
            }
        ),
        _only({"low": _number(0, 100), "high": _number(0, 100)}),
    ]
}
PANE = _object(
    {
        "role": _or_null({"enum": list(ROLES)}),
        "kind": {"enum": ["stack", "mpr"]},
        "plane": _or_null({"enum": list(PLANES)}),
        "start": _or_null({"enum": ["first", "middle", "last"]}),
        "window": _or_null(WINDOW),
    }
)
HANGING = _object(
    {
        "rows": _whole(1, 2),
        "columns": _whole(1, 3),
        "panes": _list(PANE, at_least=1, at_most=6),
        "linked": {"type": "boolean"},
    }
)

KEY: Schema = {"type": "string", "pattern": KEY_PATTERN}
REFERENCE: Schema = {"type": "string", "pattern": r"^(\*|[A-Za-z0-9_-]{1,40})$"}
TITLE = _text(60)
NAMED = _object({"key": KEY, "title": TITLE})

_CASE_SET_PARTS: dict[str, dict[str, Schema]] = {
    "all": {},
    "list": {"cases": _list(_text(30), at_most=20_000)},
    "random": {"n": _whole(1, 20_000)},
    "center": {"centers": _list(_text(20))},
    "cohort": {"cohorts": _list(_text(40))},
    "part": {"of": _whole(1, 100), "part": _whole(1, 100)},
}
CASE_SET: Schema = {
    **_object({"key": KEY, "title": TITLE, "how": {"enum": list(_CASE_SET_PARTS)}}),
    "allOf": [
        {
            "if": {"properties": {"how": {"const": how}}, "required": ["how"]},
            "then": {"required": sorted(parts), "properties": parts},
        }
        for how, parts in _CASE_SET_PARTS.items()
        if parts
    ],
}
PLAN_ROW = _object(
    {
        "group": REFERENCE,
        "sequence": REFERENCE,
        "case_set": KEY,
        "arms": {**_list(KEY, at_least=1, at_most=6), "uniqueItems": True},
    }
)
SESSION = _object(
    {
        "ordinal": _whole(1, 40),
        "title": TITLE,
        "period": _whole(1, 40),
        "washout_days": _whole(0, 3650),
        "plan": _list(PLAN_ROW, at_most=400),
    },
    is_reread={"type": "boolean"},
)
DESIGN = _object(
    {
        "kind": _text(40),
        "arms": _list(_object({"key": KEY, "title": TITLE, "model_id": _text(60)}), at_least=1, at_most=12),
        "reader_groups": _list(NAMED, at_least=1, at_most=40),
        "sequences": _list(NAMED, at_least=1, at_most=40),
        "case_sets": _list(CASE_SET, at_least=1, at_most=100),
        "sessions": _list(SESSION, at_least=1, at_most=40),
    }
)
_NAME = _text(120)
_NAMES = _list(_NAME, at_most=50)
_NUMBERS = _list(_number(-1_000_000, 1_000_000), at_most=20)
_RANGE = _list(_number(0, 1), at_least=2, at_most=2)
_COUNTS = _list(_whole(2, 100_000), at_most=20)
_TABLE_TESTS = ("chi-square", "yates", "fisher", "welch", "student", "mann-whitney")


def _by_name(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values, "maxProperties": 50}


# What a model's output says to a question: answers from the lowest output to the highest, with limits between them.
_MODEL_ANSWERS = _list(
    _only(
        {
            "model": _NAME,
            "question": _text(60),
            "output": {"enum": ["call", "probability", "score"]},
            "answers": _list(_NAME, at_least=2, at_most=50),
        },
        cut_offs=_list(_number(-1_000_000, 1_000_000), at_most=49),
    ),
    at_most=50,
)
_EVENT_PROBABILITIES = _list(
    _only(
        {
            "endpoint": _NAME,
            "models": _list(_NAME, at_least=1, at_most=50),
            "by": _number(0, 1_000_000),
        }
    ),
    at_most=20,
)
# What `backend.analysis.formats.analysis_plan` takes of the choices that can be made before there are data.
PLAN = _only(
    {},
    primary=_list(_text(300), at_most=10),
    margin=_or_null(_number(-1, 1)),
    margin_sensitivity=_or_null(_number(-1, 1)),
    margin_specificity=_or_null(_number(-1, 1)),
    margin_partial_specificity=_or_null(_number(-1, 1)),
    margin_partial_sensitivity=_or_null(_number(-1, 1)),
    prevalences=_NUMBERS,
    risk_cutoffs=_NUMBERS,
    subgroups=_NAMES,
    development=_NAMES,
    predictors=_NAMES,
    reclassification=_list(_list(_text(120), at_least=2, at_most=2), at_most=20),
    times=_NUMBERS,
    time_unit=_text(40),
    covariates=_NAMES,
    clinical=_NAMES,
    strata=_text(120),
    survival_groups=_NAMES,
    nomogram=_NAMES,
    tau=_or_null(_number(0, 1_000_000)),
    survival_interval={"enum": ["log-log", "log"]},
    event_probabilities=_EVENT_PROBABILITIES,
    positive_answers=_by_name(_NAME),
    model_answers=_MODEL_ANSWERS,
    reference_levels=_by_name(_NAME),
    labels=_by_name(_NAME),
    tests=_by_name({"enum": list(_TABLE_TESTS)}),
    fisher_below=_or_null(_number(0, 1_000)),
    fisher_share=_or_null(_number(0, 1)),
    compare_counts={"enum": ["chi-square", "yates"]},
    normality={"enum": ["shapiro", "assumed", "not_assumed"]},
    normality_alpha=_or_null(_number(0, 1)),
    compare_means={"enum": ["welch", "student"]},
    ordered=_by_name(_list(_NAME, at_least=2, at_most=50)),
    partial_specificity=_RANGE,
    partial_sensitivity=_RANGE,
    bootstrap={**_list({"enum": ["differences", "bands"]}, at_most=2), "uniqueItems": True},
    power_difference=_or_null(_number(0, 1)),
    power=_or_null(_number(0, 1)),
    power_alpha=_or_null(_number(0, 1)),
    power_readers=_COUNTS,
    power_cases=_COUNTS,
    power_generalizes_to={"enum": ["readers_and_cases", "cases", "readers"]},
)
_STATEMENTS = _only(
    {}, **{COLLECTION: {"enum": list(COLLECTIONS)}}, **dict.fromkeys(STATEMENTS, _text(LONGEST))
)
DOCUMENT: Schema = _object(
    {
        "format": {"const": 2},
        "template": _text(60),
        "objective": _text(5_000),
        "instructions": _text(20_000),
        "design": DESIGN,
        "case_order": _object(
            {
                "rule": _text(2_000),
                "algorithm": _text(60),
                "algorithm_version": {"type": "integer"},
                "balance": {"enum": [None, "prevalence"]},
            }
        ),
        "washout": _object({"count_from": {"enum": ["read", "session"]}, "rule": _text(2_000)}),
        "hidden_repeats": _or_null(
            _object(
                {
                    "count": _whole(1, 1_000),
                    "min_lag": _whole(1, 10_000),
                    "sessions": _list(_whole(1, 40)),
                }
            )
        ),
        "training": _or_null(
            _object(
                {
                    "pass_mark": _number(0, 1),
                    "max_attempts": _whole(1, 20),
                    "questions": _list(_text(60)),
                    "tolerance": {"type": "object", "additionalProperties": _number(0, 1_000)},
                }
            )
        ),
        "sittings": _object(
            {
                "max_cases": _or_null(_whole(1, 1_000)),
                "max_minutes": _or_null(_whole(5, 1_440)),
                "break_minutes": _whole(0, 1_440),
            }
        ),
        "signature": {"type": "boolean"},
        "sees_case_info": {"type": "boolean"},
        "form": _object(
            {"version": {"type": "integer"}, "questions": _list({"type": "object"}, at_most=200)}
        ),
        "primary_role": {"enum": list(ROLES)},
        "analysis": _object(
            {
                "rating_question": _or_null(_text(60)),
                "positive_from": _or_null({"type": ["integer", "number", "string"]}),
                "positive_class": _text(120),
                "reference": {"enum": ["truth", "consensus"]},
            },
            plan=_or_null(PLAN),
        ),
        "adjudication": _or_null(
            _object(
                {
                    "mode": {"enum": ["third_reader", "consensus", "majority"]},
                    "arms": _or_null(_list(KEY, at_least=1)),
                    "rules": _list(_object({"question": _text(60), "when": _text(20)})),
                    "expected_discordance": {"type": "number"},
                    "minutes_per_item": {"type": "number"},
                }
            )
        ),
    },
    tools=_or_null(_list({"enum": list(OPTIONAL_TOOLS)}, at_most=len(OPTIONAL_TOOLS))),
    hanging=_or_null(HANGING),
    statements=_or_null(_STATEMENTS),
)


def shape_problems(document: object) -> list[Problem]:
    """Where the document has not the shape of a protocol, at most `MAX_FAULTS` of the places."""
    if not can_be_stored(document):
        return [Problem("", "The protocol holds a character or a number that cannot be stored.")]
    faults: set[tuple[str, str]] = set()
    for error in _validator().iter_errors(document):
        faults |= {(_path(one), _sentence(one)) for one in _innermost(error)}
        if len(faults) >= MAX_FAULTS:
            break
    return [Problem(path, text) for path, text in sorted(faults)[:MAX_FAULTS]]


@cache
def _validator() -> Any:
    # The standard takes 30.0 for an integer; a count of cases is one in Python's sense too.
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole)
    return extend(Draft202012Validator, type_checker=types)(DOCUMENT)


def _is_whole(_: TypeChecker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _innermost(error: ValidationError) -> list[ValidationError]:
    """Of something that may be null the faults of the other branch; else the error itself."""
    if error.validator != "anyOf" or error.context is None:
        return [error]
    inner = [one for one in error.context if one.schema_path[0] == 0]
    if any(one.validator == "type" and not one.path for one in inner):
        return [error]
    return [leaf for one in inner for leaf in _innermost(one)]


def _path(error: ValidationError) -> str:
    path = ""
    for part in error.absolute_path:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _sentence(error: ValidationError) -> str:
    wanted = error.validator_value
    match error.validator:
        case "required":
            missing = [name for name in wanted if name not in error.instance]
            return f"Something is missing here: {', '.join(missing)}."
        case "minimum":
            return f"This must be at least {wanted:g}."
        case "maximum":
            return f"This must be at most {wanted:g}."
        case "minItems":
            return "At least one is needed here."
        case "maxItems":
            return f"There can be at most {wanted} of these."
        case "maxLength":
            return f"This can have at most {wanted} characters."
        case "additionalProperties":
            return f"There is nothing here besides {', '.join(sorted(error.schema['properties']))}."
        case "uniqueItems":
            return "The same arm or word stands here twice."
        case "enum" | "const":
            return "This is not one of the possible values."
        case "pattern":
            return _pattern_sentence(str(error.instance))
        case "oneOf":
            return "A window has a center and a width above 0, or two percentiles from 0 to 100."
        case "type" | "anyOf":
            return "This is missing or of the wrong kind."
        case _:
            return "This is not as a protocol has it."


def _pattern_sentence(value: str) -> str:
    if not value.strip():
        return "This cannot be empty."
    return "A key has up to 40 letters, digits, underscores or hyphens, and no spaces."
