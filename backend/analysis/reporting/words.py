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
    """A label of a question or column as it stands in a sentence: small where it begins with a word.

    Abbreviations and names such as ``CEA``, ``T stage``, ``Ki-67`` and ``Child-Pugh class`` stay.
    """
    first = label.partition(" ")[0]
    is_word = first[1:2].isalpha() and first[1:].islower() and not any(map(str.isdigit, first))
    return label[:1].lower() + label[1:] if is_word else label
