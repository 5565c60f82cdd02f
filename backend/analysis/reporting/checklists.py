"""Reporting checklists as data, and how one is filled from the facts of a study.

The items' content is told in our own words; the published checklist and its explanation remain the authority,
and each checklist names its publication. An item that the records do not know says what the authors write to it.
What is filled in is a draft for the authors: whether an item is met is their judgment.
"""

from dataclasses import dataclass

from backend.analysis.reporting.asks import ASKS
from backend.analysis.reporting.content import TO_COMPLETE, FilledChecklist, FilledItem
from backend.analysis.reporting.filling import Fill, sentence
from backend.analysis.reporting.study_facts import StudyFacts


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item: its number and section as published, its content in our words, and what may fill it."""

    number: str
    section: str
    content: str
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """A published checklist."""

    key: str
    name: str
    citation: str
    items: tuple[ChecklistItem, ...]


def prefilled(checklist: Checklist, facts: StudyFacts) -> FilledChecklist:
    """The checklist, filled as far as the facts go; the rest is left to the authors, in so many words."""
    asks = ASKS[checklist.key]
    items = tuple(_filled(item, facts, asks[item.number]) for item in checklist.items)
    return FilledChecklist(checklist.key, checklist.name, checklist.citation, items)


def _filled(item: ChecklistItem, facts: StudyFacts, ask: str) -> FilledItem:
    filling = None if item.fill is None else item.fill(facts)
    if filling is None:
        text = sentence(f"{TO_COMPLETE}: {ask}")
        return FilledItem(item.number, item.section, item.content, "to complete", text, "")
    where = filling.places(facts)
    if filling.missing is None:
        return FilledItem(item.number, item.section, item.content, "filled", filling.text, where)
    text = f"{filling.text} {sentence(f'{TO_COMPLETE}: {filling.missing}')}"
    return FilledItem(item.number, item.section, item.content, "partly filled", text, where)
