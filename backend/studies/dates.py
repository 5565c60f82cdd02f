"""Dates in words: a text that holds one stays out of the frozen dataset, for it could tell when somebody was seen.

Pure.
"""

import re

_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[yi]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zä]*\.?"
_YEAR = r"(?:19|20)\d\d"
_MARK = r"\s*[./-]\s*"
# Rather too much than one date.
# A year has two digits or four, so that three single digits, as those of a version have, are none.
_DATE = re.compile(
    rf"\d{{2,4}}{_MARK}\d{{1,2}}{_MARK}\d{{1,4}}|\d{_MARK}\d{{1,2}}{_MARK}\d{{2,4}}"
    rf"|(?<!\d){_YEAR}[01]\d[0-3]\d(?!\d)"
    rf"|(?<!\d){_YEAR}{_MARK}[01]?\d(?!\d)|(?<!\d)[01]?\d{_MARK}{_YEAR}(?!\d)"
    rf"|\b{_MONTH}\s*,?\s*\d{{1,4}}\b|\b\d{{1,2}}\.?\s*{_MONTH}(?![a-zä])",
    re.IGNORECASE,
)


def holds_date(text: str) -> bool:
    """Whether a text holds what may be a date."""
    return _DATE.search(text) is not None
