import pytest

from backend.studies.forms import check_answers, derive, label_of
from backend.studies.study_forms import lpln_form

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
        ("rating", 6, "one of the options"),
        ("rating", True, "one of the options"),
        ("rating", "4", "one of the options"),
        ("rating", 4.5, "one of the options"),
        ("short_axis_mm", 0.5, "from 1 to 60 mm"),
        ("short_axis_mm", 61, "from 1 to 60 mm"),
        ("short_axis_mm", float("nan"), "a number"),
        ("short_axis_mm", float("inf"), "a number"),
        ("short_axis_mm", True, "a number"),
        ("short_axis_mm", "6", "a number"),
        ("criterion_margin", 1, "yes or no"),
        ("criterion_margin", "yes", "yes or no"),
        ("comment", 3, "text"),
        ("comment", "x" * 2001, "at most 2000"),
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


def test_an_unknown_rule_is_an_error_of_the_form() -> None:
    with pytest.raises(ValueError, match="unknown rule 'eval'"):
        derive({"op": "eval"}, {})


@pytest.mark.parametrize(
    ("key", "value", "label"),
    [
        ("rating", 5, "Definitely malignant"),
        ("side_region", "right_internal_iliac", "Right internal iliac"),
        ("criterion_margin", True, "yes"),
        ("criterion_margin", False, "no"),
        ("short_axis_mm", 6.2, "6.2"),
        ("comment", None, ""),
    ],
)
def test_label_of_gives_the_words_beside_the_value(key: str, value: object, label: str) -> None:
    assert label_of(FORM, key, value) == label
