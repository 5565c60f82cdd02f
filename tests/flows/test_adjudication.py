"""From readers who disagree to the consensus dataset, through the services alone."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.accounts.roles import Role
from backend.adjudication.access import access_item, access_open_item, originals_of
from backend.adjudication.consensus import adjudication_progress, consensus_of
from backend.adjudication.item_states import How, ItemStatus
from backend.adjudication.models import AdjudicationItem, ItemOriginal, Verdict, VerdictAnswer
from backend.adjudication.panels import panels_of
from backend.adjudication.services import item_draft_save, items_review
from backend.audit.errors import InvalidInput, NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.desk_api.design_bodies import facts_of_study
from backend.reads.corrections import correction_submit, reopening_grant, reopening_request
from backend.reads.models import Read, Reopening
from backend.reports.models import ResultFile
from backend.reports.services import lock_request, study_lock_and_report
from backend.studies.conduct import member_withdraw
from backend.studies.models import Deviation, StudyMember
from backend.studies.protocols import sha256_of
from backend.studies.services import member_enroll
from backend.studies.signing import protocol_amend
from tests.factories.adjudication import AGREED, PanelStory, mark_at, panel_story, square_at
from tests.factories.cases import person

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


def everybody_agrees(read: Read, reader: int, rank: int) -> dict[str, Any]:
    return dict(AGREED)


def second_reader_says_right(read: Read, reader: int, rank: int) -> dict[str, Any]:
    return {**AGREED, "region": "right" if reader == 1 else "left", "comment": f"comment {reader}"}


def all_differ(read: Read, reader: int, rank: int) -> dict[str, Any]:
    """Region two to one, lengths far apart, criteria all different."""
    return {
        "region": "right" if reader == 1 else "left",
        "length_mm": 8.0 + 3 * reader,
        "margin": reader > 0,
        "signal": reader > 1,
        "comment": "",
    }


def twice(document: dict[str, Any]) -> None:
    """A second session in another arm: who leaves after the first leaves early."""
    design = document["design"]
    design["arms"].append({"key": "later", "title": "Once more", "model_id": ""})
    again = {**design["sessions"][0], "ordinal": 2, "title": "Session 2", "period": 2}
    again["plan"] = [{**row, "arms": ["later"]} for row in again["plan"]]
    design["sessions"].append(again)


def values_of(story: PanelStory, rank: int) -> dict[str, tuple[Any, How]]:
    rows = consensus_of(story.study).rows
    return {row.question: (row.value, row.how) for row in rows if row.case == story.cases[rank].number}


# ------------------------------------------------------------------------------------------------ raising


def test_an_item_is_raised_by_the_read_that_completes_the_panel() -> None:
    story = panel_story(cases=1)
    for part in ("reader1", "reader2"):
        story.read_next(part, second_reader_says_right)
        assert story.item_of(0) is None
    story.read_next("reader3", second_reader_says_right)
    item = story.item_of(0)
    assert item is not None
    assert (item.status, item.arm) == (ItemStatus.RAISED, story.study.protocol["design"]["arms"][0]["key"])
    assert item.questions == [{"question": "region", "why": "answers"}]
    assert item.to_settle == ["region"]
    assert item.raised_at == story.clock.now
    assert ItemOriginal.objects.filter(item=item).count() == 3


def test_readers_who_agree_raise_nothing_and_a_study_without_adjudication_neither() -> None:
    story = panel_story(cases=1)
    story.read_all(everybody_agrees)
    assert not AdjudicationItem.objects.exists()
    other = panel_story(cases=1, name="without", design=lambda document: document.update(adjudication=None))
    other.read_all(second_reader_says_right)
    assert not AdjudicationItem.objects.exists()
    assert consensus_of(other.study).rows == []
    assert adjudication_progress(other.study) is None


def test_the_commit_and_its_item_stand_or_fall_together(monkeypatch: pytest.MonkeyPatch) -> None:
    story = panel_story(cases=1, readers=2)
    story.read_next("reader1", second_reader_says_right)

    def fail(**event: Any) -> None:
        raise RuntimeError("the trail is full")

    monkeypatch.setattr("backend.adjudication.services.record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        story.read_next("reader2", second_reader_says_right)
    assert Read.objects.filter(study=story.study, status="SUBMITTED").count() == 1
    assert not AdjudicationItem.objects.exists()


def test_a_computed_question_is_put_to_the_adjudicator_by_what_it_is_computed_from() -> None:
    story = panel_story(cases=1)
    story.read_all(all_differ)
    item = story.item_of(0)
    assert [one["question"] for one in item.questions] == ["region", "length_mm", "points"]
    assert item.to_settle == ["region", "length_mm", "margin", "signal"]


# ------------------------------------------------------------------------------------------------ the verdict


def test_a_verdict_settles_the_item_and_the_originals_stay() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    item = story.open_item()
    settled = story.settle(item, {"region": "right"})
    assert (settled.status, settled.closed_at) == (ItemStatus.SETTLED, story.clock.now)
    assert values_of(story, 0)["region"] == ("right", How.VERDICT)
    assert values_of(story, 0)["length_mm"] == (8.0, How.UNANIMOUS)
    assert values_of(story, 0)["points"] == (1, How.UNANIMOUS)
    assert "comment" not in values_of(story, 0)
    answers = sorted(one.answers["region"] for one in originals_of(item))
    assert answers == ["left", "left", "right"]


def test_the_same_key_twice_is_one_verdict_and_another_key_is_refused() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    item = story.open_item()
    key = uuid.uuid4()
    story.settle(item, {"region": "right"}, key=key)
    story.settle(item, {"region": "left"}, key=key)
    assert Verdict.objects.count() == 1
    assert VerdictAnswer.objects.get().value == "right"
    with pytest.raises(RuleBroken) as refusal:
        story.settle(item, {"region": "left"})
    assert refusal.value.code == "item_settled"


@pytest.mark.parametrize(
    ("answers", "options", "field"),
    [
        ({}, {}, "region"),
        ({"region": "middle"}, {}, "region"),
        ({"region": "left", "margin": False}, {}, "margin"),
        ({"region": "left", "nothing": 1}, {}, "nothing"),
        ({"region": "left"}, {"reason": "  "}, "reason"),
        ({"region": "left"}, {"reason": "a" * 2001}, "reason"),
        ({"region": "left"}, {"attendees": ["R1"]}, "attendees"),
    ],
)
def test_a_verdict_that_does_not_fit_is_refused_by_name(
    answers: dict[str, Any], options: dict[str, Any], field: str
) -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    item = story.open_item()
    with pytest.raises(InvalidInput) as refusal:
        story.settle(item, answers, **options)
    assert list(refusal.value.fields) == [field]
    assert not Verdict.objects.exists()


def test_a_draft_is_kept_and_a_tab_that_fell_behind_cannot_overwrite_it() -> None:
    story = panel_story(cases=1)
    story.read_all(all_differ)
    item = story.open_item()
    given = {"answers": {"margin": True, "signal": True}, "reason": "So far", "attendees": []}
    saved = item_draft_save(item_id=item.pk, revision=0, by=item.opened_by, now=story.clock.tick(), **given)
    assert (saved.revision, saved.derived) == (1, {"points": 2})
    with pytest.raises(RuleBroken) as refusal:
        item_draft_save(item_id=item.pk, revision=0, by=item.opened_by, now=story.clock.tick(), **given)
    assert refusal.value.code == "stale_draft"
    with pytest.raises(RuleBroken):
        story.settle(item, {}, revision=0)


def test_two_adjudicators_never_get_the_same_item() -> None:
    story = panel_story(cases=3, adjudicators=("adjudicator", "adjudicator2"))
    story.read_all(second_reader_says_right)
    one = story.open_item("adjudicator")
    other = story.open_item("adjudicator2")
    assert one.pk != other.pk
    assert story.open_item("adjudicator").pk == one.pk
    with pytest.raises(NotFound):
        access_item(by=story.people["adjudicator2"], item_id=one.pk)
    with pytest.raises(NotFound):
        story.settle(one, {"region": "left"}, by=story.people["adjudicator2"])
    story.settle(one, {"region": "left"})
    third = story.open_item("adjudicator")
    assert third.pk not in (one.pk, other.pk)
    story.settle(third, {"region": "left"})
    with pytest.raises(RuleBroken) as refusal:
        story.open_item("adjudicator")
    assert refusal.value.code == "nothing_to_adjudicate"


def test_what_is_shown_of_an_item_is_shown_while_it_is_open() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    waiting = story.item_of(0)
    adjudicator = story.people["adjudicator"]
    with pytest.raises(NotFound):
        access_open_item(by=adjudicator, item_id=waiting.pk)
    item = story.open_item()
    assert access_open_item(by=adjudicator, item_id=item.pk) == item
    shown = originals_of(item)
    assert [one.letter for one in shown] == ["A", "B", "C"]
    assert all("comment" not in one.answers for one in shown)
    story.settle(item, {"region": "left"})
    with pytest.raises(NotFound):
        access_open_item(by=adjudicator, item_id=item.pk)


def test_the_order_of_the_readings_is_drawn_for_each_item() -> None:
    story = panel_story(cases=12, readers=2)
    story.read_all(second_reader_says_right)
    letters = {story.letter_of(story.item_of(rank), "reader1") for rank in range(12)}
    assert letters == {"A", "B"}


def test_the_database_refuses_to_change_an_original_or_a_verdict() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    story.settle(story.open_item(), {"region": "right"})
    for rows in (ItemOriginal.objects, Verdict.objects, VerdictAnswer.objects):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.update(reason="changed")


# ------------------------------------------------------------------------------------------------ modes


def test_a_majority_settles_by_itself_and_the_rest_goes_to_the_adjudicator() -> None:
    story = panel_story(cases=1, mode="majority")
    story.read_all(second_reader_says_right)
    item = story.item_of(0)
    assert item.status == ItemStatus.SETTLED
    assert Verdict.objects.get(item=item).adjudicator is None
    assert values_of(story, 0)["region"] == ("left", How.MAJORITY)
    rest = panel_story(cases=1, mode="majority", name="rest")
    rest.read_all(all_differ)
    item = rest.open_item()
    rest.settle(item, {"length_mm": 10.0})
    found = values_of(rest, 0)
    assert found["region"] == ("left", How.MAJORITY)
    assert found["margin"] == (True, How.MAJORITY)
    assert found["signal"] == (False, How.MAJORITY)
    assert found["points"] == (1, How.MAJORITY)
    assert found["length_mm"] == (10.0, How.VERDICT)


def test_a_majority_of_two_readers_does_not_exist() -> None:
    story = panel_story(cases=1, readers=2, mode="majority")
    story.read_all(second_reader_says_right)
    assert story.item_of(0).status == ItemStatus.RAISED


def test_a_consensus_names_who_met() -> None:
    story = panel_story(cases=1, mode="consensus")
    story.read_all(second_reader_says_right)
    item = story.open_item()
    for attendees in ([], ["R9"]):
        with pytest.raises(InvalidInput) as refusal:
            story.settle(item, {"region": "left"}, attendees=attendees)
        assert list(refusal.value.fields) == ["attendees"]
    story.settle(item, {"region": "left"}, attendees=["R3", "R1"])
    assert Verdict.objects.get(item=item).attendees == ["R1", "R3"]
    assert values_of(story, 0)["region"] == ("left", How.CONSENSUS)


def test_a_meeting_waits_until_no_reader_will_meet_the_case_again() -> None:
    story = panel_story(cases=1, readers=2, mode="consensus", design=twice)
    story.read_all(second_reader_says_right)
    assert story.item_of(0).status == ItemStatus.RAISED
    with pytest.raises(RuleBroken) as refusal:
        story.open_item()
    assert refusal.value.code == "nothing_to_adjudicate"
    story.read_all(everybody_agrees)
    assert story.open_item().status == ItemStatus.OPEN


# ------------------------------------------------------------------------------------------------ late changes


def correct(story: PanelStory, part: str, answers: dict[str, Any]) -> None:
    """The reader's only read, opened again by the coordinator and corrected."""
    read = Read.objects.get(study=story.study, reader=story.people[part])
    reader, coordinator = story.people[part], story.people["coordinator"]
    asked = reopening_request(read_id=read.pk, reason="Wrong side.", by=reader, now=story.clock.tick())
    reopening_grant(reopening_id=asked.pk, decision="Granted.", by=coordinator, now=story.clock.tick())
    correction_submit(
        read_id=read.pk,
        idempotency_key=uuid.uuid4(),
        answers=answers,
        measurements=[],
        reason="Wrong side.",
        by=reader,
        now=story.clock.tick(),
    )


