from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.studies import study_forms
from backend.studies.form_schema import form_schema

MARK = {
    "uuid": "00000000-0000-4000-8000-000000000001",
    "sop_uid": "2.25.1",
    "frame_of_reference_uid": "2.25.2",
    "point_mm": [1, -2.5, 3],
    "rating": 2,
}
CONTOUR = {
    "sop_uid": "2.25.1",
    "frame_of_reference_uid": "2.25.2",
    "points_mm": [[0, 0, 0], [1, 0, 0], [0, 1, 0]],
}
OPTIONS = [{"value": 1, "label": "One"}, {"value": 2, "label": "Two"}]
FORM = {
    "questions": [
        {
            "key": "choice",
            "kind": "choice",
            "options": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
        },
        {"key": "several", "kind": "choice", "multiple": True, "options": OPTIONS},
        {"key": "ordinal", "kind": "ordinal", "options": OPTIONS},
        {"key": "location", "kind": "location", "options": OPTIONS},
        {"key": "yes_no", "kind": "yes_no"},
        {"key": "number", "kind": "number", "min": 0.5, "max": 9},
        {"key": "measurement", "kind": "measurement", "min": 1, "max": 60, "axis": "short"},
        {"key": "probability", "kind": "probability"},
        {"key": "text", "kind": "text"},
        {"key": "mark", "kind": "mark", "options": OPTIONS, "max_marks": 2},
        {"key": "seed", "kind": "mark"},
        {"key": "mask", "kind": "mask"},
        {
            "key": "voxels",
            "kind": "mask",
            "drawn_by": "voxels",
            "labels": [{"key": "left", "label": "Left"}, {"key": "right", "label": "Right"}],
        },
        {"key": "truth", "kind": "derived", "type": "boolean", "expr": "yes_no"},
        {"key": "sum", "kind": "derived", "type": "number", "expr": "number + 1"},
        {"key": "class", "kind": "derived", "type": "category", "expr": "ordinal", "options": OPTIONS},
    ]
}
VALIDATOR = Draft202012Validator(form_schema(FORM))
RIGHT = {
    "choice": ["a", "b"],
    "several": [[1], [2, 1], []],
    "ordinal": [1, 2],
    "location": [1],
    "yes_no": [True, False],
    "number": [0.5, 9, 3.25],
    "measurement": [1, 60.0],
    "probability": [0, 100, 50],
    "text": ["", "x" * 2000, "😀" * 2000],
    "mark": [[], [MARK], [{**MARK, "rating": None}, MARK]],
    "seed": [[{**MARK, "rating": None}]],
    "mask": [{"contours": []}, {"contours": [CONTOUR]}],
    "voxels": [
        {"segments": []},
        {"segments": [{"label": "left", "status": None}, {"label": None, "status": None}]},
    ],
    "truth": [True],
    "sum": [1.5],
    "class": [1],
}
WRONG: dict[str, list[Any]] = {
    "choice": ["c", 1, ["a"], True],
    "several": [1, [3], [1, 1], [True], [None]],
    "ordinal": [0, 1.5, True, "1"],
    "location": ["1"],
    "yes_no": [0, "yes"],
    "number": [0.4, 9.1, "1", True],
    "measurement": [0, 61],
    "probability": [-1, 101, 50.5],
    "text": [1, "x" * 2001],
    "mark": [
        [MARK, MARK, MARK],
        [{**MARK, "rating": 3}],
        [{**MARK, "uuid": "1"}],
        [{**MARK, "sop_uid": "1.2.x"}],
        [{**MARK, "point_mm": [1, 2]}],
        [{**MARK, "point_mm": [1, 2, 9000]}],
        [{**MARK, "more": 1}],
        [{"rating": 1}],
        MARK,
    ],
    "seed": [[MARK]],
    "mask": [
        [],
        {},
        {"contours": [{**CONTOUR, "points_mm": [[0, 0, 0], [1, 0, 0]]}]},
        {"contours": [], "x": 1},
    ],
    "voxels": [
        {},
        {"contours": []},
        {"segments": [{"label": "left"}]},
        {"segments": [{"label": "up", "status": None}]},
        {"segments": [{"label": "left", "status": "positive"}]},
        {"segments": [{"label": None, "status": None}] * 256},
    ],
    "truth": [1],
    "sum": ["1"],
    "class": [3],
}


def test_the_schema_itself_is_valid_and_has_every_question() -> None:
    Draft202012Validator.check_schema(form_schema(FORM))
    assert list(form_schema(FORM)["properties"]) == list(RIGHT) == list(WRONG)


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in RIGHT.items() for value in values]
)
def test_a_right_answer_is_valid(key: str, value: object) -> None:
    assert list(VALIDATOR.iter_errors({key: value})) == []


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in WRONG.items() for value in values]
)
def test_a_wrong_answer_is_found_at_its_question(key: str, value: object) -> None:
    errors = list(VALIDATOR.iter_errors({key: value}))
    assert errors
    assert {error.absolute_path[0] for error in errors} == {key}


@pytest.mark.parametrize("key", RIGHT)
def test_every_question_may_be_open(key: str) -> None:
    assert VALIDATOR.is_valid({key: None})


def test_an_unknown_question_is_refused() -> None:
    assert not VALIDATOR.is_valid({"other": 1})


@pytest.mark.parametrize(
    "make",
    [
        study_forms.lpln_form,
        study_forms.lln_form,
        study_forms.cervix_sra_form,
        study_forms.larc_delineation_form,
        study_forms.practice_form,
        study_forms.blank_form,
    ],
)
def test_the_studies_forms_have_valid_schemas(make: Any) -> None:
    Draft202012Validator.check_schema(form_schema(make()))
