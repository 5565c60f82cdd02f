"""Which case sets share cases, and what follows for a reader who meets a case more than once. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from .design import CaseFact, Cell, Document, case_set, cells_of, is_drawn, selected_cases, sessions_of
from .design_facts import DesignFacts, expected_members
from .design_schema import Problem, advice

SHORT_WASHOUT_DAYS = 14
CaseSet = Mapping[str, Any]


@dataclass(frozen=True)
class _Row:
    """A row of a session's plan, with the place where it stands."""

    place: str
    session: Mapping[str, Any]
    case_set: CaseSet
    arms: tuple[str, ...]
    group: str
    sequence: str

    def is_of(self, cell: Cell) -> bool:
        return self.group in ("*", cell.group) and self.sequence in ("*", cell.sequence)


def may_share(one: CaseSet, other: CaseSet, cases: Sequence[CaseFact]) -> bool:
    """Whether two case sets can hold the same case, whatever is drawn.

    Without any case in the study, sets that are selected in different ways are taken to be apart.
    """
    if one["how"] == other["how"] == "part" and one["of"] == other["of"]:
        return bool(one["part"] == other["part"])
    if cases:
        return bool(set(selected_cases(one, cases)) & set(selected_cases(other, cases)))
    if _is_open(one) or _is_open(other):
        return True
    if one["how"] != other["how"]:
        return False
    name = {"list": "cases", "center": "centers", "cohort": "cohorts"}[one["how"]]
    return bool(set(one[name]) & set(other[name]))


def _is_open(one: CaseSet) -> bool:
    """Whether any case of the study can be in the set."""
    return one["how"] == "all" or is_drawn(one)


def overlap_problems(document: Document, facts: DesignFacts) -> list[Problem]:
    """Cases met twice in a session, in an arm read before, or before a washout worth the name."""
    rows = list(_rows(document))
    found = []
    for cell in cells_of(document):
        own = [row for row in rows if row.is_of(cell)]
        found += list(_twice_in_a_session(own, facts.cases))
        for session in sessions_of(document):
            here = [row for row in own if row.session is session]
            before = [row for row in own if row.session["ordinal"] < session["ordinal"]]
            found += list(_read_again(session, here, before, facts.cases))
    return list(dict.fromkeys(found))


def _rows(document: Document) -> Iterator[_Row]:
    for index, session in enumerate(document["design"]["sessions"]):
        for number, row in enumerate(session["plan"]):
            yield _Row(
                place=f"design.sessions[{index}].plan[{number}]",
                session=session,
                case_set=case_set(document, row["case_set"]),
                arms=tuple(row["arms"]),
                group=row["group"],
                sequence=row["sequence"],
            )


def _twice_in_a_session(rows: Sequence[_Row], cases: Sequence[CaseFact]) -> Iterator[Problem]:
    for one, other in combinations(rows, 2):
        if one.session is other.session and may_share(one.case_set, other.case_set, cases):
            yield Problem(
                f"{other.place}.case_set",
                f"{one.case_set['title']} and {other.case_set['title']} can hold the same case, which a reader would "
                f"meet twice in {one.session['title']}.",
            )


def _read_again(
    session: Mapping[str, Any], here: Sequence[_Row], before: Sequence[_Row], cases: Sequence[CaseFact]
) -> Iterator[Problem]:
    again = [
        (row, prior) for row in here for prior in before if may_share(row.case_set, prior.case_set, cases)
    ]
    if again:
        place = again[0][0].place.rsplit(".plan", 1)[0]
        yield from _washout_problems(session, place)
    if session.get("is_reread"):
        yield from _reread_problems(here, before, cases)
        return
    for row, prior in again:
        if set(row.arms) & set(prior.arms):
            yield Problem(
                f"{row.place}.arms",
                f"In {session['title']} readers meet cases again in an arm in which they read them in "
                f"{prior.session['title']}. Mark the session as a re-read if this is meant.",
            )


def _washout_problems(session: Mapping[str, Any], place: str) -> Iterator[Problem]:
    days = session["washout_days"]
    if days >= SHORT_WASHOUT_DAYS:
        return
    words = "without a washout" if days == 0 else f"after a washout of less than {SHORT_WASHOUT_DAYS} days"
    yield advice(
        f"{place}.washout_days",
        f"In {session['title']} cases are read again {words}: readers may remember them.",
    )


def _reread_problems(
    here: Sequence[_Row], before: Sequence[_Row], cases: Sequence[CaseFact]
) -> Iterator[Problem]:
    for row in here:
        known: frozenset[str] = frozenset()
        for prior in before:
            if set(row.arms) <= set(prior.arms):
                known |= expected_members(prior.case_set, cases)
        if set(selected_cases(row.case_set, cases)) - known:
            yield advice(
                f"{row.place}.case_set",
                f"{row.case_set['title']} can hold cases that a reader has not read before in this arm, so they would "
                "not be read again.",
            )