def test_a_correction_that_ends_the_disagreement_withdraws_the_item() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    item = story.open_item()
    correct(story, "reader2", AGREED)
    item.refresh_from_db()
    assert (item.status, item.closed_at) == (ItemStatus.VOIDED, story.clock.now)
    assert story.item_of(0) is None
    with pytest.raises(RuleBroken) as refusal:
        story.settle(item, {"region": "left"})
    assert refusal.value.code == "item_voided"
    assert values_of(story, 0)["region"] == ("left", How.UNANIMOUS)


def test_a_correction_that_leaves_a_disagreement_raises_the_item_anew() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    before = story.open_item()
    correct(story, "reader1", {**AGREED, "length_mm": 20.0})
    after = story.item_of(0)
    assert after.pk != before.pk
    assert (after.status, after.alias == before.alias) == (ItemStatus.RAISED, False)
    assert after.to_settle == ["region", "length_mm"]
    assert story.open_item().pk == after.pk


def test_a_correction_can_begin_a_disagreement() -> None:
    story = panel_story(cases=1)
    story.read_all(everybody_agrees)
    correct(story, "reader3", {**AGREED, "margin": False})
    assert story.item_of(0).to_settle == ["margin"]


def test_a_verdict_stands_when_a_reading_is_corrected_later_and_asks_for_review() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    story.settle(story.open_item(), {"region": "right"})
    assert adjudication_progress(story.study).needs_review == 0
    correct(story, "reader2", AGREED)
    assert values_of(story, 0)["region"] == ("right", How.VERDICT)
    progress = adjudication_progress(story.study)
    assert (progress.settled, progress.needs_review) == (1, 1)


