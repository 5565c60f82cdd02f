from typing import Any

import pytest

from backend.studies import study_forms
from backend.studies.form_checks import check_form
from backend.studies.form_structure import KINDS

OPTIONS = [{"value": 1, "label": "One"}, {"value": 2, "label": "Two"}]
WORDS = [{"key": "left", "label": "Left"}]
TEXTS = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]


def yes_no(key: str = "seen", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "yes_no", "label": "Seen?", **more}


def number(key: str = "size", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "number", "label": "Size", "min": 0, "max": 9, **more}


def axis(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "measurement", "label": "Axis", "min": 1, "max": 60, "axis": "short", **more}


def choice(key: str = "sign", options: Any = TEXTS, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "choice", "label": "Sign", "options": options, **more}


def derived(expr: str, kind: str = "boolean", **more: Any) -> dict[str, Any]:
    return {"key": "result", "kind": "derived", "label": "Result", "expr": expr, "type": kind, **more}


def mask(**more: Any) -> dict[str, Any]:
    return {"key": "m", "kind": "mask", "label": "M", **more}


def problems(*questions: Any) -> list[tuple[str, str]]:
    return [(one["path"], one["text"]) for one in check_form({"version": 1, "questions": list(questions)})]


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
def test_the_studies_forms_are_ready(make: Any) -> None:
    assert check_form(make()) == []


def test_a_form_with_every_kind_and_every_part_is_ready() -> None:
    common = {"help": "", "required": False, "section": "All", "show_if": "seen", "required_if": "seen"}
    every = [
        yes_no(section="All"),
        choice("one", hint_options := [{**one, "hint": "Like this"} for one in TEXTS], **common),
        choice("several", hint_options, multiple=True, **common),
        {"key": "scale", "kind": "ordinal", "label": "Scale", "options": OPTIONS, **common},
        {
            "key": "place",
            "kind": "location",
            "label": "Place",
            "options": [{**one, "at": [10, 99.5]} for one in TEXTS],
            "diagram": "pelvis",
            "view": "coronal",
            **common,
        },
        number(step=0.5, unit="cm", **common),
        axis("short", step=0.1, unit="mm", of="node", **common),
        axis("long", of="node") | {"axis": "long", **common},
        {"key": "p", "kind": "probability", "label": "Probability", "unit": "%", **common},
        {"key": "words", "kind": "text", "label": "Words", **common},
        {
            "key": "marks",
            "kind": "mark",
            "label": "Marks",
            "options": OPTIONS,
            "max_marks": 5,
            "role": "T2W",
            **common,
        },
        {"key": "mask", "kind": "mask", "label": "Mask", "role": "T2W", "drawn_by": "outline", **common},
        {
            "key": "nodes",
            "kind": "mask",
            "label": "Nodes",
            "drawn_by": "voxels",
            "labels": [{"key": "left_obturator", "label": "Left obturator"}],
            "statuses": [{"key": "positive", "label": "Positive"}, {"key": "negative", "label": "Negative"}],
            "cut_off_mm": 7,
            **common,
        },
        {
            **derived(
                "marks_count > 1 and mask_slices > 2 and mask_volume_ml > 0.5 and known(marks) and p > 50 "
                "and nodes_count + nodes_short_axis_mm + nodes_long_axis_mm + nodes_volume_ml > nodes_slices "
                "and has(several, 'a') and place == 'a' and 2 == scale and words != '' and short / long > size"
            ),
            "help": "",
            "section": "All",
            "show_if": "seen",
        },
        {**derived("if(seen, scale, null)", "category", options=OPTIONS), "key": "level", "unit": ""},
    ]
    assert {question["kind"] for question in every} == set(KINDS)
    assert problems(*every) == []


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (None, "A form has a list of questions."),
        ({"questions": {}}, "A form has a list of questions."),
        ({"questions": []}, "The form has no question."),
        ({"questions": [{}] * 201}, "A form has at most 200 questions."),
    ],
)
def test_a_form_is_a_list_of_questions(form: Any, text: str) -> None:
    assert check_form(form) == [{"path": "questions", "text": text}]


