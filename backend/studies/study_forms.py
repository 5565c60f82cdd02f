"""The reading forms of the four published studies, of practice and of a blank study. Pure.

`docs/forms.md` describes their language. Every form passes `check_form`.
"""

from collections.abc import Sequence
from typing import Any

FormDocument = dict[str, Any]
Questions = list[dict[str, Any]]

_REGIONS = {
    "external_iliac": "external iliac",
    "obturator": "obturator",
    "internal_iliac": "internal iliac",
}
# Where each region lies on the schematic axial slice, in percent from the left and from the top; the patient's right
# is on the left, and front is at the top.
_PLACES = {
    "right_external_iliac": [33, 27],
    "right_obturator": [39, 47],
    "right_internal_iliac": [38, 68],
    "left_external_iliac": [67, 27],
    "left_obturator": [61, 47],
    "left_internal_iliac": [62, 68],
}


def lpln_form() -> FormDocument:
    """Location, three criteria, the derived suggestion and a rating of malignancy on five points.

    References
    ----------
    Yoo et al., Sci Rep 15 (2025), doi 10.1038/s41598-025-99029-1.
    """
    location = {
        "key": "side_region",
        "kind": "location",
        "label": "Node location",
        "help": "The lateral pelvic lymph node that is most likely malignant.",
        "required": True,
        "diagram": "pelvis",
        "view": "axial",
        "options": [*_region_options("right"), *_region_options("left")],
    }
    return _form([location, *_axes(), *_lpln_criteria(), *_lpln_rating()])


def _lpln_criteria() -> Questions:
    return [
        _derived("criterion_short_axis", "Short axis > 5 mm", "boolean", "short_axis_mm > 5"),
        _yes_no("criterion_heterogeneous", "Heterogeneous signal"),
        _yes_no("criterion_margin", "Ill-defined or spiculated margin"),
    ]


def _lpln_rating() -> Questions:
    met = "count(criterion_short_axis, criterion_heterogeneous, criterion_margin)"
    anchors = (
        "Definitely benign",
        "Probably benign",
        "Possibly malignant",
        "Probably malignant",
        "Definitely malignant",
    )
    return [
        {
            **_derived("suggestion", "Criteria suggest", "number", f"if({met} == 0, null, {met} + 2)"),
            "help": "Three criteria: 5. Two: 4. One: 3. None: 1 or 2, your judgment.",
        },
        _scale("rating", "Malignancy", anchors),
        _comment(),
    ]


def lln_form() -> FormDocument:
    """Status, region, size and malignant features of a node on each side, and what follows for the case.

    A node is positive when its short axis is at least 7 mm, or when it shows both malignant features. The case's
    region is that of the positive node; of two, the larger one's.

    References
    ----------
    Qiao et al., Front Oncol 15:1681939 (2025).
    """
    return _form([*_lln_side("left"), *_lln_side("right"), *_lln_case(), _comment()])


def _lln_side(side: str) -> Questions:
    """The largest node of one side."""
    features = f"count({side}_irregular_border, {side}_heterogeneous_signal) >= 2"
    asked = [
        {
            "key": f"{side}_region",
            "kind": "location",
            "label": "Region of the largest node",
            "help": "",
            "required": True,
            "diagram": "pelvis",
            "view": "axial",
            "options": _region_options(side),
        },
        {**_short_axis(f"{side}_short_axis_mm"), "of": side},
        _yes_no(f"{side}_irregular_border", "Irregular border"),
        _yes_no(f"{side}_heterogeneous_signal", "Heterogeneous signal"),
    ]
    positive = _derived(
        f"{side}_positive",
        "Positive node",
        "boolean",
        f"{side}_node and ({side}_short_axis_mm >= 7 or {features})",
    )
    node = _yes_no(f"{side}_node", "Is there a lateral lymph node?")
    questions = [node, *({**question, "show_if": f"{side}_node"} for question in asked), positive]
    return [{**question, "section": f"{side.title()} side"} for question in questions]


def _lln_case() -> Questions:
    left_counts = "left_positive and (not right_positive or left_short_axis_mm >= right_short_axis_mm)"
    sizes = {
        "none": "No node",
        "under_5": "Under 5 mm",
        "from_5_to_7": "From 5 to under 7 mm",
        "from_7": "7 mm or more",
    }
    status = _derived("status", "Positive lateral node", "boolean", "left_positive or right_positive")
    region = {
        **_derived(
            "region",
            "Region of the positive node",
            "category",
            f"if(status, if({left_counts}, left_region, right_region), 'none')",
        ),
        "options": [
            {"value": "none", "label": "No positive node"},
            *_region_options("right"),
            *_region_options("left"),
        ],
    }
    largest = _derived(
        "largest_short_axis_mm",
        "Largest short axis",
        "number",
        "if(left_node and right_node, max(left_short_axis_mm, right_short_axis_mm), "
        "if(left_node, left_short_axis_mm, if(right_node, right_short_axis_mm, null)))",
    )
    diameter = {
        **_derived(
            "diameter_class",
            "Diameter class",
            "category",
            "if(left_node or right_node, if(largest_short_axis_mm >= 7, 'from_7', "
            "if(largest_short_axis_mm >= 5, 'from_5_to_7', 'under_5')), 'none')",
        ),
        "options": [{"value": value, "label": label} for value, label in sizes.items()],
    }
    questions = [status, region, {**largest, "unit": "mm"}, diameter]
    return [{**question, "section": "The case"} for question in questions]