def withdraw(story: PanelStory, part: str) -> None:
    member = StudyMember.objects.get(study=story.study, user=story.people[part])
    member_withdraw(
        member_id=member.pk,
        study=story.study,
        reason="Left the hospital.",
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )


def test_a_panel_is_complete_without_the_reader_who_left() -> None:
    story = panel_story(cases=1)
    story.read_next("reader1", second_reader_says_right)
    story.read_next("reader2", second_reader_says_right)
    withdraw(story, "reader3")
    assert story.item_of(0) is None
    item = story.open_item()
    assert ItemOriginal.objects.filter(item=item).count() == 2


def test_an_item_shows_nothing_of_a_reader_who_left_before_the_verdict() -> None:
    story = panel_story(cases=1, design=twice)
    story.read_all(second_reader_says_right)
    before = story.item_of(0)
    withdraw(story, "reader3")
    items_review(study=story.study, now=story.clock.tick())
    after = story.item_of(0)
    assert before is not None
    assert after is not None
    before.refresh_from_db()
    assert before.status == ItemStatus.VOIDED
    left = story.people["reader3"]
    shown = ItemOriginal.objects.filter(item=after)
    assert (shown.count(), shown.filter(read__reader=left).count()) == (2, 0)
    withdraw(story, "reader2")
    items_review(study=story.study, now=story.clock.tick())
    assert story.item_of(0) is None, "one reader is no panel"


