"""What an adjudicator enters in an item: checked against the form, the originals and the mode of the protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.audit.errors import InvalidInput
from backend.reads.access import readers_of
from backend.studies.adjudication_design import Mode
from backend.studies.forms import check_answers
from backend.studies.models import ReaderStudy

from .access import LETTERS, original_reads, original_rows
from .consensus import fixed_answers
from .item_states import How
from .models import AdjudicationItem, ItemOriginal
from .panels import answers_of, effective_answers
from .questions import DRAWN, Agreed

MAX_REASON = 2_000


@dataclass(frozen=True)
class Settled:
    """The answer of a verdict to one question."""

    question: str
    value: Any
    how: How
    original: ItemOriginal | None = None


@dataclass(frozen=True)
class Entered:
    """What an adjudicator entered, and all that follows from it."""

    answers: dict[str, Any]
    derived: dict[str, Any]
    settled: list[Settled]


def attendee_codes(study: ReaderStudy) -> list[str]:
    """The readers as a consensus meeting names them, R1 the first that was enrolled."""
    return [f"R{number}" for number in range(1, len(readers_of(study)) + 1)]


def fixed_in(item: AdjudicationItem) -> dict[str, Agreed]:
    """What the adjudicator finds answered already."""
    form = item.study.protocol["form"]
    return fixed_answers(item, form, answers_of(form, original_reads(item)))


def check_entered(item: AdjudicationItem, answers: Mapping[str, Any], *, complete: bool) -> Entered:
    """Check the answers of a draft or verdict. A drawing is adopted: its answer is ``{"reading": letter}``.

    Raises
    ------
    InvalidInput
        Names every question at fault: unknown, fixed by the readers' agreement, or not answerable so.
    """
    form = item.study.protocol["form"]
    fixed = fixed_in(item)
    kinds = {question["key"]: question["kind"] for question in form["questions"]}
    opened = [key for key in item.to_settle if key not in fixed]
    errors = {
        key: "The readers' answers to this question stand."
        if key in kinds
        else "The form has no such question."
        for key in answers
        if key not in opened
    }
    adopted = {key: _adopted(item, answers[key], errors, key) for key in answers if kinds.get(key) in DRAWN}
    given = {key: value for key, value in answers.items() if key in opened and kinds[key] not in DRAWN}
    values = {key: one.value for key, one in fixed.items() if kinds[key] not in DRAWN} | given
    checked = check_answers(form, values, complete=complete)
    errors |= {key: text for key, text in checked.errors.items() if key in given or key in opened}
    for key in opened:
        if kinds[key] in DRAWN:
            # Whether a drawing is answered is seen here; the form's own check is not shown it.
            errors.pop(key, None)
            if complete and adopted.get(key) is None:
                errors[key] = "Please choose the reading whose drawing stands."
    if errors:
        raise InvalidInput("Some answers cannot be accepted.", errors)
    derived = {key: checked.answers.get(key) for key, kind in kinds.items() if kind == "derived"}
    return Entered(dict(answers), derived, _settled(item, opened, fixed, checked.answers, adopted))


def check_attendees(item: AdjudicationItem, attendees: Sequence[str], *, complete: bool) -> list[str]:
    """Who took part in a consensus meeting, in the order of the codes; nobody in another mode."""
    codes = attendee_codes(item.study)
    if set(attendees) - set(codes):
        raise InvalidInput("The attendees cannot be accepted.", {"attendees": "This is no reader's code."})
    if item.mode != Mode.CONSENSUS:
        if attendees:
            raise InvalidInput(
                "The attendees cannot be accepted.", {"attendees": "The protocol plans no meeting."}
            )
        return []
    if complete and not attendees:
        raise InvalidInput(
            "The attendees cannot be accepted.", {"attendees": "Please name who took part in the meeting."}
        )
    return [code for code in codes if code in attendees]


def check_reason(reason: str, *, complete: bool) -> str:
    if len(reason) > MAX_REASON or "\0" in reason:
        raise InvalidInput(
            "The reason cannot be accepted.", {"reason": f"Please use at most {MAX_REASON} characters."}
        )
    if complete and not reason.strip():
        raise InvalidInput("The reason is missing.", {"reason": "Please give the reason of the verdict."})
    return reason.strip() if complete else reason


def _adopted(item: AdjudicationItem, sent: Any, errors: dict[str, str], key: str) -> ItemOriginal | None:
    if sent is None:
        return None
    letter = sent.get("reading") if isinstance(sent, dict) and sent.keys() == {"reading"} else None
    for sign, row in zip(LETTERS, original_rows(item), strict=False):
        if sign == letter:
            return row
    errors[key] = "Please choose one of the readings."
    return None


def _settled(
    item: AdjudicationItem,
    opened: Sequence[str],
    fixed: Mapping[str, Agreed],
    answers: Mapping[str, Any],
    adopted: Mapping[str, ItemOriginal | None],
) -> list[Settled]:
    how = How.CONSENSUS if item.mode == Mode.CONSENSUS else How.VERDICT
    rows = []
    for key in item.to_settle:
        original = adopted.get(key)
        if key not in opened:
            rows.append(Settled(key, fixed[key].value, fixed[key].how))
        elif original is not None:
            value = effective_answers([original.read])[original.read_id].get(key)
            rows.append(Settled(key, value, how, original))
        else:
            rows.append(Settled(key, answers.get(key), how))
    return rows