@pytest.mark.parametrize(
    ("question", "path", "text"),
    [
        (7, "", "Question 1: It is not a question."),
        ({"key": "x"}, "kind", "Question 1 (x): There is no kind of question called None."),
        ({"key": "x", "kind": "eval"}, "kind", "Question 1 (x): There is no kind of question called 'eval'."),
        (
            {"key": "x", "kind": ["text"]},
            "kind",
            "Question 1 (x): There is no kind of question called ['text'].",
        ),
        ({"kind": "text", "label": "L"}, "key", "Question 1: It lacks its key."),
        ({"key": "x", "kind": "text"}, "label", "Question 1 (x): It lacks its label."),
        (
            {"key": "x", "kind": "measurement", "label": "L", "min": 1, "max": 2},
            "axis",
            "Question 1 (x): It lacks its axis.",
        ),
        (yes_no("Seen"), "key", "Question 1 (Seen): Its key must be lower-case letters, digits and _"),
        (yes_no("1st"), "key", "Its key must be"),
        (yes_no("x" * 61), "key", "Its key must be"),
        (yes_no(5), "key", "Question 1: Its key must be"),
        (yes_no(label=" "), "label", "Its label must be a text of at most 200 characters."),
        (yes_no(label="x" * 201), "label", "Its label must be"),
        (yes_no(help="x" * 1001), "help", "Its help must be a text of at most 1000 characters."),
        (yes_no(help=None), "help", "Its help must be"),
        (yes_no(required="yes"), "required", "Its required must be true or false."),
        (yes_no(section=""), "section", "Its section must be"),
        (yes_no(show_if=None), "show_if", "Its condition to be asked must be an expression."),
        (yes_no(show_when="a"), "show_when", "A question of the kind yes_no has no show_when."),
        (yes_no(min=1), "min", "A question of the kind yes_no has no smallest value."),
        (number(min="1"), "min", "Its smallest value must be a number."),
        (number(max=float("nan")), "max", "Its largest value must be a number."),
        (number(min=9), "min", "Its smallest value must be less than its largest."),
        (number(step=0), "step", "Its step must be a number greater than 0."),
        (number(unit="x" * 21), "unit", "Its unit must be"),
        (axis("a") | {"axis": "middle"}, "axis", "Its axis must be one of short, long."),
        (choice(multiple=1), "multiple", "Its multiple must be true or false."),
        (choice(options="a"), "options", "Its options must be a list."),
        (choice(options=TEXTS[:1]), "options", "It must have from 2 to 50 options."),
        (choice(options=[*TEXTS, "c"]), "options[2]", "Option 3: An option has a value and a label."),
        (choice(options=[*TEXTS, {"value": "c"}]), "options[2]", "An option has a value and a label."),
        (
            choice(options=[*TEXTS, {"value": True, "label": "C"}]),
            "options[2]",
            "Its value must be a whole number",
        ),
        (choice(options=[*TEXTS, {"value": "", "label": "C"}]), "options[2]", "Its value must be"),
        (choice(options=[*TEXTS, {"value": "c", "label": ""}]), "options[2]", "Its label must be"),
        (choice(options=[*TEXTS, {"value": "c", "label": "C", "color": 1}]), "options[2]", "has no color."),
        (
            choice(options=[*TEXTS, {"value": "c", "label": "C", "hint": 1}]),
            "options[2]",
            "Its hint must be a text.",
        ),
        (
            choice(options=[*TEXTS, {"value": "c", "label": "C", "at": [0, 101]}]),
            "options[2]",
            "Its place must be two numbers from 0 to 100.",
        ),
        (
            choice(options=[*TEXTS, {"value": "c", "label": "C", "at": [1]}]),
            "options[2]",
            "Its place must be",
        ),
        (choice(options=[*TEXTS, {"value": "c", "label": "C", "at": 1}]), "options[2]", "Its place must be"),
        (choice(options=[*TEXTS, *OPTIONS]), "options", "must all be numbers or all be texts."),
        (choice(options=[*TEXTS, TEXTS[0]]), "options", "Its option 'a' stands there twice."),
        (
            {"key": "r", "kind": "ordinal", "label": "R", "options": OPTIONS[::-1]},
            "options",
            "The points of a scale must be numbers that ascend.",
        ),
        (
            {"key": "r", "kind": "ordinal", "label": "R", "options": TEXTS},
            "options",
            "must be numbers that ascend.",
        ),
        (
            {"key": "m", "kind": "mark", "label": "M", "max_marks": 101},
            "max_marks",
            "a whole number from 1 to 100.",
        ),
        ({"key": "m", "kind": "mark", "label": "M", "max_marks": True}, "max_marks", "a whole number"),
        (mask(drawn_by="hand"), "drawn_by", "Its way of drawing must be one of outline, voxels."),
        (mask(labels=WORDS), "labels", "Only a mask that is drawn by voxels has labels."),
        (
            mask(drawn_by="outline", cut_off_mm=7),
            "cut_off_mm",
            "Only a mask that is drawn by voxels has a cut-off.",
        ),
        (mask(drawn_by="voxels", labels=[]), "labels", "a list of 1 to 50 keys, each with its label."),
        (
            mask(drawn_by="voxels", labels=[*WORDS, {"key": "Left", "label": "L"}]),
            "labels[1]",
            "Question 1 (m): Label 2: Its key must be lower-case letters, digits and _ (at most 60)",
        ),
        (
            mask(drawn_by="voxels", labels=[{"key": "left", "label": " "}]),
            "labels[0]",
            "Label 1: Its label must be a text of at most 200 characters.",
        ),
        (mask(drawn_by="voxels", labels=["left"]), "labels[0]", "Label 1: It has a key and a label"),
        (mask(drawn_by="voxels", labels=[{"key": []}]), "labels[0]", "Label 1: It has a key and a label"),
        (
            mask(drawn_by="voxels", statuses=[{"key": "left"}]),
            "statuses[0]",
            "Status 1: It has a key and a label, and nothing else.",
        ),
        (mask(drawn_by="voxels", statuses=WORDS * 2), "statuses", "Its statuses have the key 'left' twice."),
        (mask(drawn_by="voxels", cut_off_mm=0), "cut_off_mm", "a number of mm greater than 0."),
        (yes_no(show_if="a +"), "show_if", "show_if, column 4: Something is missing at the end."),
        (yes_no(required_if="a = b"), "required_if", "required_if, column 3: Use == to compare."),
        (derived("round(1)", "number"), "expr", "expr, column 1: 'round' takes 2 values, not 1."),
        (derived("1", "text"), "type", "Its type must be one of boolean, number, category."),
        (derived("'a'", "category"), "options", "Options belong to a derived category"),
        (derived("true", options=OPTIONS), "options", "Options belong to a derived category"),
    ],
)
def test_a_part_that_is_wrong_is_named(question: Any, path: str, text: str) -> None:
    found = problems(question)
    assert [one[0] for one in found] == [f"questions[0]{'.' if path else ''}{path}"]
    assert text in found[0][1]


