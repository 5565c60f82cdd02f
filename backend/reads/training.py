"""Training before the study: what was answered right, feedback after each case, and the end of an attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import NotFound
from backend.audit.services import record
from backend.studies.access import desk_phase
from backend.studies.blinding import Kind, may_see
from backend.studies.drawing import training_draw
from backend.studies.forms import is_finite_number, label_of
from backend.studies.models import ReadingSession
from backend.studies.session_states import SessionKind

from .access import access_read, protocol_of
from .answers import answers_of
from .models import Read, ReadStatus

# A difference of binary fractions must not fail an answer that is exactly as far off as is allowed.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Compared:
    """A question of a training case: the answer beside the key, in words; `is_right` is None where it is unscored."""

    question: str
    label: str
    answer: str
    expected: str
    is_right: bool | None


@dataclass(frozen=True)
class Feedback:
    """What a reader is told of a training read after its submission."""

    alias: str
    compared: Sequence[Compared]
    text: str

    @property
    def scored(self) -> int:
        return sum(one.is_right is not None for one in self.compared)

    @property
    def right(self) -> int:
        return sum(one.is_right is True for one in self.compared)


def is_right(answer: Any, expected: Any, *, tolerance: float = 0.0) -> bool:
    """Whether an answer is the expected one; numbers within `tolerance`, chosen options in any order."""
    if isinstance(answer, list) and isinstance(expected, list):
        return sorted(map(repr, answer)) == sorted(map(repr, expected))
    if is_finite_number(answer) and is_finite_number(expected):
        return bool(abs(answer - expected) <= tolerance + ROUNDING)
    return type(answer) is type(expected) and bool(answer == expected)


def compare(
    form: Mapping[str, Any], rules: Mapping[str, Any], key: Mapping[str, Any], answers: Mapping[str, Any]
) -> list[Compared]:
    """Every question that the key of a training case answers, in the order of the form.

    Parameters
    ----------
    rules : mapping
        The protocol's training: the scored `questions`, and the `tolerance` of those answered by a number.
    key : mapping
        The training key of the case.
    """
    right = key.get("answers", {})
    return [
        Compared(
            question=question["key"],
            label=question["label"],
            answer=_words(form, question, answers.get(question["key"])),
            expected=_words(form, question, right[question["key"]]),
            is_right=is_right(
                answers.get(question["key"]),
                right[question["key"]],
                tolerance=rules["tolerance"].get(question["key"], 0.0),
            )
            if question["key"] in rules["questions"]
            else None,
        )
        for question in form["questions"]
        if question["key"] in right
    ]


def feedback_for(*, by: User, read_id: UUID) -> Feedback:
    """The feedback to one's own training read.

    Raises
    ------
    NotFound
        Unless the read is one's own, of the training, and submitted, in a study that is being read.
    """
    read = access_read(by=by, read_id=read_id)
    if read.assignment.reading_session.session.kind != SessionKind.TRAINING:
        raise NotFound
    if read.status != ReadStatus.SUBMITTED:
        raise NotFound
    phase = desk_phase(read.assignment.study_case.study)
    if not may_see(Kind.TRAINING_FEEDBACK, Role.READER, phase, own=read.reader_id == by.pk):
        raise NotFound
    return feedback_of(read, answers_of([read])[read.pk].first)


def feedback_of(read: Read, answers: Mapping[str, Any]) -> Feedback:
    protocol, key = protocol_of(read), read.assignment.study_case.training_key
    compared = compare(protocol["form"], protocol["training"], key, answers)
    return Feedback(read.assignment.alias, compared, key.get("text", ""))


def attempt_score(session: ReadingSession) -> float:
    """The share of right answers among all scored questions of an attempt; 1 where nothing is scored."""
    reads = list(
        Read.objects.filter(assignment__reading_session=session, status=ReadStatus.SUBMITTED).select_related(
            "assignment__study_case__study"
        )
    )
    answers = answers_of(reads)
    feedback = [feedback_of(read, answers[read.pk].first) for read in reads]
    scored = sum(one.scored for one in feedback)
    return sum(one.right for one in feedback) / scored if scored else 1.0


def attempt_end(session: ReadingSession, *, by: User, now: datetime) -> None:
    """Score an attempt whose cases are all read, and draw the next one where it is not passed and one is left.

    The caller's transaction holds the reader's membership and locks the session.
    """
    study_session, member = session.session, session.member
    rules = study_session.study.protocol["training"]
    session.training_score = attempt_score(session)
    session.is_passed = session.training_score >= rules["pass_mark"] - ROUNDING
    session.save(update_fields=["training_score", "is_passed"])
    if session.is_passed or session.attempt >= rules["max_attempts"]:
        return
    again = training_draw(study_session.study, member, study_session, attempt=session.attempt + 1, now=now)
    record(
        event="training_drawn_again",
        by=by,
        at=now,
        subject=again,
        study_id=study_session.study_id,
        detail={"attempt": again.attempt},
    )


def _words(form: Mapping[str, Any], question: Mapping[str, Any], value: Any) -> str:
    if value is None:
        return "not answered"
    if isinstance(value, list):
        return ", ".join(label_of(form, question["key"], one) for one in value) or "none"
    if question["kind"] == "ordinal":
        return f"{value} {label_of(form, question['key'], value)}"
    unit = question.get("unit", "") if is_finite_number(value) else ""
    return f"{label_of(form, question['key'], value)} {unit}".strip()
