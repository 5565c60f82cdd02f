"""TEMPORARY: replaced whole by the forms of the four studies."""
from typing import Any

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



lln_form = practice_form

cervix_sra_form = practice_form

larc_delineation_form = practice_form

blank_form = practice_form