@pytest.mark.parametrize(
    ("questions", "path", "text"),
    [
        ([yes_no("known")], "questions[0].key", "Question 1 (known): 'known' is a word of the expressions"),
        ([yes_no("and")], "questions[0].key", "'and' is a word of the expressions"),
        (
            [{"key": "tumor", "kind": "mask", "label": "Tumor"}, number("tumor_volume_ml")],
            "questions[1].key",
            "'tumor_volume_ml' is computed from the question tumor.",
        ),
        ([derived("true")], "questions", "The form has no question that a reader answers."),
        ([yes_no(), derived("seen", required=True)], "questions[1].required", "cannot be required"),
        ([yes_no(), derived("seen", required_if="seen")], "questions[1].required", "cannot be required"),
        (
            [yes_no("a", section="Left"), yes_no("b"), yes_no("c", section="Left")],
            "questions[2].section",
            "The section 'Left' begins further up",
        ),
        (
            [axis("a"), axis("b")],
            "questions[1].of",
            "The short axis of the same drawing is measured by a already.",
        ),
    ],
)
def test_questions_must_fit_each_other(questions: list[Any], path: str, text: str) -> None:
    found = problems(*questions)
    assert [one[0] for one in found] == [path]
    assert text in found[0][1]


def test_questions_with_the_same_key_are_both_named() -> None:
    assert problems(yes_no("a"), yes_no("a")) == [
        ("questions[0].key", "Question 1 (a): Another question has the same key."),
        ("questions[1].key", "Question 2 (a): Another question has the same key."),
    ]


