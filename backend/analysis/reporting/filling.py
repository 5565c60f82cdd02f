"""What stands beside an item of a checklist, and the pieces that every such text is made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from backend.analysis.reporting.study_facts import NO_PLACE, StudyFacts, Topic


@dataclass(frozen=True, slots=True)
class Filling:
    """The text, the topic under which it stands in the report, and what the authors still have to say.

    ``also`` are further topics under which some of it stands, where the report holds them.
    """

    text: str
    topic: Topic
    missing: str | None = None
    also: tuple[Topic, ...] = ()

    def places(self, facts: StudyFacts) -> str:
        """The titles of the report's sections that hold it."""
        first = facts.place(self.topic)
        others = [title for topic in self.also if (title := facts.place(topic)) != NO_PLACE]
        known = dict.fromkeys([*([] if first == NO_PLACE and others else [first]), *others])
        return "; ".join(known)


Fill: TypeAlias = Callable[[StudyFacts], Filling | None]


def stated(name: str, topic: Topic, missing: str | None = None) -> Fill:
    """The fact of this name as it is, if it is known."""

    def fill(facts: StudyFacts) -> Filling | None:
        text = getattr(facts, name)
        return Filling(sentence(text), topic, missing) if text else None

    return fill


def sentence(text: str) -> str:
    """The text with a capital first and one full stop last."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def told_of(parts: Iterable[str], topic: Topic, missing: str | None = None) -> Filling | None:
    """The parts in one text, or nothing where there is none."""
    text = " ".join(parts)
    return Filling(text, topic, missing) if text else None
