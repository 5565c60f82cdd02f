"""Protocol documents: the templates, the canonical form, and its digest. Pure."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from .randomisation import ALGORITHM, ALGORITHM_VERSION

CURRENT_FORMAT = 1


def canonical_json(document: Mapping[str, Any]) -> str:
    """One text for one document: keys sorted, no spare spaces, no NaN."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def lpln_radiomics_protocol(*, washout_days: int = 28) -> dict[str, Any]:
    """The reading of a lateral pelvic lymph node, unaided and then with the radiomics score.

    References
    ----------
    Yoo et al., Sci Rep 15 (2025), doi 10.1038/s41598-025-99029-1.
    """
    return {
        "format": CURRENT_FORMAT,
        "template": "lpln-radiomics",
        "design": "fixed order, unaided then aided",
        "washout_days": washout_days,
        "washout_rule": "24-hour days in UTC, per reader and case, from the reader's own committed read",
        "sessions": [
            {"ordinal": 1, "title": "Session 1", "arm": "UNAIDED", "model_id": ""},
            {"ordinal": 2, "title": "Session 2", "arm": "AIDED", "model_id": "lpln-radiomics"},
        ],
        "case_order": {
            "rule": "random per reader and session; a later session not correlated with the one before",
            "algorithm": ALGORITHM,
            "algorithm_version": ALGORITHM_VERSION,
        },
        "instructions": (
            "Pick the lateral pelvic lymph node that is most likely malignant, say where it lies, measure it, "
            "judge the three criteria, and rate malignancy on five points."
        ),
        "primary_role": "T2W",
        "rating_question": "rating",
        "positive_from": 4,
        "positive_class": "metastatic node",
        "form": lpln_form(),
    }


def lpln_form() -> dict[str, Any]:
    """Location, the three criteria, the derived suggestion and the five-point rating."""
    return {"version": 1, "questions": [*_lpln_location(), *_lpln_criteria(), *_lpln_rating()]}


def _lpln_location() -> list[dict[str, Any]]:
    regions = {
        "external_iliac": "external iliac",
        "obturator": "obturator",
        "internal_iliac": "internal iliac",
    }
    return [
        {
            "key": "side_region",
            "kind": "location",
            "label": "Node location",
            "help": "The lateral pelvic lymph node that is most likely malignant.",
            "required": True,
            "options": [
                {"value": f"{side}_{region}", "label": f"{side.title()} {words}"}
                for side in ("right", "left")
                for region, words in regions.items()
            ],
        },
    ]


def _lpln_criteria() -> list[dict[str, Any]]:
    return [
        {
            "key": "short_axis_mm",
            "kind": "measurement",
            "label": "Short axis",
            "help": "Draw the long axis; then adjust the short axis across it.",
            "required": True,
            "unit": "mm",
            "min": 1,
            "max": 60,
            "step": 0.1,
            "axis": "short",
        },
        {
            "key": "long_axis_mm",
            "kind": "measurement",
            "label": "Long axis",
            "help": "",
            "required": False,
            "unit": "mm",
            "min": 1,
            "max": 120,
            "step": 0.1,
            "axis": "long",
        },
        {
            "key": "criterion_short_axis",
            "kind": "derived",
            "label": "Short axis > 5 mm",
            "help": "",
            "required": False,
            "rule": {"op": "gt", "question": "short_axis_mm", "value": 5},
        },
        {
            "key": "criterion_heterogeneous",
            "kind": "yes_no",
            "label": "Heterogeneous signal",
            "help": "",
            "required": True,
        },
        {
            "key": "criterion_margin",
            "kind": "yes_no",
            "label": "Ill-defined or spiculated margin",
            "help": "",
            "required": True,
        },
    ]


def _lpln_rating() -> list[dict[str, Any]]:
    anchors = (
        "Definitely benign",
        "Probably benign",
        "Possibly malignant",
        "Probably malignant",
        "Definitely malignant",
    )
    return [
        {
            "key": "suggestion",
            "kind": "derived",
            "label": "Criteria suggest",
            "help": "Three criteria: 5. Two: 4. One: 3. None: 1 or 2, your judgement.",
            "required": False,
            "rule": {
                "op": "count_true",
                "questions": ["criterion_short_axis", "criterion_heterogeneous", "criterion_margin"],
                "map": {"0": None, "1": 3, "2": 4, "3": 5},
            },
        },
        {
            "key": "rating",
            "kind": "ordinal",
            "label": "Malignancy",
            "help": "",
            "required": True,
            "options": [{"value": value, "label": label} for value, label in enumerate(anchors, start=1)],
        },
        {"key": "comment", "kind": "text", "label": "Comment", "help": "", "required": False},
    ]


def practice_protocol() -> dict[str, Any]:
    """One unaided session on image quality, to get to know the reading room; no model, no reference standard."""
    return {
        "format": CURRENT_FORMAT,
        "template": "practice",
        "design": "single arm",
        "washout_days": 0,
        "washout_rule": "none: one session",
        "sessions": [{"ordinal": 1, "title": "Practice", "arm": "UNAIDED", "model_id": ""}],
        "case_order": {
            "rule": "random per reader and session",
            "algorithm": ALGORITHM,
            "algorithm_version": ALGORITHM_VERSION,
        },
        "instructions": "Try the tools: scroll, set the window, measure something, and rate the image quality.",
        "primary_role": "OTHER",
        "rating_question": "rating",
        "positive_from": 4,
        "form": practice_form(),
    }


def practice_form() -> dict[str, Any]:
    """A measurement and an image quality of five points."""
    axes = [question for question in _lpln_criteria() if question["key"] in ("short_axis_mm", "long_axis_mm")]
    anchors = ("Not diagnostic", "Poor", "Acceptable", "Good", "Excellent")
    return {
        "version": 1,
        "questions": [
            *[{**question, "required": False, "help": "Of anything you like."} for question in axes],
            {
                "key": "rating",
                "kind": "ordinal",
                "label": "Image quality",
                "help": "",
                "required": True,
                "options": [{"value": value, "label": label} for value, label in enumerate(anchors, start=1)],
            },
            {"key": "comment", "kind": "text", "label": "Comment", "help": "", "required": False},
        ],
    }


TEMPLATES: dict[str, Callable[..., dict[str, Any]]] = {
    "lpln-radiomics": lpln_radiomics_protocol,
    "practice": practice_protocol,
}
