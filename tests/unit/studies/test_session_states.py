from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.audit.errors import RuleBroken
from backend.studies.session_states import (
    SESSION_TRANSITIONS,
    STUDY_TRANSITIONS,
    NextStatus,
    SessionStatus,
    SessionView,
    StudyPhase,
    Turn,
    check_session_transition,
    check_study_transition,
    check_turn_is_open,
    next_turn,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WASHOUT = timedelta(days=28)


def turn(
    position: int, *, submitted: bool = False, draft: bool = False, prior: datetime | None = None
) -> Turn:
    return Turn(position, is_submitted=submitted, is_draft=draft, prior_submitted_at=prior)


def first_session_locked(*, priors: list[datetime]) -> list[SessionView]:
    done = SessionView(
        1, SessionStatus.LOCKED, [turn(place, submitted=True) for place in range(1, len(priors) + 1)]
    )
    second = SessionView(
        2, SessionStatus.SCHEDULED, [turn(place, prior=prior) for place, prior in enumerate(priors, start=1)]
    )
    return [done, second]


def test_every_status_stands_in_its_table() -> None:
    assert STUDY_TRANSITIONS.keys() == set(StudyPhase)
    assert SESSION_TRANSITIONS.keys() == set(SessionStatus)


@pytest.mark.parametrize("start", list(SessionStatus))
@pytest.mark.parametrize("end", list(SessionStatus))
def test_a_session_moves_only_along_its_table(start: SessionStatus, end: SessionStatus) -> None:
    if end in SESSION_TRANSITIONS[start]:
        check_session_transition(start, end)
    else:
        with pytest.raises(RuleBroken, match="session_status"):
            check_session_transition(start, end)


@pytest.mark.parametrize("end", list(StudyPhase))
def test_a_locked_study_stays_locked(end: StudyPhase) -> None:
    with pytest.raises(RuleBroken, match="study_phase"):
        check_study_transition(StudyPhase.LOCKED, end)


def test_the_first_unread_case_is_next() -> None:
    view = SessionView(1, SessionStatus.OPEN, [turn(1, submitted=True), turn(2), turn(3)])
    found = next_turn([view], washout=WASHOUT, now=NOON)
    assert (found.status, found.session_ordinal, found.position) == (NextStatus.OPEN, 1, 2)


def test_an_open_draft_is_resumed() -> None:
    view = SessionView(1, SessionStatus.OPEN, [turn(1, submitted=True), turn(2, draft=True), turn(3)])
    assert next_turn([view], washout=WASHOUT, now=NOON).resumes_draft


def test_the_second_session_waits_for_the_end_of_the_first() -> None:
    first = SessionView(1, SessionStatus.OPEN, [turn(1, submitted=True), turn(2)])
    second = SessionView(2, SessionStatus.SCHEDULED, [turn(1, prior=NOON - 2 * WASHOUT), turn(2)])
    assert next_turn([first, second], washout=WASHOUT, now=NOON).session_ordinal == 1


def test_a_case_opens_at_the_very_instant_at_which_the_washout_ends() -> None:
    sessions = first_session_locked(priors=[NOON])
    early = next_turn(sessions, washout=WASHOUT, now=NOON + WASHOUT - timedelta(microseconds=1))
    assert (early.status, early.opens_at) == (NextStatus.WAITING, NOON + WASHOUT)
    assert next_turn(sessions, washout=WASHOUT, now=NOON + WASHOUT).status is NextStatus.OPEN


def test_waiting_is_refused_with_the_date_on_which_it_ends() -> None:
    waiting = next_turn(first_session_locked(priors=[NOON]), washout=WASHOUT, now=NOON)
    with pytest.raises(RuleBroken) as refusal:
        check_turn_is_open(waiting)
    assert refusal.value.code == "washout_running"
    assert "29 March 2026 at 12:00 UTC" in refusal.value.text
    assert refusal.value.extra == {"opens_at": "2026-03-29T12:00:00+00:00"}


def test_the_order_is_kept_even_when_a_later_case_has_washed_out() -> None:
    sessions = first_session_locked(priors=[NOON, NOON - timedelta(days=5)])
    found = next_turn(sessions, washout=WASHOUT, now=NOON + WASHOUT - timedelta(days=1))
    assert (found.status, found.position) == (NextStatus.WAITING, 1)


def test_nothing_is_left_after_the_last_session() -> None:
    view = SessionView(1, SessionStatus.LOCKED, [turn(1, submitted=True)])
    found = next_turn([view], washout=WASHOUT, now=NOON)
    with pytest.raises(RuleBroken, match="nothing_left"):
        check_turn_is_open(found)


def test_a_second_session_without_the_first_read_is_refused() -> None:
    first = SessionView(1, SessionStatus.VOIDED, [turn(1)])
    second = SessionView(2, SessionStatus.SCHEDULED, [turn(1)])
    with pytest.raises(RuleBroken, match="prior_read_missing"):
        next_turn([first, second], washout=WASHOUT, now=NOON)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    waited_s=st.integers(0, 60 * 86_400),
    washout_days=st.integers(1, 60),
    offset_hours=st.integers(-12, 14),
    read_at=st.datetimes(timezones=st.just(UTC)),
)
def test_no_time_zone_opens_a_case_early(
    waited_s: int, washout_days: int, offset_hours: int, read_at: datetime
) -> None:
    """The same instants told in any offset, over every change of clocks, give the same answer."""
    prior = min(max(read_at, datetime(1970, 1, 1, tzinfo=UTC)), datetime(2200, 1, 1, tzinfo=UTC))
    now = (prior + timedelta(seconds=waited_s)).astimezone(timezone(timedelta(hours=offset_hours)))
    found = next_turn(first_session_locked(priors=[prior]), washout=timedelta(days=washout_days), now=now)
    assert (found.status is NextStatus.OPEN) == (waited_s >= washout_days * 86_400)