def cervix_sra_form() -> FormDocument:
    """The standardized radiological assessment of the largest pelvic node, and the clinical feature c_LNM.

    Positive: short axis of at least 10 mm, or central necrosis, or a short axis of at least 8 mm with a ratio of
    short to long axis above 0.8. The rule takes the exact ratio; what is shown is rounded.

    References
    ----------
    Bao et al., five centers, 1,095 patients with cervical cancer.
    """
    node = _yes_no("node_visible", "Is there a pelvic lymph node to measure?")
    necrosis = _yes_no("central_necrosis", "Central necrosis")
    asked = [{**question, "show_if": "node_visible"} for question in (*_axes(), necrosis)]
    for question in asked:
        question["required"] = True
    ratio = _derived("ratio", "Short axis to long axis", "number", "round(short_axis_mm / long_axis_mm, 2)")
    rule = (
        "node_visible and (short_axis_mm >= 10 or central_necrosis or "
        "short_axis_mm >= 8 and short_axis_mm / long_axis_mm > 0.8)"
    )
    return _form(
        [
            node,
            *asked,
            {**ratio, "show_if": "node_visible"},
            {
                **_derived("sra_positive", "Positive assessment", "boolean", rule),
                "help": "Short axis 10 mm or more, or central necrosis, or short axis 8 mm or more and ratio "
                "above 0.8.",
            },
            _derived(
                "c_lnm", "Short axis of 10 mm or more", "boolean", "node_visible and short_axis_mm >= 10"
            ),
            _comment(),
        ]
    )


def larc_delineation_form() -> FormDocument:
    """The tumor drawn slice by slice on T2-weighted images, its volume, the image quality and the confidence.

    References
    ----------
    Liu et al., EBioMedicine (2021), doi 10.1016/j.ebiom.2021.103442.
    """
    mask = {
        "key": "tumour",
        "kind": "mask",
        "label": "Tumor outline",
        "help": "Outline the tumor on every slice that shows it; leave out the lumen.",
        "required": False,
        "required_if": "tumour_visible",
        "show_if": "tumour_visible",
        "role": "T2W",
    }
    volume = _derived("volume_ml", "Tumor volume", "number", "round(tumour_volume_ml, 1)")
    qualities = ("Not diagnostic", "Poor", "Acceptable", "Good", "Excellent")
    confidences = ("Very unsure", "Unsure", "Neither", "Sure", "Very sure")
    return _form(
        [
            _yes_no("tumour_visible", "Is the tumor visible on T2-weighted images?"),
            mask,
            {**volume, "unit": "ml", "show_if": "tumour_visible"},
            _scale("image_quality", "Image quality", qualities),
            _scale("confidence", "Confidence in the outline", confidences),
            _comment(),
        ]
    )


def practice_form() -> FormDocument:
    """A measurement and an image quality of five points."""
    anchors = ("Not diagnostic", "Poor", "Acceptable", "Good", "Excellent")
    axes = [{**question, "required": False, "help": "Of anything you like."} for question in _axes()]
    return _form([*axes, _scale("rating", "Image quality", anchors), _comment()])


def blank_form() -> FormDocument:
    """One rating of five points, to be rewritten."""
    anchors = ("Definitely absent", "Probably absent", "Uncertain", "Probably present", "Definitely present")
    return _form([_scale("rating", "Rating", anchors)])


def _form(questions: Questions) -> FormDocument:
    return {"version": 1, "questions": questions}


def _region_options(side: str) -> Questions:
    return [
        {
            "value": f"{side}_{region}",
            "label": f"{side.title()} {words}",
            "at": list(_PLACES[f"{side}_{region}"]),
        }
        for region, words in _REGIONS.items()
    ]


def _short_axis(key: str) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "measurement",
        "label": "Short axis",
        "help": "Draw the long axis; then adjust the short axis across it.",
        "required": True,
        "unit": "mm",
        "min": 1,
        "max": 60,
        "step": 0.1,
        "axis": "short",
    }


def _axes() -> Questions:
    """The short axis, which is required, and the long one, which is not."""
    long_axis = {
        **_short_axis("long_axis_mm"),
        "label": "Long axis",
        "help": "",
        "required": False,
        "max": 120,
        "axis": "long",
    }
    return [_short_axis("short_axis_mm"), long_axis]


def _yes_no(key: str, label: str) -> dict[str, Any]:
    return {"key": key, "kind": "yes_no", "label": label, "help": "", "required": True}


def _derived(key: str, label: str, kind: str, expr: str) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "derived",
        "label": label,
        "help": "",
        "required": False,
        "type": kind,
        "expr": expr,
    }


def _scale(key: str, label: str, anchors: Sequence[str]) -> dict[str, Any]:
    options = [{"value": value, "label": words} for value, words in enumerate(anchors, start=1)]
    return {"key": key, "kind": "ordinal", "label": label, "help": "", "required": True, "options": options}


def _comment() -> dict[str, Any]:
    return {"key": "comment", "kind": "text", "label": "Comment", "help": "", "required": False}