def test_an_item_that_its_adjudicator_left_open_goes_to_another() -> None:
    story = panel_story(cases=1, adjudicators=("adjudicator", "adjudicator2"))
    story.read_all(second_reader_says_right)
    left = story.open_item("adjudicator")
    withdraw(story, "adjudicator")
    with pytest.raises(NotFound):
        access_item(by=story.people["adjudicator"], item_id=left.pk)
    assert story.open_item("adjudicator2").study_case_id == left.study_case_id
    left.refresh_from_db()
    assert left.status == ItemStatus.VOIDED


def test_a_verdict_asks_for_review_when_one_of_its_readers_leaves_or_all_do() -> None:
    story = panel_story(cases=1, design=twice)
    story.read_all(second_reader_says_right)
    story.settle(story.open_item(), {"region": "right"})
    for part in ("reader3", "reader2", "reader1"):
        withdraw(story, part)
        progress = adjudication_progress(story.study)
        assert progress is not None
        assert (progress.settled, progress.needs_review) == (1, 1)


# ------------------------------------------------------------------------------------------------ amended rules


def amend(story: PanelStory, **adjudication: Any) -> None:
    """Amend parts of the adjudication while the study is read."""
    story.study.refresh_from_db()
    story.people["coordinator"].set_password(PASSWORD)
    story.people["coordinator"].save()
    document = {
        **story.study.protocol,
        "adjudication": {**story.study.protocol["adjudication"], **adjudication},
    }
    protocol_amend(
        study_id=story.study.pk,
        document=document,
        version=story.study.protocol_version,
        reason="The limit was too wide.",
        facts=facts_of_study(story.study),
        password=PASSWORD,
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )
    story.study.refresh_from_db()


