import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from backend.studies.form_logic import form_state
from backend.studies.forms import check_answers, is_finite_number, label_of
from backend.studies.study_forms import larc_delineation_form, lpln_form

FORM = lpln_form()
COMPLETE = {
    "side_region": "left_obturator",
    "short_axis_mm": 6.2,
    "long_axis_mm": 9.0,
    "criterion_heterogeneous": True,
    "criterion_margin": False,
    "rating": 4,
    "comment": None,
}
VECTORS = json.loads(
    (Path(__file__).parents[2] / "reference" / "forms" / "answers.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["name"])
def test_answers_are_checked_as_the_browser_checks_them(vector: Mapping[str, Any]) -> None:
    checked = check_answers(
        vector["form"], vector["given"], complete=vector["complete"], computed=vector["computed"]
    )
    assert checked.errors == vector["errors"]
    assert sorted(checked.hidden) == vector["hidden"]
    # True == 1 in Python, so the texts are compared; the answers stand in the order of the form.
    assert list(checked.answers) == [question["key"] for question in vector["form"]["questions"]]
    assert json.dumps(checked.answers, sort_keys=True) == json.dumps(vector["answers"], sort_keys=True)


def test_check_answers_accepts_a_complete_form_and_derives_the_suggestion() -> None:
    checked = check_answers(FORM, COMPLETE, complete=True)
    assert checked.errors == {}
    assert checked.answers["criterion_short_axis"] is True
    assert checked.answers["suggestion"] == 4


@pytest.mark.parametrize(
    ("short_axis", "heterogeneous", "margin", "suggestion"),
    [
        (5.1, True, True, 5),
        (5.1, True, False, 4),
        (5.1, False, False, 3),
        (5.0, True, True, 4),
        (5.0, False, False, None),
    ],
)
def test_the_suggestion_counts_the_criteria(
    short_axis: float, heterogeneous: bool, margin: bool, suggestion: int | None
) -> None:
    """STUDIES 1: short axis > 5 mm, heterogeneous signal, margin. Three: 5, two: 4, one: 3."""
    given = {
        **COMPLETE,
        "short_axis_mm": short_axis,
        "criterion_heterogeneous": heterogeneous,
        "criterion_margin": margin,
    }
    assert check_answers(FORM, given, complete=True).answers["suggestion"] == suggestion


def test_the_suggestion_stays_open_while_a_criterion_is_open() -> None:
    checked = check_answers(FORM, {"short_axis_mm": 7.0, "criterion_margin": True}, complete=False)
    assert checked.errors == {}
    assert checked.answers["criterion_short_axis"] is True
    assert checked.answers["suggestion"] is None


def test_a_derived_value_that_is_sent_is_computed_anew() -> None:
    checked = check_answers(FORM, {**COMPLETE, "suggestion": 5, "criterion_short_axis": False}, complete=True)
    assert checked.answers["suggestion"] == 4
    assert checked.answers["criterion_short_axis"] is True


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("side_region", "left_neck", "one of the options"),
        ("side_region", ["left_obturator"], "one of the options"),
        ("side_region", {"left_obturator": 1}, "one of the options"),
        ("rating", 6, "one of the options"),
        ("rating", True, "one of the options"),
        ("rating", "4", "one of the options"),
        ("rating", 4.5, "one of the options"),
        ("rating", float("nan"), "one of the options"),
        ("short_axis_mm", 0.5, "from 1 to 60 mm"),
        ("short_axis_mm", 61, "from 1 to 60 mm"),
        ("short_axis_mm", float("nan"), "a number"),
        ("short_axis_mm", float("inf"), "a number"),
        ("short_axis_mm", 10**400, "a number"),
        ("short_axis_mm", True, "a number"),
        ("short_axis_mm", "6", "a number"),
        ("criterion_margin", 1, "yes or no"),
        ("criterion_margin", "yes", "yes or no"),
        ("comment", 3, "text"),
        ("comment", "x" * 2001, "at most 2000"),
        ("comment", "a\0", "cannot be stored"),
        ("comment", "a\ud800", "cannot be stored"),
        ("truth", True, "no such question"),
    ],
)
def test_check_answers_names_the_question_that_is_wrong(key: str, value: object, words: str) -> None:
    checked = check_answers(FORM, {**COMPLETE, key: value}, complete=True)
    assert list(checked.errors) == [key]
    assert words in checked.errors[key]


