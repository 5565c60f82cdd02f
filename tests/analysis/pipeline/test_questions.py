"""Declared questions beside what the rating gives: no key and no label of one is taken for another's."""

import json

import pytest

from backend.analysis.agreement import kappa_matrix
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.formats.dataset_design import Design, read_design, write_design
from backend.analysis.krippendorff import krippendorff_alpha
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.questions import asked_questions
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Collector, NotApplicable, key_part
from backend.analysis.pipeline.study import Study, study_of
from backend.analysis.study_dataset import Question
from backend.analysis.study_report import study_report

KEYS = ("call", "score", "rating:call", "question:call", "side/left", "side%2Fleft", "again")


def asked(
    files: dict[str, str], keys: tuple[str, ...] = KEYS
) -> tuple[Study, dict[str, dict[str, dict[str, str]]]]:
    """Questions of these keys with one label, answered differently from the rating and from each other."""
    questions = [{"key": key, "label": "Side", "categories": ["a", "b"]} for key in keys]
    given = {
        key: {
            reader: {f"C{n:02d}": "ab"[(n * (place + 2) // (shift + 2)) % 2] for n in range(1, 31)}
            for place, reader in enumerate(("R1", "R2", "R3"))
        }
        for shift, key in enumerate(keys)
    }
    rows = [
        f"{reader},UNAIDED,1,{case},{key},{value}"
        for key, readers in given.items()
        for reader, own in readers.items()
        for case, value in own.items()
    ]
    design = {**json.loads(files["study.json"]), "questions": questions}
    texts = {
        **files,
        "study.json": json.dumps(design),
        "reads.csv": files["reads.csv"] + "\n".join([*rows, ""]),
    }
    return study_of(read_dataset(texts), level=0.95, seed=1), given


def test_no_declared_key_is_that_of_what_the_rating_gives(small_files: dict[str, str]) -> None:
    study, given = asked(small_files)
    plain = agreement(study_of(read_dataset(small_files), level=0.95, seed=1))
    section = agreement(study)
    assert not section.failures
    assert len({one.key for one in section.items}) == len(section.items)
    for key, readers in given.items():
        item = section.item(f"kappa_unweighted/{key_part(f'question:{key}')}/UNAIDED")
        assert item.result.matrix == kappa_matrix(readers, ("a", "b"), "unweighted", level=0.95)
    for key in (
        "kappa_unweighted/rating:call/UNAIDED",
        "kappa_linear/rating:score/UNAIDED",
        "fleiss/rating:call/AIDED",
    ):
        assert section.item(key).result == plain.item(key).result


def test_questions_of_one_label_are_told_apart_by_their_key(small_files: dict[str, str]) -> None:
    study, _ = asked(small_files)
    questions = asked_questions(study)
    assert len({one.label for one in questions}) == len({one.key for one in questions}) == len(questions)
    captions = [
        tabled.table.caption
        for shown in section_tables(agreement(study), 0.95)
        for tabled in shown.tables
        if tabled.table.caption.endswith("agreement of pairs")
    ]
    assert len(captions) == len(questions)
    assert "Side (side/left): agreement of pairs" in captions


def test_the_summary_of_the_lock_tells_them_apart_too(small_files: dict[str, str]) -> None:
    study, _ = asked(small_files, ("call", "score"))
    tables = [one for one in study_report(study.study).agreement if one.arm == "UNAIDED"]
    assert [(one.question, one.matrix.weights) for one in tables] == [
        ("rating:call", "unweighted"),
        ("rating:score", "linear"),
        ("rating:score", "quadratic"),
        ("question:call", "unweighted"),
        ("question:score", "unweighted"),
    ]


def test_a_question_without_the_reserved_words_keeps_a_plain_label(small_files: dict[str, str]) -> None:
    study, _ = asked(small_files, ("side",))
    assert [one.label for one in asked_questions(study)][-1] == "Side"


def test_two_results_of_one_key_are_refused() -> None:
    collector = Collector("s", "S")
    assert collector.add("a", "First", lambda: NotApplicable("first")) == NotApplicable("first")
    assert collector.add("a", "Second", lambda: NotApplicable("second")) is None
    section = collector.section()
    assert [one.result.reason for one in section.items] == ["first"]
    (failure,) = section.failures
    assert (failure.key, failure.title, failure.code) == ("a", "Second", "key_repeated")


@pytest.mark.parametrize(("text", "part"), [("a/b", "a%2Fb"), ("a%2Fb", "a%252Fb"), ("plain", "plain")])
def test_a_part_of_a_key_has_no_slash(text: str, part: str) -> None:
    assert key_part(text) == part


def graded(
    files: dict[str, str], question: dict[str, object], **plan: object
) -> tuple[Study, dict[str, dict[str, str]]]:
    """One question of three grades, answered by three readers."""
    given = {
        reader: {f"C{n:02d}": ("small", "medium", "large")[(n * (place + 3) // 4) % 3] for n in range(1, 31)}
        for place, reader in enumerate(("R1", "R2", "R3"))
    }
    rows = [
        f"{reader},UNAIDED,1,{case},size,{value}"
        for reader, own in given.items()
        for case, value in own.items()
    ]
    asked = {"key": "size", "label": "Size", "categories": ["small", "medium", "large"], **question}
    design = {**json.loads(files["study.json"]), "questions": [asked], "analysis": plan}
    reads = files["reads.csv"] + "\n".join([*rows, ""])
    texts = {**files, "study.json": json.dumps(design), "reads.csv": reads}
    return study_of(read_dataset(texts), level=0.95, seed=1), given


@pytest.mark.parametrize(
    ("question", "plan"),
    [({"is_ordered": True}, {}), ({}, {"ordered": {"size": ["small", "medium", "large"]}})],
)
def test_grades_are_compared_with_weights_and_as_ordinal(
    small_files: dict[str, str], question: dict[str, object], plan: dict[str, object]
) -> None:
    study, given = graded(small_files, question, **plan)
    section = agreement(study)
    scale = ("small", "medium", "large")
    for weights in ("unweighted", "linear", "quadratic"):
        found = section.item(f"kappa_{weights}/question:size/UNAIDED").result.matrix
        assert found == kappa_matrix(given, scale, weights, level=0.95)
    alpha = section.item("krippendorff/question:size/UNAIDED").result
    assert alpha == krippendorff_alpha(given, "ordinal", categories=scale, level=0.95)
    assert {one.key for one in section.items} >= {
        f"{kind}_{weights}/question:size/UNAIDED"
        for kind in ("grid", "coefficients")
        for weights in ("linear", "quadratic")
    }


@pytest.mark.parametrize(
    "plan", [{}, {"ordered": {"size": ["large", "medium", "small"]}}, {"ordered": {"x": ["small", "large"]}}]
)
def test_without_an_order_they_are_names(small_files: dict[str, str], plan: dict[str, object]) -> None:
    study, given = graded(small_files, {}, **plan)
    section = agreement(study)
    alpha = section.item("krippendorff/question:size/UNAIDED").result
    assert alpha == krippendorff_alpha(given, "nominal", categories=("small", "medium", "large"), level=0.95)
    assert not [
        one.key
        for one in section.items
        if one.key.startswith(("kappa_linear/question", "kappa_quadratic/question"))
    ]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"is_ordered": "yes"}, "is_ordered is not true or false"),
        ({"order": 1}, "an object with key, label, categories and is_ordered"),
    ],
)
def test_a_wrong_declaration_is_refused(more: dict[str, object], text: str) -> None:
    question = {"key": "size", "categories": ["small", "medium", "large"], **more}
    with pytest.raises(AnalysisError, match=text):
        read_design(json.dumps({"questions": [question]}))


def test_declarations_are_written_and_change_no_earlier_digest() -> None:
    plain, ordered = Question("a", "A", ("x", "y", "z")), Question("b", "B", (1, 2, 3), is_ordered=True)
    assert plain.as_declared() == {"key": "a", "label": "A", "categories": ["x", "y", "z"]}
    design = Design(questions=(plain, ordered))
    assert read_design(write_design(design)).questions == design.questions