NARROW = [{"question": "length_mm", "when": "difference", "more_than": 0.5}]


def lengths_differ_by_one(read: Read, reader: int, rank: int) -> dict[str, Any]:
    return {**AGREED, "length_mm": 8.0 + (reader == 1)}


def test_amended_rules_hold_for_the_panels_that_are_completed_from_then_on() -> None:
    story = panel_story(cases=2, design=twice)
    for part in ("reader1", "reader2"):
        for _ in range(2):
            story.read_next(part, lengths_differ_by_one)
    before = story.cases.index(story.read_next("reader3", lengths_differ_by_one).assignment.study_case.case)
    amend(story, rules=NARROW)
    story.read_next("reader3", lengths_differ_by_one)
    later = story.item_of(1 - before)
    assert story.item_of(before) is None
    assert later is not None
    assert (later.questions, later.protocol_version) == ([{"question": "length_mm", "why": "difference"}], 2)
    assert values_of(story, before)["length_mm"] == (8.0, How.CONCORDANT)
    withdraw(story, "reader3")
    items_review(study=story.study, now=story.clock.tick())
    later.refresh_from_db()
    assert later.status == ItemStatus.VOIDED
    raised = story.item_of(1 - before)
    assert (story.item_of(before), raised.protocol_version if raised else None) == (None, 2)
    assert values_of(story, before)["length_mm"] == (8.5, How.CONCORDANT)


def test_an_item_that_is_raised_anew_keeps_the_rules_under_which_its_panel_was_completed() -> None:
    story = panel_story(cases=1, design=twice)
    story.read_all(all_differ)
    first = story.item_of(0)
    assert first is not None
    amend(story, mode="majority", rules=NARROW)
    withdraw(story, "reader1")
    items_review(study=story.study, now=story.clock.tick())
    again = story.item_of(0)
    assert again is not None
    assert again.pk != first.pk
    assert (again.mode, again.protocol_version) == ("third_reader", 1)
    assert [one["question"] for one in again.questions] == ["region", "length_mm", "points"]
    story.settle(story.open_item(), {"region": "left", "length_mm": 9.0, "signal": False})
    assert values_of(story, 0)["region"] == ("left", How.VERDICT)


def test_a_correction_is_compared_by_the_rules_under_which_the_panel_was_completed() -> None:
    story = panel_story(cases=1)
    story.read_all(everybody_agrees)
    amend(story, rules=NARROW)
    correct(story, "reader1", {**AGREED, "length_mm": 9.0})
    assert story.item_of(0) is None
    correct(story, "reader1", {**AGREED, "length_mm": 12.0})
    item = story.item_of(0)
    assert item is not None
    assert item.protocol_version == 1


def test_a_panel_that_the_leaving_of_a_reader_completes_has_the_rules_of_that_time() -> None:
    story = panel_story(cases=1)
    for part in ("reader1", "reader2"):
        story.read_next(part, lengths_differ_by_one)
    amend(story, rules=NARROW)
    withdraw(story, "reader3")
    items_review(study=story.study, now=story.clock.tick())
    item = story.item_of(0)
    assert item is not None
    assert (item.protocol_version, item.to_settle) == (2, ["length_mm"])


def test_an_arm_that_is_adjudicated_from_an_amendment_on_takes_no_panel_from_before() -> None:
    story = panel_story(cases=1, readers=2, adjudication={"arms": ["later"]}, design=twice)
    story.read_all(second_reader_says_right)
    amend(story, arms=["unaided", "later"])
    assert [panel.arm for panel in panels_of(story.study)] == ["later"]
    assert consensus_of(story.study).rows == []
    story.read_all(second_reader_says_right)
    assert [(item.arm, item.protocol_version) for item in AdjudicationItem.objects.all()] == [("later", 2)]


