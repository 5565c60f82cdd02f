"""Whether a study's draws are what their records say, and keep the rules. Pure: a document in, faults out.

The rules are stated here a second time, slowly and on their own, so that a fault of the drawing cannot hide itself.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .randomisation import BLOCK_MOST, MIN_CONSTRAINED, redraw
from .randomisation_plan import Fault, faults_against_plan

Rows = Sequence[Sequence[Any]]
_KEYS = ("draws", "cases", "members", "sessions", "assignments", "protocol")


def check_randomisation(document: Mapping[str, Any]) -> list[Fault]:
    """Every fault of a document of `randomisation_file`.

    Raises
    ------
    ValueError
        When this is no such document.
    """
    if document.get("format") != 2 or any(key not in document for key in _KEYS):
        raise ValueError("This is not the record of a study's randomisation, format 2.")
    faults = [*_protocol(document["protocol"])]
    for draw in document["draws"]:
        faults += _draw(draw)
    faults += _orders(document)
    faults += _allocations(document)
    faults += faults_against_plan(document)
    return faults


def _protocol(protocol: Mapping[str, Any]) -> Iterator[Fault]:
    if protocol["document"] is None:
        return
    if hashlib.sha256(protocol["document"].encode()).hexdigest() != protocol["sha256"]:
        yield Fault("protocol", "The digest is not that of the document.")


def _draw(draw: Mapping[str, Any]) -> Iterator[Fault]:
    name = _name(draw)
    record = {key: draw[key] for key in ("kind", "algorithm", "algorithm_version", "seed", "inputs", "drawn")}
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(text.encode()).hexdigest() != draw["sha256"]:
        yield Fault(name, "The digest is not that of the record.")
    try:
        again = redraw(record).drawn
    except (ValueError, KeyError, TypeError) as error:
        yield Fault(name, f"It cannot be drawn again: {error}")
    else:
        if again != draw["drawn"]:
            yield Fault(name, f"Drawn again it differs{_where(again, draw['drawn'])}.")
    if draw["kind"] == "ORDER":
        yield from _rules(name, draw["inputs"], draw["drawn"])


def _rules(name: str, inputs: Mapping[str, Any], drawn: Rows) -> Iterator[Fault]:
    order = [row[0] for row in drawn if row[2] is None]
    if sorted(order) != sorted(inputs["cases"]):
        yield Fault(name, "The order does not hold every case once.")
        return
    if len({row[1] for row in drawn}) != len(drawn):
        yield Fault(name, "Two places have the same alias.")
    if inputs["previous"] is not None:
        yield from _distance(name, order, inputs["previous"])
    if inputs["strata"] is not None:
        yield from _balance(name, order, inputs["strata"])
    yield from _repeats(name, inputs, drawn)


def _distance(name: str, order: Sequence[str], previous: Sequence[str]) -> Iterator[Fault]:
    now = [case for case in order if case in previous]
    then = [case for case in previous if case in order]
    if len(now) < MIN_CONSTRAINED:
        return
    moves = [abs(now.index(case) - then.index(case)) for case in now]
    if 4 * sum(moves) < len(now) ** 2:
        yield Fault(
            name,
            f"Ranks move by {sum(moves) / len(now):.2f} on average, less than a quarter of {len(now)} cases.",
        )
    for start in range(len(now) - 2):
        for before in range(len(then) - 2):
            if now[start : start + 3] == then[before : before + 3]:
                yield Fault(name, f"Three cases follow each other as before, from place {start + 1} on.")


def _balance(name: str, order: Sequence[str], strata: Mapping[str, str]) -> Iterator[Fault]:
    sizes = {stratum: sum(one == stratum for one in strata.values()) for stratum in set(strata.values())}
    for stratum, size in sorted(sizes.items()):
        bound = 1 + (BLOCK_MOST + len(sizes)) * size / len(order)
        for k in range(1, len(order) + 1):
            seen = sum(strata[case] == stratum for case in order[:k])
            if abs(seen - k * size / len(order)) >= bound:
                yield Fault(name, f"A stratum is not spread evenly over the first {k} cases.")
                break


def _repeats(name: str, inputs: Mapping[str, Any], drawn: Rows) -> Iterator[Fault]:
    repeats = [(place, row) for place, row in enumerate(drawn, start=1) if row[2] is not None]
    if len(repeats) != inputs["repeats"]:
        yield Fault(name, f"It has {len(repeats)} hidden repeats and not {inputs['repeats']}.")
    for place, (case, _, first) in repeats:
        if not 1 <= first < place or drawn[first - 1][0] != case:
            yield Fault(name, f"Place {place} repeats place {first}, which holds another case.")
            continue
        between = {row[0] for row in drawn[first : place - 1]} - {case}
        if len(between) < inputs["min_lag"]:
            yield Fault(
                name,
                f"Place {place} repeats place {first} after {len(between)} other cases, not {inputs['min_lag']}.",
            )


def _orders(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Every session has its draw, the rows that were made are those drawn, and each order knew the one before."""
    orders = {draw["subject"]: draw for draw in document["draws"] if draw["kind"] == "ORDER"}
    made: dict[str, list[Any]] = {}
    for row in sorted(document["assignments"], key=lambda row: row["position"]):
        made.setdefault(row["session"], []).append([row["case"], row["alias"], row["repeats"]])
        if row["position"] != len(made[row["session"]]):
            yield Fault(f"ORDER {row['session']}", f"A place before {row['position']} is missing.")
    sessions = {one["id"] for one in document["sessions"]}
    for subject in sorted(sessions - set(orders)):
        yield Fault(f"ORDER {subject}", "The session has no record of its draw.")
    for subject, draw in orders.items():
        if subject not in sessions:
            yield Fault(_name(draw), "The draw belongs to no session.")
        elif made.get(subject, []) != draw["drawn"]:
            where = _where(draw["drawn"], made.get(subject, []))
            yield Fault(_name(draw), f"The rows that are read are not those drawn{where}.")
    yield from _chains(document["sessions"], orders)


