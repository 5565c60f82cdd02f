"""The consensus of an adjudicated study as the reference standard of its declared questions. Pure."""

from collections.abc import Callable, Collection
from typing import Any

from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_extras import REFERENCE
from backend.studies.categories import categories_of

from .dataset_reads import Content, arms_of_content


def reference_arm(content: Content) -> str | None:
    """The arm whose consensus stands for the truth: the first of the design that was adjudicated."""
    adjudicated = {row["arm"] for row in content.get("consensus", [])}
    return next((arm["key"] for arm in arms_of_content(content) if arm["key"] in adjudicated), None)


def settled_questions(content: Content) -> frozenset[str]:
    """The questions of one category a case that the panel settled for some case: cases can be grouped by them."""
    arm = reference_arm(content)
    found = {
        row["question"]
        for row in content.get("consensus", [])
        if row["arm"] == arm and row["value"] is not None
    }
    return frozenset(
        one["key"]
        for one in (content["form"]["questions"] if found else ())
        if one["key"] in found and one["key"] != content["rating_question"] and categories_of(one)
    )


def reference_csv(content: Content, questions: Collection[str], as_written: Callable[[Any], Cell]) -> str:
    """One row a case and declared question that the panel settled, as `as_written` writes an answer."""
    arm = reference_arm(content)
    settled = {
        (row["case"], row["question"]): as_written(row["value"])
        for row in content.get("consensus", [])
        if row["arm"] == arm and row["question"] in questions and row["value"] is not None
    }
    return csv_text(REFERENCE, [(*key, settled[key]) for key in sorted(settled)])
