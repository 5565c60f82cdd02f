"""What a design asks for, against examples worked out by hand, and against a count case by case."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.studies.design import CaseFact, Cell, cells_of, plan_for, sessions_of
from backend.studies.design_facts import (
    DesignFacts,
    ReaderFact,
    TrainingFact,
    expected_members,
    place_readers,
)
from backend.studies.design_load import Pace
from backend.studies.design_patterns import PATTERNS, apply_pattern
from backend.studies.design_summary import DesignSummary, summarize
from backend.studies.templates import TEMPLATES

START = date(2026, 1, 5)
CASES = tuple(CaseFact(f"{center}-{number:02d}", center) for center in "AB" for number in range(20))
PACE = Pace(minutes=3, later_step_minutes=1)
Document = dict[str, Any]


def design(pattern: str, **options: int) -> Document:
    return apply_pattern(TEMPLATES["lpln-radiomics"](), pattern, **options)


def summary(document: Document, *, readers: int = 4, **changes: Any) -> DesignSummary:
    facts = DesignFacts(**{"cases": CASES, "readers": (ReaderFact(),) * readers, **changes})
    return summarize(document, facts, PACE, START)


def dates(found: DesignSummary, cell: int = 0) -> list[tuple[int, str, str]]:
    return [
        (one.sittings, one.first_day.isoformat(), one.last_day.isoformat())
        for one in found.cells[cell].sessions
    ]


def test_fixed_order_reads_forty_cases_twice() -> None:
    found = summary(design("fixed_order", washout_days=28))
    assert (found.reads, found.minutes) == (4 * 80, 4 * 80 * 3)
    assert [(one.readers, one.reads, one.minutes) for one in found.cells] == [(4, 80, 240)]
    # 40 cases of 3 minutes are 2 hours, one sitting; the same cases open 28 days later.
    assert dates(found) == [(1, "2026-01-05", "2026-01-05"), (1, "2026-02-02", "2026-02-02")]
    assert found.last_day == date(2026, 2, 2)


def test_crossover_balances_arms_over_periods() -> None:
    found = summary(design("crossover"))
    assert [(one.sequence, one.period, one.arm, one.reads) for one in found.periods] == [
        ("ab", 1, "unaided", 80),
        ("ab", 2, "aided", 80),
        ("ba", 1, "aided", 80),
        ("ba", 2, "unaided", 80),
    ]
    assert [(one.arm, one.fewest, one.most) for one in found.coverage] == [("unaided", 4, 4), ("aided", 4, 4)]


def test_sequential_reading_takes_the_later_step_its_own_time() -> None:
    found = summary(design("sequential"))
    session = found.cells[0].sessions[0]
    assert (session.cases, session.reads, session.minutes) == (40, 80, 40 * (3 + 1))


def test_single_arm_reads_once() -> None:
    assert summary(design("single_arm")).reads == 4 * 40


def test_a_reread_adds_its_cases_after_its_washout() -> None:
    found = summary(apply_pattern(design("single_arm"), "reread", cases=10, washout_days=60))
    assert [(one.cases, one.reads) for one in found.cells[0].sessions] == [(40, 40), (10, 10)]
    assert dates(found)[1] == (1, "2026-03-06", "2026-03-06")


def test_fully_crossed_reads_as_much_as_a_crossover_with_both_arms_in_every_session() -> None:
    found = summary(design("fully_crossed"))
    assert found.reads == 4 * 80
    assert {(one.sequence, one.period, one.arm): one.reads for one in found.periods} == {
        (sequence, period, arm): 40
        for sequence in ("s1", "s2")
        for period in (1, 2)
        for arm in ("unaided", "aided")
    }


def test_nested_readers_read_one_arm_and_nested_cases_a_part() -> None:
    readers = summary(design("split_plot_readers"))
    assert [(one.readers, one.reads) for one in readers.cells] == [(2, 40), (2, 40)]
    assert [(one.fewest, one.most) for one in readers.coverage] == [(2, 2), (2, 2)]
    cases = summary(design("split_plot_cases", groups=2))
    assert [(one.readers, one.reads) for one in cases.cells] == [(2, 2 * 20), (2, 2 * 20)]
    assert [(one.fewest, one.most) for one in cases.coverage] == [(2, 2), (2, 2)]


def test_the_anchor_is_read_by_all_and_a_block_by_its_group() -> None:
    found = summary(design("anchor_blocks", blocks=3), readers=3)
    # 40 cases in four parts of 10: every reader reads the anchor and a block, in each of two sessions.
    assert [one.reads for one in found.cells] == [40, 40, 40]
    assert [(one.fewest, one.most, one.unread_cases) for one in found.coverage] == [(1, 3, 0), (1, 3, 0)]
    # The new block needs no washout: session 2 begins the next day and ends when the anchor has washed out.
    assert dates(found)[1] == (1, "2026-01-06", "2026-02-02")


def test_sittings_follow_the_caps() -> None:
    document = design("fixed_order", washout_days=28)
    document["sittings"]["max_cases"] = 15
    # 15 + 15 + 10 cases; the last one of session 1 is read on 7 January and opens again on 4 February.
    assert dates(summary(document)) == [(3, "2026-01-05", "2026-01-07"), (3, "2026-02-02", "2026-02-04")]
    document["sittings"]["max_minutes"] = 30
    # 10 cases of 3 minutes: four sittings.
    assert dates(summary(document)) == [(4, "2026-01-05", "2026-01-08"), (4, "2026-02-02", "2026-02-05")]
    document["washout"]["count_from"] = "session"
    assert dates(summary(document))[1] == (4, "2026-02-05", "2026-02-08")


def test_hidden_repeats_are_reads_and_time() -> None:
    document = design("sequential")
    document["hidden_repeats"] = {"count": 5, "min_lag": 10, "sessions": [1]}
    session = summary(document).cells[0].sessions[0]
    assert (session.cases, session.repeats, session.reads, session.minutes) == (40, 5, 90, 45 * 4)


def test_training_takes_time_and_is_no_read_of_the_study() -> None:
    document = design("single_arm")
    document["training"] = {"pass_mark": 0.8, "max_attempts": 2, "questions": ["rating"], "tolerance": {}}
    found = summary(document, training=(TrainingFact("T-1"), TrainingFact("T-2")))
    assert (found.reads, found.minutes) == (4 * 40, 4 * 42 * 3)
    assert dates(found) == [(1, "2026-01-05", "2026-01-05"), (1, "2026-01-06", "2026-01-06")]
    assert found.training_cases == 2


def test_case_sets_are_told_by_center_and_cohort() -> None:
    document = design("reread", cases=10)
    cases = tuple(CaseFact(one.number, one.center, "old" if one.center == "A" else "") for one in CASES[:30])
    whole, again = summary(document, cases=cases).case_sets
    assert (whole.is_expected, whole.by_center, whole.by_cohort) == (
        False,
        {"A": 20, "B": 10},
        {"": 10, "old": 20},
    )
    assert (again.is_expected, again.cases) == (True, 10)
    assert again.by_center == {"A": 7, "B": 3}, "ten of thirty, in the proportion of the centers"


def test_what_is_missing_is_assumed_and_said() -> None:
    found = summary(design("crossover"), cases=(), readers=0)
    assert (found.cases, found.readers, found.reads) == (100, 2, 2 * 200)
    assert (found.are_cases_assumed, found.are_readers_assumed) == (True, True)
    assert any("100 are assumed" in text for text in found.assumptions)
    assert found.power_note == "Power and sample size are not offered yet."


def test_readers_go_to_the_emptiest_cell_that_is_theirs() -> None:
    cells = [Cell("g1", "ab"), Cell("g1", "ba"), Cell("g2", "ab")]
    readers = [ReaderFact(), ReaderFact("g2"), ReaderFact("g1", "ba"), ReaderFact(), ReaderFact("gone")]
    assert place_readers(cells, readers) == {cells[0]: 2, cells[1]: 2, cells[2]: 1}
    assert place_readers(cells, readers[::-1]) == place_readers(cells, readers)
    assert place_readers([], readers) == {}


def counted(document: Document, facts: DesignFacts) -> tuple[int, dict[str, tuple[int, int]]]:
    """Reads in all and coverage, reader by reader and case by case."""
    members = {one["key"]: expected_members(one, facts.cases) for one in document["design"]["case_sets"]}
    reads, seen = (
        0,
        {arm["key"]: {case.number: 0 for case in facts.cases} for arm in document["design"]["arms"]},
    )
    for cell, readers in place_readers(cells_of(document), facts.readers).items():
        for _ in range(readers):
            met = set()
            for session in sessions_of(document):
                for row in plan_for(document, session["ordinal"], cell):
                    for number in members[row.case_set]:
                        for arm in row.arms:
                            reads += 1
                            met.add((arm, number))
            for arm, number in met:
                seen[arm][number] += 1
    return reads, {arm: (min(counts.values()), max(counts.values())) for arm, counts in seen.items()}


@settings(max_examples=60, deadline=None)
@given(
    pattern=st.sampled_from(sorted(PATTERNS)),
    cases=st.integers(1, 25),
    readers=st.integers(1, 7),
    seed=st.integers(0, 9),
)
def test_the_summary_is_the_count_one_by_one_whatever_the_order(
    pattern: str, cases: int, readers: int, seed: int
) -> None:
    document = design(pattern)
    facts = DesignFacts(cases=CASES[:cases], readers=(ReaderFact(),) * readers)
    found = summarize(document, facts, PACE, START)
    reads, coverage = counted(document, facts)
    assert found.reads == reads
    assert {one.arm: (one.fewest, one.most) for one in found.coverage} == coverage
    shuffled = list(facts.cases)
    random.Random(seed).shuffle(shuffled)
    assert summarize(document, DesignFacts(tuple(shuffled), facts.readers), PACE, START) == found


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_a_later_start_moves_every_day_alike(pattern: str) -> None:
    document, facts = design(pattern), DesignFacts(cases=CASES, readers=(ReaderFact(),) * 3)
    early = summarize(document, facts, PACE, START)
    late = summarize(document, facts, PACE, date(2026, 5, 5))
    assert (late.last_day - early.last_day).days == (date(2026, 5, 5) - START).days
