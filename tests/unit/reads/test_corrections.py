"""Correcting a submitted read: by leave of the desk, beside the first answers, and without moving anything else."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from backend.audit.errors import InvalidInput, NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.predictions.release import aid_for, is_released, phase_of
from backend.reads import hooks
from backend.reads.access import access_open_read, access_read, sitting_of
from backend.reads.answers import answers_of, drawn_of
from backend.reads.corrections import (
    correctable_reads,
    corrected_draft,
    correction_submit,
    reopening_grant,
    reopening_refuse,
    reopening_request,
    reopenings_of,
)
from backend.reads.models import Answer, Correction, Measurement, Read, Reopening
from backend.reports.content import study_content
from backend.studies.blinding import Phase
from backend.studies.models import Deviation
from backend.studies.session_states import REOPENING_TRANSITIONS, ReopeningStatus
from tests.factories.flow import commit, flow_story, train
from tests.factories.reading import answers
from tests.factories.studies import StudyStory, lock

pytestmark = pytest.mark.django_db
KEY = uuid.UUID(int=77)


@pytest.fixture
def story() -> StudyStory:
    return flow_story(cases=3)


@pytest.fixture
def read(story: StudyStory) -> Read:
    return commit(story)


def ask(
    story: StudyStory, read: Read, reason: str = "Right and left were mixed up.", by: Any = None
) -> Reopening:
    return reopening_request(read_id=read.pk, reason=reason, by=by or read.reader, now=story.clock.tick())


def grant(story: StudyStory, reopening: Reopening, decision: str = "A plain slip.") -> Reopening:
    return reopening_grant(
        reopening_id=reopening.pk, decision=decision, by=story.people["coordinator"], now=story.clock.tick()
    )


def refuse(story: StudyStory, reopening: Reopening) -> Reopening:
    return reopening_refuse(
        reopening_id=reopening.pk,
        decision="A second thought is no slip.",
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )


def correct(
    story: StudyStory,
    read: Read,
    given: dict[str, Any] | None = None,
    *,
    key: uuid.UUID = KEY,
    reason: str = "The side is the other one.",
    by: Any = None,
) -> Correction:
    return correction_submit(
        read_id=read.pk,
        idempotency_key=key,
        answers=given or answers(5),
        measurements=[],
        reason=reason,
        by=by or read.reader,
        now=story.clock.tick(),
    )


def test_every_status_stands_in_its_table() -> None:
    assert REOPENING_TRANSITIONS.keys() == set(ReopeningStatus)


def test_a_correction_is_added_and_the_first_answers_stay(story: StudyStory, read: Read) -> None:
    first = dict(Answer.objects.filter(read=read).values_list("question", "value"))
    grant(story, ask(story, read))
    correction = correct(story, read, answers(5, comment="corrected"))
    assert (correction.ordinal, correction.reason) == (1, "The side is the other one.")
    assert dict(Answer.objects.filter(read=read).values_list("question", "value")) == first
    found = answers_of([read])[read.pk]
    assert (found.first["rating"], found.effective["rating"], found.corrections) == (3, 5, 1)
    assert found.effective["comment"] == "corrected"
    assert Reopening.objects.get().status == ReopeningStatus.CORRECTED


def test_a_read_is_open_from_the_leave_to_the_correction_alone(story: StudyStory, read: Read) -> None:
    def is_open() -> bool:
        try:
            access_open_read(by=read.reader, read_id=read.pk)
        except NotFound:
            return False
        return True

    assert not is_open()
    reopening = ask(story, read)
    assert not is_open()
    grant(story, reopening)
    assert is_open()
    for part in ("reader2", "coordinator"):
        with pytest.raises(NotFound):
            access_open_read(by=story.people[part], read_id=read.pk)
    correct(story, read)
    assert not is_open()


def test_it_begins_with_the_answers_that_hold(story: StudyStory, read: Read) -> None:
    grant(story, ask(story, read))
    draft = corrected_draft(access_read(by=read.reader, read_id=read.pk))
    assert draft == {"answers": answers(3), "measurements": [], "annotations": []}
    correct(story, read)
    grant(story, ask(story, read))
    assert corrected_draft(access_read(by=read.reader, read_id=read.pk))["answers"]["rating"] == 5


def test_a_second_correction_counts_on_and_the_last_one_holds(story: StudyStory, read: Read) -> None:
    for number, rating in enumerate((5, 1), start=1):
        grant(story, ask(story, read))
        assert correct(story, read, answers(rating), key=uuid.UUID(int=number)).ordinal == number
    found = answers_of([read])[read.pk]
    assert (found.first["rating"], found.effective["rating"], found.corrections) == (3, 1, 2)


def test_the_same_key_twice_is_one_correction(story: StudyStory, read: Read) -> None:
    grant(story, ask(story, read))
    assert correct(story, read) == correct(story, read, answers(1))
    assert answers_of([read])[read.pk].effective["rating"] == 5
    assert AuditEvent.objects.filter(event="read_corrected").count() == 1


def test_without_a_leave_nothing_is_corrected(story: StudyStory, read: Read) -> None:
    for prepare in (lambda: None, lambda: ask(story, read), lambda: refuse(story, Reopening.objects.get())):
        prepare()
        with pytest.raises(RuleBroken, match="not_reopened"):
            correct(story, read)
    assert not Correction.objects.exists()


def test_a_leave_is_used_once(story: StudyStory, read: Read) -> None:
    grant(story, ask(story, read))
    correct(story, read)
    with pytest.raises(RuleBroken, match="not_reopened"):
        correct(story, read, key=uuid.UUID(int=78))


def test_an_incomplete_correction_is_refused_by_the_question(story: StudyStory, read: Read) -> None:
    grant(story, ask(story, read))
    with pytest.raises(InvalidInput) as refused:
        correct(story, read, {**answers(5), "rating": None})
    assert list(refused.value.fields) == ["rating"]
    assert Reopening.objects.get().status == ReopeningStatus.GRANTED


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_every_step_needs_a_reason(story: StudyStory, read: Read, reason: str) -> None:
    with pytest.raises(RuleBroken, match="reason_missing"):
        ask(story, read, reason)
    reopening = ask(story, read)
    with pytest.raises(RuleBroken, match="reason_missing"):
        grant(story, reopening, reason)
    grant(story, reopening)
    with pytest.raises(RuleBroken, match="reason_missing"):
        correct(story, read, reason=reason)


def test_only_an_own_submitted_read_of_the_study_is_corrected() -> None:
    story = flow_story(cases=2, training_cases=1)
    (training,) = train(story)
    with pytest.raises(RuleBroken, match="training_read"):
        ask(story, training)
    draft = story.open_next("reader1")
    with pytest.raises(RuleBroken, match="read_open"):
        ask(story, draft)
    done = story.submit(draft, answers(3))
    for part in ("reader2", "coordinator"):
        with pytest.raises(NotFound):
            ask(story, done, by=story.people[part])
    member = story.people["reader1"].memberships.get()
    assert [one.read for one in correctable_reads(member)] == [done]


def test_one_request_at_a_time(story: StudyStory, read: Read) -> None:
    reopening = ask(story, read)
    with pytest.raises(RuleBroken, match="reopening_open"):
        ask(story, read)
    grant(story, reopening)
    with pytest.raises(RuleBroken, match="reopening_open"):
        ask(story, read)
    correct(story, read)
    assert refuse(story, ask(story, read)).status == ReopeningStatus.REFUSED
    assert ask(story, read).status == ReopeningStatus.REQUESTED


def test_a_decision_is_final(story: StudyStory, read: Read) -> None:
    reopening = refuse(story, ask(story, read))
    with pytest.raises(RuleBroken, match="reopening_status"):
        grant(story, reopening)


def test_a_leave_is_a_deviation_with_its_reason(story: StudyStory, read: Read) -> None:
    other = commit(story)
    grant(story, ask(story, read))
    deviation = Deviation.objects.get()
    assert (deviation.kind, deviation.reason) == ("READ_REOPENED", "A plain slip.")
    assert deviation.subject_id == str(read.pk)
    assert deviation.detail["session"] == 1
    refuse(story, ask(story, other))
    assert Deviation.objects.count() == 1


def test_the_trail_tells_every_step_and_no_answer(story: StudyStory, read: Read) -> None:
    before = AuditEvent.objects.count()
    grant(story, ask(story, read))
    correct(story, read)
    events = AuditEvent.objects.order_by("pk")[before:]
    assert [one.event for one in events] == [
        "correction_requested",
        "correction_granted",
        "deviation_recorded",
        "read_corrected",
    ]
    assert "left_obturator" not in str([one.detail for one in events])


def test_a_correction_moves_neither_order_nor_a_break_and_begins_the_washout_anew() -> None:
    sittings = {"max_cases": 2, "max_minutes": None, "break_minutes": 15}
    story = flow_story(cases=3, sittings=sittings)
    read = commit(story)
    member = read.assignment.reading_session.member
    before = sitting_of(member)
    grant(story, ask(story, read))
    correct(story, read)
    corrected_at = Correction.objects.get().submitted_at
    after = sitting_of(member)
    assert after.commits == before.commits
    assert after.views[0] == before.views[0]
    for one, then in zip(after.views[1].turns, before.views[1].turns, strict=True):
        is_same = then.prior_submitted_at == read.submitted_at
        assert one == (replace(then, prior_submitted_at=corrected_at) if is_same else then)
    assert (
        sum(one != then for one, then in zip(after.views[1].turns, before.views[1].turns, strict=True)) == 1
    )
    assert story.open_next("reader1").assignment.position == 2


def test_nothing_new_opens_before_a_granted_correction_is_done(story: StudyStory, read: Read) -> None:
    """The images and answers of an earlier session never stand open beside a new reading, of whatever case."""
    grant(story, ask(story, read))
    with pytest.raises(RuleBroken, match="correction_open"):
        story.open_next("reader1")
    correct(story, read)
    assert story.open_next("reader1").status == "DRAFT"


def test_a_case_that_is_being_read_again_is_not_reopened() -> None:
    story = flow_story(cases=2)
    first = [commit(story) for _ in range(2)]
    story.clock.pass_washout()
    draft = story.begin_draft("reader1")
    same = next(r for r in first if r.assignment.study_case_id == draft.assignment.study_case_id)
    with pytest.raises(RuleBroken, match="case_is_open"):
        grant(story, ask(story, same))
    other = next(r for r in first if r != same)
    grant(story, ask(story, other))


def test_a_correction_after_the_output_was_shown_does_not_count(story: StudyStory) -> None:
    """An unaided answer that is corrected after the aided reading of the case stays as it was, in the analysis."""
    for part in ("reader1", "reader2"):
        for _ in story.cases:
            commit(story, part)
    story.clock.pass_washout()
    for part in ("reader1", "reader2"):
        for _ in story.cases:
            commit(story, part)
    unaided = Read.objects.filter(reader=story.people["reader1"], arm="unaided").first()
    assert unaided is not None
    early, late = answers_of([unaided])[unaided.pk], ask(story, unaided)
    grant(story, late)
    correct(story, unaided)
    content = study_content(story.study)
    (row,) = [one for one in content["reads"] if one["corrections"]]
    assert (row["arm"], row["corrections"], row["late_corrections"]) == ("unaided", 1, 1)
    assert row["answers"] == early.effective == early.first


def test_a_correction_stands_beside_an_open_draft(story: StudyStory, read: Read) -> None:
    draft = story.begin_draft("reader1")
    grant(story, ask(story, read))
    correct(story, read)
    assert story.open_next("reader1") == draft


def test_the_lock_of_the_database_ends_a_leave(story: StudyStory, read: Read) -> None:
    other = commit(story)
    grant(story, ask(story, read))
    lock(story, reason="The study ends early.")
    for act in (lambda: correct(story, read), lambda: ask(story, other)):
        with pytest.raises(RuleBroken, match="study_not_reading"):
            act()
    with pytest.raises(NotFound):
        access_open_read(by=read.reader, read_id=read.pk)


def test_other_apps_hear_of_a_correction(
    story: StudyStory, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Read] = []

    def hear(*, read: Read, now: datetime) -> None:
        heard.append(read)

    monkeypatch.setattr(hooks, "_committed", [hear])
    grant(story, ask(story, read))
    assert heard == []
    correct(story, read)
    assert heard == [read]


def test_the_output_is_shown_exactly_where_the_arm_of_the_read_released_it() -> None:
    story = flow_story(cases=2)
    commit(story)
    unaided = commit(story)
    story.clock.pass_washout()
    commit(story)
    aided = commit(story)
    for one in (unaided, aided):
        assert not is_released(read=access_read(by=one.reader, read_id=one.pk), by=one.reader)
        grant(story, ask(story, one))
    unaided, aided = (access_read(by=one.reader, read_id=one.pk) for one in (unaided, aided))
    assert phase_of(unaided) is Phase.UNAIDED
    assert not is_released(read=unaided, by=unaided.reader)
    assert is_released(read=aided, by=aided.reader)
    assert not is_released(read=aided, by=story.people["reader2"])
    shown = aid_for(read=aided, by=aided.reader, now=story.now)
    assert shown["status"] == "available"
    assert AuditEvent.objects.filter(event="aid_disclosed").count() == 2


def test_drawings_are_corrected_with_the_answers() -> None:
    story = flow_story(cases=2, with_images=True)
    draft = story.open_next("reader1")
    drawn = {
        "uuid": str(uuid.UUID(int=21)),
        "tool": "bidirectional",
        "question": "short_axis_mm",
        "series": 0,
        "frame": 1,
        "points_mm": [[-4.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, -3.0, 0.0], [0.0, 3.0, 0.0]],
        "long_axis_mm": 8.0,
        "short_axis_mm": 6.0,
    }
    read = story.submit(draft, answers(3), measurements=[drawn])
    grant(story, ask(story, read))
    assert corrected_draft(access_read(by=read.reader, read_id=read.pk))["measurements"] == [drawn]
    moved = {
        **drawn,
        "points_mm": [[-4.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 2.0, 0.0]],
        "short_axis_mm": 4.0,
    }
    correction_submit(
        read_id=read.pk,
        idempotency_key=KEY,
        answers=answers(3),
        measurements=[moved],
        reason="The axis was too long.",
        by=read.reader,
        now=story.clock.tick(),
    )
    assert Measurement.objects.get(read=read, correction=None).short_axis_mm == 6.0
    assert [one.short_axis_mm for one in drawn_of(Measurement, [read])[read.pk]] == [4.0]


def test_the_desk_is_told_of_requests_and_of_no_answer(story: StudyStory, read: Read) -> None:
    second = commit(story)
    grant(story, ask(story, read))
    other = ask(story, second)
    assert [(one.read_id, one.status) for one in reopenings_of(story.study)] == [
        (other.read_id, "REQUESTED"),
        (read.pk, "GRANTED"),
    ]