def _chains(sessions: Sequence[Mapping[str, Any]], orders: Mapping[str, Any]) -> Iterator[Fault]:
    by_member: dict[str, list[Mapping[str, Any]]] = {}
    for one in sessions:
        if one["ordinal"] > 0 and one["id"] in orders:
            by_member.setdefault(one["member"], []).append(one)
    for own in by_member.values():
        earlier: list[list[str]] = []
        for one in sorted(own, key=lambda one: one["ordinal"]):
            draw = orders[one["id"]]
            order = [row[0] for row in draw["drawn"] if row[2] is None]
            shared = next((past for past in reversed(earlier) if set(past) & set(order)), None)
            if draw["inputs"]["previous"] != shared:
                yield Fault(_name(draw), "It was not drawn against the reader's order of the session before.")
            earlier.append(order)


def _allocations(document: Mapping[str, Any]) -> Iterator[Fault]:
    """A drawn cell is the reader's own; a reader who replaces another has no draw and takes the other's cell."""
    cells = {one["id"]: one["cell"] for one in document["members"]}
    for draw in document["draws"]:
        if draw["kind"] != "ALLOCATION":
            continue
        if cells.get(draw["subject"]) != draw["drawn"]:
            yield Fault(
                _name(draw), f"The reader stands in {cells.get(draw['subject'])}, not in {draw['drawn']}."
            )
        if draw["inputs"]["cells"].get(draw["drawn"]) != min(draw["inputs"]["cells"].values(), default=None):
            yield Fault(_name(draw), "The cell was not among those with the fewest readers.")


def _name(draw: Mapping[str, Any]) -> str:
    return f"{draw['kind']} {draw['subject']}"


def _where(expected: Any, found: Any) -> str:
    """The first place in which two lists differ, in words."""
    if not isinstance(expected, list) or not isinstance(found, list):
        return ""
    for place, (one, other) in enumerate(zip(expected, found, strict=False), start=1):
        if one != other:
            return f" from place {place} on"
    return f": {len(found)} places and not {len(expected)}" if len(found) != len(expected) else ""
