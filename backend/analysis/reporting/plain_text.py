"""Text that is only ever text: what no document may hold is shown as the replacement character."""

import html
import re
import unicodedata

_REPLACED = "\ufffd"
# Joiners and the soft hyphen belong to words; other format characters turn the direction of what follows.
_KEPT_FORMATS = frozenset("\u00ad\u200c\u200d")
# NR: a time that is not reached, with limits in parentheses where there are any.
_SILENT = frozenset(("", "–", "—", "reference", "NR"))
_NUMBER = re.compile(r"[<>=≤≥~]?\s?[+\-−–]?[.\d]")


def cleaned(text: str) -> str:
    """The text without control characters, direction overrides, lone surrogates and noncharacters."""
    if text.isprintable():
        return text
    return "".join(_shown(one) for one in text.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(text: str) -> str:
    """The cleaned text for HTML, also within an attribute."""
    return html.escape(cleaned(text), quote=True)


def is_numeric_column(cells: list[str]) -> bool:
    """Whether every cell that says something begins like a number, and one does."""
    said = [
        cell
        for cell in cells
        if cell.strip() not in _SILENT and not cell.startswith(("not estimable", "NR ("))
    ]
    return bool(said) and all(_NUMBER.match(cell) for cell in said)


def _shown(one: str) -> str:
    if one in "\n\t" or one in _KEPT_FORMATS:
        return one
    category = unicodedata.category(one)
    if category in ("Zl", "Zp"):
        return "\n"
    return _REPLACED if category in ("Cc", "Cf", "Cs", "Co", "Cn") else one
