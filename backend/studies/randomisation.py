"""Every draw of a study: case sets, allocation of readers, order of cases. Pure and reproducible.

A draw is made from its inputs and a seed by SHA-256 alone, so these lines give the same rows for ever, on every
machine. The order of a session is the first candidate that keeps the rules:

* a case's rank moves by at least a quarter of the number of cases, on average, against the session before;
* no three cases that followed each other there follow each other again.

Both are judged on the cases that the two sessions share. With fewer than `MIN_CONSTRAINED` of them no order can
be far from another, so the rules are not applied.

Balanced orders are made of blocks of a random width of `BLOCK_LEAST` to `BLOCK_MOST` cases. Every stratum's cases,
in random order, are laid evenly over the blocks, and each block is shuffled. Of any first k cases, the number that
belong to a stratum of n_s of all n cases differs from k n_s / n by less than 1 + (`BLOCK_MOST` + S) n_s / n, with S
strata. Where a block ends is not to be seen, so that a reader cannot count what must come.

Hidden repeats stand at least `min_lag` other cases after the first reading.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALGORITHM = "sha256-sort"
ALGORITHM_VERSION = 2
MIN_CONSTRAINED = 6
MAX_CANDIDATES = 10_000
BLOCK_LEAST, BLOCK_MOST = 6, 12
ALIAS_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True)
class DrawnRow:
    """One place of an order: the case, its name there, and for a hidden repeat the position that it repeats."""

    case: str
    alias: str
    repeats: int | None = None


@dataclass(frozen=True)
class Draw:
    """What was drawn, from what, and the digest of both, as stored."""

    kind: str
    seed: str
    inputs: Mapping[str, Any]
    drawn: Any
    algorithm: str = ALGORITHM
    algorithm_version: int = ALGORITHM_VERSION

    @property
    def record(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "algorithm": self.algorithm,
            "algorithm_version": self.algorithm_version,
            "seed": self.seed,
            "inputs": self.inputs,
            "drawn": self.drawn,
        }

    @property
    def sha256(self) -> str:
        """The digest of algorithm, seed, inputs and result."""
        text = json.dumps(self.record, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def draw_order(
    case_keys: Sequence[str],
    *,
    seed: str,
    previous: Sequence[str] | None = None,
    strata: Mapping[str, str] | None = None,
    repeats: int = 0,
    min_lag: int = 0,
) -> Draw:
    """The order in which one reader meets the cases in one session; `drawn` holds its rows by position.

    Parameters
    ----------
    case_keys : sequence of str
        The cases; their own order has no influence.
    seed : str
        Kept with the rows.
    previous : sequence of str, optional
        The same reader's order in the session before.
    strata : mapping, optional
        The stratum of every case, to be spread evenly.
    repeats, min_lag : int
        How many cases come a second time, and after how many others at the earliest.

    Raises
    ------
    ValueError
        On a repeated case, a case without stratum, or when no candidate meets the rules.
    """
    keys = sorted(case_keys)
    if len(set(keys)) != len(keys):
        raise ValueError("A case is listed twice.")
    if strata is not None and set(keys) - set(strata):
        raise ValueError("A case has no stratum.")
    inputs: dict[str, Any] = {
        "cases": keys,
        "previous": list(previous) if previous is not None else None,
        "strata": {key: strata[key] for key in keys} if strata is not None else None,
        "repeats": repeats,
        "min_lag": min_lag,
    }
    order = _first_fitting(keys, seed, previous, strata)
    rows = _with_repeats(order, seed, repeats, min_lag)
    aliases = _aliases(rows, seed)
    drawn = [
        [case, alias, first + 1 if first is not None else None]
        for (case, first), alias in zip(rows, aliases, strict=True)
    ]
    return Draw(kind="ORDER", seed=seed, inputs=inputs, drawn=drawn)


def rows_of(draw: Draw) -> list[DrawnRow]:
    """The rows of an order by position, the first first."""
    return [DrawnRow(case=case, alias=alias, repeats=repeats) for case, alias, repeats in draw.drawn]


def draw_subset(case_keys: Sequence[str], *, size: int, seed: str) -> Draw:
    """`size` of the cases at random; all of them when there are fewer."""
    keys = sorted(case_keys)
    chosen = sorted(sorted(keys, key=lambda key: _digest(seed, "subset", key))[:size])
    return Draw(kind="CASE_SET", seed=seed, inputs={"cases": keys, "size": size}, drawn=chosen)


def draw_parts(
    case_keys: Sequence[str], *, of: int, seed: str, strata: Mapping[str, str] | None = None
) -> Draw:
    """The cases in `of` parts whose sizes differ by one at most, every stratum spread over the parts likewise."""
    keys = sorted(case_keys)
    inputs: dict[str, Any] = {
        "cases": keys,
        "of": of,
        "strata": {key: strata[key] for key in keys} if strata is not None else None,
    }
    dealt = sorted(keys, key=lambda key: ((strata or {}).get(key, ""), _digest(seed, "part", key)))
    parts = [sorted(dealt[part::of]) for part in range(of)]
    return Draw(kind="CASE_SET", seed=seed, inputs=inputs, drawn=parts)


def draw_allocation(reader: str, *, cells: Mapping[str, int], seed: str) -> Draw:
    """The cell for one reader: one of those with the fewest readers so far, by chance among equals.

    `cells` is the number of readers that each cell, which this reader may be given, holds already.
    """
    if not cells:
        raise ValueError("There is no cell to allocate the reader to.")
    fewest = min(cells.values())
    open_cells = sorted(cell for cell, readers in cells.items() if readers == fewest)
    chosen = min(open_cells, key=lambda cell: _digest(seed, "cell", cell))
    inputs = {"reader": reader, "cells": dict(sorted(cells.items()))}
    return Draw(kind="ALLOCATION", seed=seed, inputs=inputs, drawn=chosen)


def redraw(record: Mapping[str, Any]) -> Draw:
    """The draw made again from its record.

    Raises
    ------
    ValueError
        When the record names an algorithm that is not this one.
    """
    if (record["algorithm"], record["algorithm_version"]) != (ALGORITHM, ALGORITHM_VERSION):
        raise ValueError(f"Unknown algorithm {record['algorithm']} {record['algorithm_version']}.")
    inputs, seed = record["inputs"], record["seed"]
    if record["kind"] == "ORDER":
        return draw_order(
            inputs["cases"],
            seed=seed,
            previous=inputs["previous"],
            strata=inputs["strata"],
            repeats=inputs["repeats"],
            min_lag=inputs["min_lag"],
        )
    if record["kind"] == "ALLOCATION":
        return draw_allocation(inputs["reader"], cells=inputs["cells"], seed=seed)
    if "of" in inputs:
        return draw_parts(inputs["cases"], of=inputs["of"], seed=seed, strata=inputs["strata"])
    return draw_subset(inputs["cases"], size=inputs["size"], seed=seed)


def is_decorrelated(order: Sequence[str], previous: Sequence[str]) -> bool:
    """Whether `order` is far enough from `previous` (see the rules above)."""
    shared = set(order) & set(previous)
    if len(shared) < MIN_CONSTRAINED:
        return True
    now = [key for key in order if key in shared]
    then = [key for key in dict.fromkeys(previous) if key in shared]
    return mean_rank_move(now, then) >= len(now) / 4 and not keeps_a_run(now, then)


def mean_rank_move(order: Sequence[str], previous: Sequence[str]) -> float:
    rank = {key: position for position, key in enumerate(previous)}
    return sum(abs(position - rank[key]) for position, key in enumerate(order)) / len(order)


def keeps_a_run(order: Sequence[str], previous: Sequence[str], *, length: int = 3) -> bool:
    runs = {tuple(previous[start : start + length]) for start in range(len(previous) - length + 1)}
    return any(tuple(order[start : start + length]) in runs for start in range(len(order) - length + 1))


def _first_fitting(
    keys: Sequence[str], seed: str, previous: Sequence[str] | None, strata: Mapping[str, str] | None
) -> list[str]:
    for counter in range(MAX_CANDIDATES):
        order = _candidate(keys, seed, str(counter), strata)
        if previous is None or is_decorrelated(order, previous):
            return order
    raise ValueError(f"No order far enough from the one before was found among {MAX_CANDIDATES} candidates.")


def _candidate(keys: Sequence[str], seed: str, counter: str, strata: Mapping[str, str] | None) -> list[str]:
    shuffled = sorted(keys, key=lambda key: _digest(seed, "order", counter, key))
    if strata is None:
        return shuffled
    ends = _block_ends(len(keys), seed, counter)
    block: dict[str, int] = {}
    for stratum in sorted({strata[key] for key in keys}):
        own = [key for key in shuffled if strata[key] == stratum]
        start = _fraction(seed, "start", counter, stratum)
        for rank, key in enumerate(own):
            block[key] = bisect_right(ends, (rank + start) / len(own) * len(keys))
    return sorted(shuffled, key=lambda key: (block[key], _digest(seed, "within", counter, key)))


def _block_ends(cases: int, seed: str, counter: str) -> list[int]:
    """Where the blocks of a balanced order end, the last one left out."""
    ends: list[int] = []
    end = 0
    while True:
        width = BLOCK_LEAST + int(
            _fraction(seed, "block", counter, str(len(ends))) * (BLOCK_MOST - BLOCK_LEAST + 1)
        )
        end += width
        if end >= cases:
            return ends
        ends.append(end)


def _with_repeats(
    order: Sequence[str], seed: str, repeats: int, min_lag: int
) -> list[tuple[str, int | None]]:
    """The order with its repeats put in; each row with the place of the first reading, for a repeat."""
    if not repeats:
        return [(case, None) for case in order]
    early = range(max(0, len(order) - min_lag))
    if len(early) < repeats:
        raise ValueError(f"{repeats} repeats after {min_lag} other cases do not fit into {len(order)} cases.")
    chosen = sorted(early, key=lambda place: _digest(seed, "repeat", order[place]))[:repeats]
    # A repeat goes behind the case that stands `lag` places after the first reading.
    slots = {
        place: place + min_lag + int(_fraction(seed, "slot", order[place]) * (len(order) - place - min_lag))
        for place in chosen
    }
    merged = [(place, 0, case, False) for place, case in enumerate(order)]
    merged += [(slots[place], 1, order[place], True) for place in chosen]
    merged.sort(key=lambda row: (row[0], row[1], _digest(seed, "among", row[2])))
    first = {case: place for place, (_, _, case, is_repeat) in enumerate(merged) if not is_repeat}
    return [(case, first[case] if is_repeat else None) for _, _, case, is_repeat in merged]


def _aliases(rows: Sequence[tuple[str, int | None]], seed: str) -> tuple[str, ...]:
    taken: set[str] = set()
    names: list[str] = []
    for case, first in rows:
        key = case if first is None else f"{case}\x1frepeat"
        counter = 0
        while (name := _alias(seed, key, counter)) in taken:
            counter += 1
        taken.add(name)
        names.append(name)
    return tuple(names)


def _alias(seed: str, key: str, counter: int) -> str:
    number = int(_digest(seed, "alias", str(counter), key), 16)
    letters = ""
    for _ in range(2):
        number, index = divmod(number, len(ALIAS_LETTERS))
        letters += ALIAS_LETTERS[index]
    return f"{letters}-{number % 1000:03d}"


def _fraction(*parts: str) -> float:
    """A number from 0 to 1, 1 left out, with 52 bits: exact in every language that has doubles."""
    return int(_digest(*parts)[:13], 16) / 2**52


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
