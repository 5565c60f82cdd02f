"""The life of an adjudication item as a table. Pure."""

from enum import StrEnum

from backend.audit.errors import RuleBroken


class ItemStatus(StrEnum):
    RAISED = "RAISED"
    OPEN = "OPEN"
    SETTLED = "SETTLED"
    VOIDED = "VOIDED"


class How(StrEnum):
    """How a value of the consensus dataset came about, the weakest intervention first."""

    UNANIMOUS = "unanimous"
    CONCORDANT = "concordant"
    MAJORITY = "majority"
    VERDICT = "verdict"
    CONSENSUS = "consensus"


ITEM_TRANSITIONS: dict[ItemStatus, frozenset[ItemStatus]] = {
    # A majority settles what nobody has opened; a correction can end the disagreement before a verdict.
    ItemStatus.RAISED: frozenset({ItemStatus.OPEN, ItemStatus.SETTLED, ItemStatus.VOIDED}),
    ItemStatus.OPEN: frozenset({ItemStatus.SETTLED, ItemStatus.VOIDED}),
    ItemStatus.SETTLED: frozenset(),
    ItemStatus.VOIDED: frozenset(),
}


def check_item_transition(now_at: ItemStatus, to: ItemStatus) -> None:
    if to not in ITEM_TRANSITIONS[now_at]:
        raise RuleBroken(
            "item_status", f"The item is {now_at.lower()} and cannot become {to.lower()} from there."
        )