def test_axes_of_two_drawings_and_sections_in_a_row_are_fine() -> None:
    left, right = {"of": "left", "section": "Left"}, {"of": "right", "section": "Right"}
    assert problems(axis("a", **left), yes_no(section="Left"), axis("b", **right), number()) == []


@pytest.mark.parametrize(
    ("question", "part", "column", "text"),
    [
        (number(show_if="other"), "show_if", 1, "The form has no question 'other'."),
        (number(show_if="1 < size"), "show_if", 5, "The question cannot depend on itself."),
        (number(required_if="size > 1"), "required_if", 1, "The question cannot depend on itself."),
        (
            {"key": "m", "kind": "mark", "label": "M", "show_if": "m_count > 1"},
            "show_if",
            1,
            "The question cannot depend on itself.",
        ),
        (number(show_if="1 + 1"), "show_if", 3, "The result must be yes or no."),
        (number(show_if="null"), "show_if", 1, "The result must be yes or no."),
        (number(required_if="sign"), "required_if", 1, "The result must be yes or no."),
        (number(show_if="sign > 1"), "show_if", 1, "'>' needs a number, not a text."),
        (number(show_if="seen and sign == 'c'"), "show_if", 18, "sign has no option 'c'."),
        (number(show_if="'c' != sign"), "show_if", 1, "sign has no option 'c'."),
        (number(show_if="scale == 3"), "show_if", 10, "scale has no option 3."),
        (number(show_if="has(signs, 'c')"), "show_if", 12, "signs has no option 'c'."),
        (number(show_if="signs == 'a'"), "show_if", 7, "A list of answers cannot be compared."),
        (derived("seen", "number"), "expr", 1, "The result must be a number."),
        (derived("1 + 1"), "expr", 3, "The result must be yes or no."),
        (
            derived("if(seen, 'a', 'c')", "category", options=TEXTS),
            "expr",
            15,
            "The result must be one of the",
        ),
        (
            derived("if(seen, 1 + 1, 2)", "category", options=OPTIONS),
            "expr",
            12,
            "The result must be one of the",
        ),
        (
            derived("if(seen, wide, 'a')", "category", options=TEXTS),
            "expr",
            10,
            "The result must be one of the",
        ),
    ],
)
def test_an_expression_that_does_not_fit_the_form_is_named_with_its_column(
    question: dict[str, Any], part: str, column: int, text: str
) -> None:
    form = [
        yes_no(),
        choice(),
        choice("signs", multiple=True),
        choice("scale", OPTIONS),
        choice("wide", [*TEXTS, {"value": "c", "label": "C"}]),
        question,
    ]
    [(path, sentence)] = problems(*form)
    assert path == f"questions[5].{part}"
    assert sentence.startswith(f"Question 6 ({question['key']}): {part}, column {column}: {text}")


@pytest.mark.parametrize(
    ("expr", "options"),
    [
        ("'a'", TEXTS),
        ("if(seen, 'a', if(known(size), sign, null))", TEXTS),
        ("if(size > 1, 1, 2)", OPTIONS),
    ],
)
def test_a_category_may_take_its_options_or_those_of_a_question(expr: str, options: Any) -> None:
    assert problems(yes_no(), number(), choice(), derived(expr, "category", options=options)) == []


def test_conditions_that_turn_in_a_circle_are_found_wherever_the_circle_begins() -> None:
    found = problems(
        yes_no("a"), yes_no("b", show_if="a and c"), yes_no("c", show_if="result"), derived("known(b)")
    )
    assert [path for path, _ in found] == ["questions[1].show_if"]
    assert "Question 2 (b): It depends on itself through " in found[0][1]


def test_derived_values_that_turn_in_a_circle_are_found() -> None:
    found = problems(
        yes_no(), derived("other + 1", "number"), {**derived("result", "number"), "key": "other"}
    )
    assert [path for path, _ in found] == ["questions[1].expr"]


def test_a_condition_of_being_required_turns_in_no_circle() -> None:
    assert problems(yes_no("a", required_if="b"), yes_no("b", required_if="a")) == []
