"""What the frozen document says of its cases, as `cases.csv`. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.analysis.formats.cells import csv_text, is_number

Content = Mapping[str, Any]
CENTER, COHORT, PATIENT = "center", "cohort", "patient"
RESERVED = ("case", "truth", CENTER, COHORT, PATIENT)


def has_cohorts(content: Content) -> bool:
    """Whether cohorts tell the study's cases apart: two of them, or one beside cases that have none."""
    return len({one["cohort"] for one in _cases(content)}) > 1


def has_clusters(content: Content) -> bool:
    """Whether several of the study's cases are of one patient."""
    cases = _cases(content)
    return len({one[PATIENT] for one in cases}) < len(cases)


def table_columns(content: Content) -> tuple[str, ...]:
    """The columns of Table 1: all but the patients, of whom it is."""
    return tuple(name for name in _header(content) if name != PATIENT)


def cases_csv(content: Content) -> str:
    """One row a case: center, cohort, patient, and what readers were told. A document before format 3 has none.

    Cohort and patient stand there where they tell cases apart: some have a cohort, some share a patient.

    A column of the case information bears its label, led by "information: " where another name is like it.
    """
    cases = _cases(content)
    columns, labels = _columns(content), _labels(cases)
    return csv_text(
        ["case", *_header(content)],
        [
            [
                one["case"],
                *(one[column] or None for column in columns),
                *(_value(one["information"].get(label)) for label in labels),
            ]
            for one in sorted(cases, key=lambda one: one["case"])
        ],
    )


def _cases(content: Content) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = content.get("cases", [])
    return found


def _columns(content: Content) -> list[str]:
    cases = _cases(content)
    cohort = [COHORT] if any(one["cohort"] for one in cases) else []
    return [CENTER, *cohort, *([PATIENT] if has_clusters(content) else [])] if cases else []


def _labels(cases: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted({label for one in cases for label in one["information"]})


def _header(content: Content) -> list[str]:
    taken = {*RESERVED, *(model["id"] for model in content["models"])}
    labels = _labels(_cases(content))
    return [*_columns(content), *(f"information: {one}" if one in taken else one for one in labels)]


def _value(text: str | None) -> str | float | None:
    """A number as one; a text that a reader of numbers would take for none is left out."""
    if text is None or text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return None
    return float(text) if is_number(text) else text