# ------------------------------------------------------------------------------------------------ meetings


def reopened(story: PanelStory, part: str) -> None:
    read = Read.objects.get(study=story.study, reader=story.people[part])
    asked = reopening_request(
        read_id=read.pk, reason="Wrong side.", by=story.people[part], now=story.clock.tick()
    )
    reopening_grant(
        reopening_id=asked.pk, decision="A slip.", by=story.people["coordinator"], now=story.clock.tick()
    )


def test_a_meeting_waits_for_a_reading_that_was_opened_again() -> None:
    story = panel_story(cases=1, mode="consensus")
    story.read_all(second_reader_says_right)
    reopened(story, "reader1")
    with pytest.raises(RuleBroken) as refusal:
        story.open_item()
    assert refusal.value.code == "nothing_to_adjudicate"
    correction_submit(
        read_id=Read.objects.get(study=story.study, reader=story.people["reader1"]).pk,
        idempotency_key=uuid.uuid4(),
        answers={**AGREED, "length_mm": 9.0},
        measurements=[],
        reason="Wrong side.",
        by=story.people["reader1"],
        now=story.clock.tick(),
    )
    assert story.open_item().status == ItemStatus.OPEN


def test_a_meeting_does_not_wait_for_a_reader_who_left_with_a_reading_opened_again() -> None:
    story = panel_story(cases=1, mode="consensus")
    story.read_all(second_reader_says_right)
    reopened(story, "reader3")
    withdraw(story, "reader3")
    assert story.open_item().status == ItemStatus.OPEN


def test_no_reading_is_opened_again_once_the_readers_met_on_the_case() -> None:
    story = panel_story(cases=1, mode="consensus")
    story.read_all(second_reader_says_right)
    item = story.open_item()
    with pytest.raises(RuleBroken) as refusal:
        reopened(story, "reader1")
    assert refusal.value.code == "panel_open"
    story.settle(item, {"region": "left"}, attendees=["R1"])
    with pytest.raises(RuleBroken) as refusal:
        reopened(story, "reader2")
    assert refusal.value.code == "panel_settled"
    assert not Reopening.objects.filter(status="GRANTED").exists()
    assert not Deviation.objects.filter(kind="READ_REOPENED").exists()


def test_a_verdict_of_a_third_reader_keeps_no_reading_closed() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    story.settle(story.open_item(), {"region": "left"})
    reopened(story, "reader1")
    assert Reopening.objects.get().status == "GRANTED"


# ------------------------------------------------------------------------------------------------ counts and trail


def test_the_coordinator_sees_numbers() -> None:
    story = panel_story(cases=3)
    before = adjudication_progress(story.study)
    assert (before.panels, before.complete, before.forecast.items) == (3, 0, 0.75)
    story.read_all(
        lambda read, reader, rank: (second_reader_says_right if rank else everybody_agrees)(
            read, reader, rank
        )
    )
    story.settle(story.open_item(), {"region": "left"})
    story.open_item()
    found = adjudication_progress(story.study)
    assert (found.complete, found.raised, found.open, found.settled) == (3, 0, 1, 1)
    assert (found.by_majority, found.needs_review, found.forecast.items) == (0, 0, 2.0)
    assert consensus_of(story.study).unsettled == [(story.cases[2].number, "unaided")] or consensus_of(
        story.study
    ).unsettled == [(story.cases[1].number, "unaided")]


def test_the_trail_tells_what_happened_and_no_answer() -> None:
    story = panel_story(cases=1)
    story.read_all(second_reader_says_right)
    story.settle(story.open_item(), {"region": "right"}, reason="The word right is here.")
    events = AuditEvent.objects.filter(event__startswith="item_").order_by("pk")
    assert [one.event for one in events] == ["item_raised", "item_opened", "item_settled"]
    assert all("right" not in str(one.detail) for one in events)


# ------------------------------------------------------------------------------------------------ all four rules


