"""Caps per sitting: when a break is due, and that no schedule of a reader gets around it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.audit.errors import RuleBroken
from backend.studies.session_states import NextStatus, NextTurn, check_turn_is_open
from backend.studies.sittings import Commit, SittingLimits, break_until, last_sitting, limits_of, with_break

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BREAK = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
OPEN = NextTurn(NextStatus.OPEN, session_ordinal=1, position=4, step=1)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def in_a_row(count: int, *, each: float = 5, pause: float = 0, start: datetime = NOON) -> list[Commit]:
    """Cases of `each` minutes with `pause` minutes between them."""
    begun = [start + place * minutes(each + pause) for place in range(count)]
    return [Commit(place, at, at + minutes(each)) for place, at in enumerate(begun)]


def limits(cases: int | None = None, time: float | None = None) -> SittingLimits:
    return SittingLimits(cases, None if time is None else minutes(time), BREAK)


def test_limits_come_from_the_protocol() -> None:
    protocol = {"sittings": {"max_cases": 40, "max_minutes": 90, "break_minutes": 20}}
    assert limits_of(protocol) == SittingLimits(40, minutes(90), minutes(20))
    assert limits_of({"sittings": {**protocol["sittings"], "max_minutes": None}}).max_time is None


def test_no_break_without_caps_and_none_before_the_first_case() -> None:
    assert break_until(in_a_row(100), limits()) is None
    assert break_until([], limits(cases=1)) is None
    assert last_sitting([], limits(cases=1)) is None


def test_a_break_is_due_after_the_last_case_that_the_cap_allows() -> None:
    assert break_until(in_a_row(2), limits(cases=3)) is None
    commits = in_a_row(3)
    assert break_until(commits, limits(cases=3)) == commits[-1].submitted_at + BREAK


def test_a_break_is_due_once_the_time_is_reached() -> None:
    assert break_until(in_a_row(5), limits(time=30)) is None
    commits = in_a_row(6)
    assert break_until(commits, limits(time=30)) == commits[-1].submitted_at + BREAK


def test_a_pause_shorter_than_the_break_is_none() -> None:
    commits = in_a_row(3, pause=14.9)
    assert break_until(commits, limits(cases=3)) is not None


def test_a_pause_as_long_as_the_break_begins_a_new_sitting() -> None:
    commits = in_a_row(3, pause=15)
    assert break_until(commits, limits(cases=3)) is None
    sitting = last_sitting(commits, limits(cases=3))
    assert sitting is not None
    assert (sitting.cases, sitting.began_at) == (1, commits[-1].opened_at)


def test_a_case_that_takes_longer_than_a_break_is_no_pause() -> None:
    assert break_until(in_a_row(3, each=40), limits(cases=3)) is not None


def test_the_steps_of_a_case_are_one_case() -> None:
    first = Commit("case", NOON, NOON + minutes(5))
    second = Commit("case", NOON + minutes(5), NOON + minutes(8))
    assert break_until([first, second], limits(cases=2)) is None
    assert break_until([first, second], limits(cases=1)) == second.submitted_at + BREAK


def test_the_order_in_which_commits_are_given_has_no_influence() -> None:
    commits = in_a_row(5, pause=4)
    assert break_until(commits[::-1], limits(cases=5)) == break_until(commits, limits(cases=5))


def test_the_next_case_opens_at_the_very_instant_at_which_the_break_ends() -> None:
    commits = in_a_row(3)
    until = commits[-1].submitted_at + BREAK
    early = with_break(OPEN, commits, limits(cases=3), now=until - SECOND)
    assert (early.status, early.opens_at, early.position) == (NextStatus.BREAK, until, 4)
    with pytest.raises(RuleBroken, match="break_due"):
        check_turn_is_open(early)
    assert with_break(OPEN, commits, limits(cases=3), now=until) == OPEN


@pytest.mark.parametrize(
    "turn",
    [
        NextTurn(NextStatus.OPEN, 1, 4, step=1, resumes_draft=True),
        NextTurn(NextStatus.OPEN, 1, 4, step=2),
        NextTurn(NextStatus.TO_SIGN, 1),
        NextTurn(NextStatus.COMPLETE),
        NextTurn(NextStatus.WAITING, 2, 1, step=1, opens_at=NOON + minutes(500)),
    ],
)
def test_a_break_interrupts_nothing_and_shortens_no_wait(turn: NextTurn) -> None:
    commits = in_a_row(3)
    assert with_break(turn, commits, limits(cases=3), now=commits[-1].submitted_at) == turn


def test_a_wait_that_ends_within_the_break_ends_with_it() -> None:
    commits = in_a_row(3)
    done = commits[-1].submitted_at
    turn = NextTurn(NextStatus.WAITING, 2, 1, step=1, opens_at=done + minutes(1))
    found = with_break(turn, commits, limits(cases=3), now=done)
    assert (found.status, found.opens_at) == (NextStatus.BREAK, done + BREAK)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    schedule=st.lists(
        st.tuples(st.floats(0, 40), st.floats(0.1, 30), st.booleans()), min_size=1, max_size=60
    ),
    cases=st.integers(1, 8),
    time=st.one_of(st.none(), st.floats(1, 60)),
)
def test_no_schedule_reads_more_cases_without_a_break_than_the_cap(
    schedule: list[tuple[float, float, bool]], cases: int, time: float | None
) -> None:
    """A reader who comes back after any pause, and opens whatever may be opened, never passes the cap."""
    caps = limits(cases=cases, time=time)
    commits: list[Commit] = []
    now = NOON
    for number, (pause, length, is_in_steps) in enumerate(schedule):
        now += minutes(pause)
        turn = with_break(OPEN, commits, caps, now=now)
        if turn.status is NextStatus.BREAK:
            assert turn.opens_at is not None
            now = turn.opens_at
            assert with_break(OPEN, commits, caps, now=now) == OPEN
        for _ in range(2 if is_in_steps else 1):
            opened = now
            now += minutes(length)
            commits.append(Commit(number, opened, now))
    for run in _runs(commits):
        assert len({commit.case for commit in run}) <= cases
        # The case during which the time is reached is read to its end.
        before_last = [commit.submitted_at for commit in run if commit.case != run[-1].case]
        if time is not None and before_last:
            assert before_last[-1] - run[0].opened_at < minutes(time)


def _runs(commits: list[Commit]) -> list[list[Commit]]:
    """The commits cut at every pause of a break or more: the slow, obvious way."""
    runs = [[commits[0]]]
    for before, after in pairwise(commits):
        if after.opened_at - before.submitted_at >= BREAK:
            runs.append([after])
        else:
            runs[-1].append(after)
    return runs
