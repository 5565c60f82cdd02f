"""What a design asks of its readers before anything is drawn: reads, hours, days, and how it is balanced. Pure.

Nothing here is drawn. Which case falls into a random set, and which reader into which cell, is decided at the
freeze; counts do not depend on it, and a table that does is marked as expected.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .design import (
    CaseFact,
    Cell,
    Document,
    arms_of,
    case_set,
    cells_of,
    count_from,
    is_drawn,
    plan_for,
    selected_cases,
    sessions_of,
)
from .design_facts import PLANNED_CASES, DesignFacts, assumed_cases, expected_members, place_readers
from .design_load import LONGEST_DAY_MINUTES, CellLoad, Pace, cell_load
from .session_states import CountFrom

POWER_NOTE = "Power and sample size are not offered yet."


@dataclass(frozen=True)
class PeriodCount:
    """How many reads are planned in an arm, a period and a sequence, over all readers."""

    sequence: str
    period: int
    arm: str
    reads: int


@dataclass(frozen=True)
class Coverage:
    """By how many readers the cases of the study are read in an arm: the fewest, the most, and cases nobody reads."""

    arm: str
    fewest: int
    most: int
    unread_cases: int


@dataclass(frozen=True)
class SetMix:
    """How many cases of a center or cohort a case set holds; expected where the set is drawn."""

    case_set: str
    is_expected: bool
    cases: int
    by_center: dict[str, int]
    by_cohort: dict[str, int]


@dataclass(frozen=True)
class DesignSummary:
    """The whole answer to: what does this design ask for?"""

    cases: int
    readers: int
    are_cases_assumed: bool
    are_readers_assumed: bool
    training_cases: int
    cells: tuple[CellLoad, ...]
    reads: int
    minutes: float
    first_day: date
    last_day: date
    periods: tuple[PeriodCount, ...]
    coverage: tuple[Coverage, ...]
    case_sets: tuple[SetMix, ...]
    assumptions: tuple[str, ...]
    power_note: str = POWER_NOTE


def summarize(document: Document, facts: DesignFacts, pace: Pace, start: date) -> DesignSummary:
    """Reads, hours, days and balance of a design.

    Parameters
    ----------
    document : mapping
        A protocol document whose structure `check_document` found whole.
    facts : DesignFacts
        Without a case, `PLANNED_CASES` of them are assumed; without a reader, one for each cell. The summary
        says so.
    pace : Pace
        Minutes a case.
    start : date
        The first day of reading.

    Notes
    -----
    The order of cases and readers in `facts` has no influence.
    """
    cases = tuple(sorted(facts.cases, key=lambda case: case.number)) or assumed_cases()
    cells = cells_of(document)
    readers = place_readers(cells, facts.readers) if facts.readers else dict.fromkeys(cells, 1)
    members = {one["key"]: expected_members(one, cases) for one in document["design"]["case_sets"]}
    loads = tuple(
        cell_load(document, cell, readers[cell], members, len(facts.training), pace, start) for cell in cells
    )
    return DesignSummary(
        cases=len(cases),
        readers=sum(readers.values()),
        are_cases_assumed=not facts.cases,
        are_readers_assumed=not facts.readers,
        training_cases=len(facts.training) if document.get("training") else 0,
        cells=loads,
        reads=sum(load.reads * load.readers for load in loads),
        minutes=sum(load.minutes * load.readers for load in loads),
        first_day=start,
        last_day=max((load.last_day for load in loads if load.readers), default=start),
        periods=_periods(document, loads),
        coverage=_coverage(document, cases, readers),
        case_sets=_mixes(document, cases, members),
        assumptions=_assumptions(document, facts),
    )


# -------------------------------------------------------------------------------------------------------------- balance
def _periods(document: Document, loads: Sequence[CellLoad]) -> tuple[PeriodCount, ...]:
    period = {session["ordinal"]: session["period"] for session in sessions_of(document)}
    counts: Counter[tuple[str, int, str]] = Counter()
    for load in loads:
        for one in load.sessions:
            for arm, reads in one.reads_by_arm.items():
                counts[(load.sequence, period[one.ordinal], arm)] += reads * load.readers
    sequences = [sequence["key"] for sequence in document["design"]["sequences"]]
    periods = sorted(set(period.values()))
    arms = [arm["key"] for arm in arms_of(document)]
    return tuple(
        PeriodCount(sequence, number, arm, counts[(sequence, number, arm)])
        for sequence in sequences
        for number in periods
        for arm in arms
        if counts[(sequence, number, arm)]
    )


def readers_by_case(
    document: Document, cases: Sequence[CaseFact], readers: Mapping[Cell, int]
) -> dict[str, Counter[str]]:
    """By arm, how many readers read each case that is read at all; reading it twice in an arm counts once."""
    members = {one["key"]: expected_members(one, cases) for one in document["design"]["case_sets"]}
    by_arm: dict[str, Counter[str]] = {arm["key"]: Counter() for arm in arms_of(document)}
    for cell, count in readers.items():
        for arm, numbers in _cases_by_arm(document, cell, members).items():
            for number in numbers:
                by_arm[arm][number] += count
    return by_arm


def _coverage(
    document: Document, cases: Sequence[CaseFact], readers: Mapping[Cell, int]
) -> tuple[Coverage, ...]:
    rows = []
    for arm, counts in readers_by_case(document, cases, readers).items():
        values = [counts[case.number] for case in cases]
        rows.append(Coverage(arm, min(values), max(values), sum(value == 0 for value in values)))
    return tuple(rows)


def _cases_by_arm(
    document: Document, cell: Cell, members: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for session in sessions_of(document):
        for row in plan_for(document, session["ordinal"], cell):
            for arm in row.arms:
                found[arm] = found.get(arm, frozenset()) | members[row.case_set]
    return found


def _mixes(
    document: Document, cases: Sequence[CaseFact], members: Mapping[str, frozenset[str]]
) -> tuple[SetMix, ...]:
    rows = []
    for key, numbers in members.items():
        one = case_set(document, key)
        candidates = frozenset(selected_cases(one, cases))
        own = [case for case in cases if case.number in candidates]
        share = len(numbers) / len(own) if own else 0.0
        rows.append(
            SetMix(
                case_set=key,
                is_expected=is_drawn(one),
                cases=len(numbers),
                by_center=_scaled_counts((case.center for case in own), share),
                by_cohort=_scaled_counts((case.cohort for case in own), share),
            )
        )
    return tuple(rows)


def _scaled_counts(words: Iterable[str], share: float) -> dict[str, int]:
    """How many there are of each word, in a share of them; all of them for a set that is not drawn."""
    return {word: round(count * share) for word, count in sorted(Counter(words).items())}


def _assumptions(document: Document, facts: DesignFacts) -> tuple[str, ...]:
    caps = document["sittings"]
    stated = ["One sitting a day on every day of the week, and everybody begins on the first day."]
    if caps["max_cases"] is None and caps["max_minutes"] is None:
        stated.append(
            f"The protocol has no cap, so a sitting lasts at most {LONGEST_DAY_MINUTES // 60} hours."
        )
    if not facts.cases:
        stated.append(f"The study has no cases yet: {PLANNED_CASES} are assumed.")
    if not facts.readers:
        stated.append("The study has no readers yet: one is assumed for each group and sequence.")
    if count_from(document) is CountFrom.READ and any(
        session["washout_days"] for session in sessions_of(document)
    ):
        stated.append(
            "Washouts count from each read, and the drawn order lets no reader wait longer than that."
        )
    if document.get("training") and facts.training:
        stated.append("The training is passed in the first attempt.")
    return tuple(stated)
