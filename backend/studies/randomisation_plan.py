"""Whether every reader was given what the frozen protocol plans: place, cases, arms. Pure: a document in, faults out.

The plan is stated here a second time, from the exported document alone, so that a fault of `drawing` or `design`
cannot hide itself.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]
_TRAINING = ["training"]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and with the draw of which subject."""

    subject: str
    text: str


def faults_against_plan(document: Row) -> Iterator[Fault]:
    """Every place in which the draws and rows of a document of `randomisation_file` are not what its protocol plans."""
    if document["protocol"]["document"] is None:
        if document["draws"]:
            yield Fault("protocol", "There is no frozen protocol, and yet something was drawn.")
        return
    plan = json.loads(document["protocol"]["document"])
    sets: dict[str, list[str]] = {}
    for one in plan["design"]["case_sets"]:
        yield from _case_set(document, one, sets)
    for subject in _draws(document, "CASE_SET").keys() - {
        _subject(one) for one in plan["design"]["case_sets"]
    }:
        yield Fault(f"CASE_SET {subject}", "The draw belongs to no case set of the plan.")
    cells = _planned_cells(plan)
    yield from _places(document, cells)
    yield from _counts(document, cells)
    for member in document["members"]:
        yield from _member(document, plan, member, sets)


def _case_set(document: Row, one: Row, sets: dict[str, list[str]]) -> Iterator[Fault]:
    """Put the cases of a set into `sets`; of a drawn one those that its record names."""
    chosen = sorted(
        case["id"] for case in document["cases"] if case["purpose"] == "STUDY" and _is_selected(one, case)
    )
    sets[one["key"]] = chosen
    if one["how"] not in ("random", "part"):
        return
    is_part = one["how"] == "part"
    subject = _subject(one)
    draw = _draws(document, "CASE_SET").get(subject)
    if draw is None:
        sets[one["key"]] = []
        yield Fault(f"CASE_SET {subject}", "The case set has no record of its draw.")
        return
    size = ("of", one["of"]) if is_part else ("size", one["n"])
    if draw["inputs"]["cases"] != chosen or draw["inputs"].get(size[0]) != size[1]:
        yield Fault(
            f"CASE_SET {subject}", "It was not drawn from the cases, or not in the size, of the plan."
        )
    sets[one["key"]] = [*draw["drawn"][one["part"] - 1]] if is_part else [*draw["drawn"]]


def _subject(one: Row) -> str:
    return f"parts of {one['of']}" if one["how"] == "part" else f"set {one['key']}"


def _is_selected(one: Row, case: Row) -> bool:
    if one["how"] == "list":
        return case["number"] in one["cases"]
    if one["how"] == "center":
        return case["center"] in one["centers"]
    return one["how"] != "cohort" or case["cohort"] in one["cohorts"]


def _planned_cells(plan: Row) -> list[str]:
    """Each group in each sequence for which a session has a line."""
    lines = [line for session in plan["design"]["sessions"] for line in session["plan"]]
    return [
        f"{group['key']}/{sequence['key']}"
        for group in plan["design"]["reader_groups"]
        for sequence in plan["design"]["sequences"]
        if any(_is_for(line, group["key"], sequence["key"]) for line in lines)
    ]


def _is_for(line: Row, group: str, sequence: str) -> bool:
    return line["group"] in ("*", group) and line["sequence"] in ("*", sequence)


def _places(document: Row, cells: Sequence[str]) -> Iterator[Fault]:
    """Every reader stands in a planned place that was drawn, or was taken over from a reader who left."""
    members = {one["id"]: one for one in document["members"]}
    drawn = _draws(document, "ALLOCATION")
    for subject in drawn.keys() - members.keys():
        yield Fault(f"ALLOCATION {subject}", "The draw belongs to no reader.")
    for one in members.values():
        name = f"ALLOCATION {one['id']}"
        if one["cell"] not in cells:
            yield Fault(name, f"The plan has no place {one['cell']}.")
        if one["id"] in drawn:
            continue
        before = members.get(one["replaces"])
        if before is None:
            yield Fault(name, "The reader's place was neither drawn nor taken over from a reader who left.")
        elif before["withdrawn_at"] is None or before["cell"] != one["cell"]:
            yield Fault(
                name, f"The reader replaces {before['id']}, who did not leave the place {one['cell']}."
            )


