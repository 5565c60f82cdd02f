"""What a protocol document plans: who reads which cases in which arm in which session. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .session_states import CountFrom

EVERY = "*"
# The arm of training reads: it releases no model and belongs to no analysis.
TRAINING_ARM = "training"
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """A group of readers in one sequence; every reader stands in one cell."""

    group: str
    sequence: str

    @property
    def key(self) -> str:
        return f"{self.group}/{self.sequence}"


@dataclass(frozen=True)
class CaseFact:
    """A case as the design selects it."""

    number: str
    center: str
    cohort: str = ""


@dataclass(frozen=True)
class PlannedSet:
    """One line of a session's plan: a case set and the arms in which each of its cases is read, one after the other."""

    case_set: str
    arms: tuple[str, ...]


def arms_of(document: Document) -> list[Mapping[str, Any]]:
    arms: list[Mapping[str, Any]] = document["design"]["arms"]
    return arms


def arm_of(document: Document, key: str) -> Mapping[str, Any]:
    return next(arm for arm in arms_of(document) if arm["key"] == key)


def model_of(document: Document, arm: str) -> str:
    """The model that the arm releases, an empty text where it releases none."""
    if arm == TRAINING_ARM:
        return ""
    return str(arm_of(document, arm)["model_id"])


def models_of(document: Document) -> list[str]:
    """The models that the protocol's arms release."""
    return sorted({arm["model_id"] for arm in arms_of(document) if arm["model_id"]})


def sessions_of(document: Document) -> list[Mapping[str, Any]]:
    """The sessions by ordinal; training is none of them."""
    return sorted(document["design"]["sessions"], key=lambda session: session["ordinal"])


def session_of(document: Document, ordinal: int) -> Mapping[str, Any]:
    return next(session for session in sessions_of(document) if session["ordinal"] == ordinal)


def washout_before(document: Document, ordinal: int) -> timedelta:
    """The time that has to pass before a case of the session opens; training waits for nothing."""
    if ordinal == 0:
        return timedelta(0)
    return timedelta(days=session_of(document, ordinal)["washout_days"])


def longest_washout_days(document: Document) -> int:
    return max((session["washout_days"] for session in sessions_of(document)), default=0)


def count_from(document: Document) -> CountFrom:
    return CountFrom(document["washout"]["count_from"])


def cells_of(document: Document) -> list[Cell]:
    """Every group in every sequence for which some session plans something."""
    design = document["design"]
    cells = [
        Cell(group["key"], sequence["key"])
        for group in design["reader_groups"]
        for sequence in design["sequences"]
    ]
    return [
        cell
        for cell in cells
        if any(plan_for(document, session["ordinal"], cell) for session in design["sessions"])
    ]


def plan_for(document: Document, ordinal: int, cell: Cell) -> list[PlannedSet]:
    """What the readers of a cell read in a session."""
    return [
        PlannedSet(case_set=row["case_set"], arms=tuple(row["arms"]))
        for row in session_of(document, ordinal)["plan"]
        if row["group"] in (EVERY, cell.group) and row["sequence"] in (EVERY, cell.sequence)
    ]


def is_aided(document: Document, arms: Iterable[str]) -> bool:
    return any(model_of(document, arm) for arm in arms)


def case_set(document: Document, key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(one for one in document["design"]["case_sets"] if one["key"] == key)
    return found


def is_drawn(one: Mapping[str, Any]) -> bool:
    """Whether chance decides which cases belong to the set."""
    return one["how"] in ("random", "part")


def selected_cases(one: Mapping[str, Any], cases: Sequence[CaseFact]) -> list[str]:
    """The numbers of the cases of a set that is not drawn, or that a drawn one is drawn from."""
    if one["how"] == "list":
        return sorted({case.number for case in cases} & set(one["cases"]))
    if one["how"] == "center":
        return sorted(case.number for case in cases if case.center in one["centers"])
    if one["how"] == "cohort":
        return sorted(case.number for case in cases if case.cohort in one["cohorts"])
    return sorted(case.number for case in cases)
