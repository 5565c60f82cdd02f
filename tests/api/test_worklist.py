"""The worklist and the one next case."""

from datetime import timedelta

import pytest

from backend.audit.models import AuditEvent
from backend.reads.models import Read, ReadStatus
from tests.factories.studies import WASHOUT, Stage, StudyStory, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)


def worklist(story: StudyStory, part: str = "reader1") -> dict:
    return ask(client_of(story.people[part]), "GET", f"/api/reader/studies/{story.slug}/worklist").json()


def next_case(story: StudyStory, part: str = "reader1"):
    return ask(client_of(story.people[part]), "POST", f"/api/reader/studies/{story.slug}/next")


def opening_of(story: StudyStory, part: str) -> Read:
    """The read of session 1 whose case is the first of session 2."""
    reads = Read.objects.filter(reader=story.people[part]).select_related("assignment")
    second = story.people[part].memberships.get().reading_sessions.get(session__ordinal=2)
    first_case = second.assignments.get(position=1).study_case
    return reads.get(assignment__study_case=first_case)


def test_worklist_before_the_freeze_says_so() -> None:
    shown = worklist(study_in(Stage.DESIGN, cases=2))
    assert shown["sessions"] == []
    assert shown["next"]["status"] == "not_frozen"


def test_worklist_in_the_first_session_counts_own_reads_only() -> None:
    story = study_in(Stage.SESSION_1)
    with at(story.now):
        shown = worklist(story)
    assert [
        (one["ordinal"], one["submitted"], one["total"], one["status"], one["is_aided"])
        for one in shown["sessions"]
    ] == [(1, 1, 3, "open", False), (2, 0, 3, "not_open", True)]
    assert shown["next"] == {
        "status": "open",
        "session_ordinal": 1,
        "position": 2,
        "total": 3,
        "opens_at": None,
        "resumes_draft": True,
    }


def test_worklist_in_the_washout_names_the_instant() -> None:
    story = study_in(Stage.WASHOUT)
    opens_at = opening_of(story, "reader1").submitted_at + WASHOUT
    with at(story.now):
        shown = worklist(story)
    assert [one["status"] for one in shown["sessions"]] == ["complete", "waiting"]
    assert shown["next"]["status"] == "waiting"
    assert shown["next"]["opens_at"] == opens_at.isoformat().replace("+00:00", "Z")
    assert shown["washout_days"] == WASHOUT.days


def test_worklist_after_the_lock_says_so() -> None:
    story = study_in(Stage.LOCKED)
    with at(story.now):
        shown = worklist(story)
    assert [one["status"] for one in shown["sessions"]] == ["complete", "complete"]
    assert shown["next"]["status"] == "locked"


def test_next_gives_the_open_draft_again() -> None:
    story = study_in(Stage.SESSION_1)
    with at(story.now):
        first, again = next_case(story).json(), next_case(story).json()
    assert first == again
    assert Read.objects.filter(reader=story.people["reader1"], status=ReadStatus.DRAFT).count() == 1


def test_next_is_refused_until_the_exact_instant() -> None:
    story = study_in(Stage.WASHOUT)
    opens_at = opening_of(story, "reader1").submitted_at + WASHOUT
    with at(opens_at - MICROSECOND):
        refused = next_case(story)
    assert refused.status_code == 409
    assert refused.json()["code"] == "washout_running"
    assert refused.json()["opens_at"] == opens_at.isoformat()
    assert Read.objects.filter(reader=story.people["reader1"]).count() == 3
    with at(opens_at):
        opened = next_case(story)
    assert opened.status_code == 200
    read = Read.objects.get(pk=opened.json()["read_id"])
    assert read.washout_seconds == WASHOUT.total_seconds()
    assert read.assignment.reading_session.session.ordinal == 2


def test_next_waits_for_the_case_whose_turn_it_is() -> None:
    """Session 2 stands in its own order: a later case that has washed out is not brought forward."""
    story = study_in(Stage.WASHOUT, cases=8)
    reads = Read.objects.filter(reader=story.people["reader1"]).select_related("assignment")
    opens_at = {read.assignment.study_case_id: read.submitted_at + WASHOUT for read in reads}
    member = story.people["reader1"].memberships.get()
    order = [one.study_case_id for one in member.reading_sessions.get(session__ordinal=2).assignments.all()]
    # No order of session 2 keeps three cases of session 1 in a row, so the third turn has one by then.
    for turn, case in enumerate(order[:3]):
        if any(opens_at[later] < opens_at[case] for later in order[turn + 1 :]):
            break
        story.clock.now = opens_at[case]
        story.read_cases("reader1", 1)
    with at(opens_at[case] - MICROSECOND):
        refused = next_case(story)
    assert min(opens_at[later] for later in order[turn + 1 :]) < opens_at[case] - MICROSECOND
    assert (refused.json()["code"], refused.json()["opens_at"]) == (
        "washout_running",
        opens_at[case].isoformat(),
    )


def test_next_after_the_last_case_has_nothing_left() -> None:
    story = study_in(Stage.WASHOUT, cases=2)
    story.clock.pass_washout()
    story.read_cases("reader1", 2)
    with at(story.now):
        refused = next_case(story)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_left")


@pytest.mark.parametrize("stage", [Stage.DESIGN, Stage.LOCKED])
def test_next_outside_the_reading_is_refused(stage) -> None:
    story = study_in(stage)
    with at(story.now):
        refused = next_case(story)
    assert (refused.status_code, refused.json()["code"]) == (409, "study_not_reading")


def test_next_opens_the_session_and_the_read_in_the_audit() -> None:
    story = study_in(Stage.WASHOUT, cases=2)
    story.clock.pass_washout()
    before = AuditEvent.objects.count()
    with at(story.now):
        next_case(story)
    events = AuditEvent.objects.order_by("pk")[before:]
    assert [one.event for one in events] == ["session_opened", "read_opened"]
    assert {one.actor_name for one in events} == {story.people["reader1"].username}
    assert {one.at for one in events} == {story.now}
