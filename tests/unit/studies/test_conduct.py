"""The conduct of a study: late readers, readers who leave, overrides; each with its deviation, or nothing at all."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.accounts.roles import Role
from backend.audit.errors import NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.reads.access import access_open_read, access_read, readers_of
from backend.reads.models import Read
from backend.reads.selectors import missing_reads
from backend.reads.washout import washout_override
from backend.reports.content import study_content
from backend.studies.conduct import (
    deviation_record,
    deviations_of,
    member_join,
    member_withdraw,
    reader_enroll_late,
    reader_replace,
)
from backend.studies.models import Assignment, Deviation, Randomisation, ReaderStudy, StudyMember
from backend.studies.services import study_lock_request
from backend.studies.session_states import DeviationKind
from tests.factories.cases import person
from tests.factories.studies import Stage, StudyStory, lock, study_in

pytestmark = pytest.mark.django_db


def member(story: StudyStory, part: str) -> StudyMember:
    return story.study.members.get(user=story.people[part], role=Role.READER)


def of(story: StudyStory, **options: Any) -> dict[str, Any]:
    return {
        "study": story.study,
        "by": story.people["coordinator"],
        "now": story.clock.tick(),
        "reason": "Said why.",
        **options,
    }


def kinds(story: StudyStory) -> list[str]:
    return [one.kind for one in deviations_of(story.study)]


# -------------------------------------------------------------------------------------------------------- late readers
def test_a_late_reader_gets_a_drawn_place_and_orders_of_the_own_and_reads() -> None:
    story = study_in(Stage.SESSION_1)
    late = reader_enroll_late(user=person("late"), **of(story))
    assert (late.group, late.sequence) == ("g1", "s1")
    assert Randomisation.objects.filter(kind="ALLOCATION", subject=str(late.pk)).count() == 1
    orders = Assignment.objects.filter(reading_session__member=late)
    assert orders.count() == 2 * 3
    others = Assignment.objects.exclude(reading_session__member=late).values_list("alias", flat=True)
    assert not set(orders.values_list("alias", flat=True)) & set(others)
    story.people["late"] = late.user
    assert story.open_next("late").reader == late.user
    (deviation,) = deviations_of(story.study)
    assert (deviation.kind, deviation.reason, deviation.about) == (
        "READER_ENROLLED_LATE",
        "Said why.",
        late.user.shown_name,
    )
    assert {"member_enrolled", "deviation_recorded"} <= set(
        AuditEvent.objects.values_list("event", flat=True)
    )


def test_a_late_reader_does_not_move_anybody() -> None:
    story = study_in(Stage.SESSION_1)
    before = list(Assignment.objects.order_by("pk").values())
    reader_enroll_late(user=person("late"), **of(story))
    assert (
        list(Assignment.objects.filter(pk__in=[row["id"] for row in before]).order_by("pk").values())
        == before
    )


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nobody_joins_late(reason: str) -> None:
    story = study_in(Stage.SESSION_1)
    with pytest.raises(RuleBroken, match="reason_missing"):
        member_join(user=person("late"), role=Role.READER, **of(story, reason=reason))
    assert not StudyMember.objects.filter(user__username="late").exists()
    assert not Deviation.objects.exists()


def test_before_the_freeze_a_reader_joins_without_a_deviation_and_after_the_lock_nobody() -> None:
    story = study_in(Stage.DESIGN)
    member_join(user=person("third"), role=Role.READER, group="g1", **of(story, reason=""))
    assert kinds(story) == []
    with pytest.raises(RuleBroken, match="unknown_group"):
        member_join(user=person("fourth"), role=Role.READER, group="nowhere", **of(story))
    with pytest.raises(RuleBroken, match="unknown_group"):
        member_join(user=person("fifth"), role=Role.AUDITOR, group="g1", **of(story))
    locked = study_in(Stage.LOCKED, name="BETA")
    for role in (Role.READER, Role.AUDITOR):
        with pytest.raises(RuleBroken, match="study_locked"):
            member_join(user=person(f"late-{role}"), role=role, **of(locked))


def test_nobody_of_the_desk_becomes_a_reader() -> None:
    story = study_in(Stage.SESSION_1)
    with pytest.raises(RuleBroken, match="role_unblinds"):
        reader_enroll_late(user=story.people["statistician"], **of(story))


# --------------------------------------------------------------------------------------------------- leave and replace
def test_who_leaves_reaches_nothing_any_more_and_is_awaited_by_nobody() -> None:
    story = study_in(Stage.SESSION_1)
    left = member(story, "reader1")
    draft = Read.objects.get(reader=left.user, status="DRAFT")
    submitted = Read.objects.filter(reader=left.user, status="SUBMITTED").count()
    assert missing_reads(story.study, now=story.now) == 12 - 3
    member_withdraw(member_id=left.pk, **of(story))
    for door in (access_read, access_open_read):
        with pytest.raises(NotFound):
            door(by=left.user, read_id=draft.pk)
    with pytest.raises(NotFound):
        story.open_next("reader1")
    with pytest.raises(NotFound):
        story.submit(draft, story.answers_of(draft))
    left.refresh_from_db()
    assert set(left.reading_sessions.values_list("status", flat=True)) == {"VOIDED"}
    assert Read.objects.filter(reader=left.user, status="SUBMITTED").count() == submitted
    assert missing_reads(story.study, now=story.now) == 6 - 2
    assert kinds(story) == ["READER_WITHDRAWN"]


def test_the_reads_of_who_left_stay_in_the_data_and_out_of_the_analysis() -> None:
    story = study_in(Stage.SESSION_1)
    member_withdraw(member_id=member(story, "reader2").pk, **of(story))
    roles = {(row["reader"], row["role"]) for row in study_content(story.study)["reads"]}
    assert roles == {("R1", "primary"), ("R2", "withdrawn")}


def test_nobody_leaves_twice_or_after_the_lock_and_one_coordinator_stays() -> None:
    story = study_in(Stage.SESSION_1)
    left = member(story, "reader1")
    member_withdraw(member_id=left.pk, **of(story))
    with pytest.raises(RuleBroken, match="already_withdrawn"):
        member_withdraw(member_id=left.pk, **of(story))
    coordinator = story.study.members.get(role=Role.COORDINATOR)
    with pytest.raises(RuleBroken, match="last_coordinator"):
        member_withdraw(member_id=coordinator.pk, **of(story))
    with pytest.raises(RuleBroken, match="already_member"):
        reader_enroll_late(user=left.user, **of(story))
    locked = study_in(Stage.LOCKED, name="BETA")
    with pytest.raises(RuleBroken, match="study_locked"):
        member_withdraw(member_id=member(locked, "reader1").pk, **of(locked))
    with pytest.raises(NotFound):
        member_withdraw(member_id=member(locked, "reader1").pk, **of(story))


def test_a_reader_leaves_only_with_a_reason_and_an_auditor_without_a_deviation() -> None:
    story = study_in(Stage.SESSION_1)
    with pytest.raises(RuleBroken, match="reason_missing"):
        member_withdraw(member_id=member(story, "reader1").pk, **of(story, reason=" "))
    assert member(story, "reader1").withdrawn_at is None
    auditor = story.study.members.get(role=Role.AUDITOR)
    member_withdraw(member_id=auditor.pk, **of(story, reason=""))
    assert kinds(story) == []


def test_before_the_freeze_an_enrollment_is_taken_back() -> None:
    story = study_in(Stage.DESIGN)
    member_withdraw(member_id=member(story, "reader1").pk, **of(story, reason=""))
    assert not story.study.members.filter(user=story.people["reader1"]).exists()
    assert AuditEvent.objects.filter(event="member_removed").count() == 1
    member_join(user=story.people["reader1"], role=Role.READER, **of(story, reason=""))


def test_a_successor_takes_the_same_place_with_an_order_of_the_own() -> None:
    story = study_in(Stage.SESSION_1)
    left = member(story, "reader2")
    new = reader_replace(member_id=left.pk, user=person("successor"), **of(story))
    left.refresh_from_db()
    assert (new.group, new.sequence) == (left.group, left.sequence)
    assert left.withdrawn_at is not None
    assert not Randomisation.objects.filter(kind="ALLOCATION", subject=str(new.pk)).exists()
    assert new.reading_sessions.filter(status="SCHEDULED").count() == 2
    (deviation,) = deviations_of(story.study)
    assert deviation.kind == "READER_REPLACED"
    assert deviation.about == f"{left.user.shown_name}, replaced by {new.user.shown_name}"
    (frozen,) = study_content(story.study)["deviations"]
    assert (frozen["reader"], frozen["replaced_by"]) == ("R2", "R3")
    assert [one.user.username for one in readers_of(story.study)][-1] == "successor"


def test_a_replacement_that_fails_leaves_the_reader_where_the_reader_was() -> None:
    story = study_in(Stage.SESSION_1)
    with pytest.raises(RuleBroken, match="role_unblinds"):
        reader_replace(member_id=member(story, "reader1").pk, user=story.people["auditor"], **of(story))
    auditor = story.study.members.get(role=Role.AUDITOR)
    with pytest.raises(RuleBroken, match="not_a_reader"):
        reader_replace(member_id=auditor.pk, user=person("x"), **of(story))
    assert member(story, "reader1").withdrawn_at is None
    assert kinds(story) == []


# ------------------------------------------------------------------------------------------------------------ override
def test_an_override_opens_the_one_waiting_case_and_no_other() -> None:
    story = study_in(Stage.WASHOUT)
    reader = member(story, "reader1")
    washout_override(member_id=reader.pk, **of(story))
    read = story.open_next("reader1")
    assert read.assignment.position == 1
    assert read.washout_seconds < timedelta(days=28).total_seconds()
    story.submit(read, story.answers_of(read))
    with pytest.raises(RuleBroken, match="washout_running"):
        story.open_next("reader1")
    with pytest.raises(RuleBroken, match="washout_running"):
        story.open_next("reader2")
    (deviation,) = deviations_of(story.study)
    assert (deviation.kind, deviation.about) == (
        "WASHOUT_OVERRIDDEN",
        f"{reader.user.shown_name}, session 2, place 1",
    )
    content = study_content(story.study)
    flagged = [row["case"] for row in content["reads"] if row["is_washout_overridden"]]
    assert flagged == [read.assignment.study_case.case.number] == [content["deviations"][0]["case"]]


def test_only_a_reader_who_waits_is_let_through() -> None:
    reading = study_in(Stage.SESSION_1)
    with pytest.raises(RuleBroken, match="not_waiting"):
        washout_override(member_id=member(reading, "reader1").pk, **of(reading))
    waiting = study_in(Stage.WASHOUT, name="BETA")
    with pytest.raises(RuleBroken, match="reason_missing"):
        washout_override(member_id=member(waiting, "reader1").pk, **of(waiting, reason=""))
    with pytest.raises(RuleBroken, match="washout_running"):
        waiting.open_next("reader1")
    for wrong in (uuid4(), member(reading, "reader1").pk, waiting.study.members.get(role=Role.AUDITOR).pk):
        with pytest.raises(NotFound):
            washout_override(member_id=wrong, **of(waiting))


# ------------------------------------------------------------------------------------------------ the list and the lock
def test_deviations_are_numbered_in_their_order_and_never_change() -> None:
    story = study_in(Stage.SESSION_1)
    for number in range(3):
        deviation_record(
            kind=DeviationKind.READ_REOPENED, subject=story.study, **of(story, reason=f"Reason {number}")
        )
    assert [(one.number, one.reason) for one in deviations_of(story.study)] == [
        (1, "Reason 0"),
        (2, "Reason 1"),
        (3, "Reason 2"),
    ]
    row = Deviation.objects.first()
    assert row is not None
    for change in (row.save, row.delete):
        with pytest.raises(TypeError):
            change()


def test_a_lock_without_all_reads_is_a_deviation_with_the_requester_s_reason() -> None:
    story = study_in(Stage.SESSION_2)
    lock(story, reason="Two readers left.")
    (deviation,) = deviations_of(story.study)
    assert (deviation.kind, deviation.reason, deviation.about) == (
        "LOCKED_INCOMPLETE",
        "Two readers left.",
        "3 reads missing",
    )
    assert deviation.recorded_by == story.people["coordinator"].shown_name


def test_a_complete_lock_is_no_deviation() -> None:
    story = study_in(Stage.LOCKED)
    assert deviations_of(story.study) == []
    assert ReaderStudy.objects.get().locked_by == story.people["statistician"]


def test_a_request_for_the_lock_is_no_deviation_yet() -> None:
    story = study_in(Stage.SESSION_2)
    study_lock_request(
        study_id=story.study.pk, reason="Enough.", by=story.people["coordinator"], now=story.clock.tick()
    )
    assert deviations_of(story.study) == []
