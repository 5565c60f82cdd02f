"""What an amendment may change, and what exactly it changes. Pure.

An amendment is prospective: it holds for the reads that are opened from then on. What decides which reads exist and
what is read off them was decided before the first read and cannot be amended (ADR 0011). The plan of the analysis
can, as long as nobody has seen a result; the frozen data tell it (ADR 0027).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from backend.audit.errors import RuleBroken

Document = Mapping[str, Any]

_AMENDABLE = tuple(
    re.compile(pattern)
    for pattern in (
        r"objective",
        r"instructions",
        r"design\.sessions\[\d+\]\.washout_days",
        r"sittings(\..+)?",
        r"training\.(pass_mark|max_attempts)",
        r"signature",
        r"hanging(\..+)?",
        r"form\..+",
        r"adjudication(\..+)?",
        r"analysis\.plan(\..+)?",
        r"statements(\..+)?",
    )
)
# Lists whose items are told apart by this part of them.
_NAMES = ("key", "ordinal", "value", "id")
_ABSENT = object()
# What fixes how a question is answered, with what holds where the form does not say it.
_WAYS_TO_ANSWER = {"kind": None, "multiple": None, "unit": None, "type": None, "drawn_by": "outline"}
# Lists that answers choose from, with what an answer names their items by.
_SCALES = {"options": "value", "labels": "key", "statuses": "key"}


@dataclass(frozen=True)
class Change:
    """One place of the protocol with what stood there and what stands there now; None where nothing did or does."""

    path: str
    old: Any
    new: Any

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "old": self.old, "new": self.new}


def next_document(old: Document, edited: Document) -> dict[str, Any]:
    """The edited document with the form's version counted up where the form has changed.

    What is the same stays to the letter: a browser writes 28.0 as 28, and the digest would tell them apart.
    """
    kept: dict[str, Any] = _kept(old, edited)
    if kept["form"]["questions"] == old["form"]["questions"]:
        return {**kept, "form": old["form"]}
    return {**kept, "form": {**kept["form"], "version": old["form"]["version"] + 1}}


def _kept(old: Any, new: Any) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {key: _kept(old[key], value) if key in old else value for key, value in new.items()}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [_kept(one, other) for one, other in zip(old, new, strict=True)]
    return old if _is_same(old, new) else new


def check_amendment(old: Document, new: Document) -> list[Change]:
    """Every change from one document to the next.

    Raises
    ------
    RuleBroken
        `not_amendable`, naming the first path that an amendment may not touch.
    """
    changes = list(changes_between(old, new))
    for change in changes:
        if not any(pattern.fullmatch(change.path) for pattern in _AMENDABLE):
            raise RuleBroken(
                "not_amendable",
                f"An amendment cannot change {change.path}. It was fixed by the freeze.",
                path=change.path,
            )
    _check_form(old, new)
    _check_adjudication(
        old["adjudication"], new["adjudication"], [one["key"] for one in old["design"]["arms"]]
    )
    return changes


def changes_between(old: Any, new: Any, path: str = "") -> Iterator[Change]:
    """The places in which two values differ, the smallest that can be named."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from _between(old.get(key, _ABSENT), new.get(key, _ABSENT), f"{path}.{key}".lstrip("."))
        return
    name = _name_of(old, new)
    if name is not None:
        before, after = {one[name]: one for one in old}, {one[name]: one for one in new}
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _between(before.get(key, _ABSENT), after.get(key, _ABSENT), f"{path}[{key}]")
        kept = [key for key in before if key in after]
        if kept != [key for key in after if key in before]:
            yield Change(f"{path}.order", list(before), list(after))
        return
    if not _is_same(old, new):
        yield Change(path, old, new)


def _between(old: Any, new: Any, path: str) -> Iterator[Change]:
    if old is _ABSENT or new is _ABSENT:
        yield Change(path, None if old is _ABSENT else old, None if new is _ABSENT else new)
        return
    yield from changes_between(old, new, path)


def _name_of(old: Any, new: Any) -> str | None:
    """By which part the items of both lists are told apart, None where there is none."""
    if not (isinstance(old, list) and isinstance(new, list) and old and new):
        return None
    items = [*old, *new]
    if not all(isinstance(one, Mapping) for one in items):
        return None
    for name in _NAMES:
        values = [[one.get(name) for one in part] for part in (old, new)]
        if all(isinstance(value, str | int) for part in values for value in part) and all(
            len(set(part)) == len(part) for part in values
        ):
            return name
    return None


def _is_same(old: Any, new: Any) -> bool:
    """Equal, and not True for 1."""
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _check_adjudication(old: Document | None, new: Document | None, arms: Sequence[str]) -> None:
    """Verdicts given before stay part of the consensus."""
    if old is None:
        return
    if new is None:
        _refuse("adjudication", "Adjudication cannot be taken away: verdicts may have been given.")
    for arm in old["arms"] or arms:
        if arm not in (new["arms"] or arms):
            _refuse(
                "adjudication.arms", f"The arm {arm} stays adjudicated: verdicts may have been given in it."
            )


def _check_form(old: Document, new: Document) -> None:
    """Answers given before stay answers to the same questions on the same scales."""
    before, after = _questions(old), _questions(new)
    rating = old["analysis"]["rating_question"]
    for key, question in before.items():
        amended = after.get(key)
        if amended is None:
            _refuse(
                f"form.questions[{key}]",
                f"The question {key} may have been answered and stays in the form. Hide it by the condition false.",
            )
        for part, unsaid in _WAYS_TO_ANSWER.items():
            if question.get(part, unsaid) != amended.get(part, unsaid):
                _refuse(
                    f"form.questions[{key}].{part}",
                    f"The question {key} was answered in another way before. Give the changed question a new key.",
                )
        _check_scale(key, question, amended, is_rating=key == rating)


def _check_scale(key: str, question: Document, amended: Document, *, is_rating: bool) -> None:
    for scale in _SCALES:
        kept = _values(amended, scale)
        gone = [value for value in _values(question, scale) if value not in kept]
        if gone:
            _refuse(
                f"form.questions[{key}].{scale}[{gone[0]}]",
                f"The answer {gone[0]} to the question {key} may have been given; it cannot be taken away.",
            )
    if is_rating and (
        _values(question, "options") != _values(amended, "options")
        or any(
            question.get(part) != amended.get(part) for part in ("expr", "required", "show_if", "required_if")
        )
    ):
        _refuse(
            f"form.questions[{key}]", "The scale of the rating is part of the analysis and stays as it is."
        )


def _values(question: Document, scale: str) -> list[Any]:
    return [one[_SCALES[scale]] for one in question.get(scale, [])]


def _questions(document: Document) -> dict[str, Document]:
    questions: Sequence[Document] = document["form"]["questions"]
    return {str(question.get("key")): question for question in questions}


def _refuse(path: str, text: str) -> NoReturn:
    raise RuleBroken("not_amendable", text, path=path)