def _counts(document: Row, cells: Sequence[str]) -> Iterator[Fault]:
    """Every place was drawn knowing how many readers stood in each place that was open to the reader."""
    members = {one["id"]: one for one in document["members"]}
    drawn = _draws(document, "ALLOCATION")
    placed = [
        (_time(one["enrolled_at"]), one["id"], one["cell"])
        for one in members.values()
        if one["id"] not in drawn
    ]

    def moment(draw: Row) -> tuple[datetime, int, int]:
        # Those of one freeze have one time: who was placed in a group by hand came first, then counts tell.
        counts = draw["inputs"]["cells"]
        return _time(draw["created_at"]), len(counts), sum(counts.values())

    for draw in sorted(drawn.values(), key=moment):
        name, open_cells, now = f"ALLOCATION {draw['subject']}", draw["inputs"]["cells"], moment(draw)[0]
        groups = {cell.partition("/")[0] for cell in open_cells}
        of_group = [cell for cell in cells if cell.partition("/")[0] in groups]
        if sorted(open_cells) != sorted(cells) and (
            len(groups) != 1 or sorted(open_cells) != sorted(of_group)
        ):
            yield Fault(name, "It was drawn from places that are neither the plan's nor those of one group.")
        there = [
            cell for at, reader, cell in placed if at <= now and not _has_left(members.get(reader), by=now)
        ]
        counts = {cell: there.count(cell) for cell in open_cells}
        for cell in sorted(open_cells):
            if open_cells[cell] != counts[cell]:
                yield Fault(
                    name,
                    f"It was drawn with {open_cells[cell]} readers in {cell}, where {counts[cell]} stood.",
                )
        placed.append((now, draw["subject"], draw["drawn"]))


def _has_left(member: Row | None, *, by: datetime) -> bool:
    return member is not None and member["withdrawn_at"] is not None and _time(member["withdrawn_at"]) <= by


def _member(document: Row, plan: Row, member: Row, sets: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """The sessions of one reader are those of the plan, and each holds its cases in its arms."""
    group, _, sequence = member["cell"].partition("/")
    own = [one for one in document["sessions"] if one["member"] == member["id"]]
    training = {case["id"]: _TRAINING for case in document["cases"] if case["purpose"] == "TRAINING"}
    expected = {0: training} if plan["training"] else {}
    for session in plan["design"]["sessions"]:
        arms = {
            case: line["arms"]
            for line in session["plan"]
            if _is_for(line, group, sequence)
            for case in sets[line["case_set"]]
        }
        if arms:
            expected[session["ordinal"]] = arms
    for ordinal in sorted(expected):
        attempts = sorted(one["attempt"] for one in own if one["ordinal"] == ordinal)
        if not attempts or attempts != list(range(1, len(attempts) + 1)) or (ordinal > 0 and attempts != [1]):
            yield Fault(f"READER {member['id']}", f"Session {ordinal} of the plan is missing or there twice.")
    for one in own:
        name = f"ORDER {one['id']}"
        if one["ordinal"] not in expected:
            yield Fault(name, f"The plan has no session {one['ordinal']} for the place {member['cell']}.")
        else:
            yield from _session(document, name, one, expected[one["ordinal"]])
            yield from _inputs(document, plan, name, one)


def _session(document: Row, name: str, session: Row, arms: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    numbers = {case["id"]: case["number"] for case in document["cases"]}
    rows = [row for row in document["assignments"] if row["session"] == session["id"]]
    given = {row["case"] for row in rows}
    for case in sorted(arms.keys() - given):
        yield Fault(name, f"Case {numbers.get(case, case)} of the plan is missing.")
    for row in rows:
        where = f"Place {row['position']}, case {numbers.get(row['case'], row['case'])}"
        if row["case"] not in arms:
            yield Fault(name, f"{where}, is not in the plan of this session for the reader's place.")
        elif row["arms"] != arms[row["case"]]:
            yield Fault(
                name, f"{where}, is read in {_then(row['arms'])} and not in {_then(arms[row['case']])}."
            )


def _inputs(document: Row, plan: Row, name: str, session: Row) -> Iterator[Fault]:
    """The order was drawn with the repeats and the balance of the plan. A training has neither."""
    draw = _draws(document, "ORDER").get(session["id"])
    if draw is None:
        return
    repeats = plan["hidden_repeats"]
    is_repeating = repeats is not None and session["ordinal"] in repeats["sessions"]
    planned = (repeats["count"], repeats["min_lag"]) if is_repeating else (0, 0)
    if (draw["inputs"]["repeats"], draw["inputs"]["min_lag"]) != planned:
        yield Fault(name, f"It was not drawn with the {planned[0]} hidden repeats of the plan.")
    is_balanced = session["ordinal"] > 0 and plan["case_order"]["balance"] == "prevalence"
    if (draw["inputs"]["strata"] is not None) != is_balanced:
        yield Fault(name, "It is balanced where the plan is not, or the other way about.")


def _draws(document: Row, kind: str) -> dict[str, Row]:
    return {draw["subject"]: draw for draw in document["draws"] if draw["kind"] == kind}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _then(arms: Sequence[str]) -> str:
    return ", then ".join(arms)