def drawn_apart(read: Read, reader: int, rank: int) -> dict[str, Any]:
    """Case 0: all agree. 1: region. 2: length. 3: marks. 4: outlines."""
    answers = {
        **AGREED,
        "findings": [mark_at(read, 10 + (reader if rank != 3 else 8 * reader), 12)],
        "tumor": {"contours": [square_at(read, 8 + (reader if rank != 4 else 4 * reader), 8)]},
    }
    if rank == 1:
        answers["region"] = "right" if reader == 0 else "left"
    if rank == 2:
        answers["length_mm"] = 8.0 + 3 * reader
    return answers


def test_a_study_of_three_readers_with_disagreements_by_all_four_rules() -> None:
    story = panel_story(cases=5, with_images=True)
    story.read_all(drawn_apart)
    raised = {rank: item.questions for rank in range(5) if (item := story.item_of(rank)) is not None}
    assert raised == {
        1: [{"question": "region", "why": "answers"}],
        2: [{"question": "length_mm", "why": "difference"}],
        3: [{"question": "findings", "why": "mark_distance"}],
        4: [{"question": "tumor", "why": "overlap"}],
    }
    verdicts: dict[str, Any] = {"region": "left", "length_mm": 11.0}
    for _ in range(4):
        item = story.open_item()
        (question,) = item.to_settle
        letter = story.letter_of(item, "reader2")
        story.settle(item, {question: verdicts.get(question, {"reading": letter})})
    consensus = consensus_of(story.study)
    assert consensus.unsettled == []
    settled = {
        (story.cases.index(next(case for case in story.cases if case.number == row.case)), row.question): row
        for row in consensus.rows
        if row.how is How.VERDICT
    }
    assert settled.keys() == {(1, "region"), (2, "length_mm"), (3, "findings"), (4, "tumor")}
    assert settled[(2, "length_mm")].value == 11.0
    for place in ((3, "findings"), (4, "tumor")):
        original = settled[place].original
        assert Read.objects.get(pk=original).reader == story.people["reader2"]
    assert values_of(story, 0)["tumor"] == (None, How.CONCORDANT)
    assert {len(row.reads) for row in consensus.rows} == {3}


# ------------------------------------------------------------------------------------------------ to the results


def test_the_consensus_is_a_dataset_of_its_own_in_the_frozen_data() -> None:
    story = panel_story(cases=2, readers=3)
    story.read_all(second_reader_says_right)
    settled = story.open_item()
    story.settle(settled, {"region": "right"})
    coordinator, second = story.people["coordinator"], person("second-coordinator")
    member_enroll(
        study=story.study, user=second, role=Role.COORDINATOR, by=coordinator, now=story.clock.tick()
    )
    with pytest.raises(RuleBroken) as refusal:
        lock_request(study_id=story.study.pk, reason="", by=coordinator, now=story.clock.tick())
    assert (refusal.value.code, refusal.value.extra) == ("items_unsettled", {"unsettled": 1})
    lock_request(study_id=story.study.pk, reason="It takes too long.", by=coordinator, now=story.clock.tick())
    run = study_lock_and_report(study_id=story.study.pk, by=second, now=story.clock.tick())
    content = run.dataset.document
    rows = [row for row in content["consensus"] if row["case"] == settled.study_case.case.number]
    assert {(row["question"], row["value"], row["how"]) for row in rows} == {
        ("region", "right", "verdict"),
        ("length_mm", 8.0, "unanimous"),
        ("margin", True, "unanimous"),
        ("signal", False, "unanimous"),
        ("points", 1, "unanimous"),
    }
    assert all(row["readers"] == ["R1", "R2", "R3"] for row in rows)
    assert content["consensus_sha256"] == sha256_of({"consensus": content["consensus"]})
    table = bytes(ResultFile.objects.get(run=run, name="consensus.csv").body).decode().splitlines()
    assert table[0] == "case,arm,question,value,label,how,readers,drawing_of"
    assert f"{rows[0]['case']},unaided,region,right,Right,verdict,R1 R2 R3," in table
    assert len(table) == 1 + len(content["consensus"])
    (deviation,) = content["deviations"]
    assert (deviation["kind"], deviation["unsettled_items"]) == ("LOCKED_INCOMPLETE", 1)
    with pytest.raises(RuleBroken):
        story.open_item()
