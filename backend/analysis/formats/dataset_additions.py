"""``additions.csv``: what a locked dataset was given afterwards, so that its results say so wherever they go."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.analysis.formats.cells import Row
from backend.analysis.results import Result

ADDITIONS = ("number", "reason", "what", "detail")


@dataclass(frozen=True, slots=True)
class Addition(Result):
    """One file or one key of the plan that was added after the lock.

    Attributes
    ----------
    number
        Of the supplement that it came with.
    reason
        Why, in the words of the person.
    what
        Name of the file, or the key of the plan.
    detail
        How much of it, or its value.
    """

    number: int
    reason: str
    what: str
    detail: str


def read_additions(rows: Sequence[Row]) -> tuple[Addition, ...]:
    """The rows of ``additions.csv``; only the detail may be empty."""
    return tuple(
        Addition(row.whole("number"), row.text("reason"), row.text("what"), row.cells["detail"])
        for row in rows
    )


def additions_told(additions: Sequence[Addition]) -> tuple[str, ...]:
    """One sentence a supplement, for the report."""
    found: dict[tuple[int, str], list[str]] = {}
    for one in additions:
        named = f"{one.what} ({one.detail})" if one.detail else one.what
        found.setdefault((one.number, one.reason), []).append(named)
    return tuple(
        f"Added after the lock, number {number} (reason: {reason.rstrip('.')}): {'; '.join(parts)}. What rests on "
        "it is post hoc unless the protocol declared it."
        for (number, reason), parts in found.items()
    )
