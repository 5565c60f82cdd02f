"""Questions whose answer is one of declared categories, and how the files of the analysis write an answer. Pure."""

from collections.abc import Mapping
from typing import Any

CATEGORICAL = ("location", "choice", "ordinal")
YES_NO = {False: "no", True: "yes"}


def categories_of(question: Mapping[str, Any]) -> tuple[Any, ...]:
    """The whole declared scale of a categorical question; empty for every other."""
    if question.get("multiple"):
        # Several answers at once are no category.
        return ()
    if question["kind"] in CATEGORICAL or question.get("type") == "category":
        return tuple(option["value"] for option in question["options"])
    return (False, True) if is_yes_no(question) else ()


def is_yes_no(question: Mapping[str, Any]) -> bool:
    """Whether the answer is yes or no, given or derived."""
    return question["kind"] == "yes_no" or (question["kind"], question.get("type")) == ("derived", "boolean")


def written(value: Any) -> str | int:
    """An answer as the files write it; `study.json` takes texts and whole numbers."""
    if isinstance(value, bool):
        return YES_NO[value]
    return value if isinstance(value, int) else str(value).strip()


def categories_by_text(question: Mapping[str, Any]) -> dict[str, str | int]:
    """The categories of a question as a plan names them, and as the files write them."""
    return {str(written(value)): written(value) for value in categories_of(question)}
