"""Drawing of a reader's case order. Pure and reproducible: the seed and this code give the same rows for ever.

Candidates are permutations by the SHA-256 of seed, counter and case. For a session after the first, the
first candidate is taken that is not close to the order of the session before:

* a case's rank moves by at least a quarter of the number of cases, on average;
* no three cases that followed each other follow each other again.

With fewer than `MIN_CONSTRAINED` cases no order can be far from another, so the rule is not applied.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

ALGORITHM = "sha256-sort"
ALGORITHM_VERSION = 1
MIN_CONSTRAINED = 6
MAX_CANDIDATES = 10_000
ALIAS_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True)
class DrawnOrder:
    """One reader's order: the case keys by position and the name of each case in it."""

    seed: str
    case_keys: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The digest of algorithm, seed and rows, as stored with them."""
        record = {
            "algorithm": ALGORITHM,
            "algorithm_version": ALGORITHM_VERSION,
            "seed": self.seed,
            "rows": [list(row) for row in zip(self.case_keys, self.aliases, strict=True)],
        }
        return hashlib.sha256(json.dumps(record, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def draw_order(case_keys: Sequence[str], *, seed: str, previous: Sequence[str] | None = None) -> DrawnOrder:
    """The order in which one reader meets the cases in one session.

    Parameters
    ----------
    case_keys : sequence of str
        The cases; their own order has no influence.
    seed : str
        Kept with the rows.
    previous : sequence of str, optional
        The same reader's order in the session before.

    Raises
    ------
    ValueError
        On a repeated case, or when no candidate meets the rule.
    """
    keys = sorted(case_keys)
    if len(set(keys)) != len(keys):
        raise ValueError("A case is listed twice.")
    for counter in range(MAX_CANDIDATES):
        order = sorted(keys, key=lambda key: _digest(seed, "order", str(counter), key))
        if previous is None or is_decorrelated(order, previous):
            return DrawnOrder(seed=seed, case_keys=tuple(order), aliases=_aliases(order, seed))
    raise ValueError(f"No order far enough from the one before was found among {MAX_CANDIDATES} candidates.")


def is_decorrelated(order: Sequence[str], previous: Sequence[str]) -> bool:
    """Whether `order` is far enough from `previous` (see the rule above)."""
    if len(order) < MIN_CONSTRAINED:
        return True
    return mean_rank_move(order, previous) >= len(order) / 4 and not keeps_a_run(order, previous)


def mean_rank_move(order: Sequence[str], previous: Sequence[str]) -> float:
    rank = {key: position for position, key in enumerate(previous)}
    return sum(abs(position - rank[key]) for position, key in enumerate(order)) / len(order)


def keeps_a_run(order: Sequence[str], previous: Sequence[str], *, length: int = 3) -> bool:
    runs = {tuple(previous[start : start + length]) for start in range(len(previous) - length + 1)}
    return any(tuple(order[start : start + length]) in runs for start in range(len(order) - length + 1))


def _aliases(order: Sequence[str], seed: str) -> tuple[str, ...]:
    taken: set[str] = set()
    names: list[str] = []
    for key in order:
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


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
