"""Declared questions beside what the rating gives: no key and no label of one is taken for another's."""

import json

import pytest

from backend.analysis.agreement import kappa_matrix
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.questions import asked_questions
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Collector, NotApplicable, key_part
from backend.analysis.pipeline.study import Study, study_of
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
