"""Small words of sentences: counts and lists."""

from collections.abc import Sequence


def count(number: int, what: str) -> str:
    """``1 case``, ``2 cases``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def joined(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def within_sentence(label: str) -> str:
    """A label of a question or column as it stands in a sentence: small, but for an abbreviation or a single letter."""
    return label if label[1:2].isupper() or label[1:2] in (" ", "-") else label[:1].lower() + label[1:]