def test_a_submission_needs_every_required_answer_and_a_draft_needs_none() -> None:
    assert check_answers(FORM, {}, complete=False).errors == {}
    assert set(check_answers(FORM, {}, complete=True).errors) == {
        "side_region",
        "short_axis_mm",
        "criterion_heterogeneous",
        "criterion_margin",
        "rating",
    }


def test_every_question_has_an_answer_row_even_when_it_is_empty() -> None:
    keys = {question["key"] for question in FORM["questions"]}
    assert set(check_answers(FORM, {}, complete=False).answers) == keys


def test_a_rating_written_with_a_point_is_the_option_of_the_form() -> None:
    assert json.dumps(check_answers(FORM, {"rating": 4.0}, complete=False).answers["rating"]) == "4"


def test_a_drawing_that_holds_no_number_is_drawn_again() -> None:
    contour = {
        "sop_uid": "2.25.1",
        "frame_of_reference_uid": "2.25.2",
        "points_mm": [[0, 0, 0], [1, 0, 0], [0, float("nan"), 0]],
    }
    given = {"tumour_visible": True, "tumour": {"contours": [contour]}}
    errors = check_answers(larc_delineation_form(), given, complete=False).errors
    assert errors == {"tumour": "Please draw the outline again."}


def test_questions_that_depend_on_each_other_in_a_circle_are_refused() -> None:
    form = {
        "questions": [
            {"key": "a", "kind": "yes_no", "show_if": "b"},
            {"key": "b", "kind": "yes_no", "show_if": "a"},
        ]
    }
    with pytest.raises(ValueError, match="in a circle: "):
        form_state(form, {}, {})


@pytest.mark.parametrize(
    ("value", "is_finite"),
    [
        (1, True),
        (-2.5, True),
        (True, False),
        ("1", False),
        (None, False),
        (float("inf"), False),
        (10**400, False),
    ],
)
def test_a_finite_number_is_one_that_a_measurement_can_have(value: object, is_finite: bool) -> None:
    assert is_finite_number(value) is is_finite


MORE = {
    "questions": [
        {
            "key": "signs",
            "kind": "choice",
            "multiple": True,
            "options": [{"value": "m", "label": "Margin"}, {"value": "n", "label": "Necrosis"}],
        },
        {
            "key": "marks",
            "kind": "mark",
            "options": [{"value": 1, "label": "One"}, {"value": 2, "label": "Two"}],
        },
        {"key": "mask", "kind": "mask"},
        {"key": "painted", "kind": "mask", "drawn_by": "voxels"},
    ]
}


@pytest.mark.parametrize(
    ("form", "key", "value", "label"),
    [
        (FORM, "rating", 5, "Definitely malignant"),
        (FORM, "side_region", "right_internal_iliac", "Right internal iliac"),
        (FORM, "criterion_margin", True, "yes"),
        (FORM, "criterion_margin", False, "no"),
        (FORM, "short_axis_mm", 6.2, "6.2"),
        (FORM, "comment", None, ""),
        (MORE, "signs", ["m", "n"], "Margin; Necrosis"),
        (MORE, "marks", [{"point_mm": [1, 2, 3], "rating": 1}], "1 mark"),
        (MORE, "marks", [], "0 marks"),
        (MORE, "mask", {"contours": [{}, {}]}, "2 outlines"),
        (MORE, "mask", {"contours": 1}, "1 outline"),
        (MORE, "painted", {"segments": [{}, {}]}, "2 segments"),
        # Answers from before the form said something else of how the mask is drawn.
        (MORE, "mask", {"segments": [{}]}, "1 segment"),
        (MORE, "painted", {"contours": 2}, "2 outlines"),
    ],
)
def test_label_of_gives_the_words_beside_the_value(
    form: Mapping[str, Any], key: str, value: object, label: str
) -> None:
    assert label_of(form, key, value) == label
