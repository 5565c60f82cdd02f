"""Training: what counts as right, feedback after the submission alone, attempts, and no trace in the analysis."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.audit.errors import NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.reads.access import sitting_of
from backend.reads.training import compare, feedback_for, is_right
from backend.reports.content import study_content
from backend.studies.models import Randomisation, ReadingSession
from backend.studies.session_states import NextStatus, SessionStatus
from tests.factories.flow import KEY, TRAINING, flow_story, train
from tests.factories.studies import StudyStory, lock


@pytest.mark.parametrize(
    ("answer", "expected", "tolerance", "right"),
    [
        (4, 4, 0, True),
        (3, 4, 0, False),
        (5.5, 6.5, 1.0, True),
        (5.4, 6.5, 1.0, False),
        (0.1 + 0.2, 0.3, 0, True),
        ("left", "left", 0, True),
        ("left", "right", 0, False),
        (True, True, 0, True),
        (True, 1, 0, False),
        (1, True, 0, False),
        (None, None, 0, True),
        (None, 4, 1, False),
        (["b", "a"], ["a", "b"], 0, True),
        (["a"], ["a", "b"], 0, False),
        ([], None, 0, False),
    ],
)
def test_what_counts_as_right(answer: Any, expected: Any, tolerance: float, right: bool) -> None:
    assert is_right(answer, expected, tolerance=tolerance) is right


@settings(derandomize=True)
@given(answer=st.floats(0, 60), expected=st.floats(0, 60), tolerance=st.floats(0, 10))
def test_a_tolerance_reaches_as_far_to_both_sides(answer: float, expected: float, tolerance: float) -> None:
    assert is_right(answer, expected, tolerance=tolerance) == is_right(expected, answer, tolerance=tolerance)


def test_what_is_compared_stands_in_words_and_in_the_order_of_the_form() -> None:
    form = {
        "version": 1,
        "questions": [
            {"key": "size", "kind": "number", "label": "Size", "unit": "mm", "min": 0, "max": 9},
            {"key": "seen", "kind": "yes_no", "label": "Seen"},
            {
                "key": "class",
                "kind": "choice",
                "label": "Class",
                "options": [{"value": "b", "label": "Benign"}],
            },
            {"key": "grade", "kind": "ordinal", "label": "Grade", "options": [{"value": 2, "label": "Low"}]},
            {"key": "note", "kind": "text", "label": "Note"},
        ],
    }
    key = {"answers": {"grade": 2, "class": "b", "seen": True, "size": 4}}
    rules = {"questions": ["size", "class"], "tolerance": {"size": 0.5}}
    rows = compare(form, rules, key, {"size": 4.5, "seen": False, "grade": 2, "note": "a remark"})
    assert [(row.label, row.answer, row.expected, row.is_right) for row in rows] == [
        ("Size", "4.5 mm", "4 mm", True),
        ("Seen", "no", "yes", None),
        ("Class", "not answered", "Benign", False),
        ("Grade", "2 Low", "2 Low", None),
    ]


def trained(cases: int = 2, **changes: Any) -> StudyStory:
    return flow_story(training_cases=cases, training={**TRAINING, **changes})


def attempts(story: StudyStory, part: str = "reader1") -> list[ReadingSession]:
    member = story.people[part].memberships.get()
    return list(member.reading_sessions.filter(session__ordinal=0).order_by("attempt"))


@pytest.mark.django_db
def test_feedback_comes_after_the_submission_and_to_its_reader_alone() -> None:
    story = trained()
    read = story.open_next("reader1")
    with pytest.raises(NotFound):
        feedback_for(by=read.reader, read_id=read.pk)
    (read,) = train(story, rating=2)
    feedback = feedback_for(by=read.reader, read_id=read.pk)
    assert feedback.text == KEY["text"]
    assert {one.question: one.is_right for one in feedback.compared} == {
        "rating": False,
        "short_axis_mm": True,
        "criterion_margin": None,
    }
    assert (feedback.right, feedback.scored) == (1, 2)
    for part in ("reader2", "coordinator", "statistician"):
        with pytest.raises(NotFound):
            feedback_for(by=story.people[part], read_id=read.pk)


@pytest.mark.django_db
def test_there_is_no_feedback_to_a_read_of_the_study_nor_after_the_lock() -> None:
    story = trained(cases=1)
    (training,) = train(story)
    (read,) = story.read_cases("reader1", 1)
    with pytest.raises(NotFound):
        feedback_for(by=read.reader, read_id=read.pk)
    lock(story, reason="The study ends early.")
    with pytest.raises(NotFound):
        feedback_for(by=read.reader, read_id=training.pk)


@pytest.mark.django_db
def test_who_passes_goes_on_to_the_study() -> None:
    story = trained()
    train(story, count=2)
    (attempt,) = attempts(story)
    assert (attempt.status, attempt.training_score, attempt.is_passed) == (SessionStatus.LOCKED, 1.0, True)
    assert story.open_next("reader1").assignment.reading_session.session.ordinal == 1


@pytest.mark.django_db
def test_the_score_is_the_share_of_right_answers_and_the_pass_mark_is_enough() -> None:
    story = trained()
    train(story, rating=4)
    train(story, rating=1)
    (attempt,) = attempts(story)
    assert (attempt.training_score, attempt.is_passed) == (0.75, True)


@pytest.mark.django_db
def test_who_fails_tries_again_in_a_fresh_order_and_only_as_often_as_allowed() -> None:
    story = trained(max_attempts=3)
    for number in (1, 2, 3):
        train(story, rating=1, count=2)
        made = attempts(story)
        assert [one.training_score for one in made[:number]] == [0.5] * number
        assert len(made) == min(number + 1, 3)
    orders = Randomisation.objects.filter(subject__in=[str(one.pk) for one in made])
    assert len({one.seed for one in orders}) == 3
    sitting = sitting_of(made[0].member)
    assert sitting.next_turn(story.now).status is NextStatus.FAILED
    with pytest.raises(RuleBroken, match="training_failed"):
        story.open_next("reader1")
    drawn = AuditEvent.objects.filter(event="training_drawn_again").order_by("pk")
    assert [one.detail for one in drawn] == [{"attempt": 2}, {"attempt": 3}]


@pytest.mark.django_db
def test_a_second_attempt_can_be_passed() -> None:
    story = trained()
    train(story, rating=1, count=2)
    train(story, rating=4, count=2)
    assert [one.is_passed for one in attempts(story)] == [False, True]
    assert story.open_next("reader1").assignment.reading_session.session.ordinal == 1


@pytest.mark.django_db
def test_a_training_without_scored_questions_is_passed_by_reading() -> None:
    story = trained(questions=[])
    train(story, rating=1, count=2)
    assert [(one.training_score, one.is_passed) for one in attempts(story)] == [(1.0, True)]


@pytest.mark.django_db
def test_training_never_enters_what_is_analyzed() -> None:
    story = trained()
    train(story, count=2)
    (read,) = story.read_cases("reader1", 1)
    content = study_content(story.study)
    assert [row["case"] for row in content["reads"]] == [read.assignment.study_case.case.number]
    assert set(content["truth"]) == {case.number for case in story.cases}
