from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.audit.errors import RuleBroken
from backend.studies.session_states import (
    REOPENING_TRANSITIONS,
    SESSION_TRANSITIONS,
    STUDY_TRANSITIONS,
    CountFrom,
    NextStatus,
    NextTurn,
    ReopeningStatus,
    SessionStatus,
    SessionView,
    StudyPhase,
    Turn,
    check_reopening_transition,
    check_session_transition,
    check_study_transition,
    check_turn_is_open,
    next_turn,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WASHOUT = timedelta(days=28)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


def turn(
    position: int,
    *,
    step: int = 1,
    submitted: bool = False,
    draft: bool = False,
    prior: datetime | None = None,
    read_before: bool | None = None,
) -> Turn:
    return Turn(
        position,
        step,
        is_submitted=submitted,
        is_draft=draft,
        prior_submitted_at=prior,
        was_read_before=prior is not None if read_before is None else read_before,
    )


def first_session_locked(*, priors: list[datetime], washout: timedelta = WASHOUT) -> list[SessionView]:
    places = range(1, len(priors) + 1)
    done = SessionView(1, SessionStatus.LOCKED, [turn(place, submitted=True) for place in places])
    turns = [turn(place, prior=prior) for place, prior in zip(places, priors, strict=True)]
    second = SessionView(
        2, SessionStatus.SCHEDULED, turns, washout=washout, prior_locked_at=max(priors, default=None)
    )
    return [done, second]


def found(
    sessions: list[SessionView], now: datetime = NOON, count_from: CountFrom = CountFrom.READ
) -> NextTurn:
    return next_turn(sessions, count_from=count_from, now=now)


def test_every_status_stands_in_its_table() -> None:
    assert STUDY_TRANSITIONS.keys() == set(StudyPhase)
    assert SESSION_TRANSITIONS.keys() == set(SessionStatus)
    assert REOPENING_TRANSITIONS.keys() == set(ReopeningStatus)


@pytest.mark.parametrize("start", list(SessionStatus))
@pytest.mark.parametrize("end", list(SessionStatus))
def test_a_session_moves_only_along_its_table(start: SessionStatus, end: SessionStatus) -> None:
    if end in SESSION_TRANSITIONS[start]:
        check_session_transition(start, end)
    else:
        with pytest.raises(RuleBroken, match="session_status"):
            check_session_transition(start, end)


@pytest.mark.parametrize("start", list(ReopeningStatus))
@pytest.mark.parametrize("end", list(ReopeningStatus))
def test_a_request_moves_only_along_its_table(start: ReopeningStatus, end: ReopeningStatus) -> None:
    if end in REOPENING_TRANSITIONS[start]:
        check_reopening_transition(start, end)
    else:
        with pytest.raises(RuleBroken, match="reopening_status"):
            check_reopening_transition(start, end)


@pytest.mark.parametrize("end", list(StudyPhase))
def test_a_locked_study_stays_locked(end: StudyPhase) -> None:
    with pytest.raises(RuleBroken, match="study_phase"):
        check_study_transition(StudyPhase.LOCKED, end)


def test_the_first_unread_case_is_next() -> None:
    view = SessionView(1, SessionStatus.OPEN, [turn(1, submitted=True), turn(2), turn(3)])
    next_one = found([view])
    assert (next_one.status, next_one.session_ordinal, next_one.position, next_one.step) == (
        NextStatus.OPEN,
        1,
        2,
        1,
    )


def test_an_open_draft_is_resumed_even_where_a_washout_was_made_longer() -> None:
    view = SessionView(
        2, SessionStatus.OPEN, [turn(1, draft=True, prior=NOON)], washout=WASHOUT, prior_locked_at=NOON
    )
    assert found([view]).resumes_draft
    assert found([view]).status is NextStatus.OPEN


def test_the_second_session_waits_for_the_end_of_the_first() -> None:
    first = SessionView(1, SessionStatus.OPEN, [turn(1, submitted=True), turn(2)])
    second = SessionView(2, SessionStatus.SCHEDULED, [turn(1, prior=NOON - 2 * WASHOUT), turn(2)])
    assert found([first, second]).session_ordinal == 1


def test_a_case_opens_at_the_very_instant_at_which_the_washout_ends() -> None:
    sessions = first_session_locked(priors=[NOON])
    early = found(sessions, NOON + WASHOUT - timedelta(microseconds=1))
    assert (early.status, early.opens_at) == (NextStatus.WAITING, NOON + WASHOUT)
    assert found(sessions, NOON + WASHOUT).status is NextStatus.OPEN


def test_a_protocol_may_count_from_the_end_of_the_session_before() -> None:
    sessions = first_session_locked(priors=[NOON, NOON + timedelta(days=3)])
    now = NOON + WASHOUT
    assert found(sessions, now).status is NextStatus.OPEN
    by_session = found(sessions, now, CountFrom.SESSION)
    assert (by_session.status, by_session.opens_at) == (
        NextStatus.WAITING,
        NOON + timedelta(days=3) + WASHOUT,
    )
    first = SessionView(1, SessionStatus.SCHEDULED, [turn(1)])
    assert found([first], now, CountFrom.SESSION).status is NextStatus.OPEN


def test_a_case_that_was_not_read_before_opens_at_once() -> None:
    sessions = first_session_locked(priors=[])
    sessions[1] = replace(sessions[1], turns=[turn(1)])
    assert found(sessions).status is NextStatus.OPEN


def test_a_second_step_and_an_overridden_washout_wait_for_nothing() -> None:
    sessions = first_session_locked(priors=[NOON])
    second = sessions[1]
    step = replace(second, turns=[turn(1, submitted=True, prior=NOON), turn(1, step=2, prior=NOON)])
    assert (found([step]).status, found([step]).step) == (NextStatus.OPEN, 2)
    overridden = replace(second, turns=[replace(second.turns[0], is_washout_overridden=True)])
    assert found([overridden]).status is NextStatus.OPEN


def test_waiting_is_refused_with_the_date_on_which_it_ends() -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_turn_is_open(found(first_session_locked(priors=[NOON])))
    assert refusal.value.code == "washout_running"
    assert "29 March 2026 at 12:00 UTC" in refusal.value.text
    assert refusal.value.extra == {"opens_at": "2026-03-29T12:00:00+00:00"}


def test_the_order_is_kept_even_when_a_later_case_has_washed_out() -> None:
    sessions = first_session_locked(priors=[NOON, NOON - timedelta(days=5)])
    waiting = found(sessions, NOON + WASHOUT - timedelta(days=1))
    assert (waiting.status, waiting.position) == (NextStatus.WAITING, 1)


@pytest.mark.parametrize(
    ("view", "code"),
    [
        (SessionView(1, SessionStatus.LOCKED, [turn(1, submitted=True)]), "nothing_left"),
        (SessionView(1, SessionStatus.READ, [turn(1, submitted=True)]), "session_to_sign"),
        (SessionView(0, SessionStatus.LOCKED, [turn(1, submitted=True)], is_failed=True), "training_failed"),
    ],
)
def test_what_is_not_open_is_refused_by_name(view: SessionView, code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        check_turn_is_open(found([view]))


def test_a_break_is_refused_with_the_time_at_which_it_ends() -> None:
    turn_now = NextTurn(NextStatus.BREAK, 1, 2, 1, opens_at=NOON)
    with pytest.raises(RuleBroken, match=r"break_due.*12:00 UTC"):
        check_turn_is_open(turn_now)


def test_a_session_that_is_read_is_signed_before_the_next_one_opens() -> None:
    first = SessionView(1, SessionStatus.READ, [turn(1, submitted=True)])
    second = SessionView(2, SessionStatus.SCHEDULED, [turn(1, prior=NOON - 2 * WASHOUT)])
    assert found([first, second]).status is NextStatus.TO_SIGN


def test_a_second_session_without_the_first_read_is_refused() -> None:
    first = SessionView(1, SessionStatus.LOCKED, [turn(1)])
    second = SessionView(2, SessionStatus.SCHEDULED, [turn(1, read_before=True)])
    with pytest.raises(RuleBroken, match="prior_read_missing"):
        found([first, second])


@settings(derandomize=True, max_examples=400, deadline=None)
@given(
    waited_s=st.integers(0, 60 * 86_400),
    washout_days=st.integers(1, 60),
    zones=st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)),
    read_at=st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    count_from=st.sampled_from(CountFrom),
)
def test_no_time_zone_and_no_change_of_clocks_opens_a_case_early(
    waited_s: int,
    washout_days: int,
    zones: tuple[str, str],
    read_at: datetime,
    count_from: CountFrom,
) -> None:
    """The same instants told on the clocks of any zone, over every change of them, give the same answer."""
    prior = read_at.astimezone(ZoneInfo(zones[0]))
    now = (read_at + timedelta(seconds=waited_s)).astimezone(ZoneInfo(zones[1]))
    sessions = first_session_locked(priors=[prior], washout=timedelta(days=washout_days))
    is_open = found(sessions, now, count_from).status is NextStatus.OPEN
    assert is_open == (waited_s >= washout_days * 86_400)
