"""``reads.csv`` of a dataset's folder, read with complaints by row."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.analysis.agreement import Category
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import Row, finite_number
from backend.analysis.formats.dataset_design import Design
from backend.analysis.study_dataset import Question, ReadRecord

# What is added to a session's number for the reads in which cases of the same session came back.
REPEATS_FROM = 100


@dataclass(frozen=True, slots=True)
class ReadsFile:
    """What ``reads.csv`` holds: the reads, the arms in the order of their first session, other answers."""

    records: tuple[ReadRecord, ...] = ()
    arms: tuple[str, ...] = ()
    is_rated: bool = True
    others: tuple[tuple[str, str, int, str, str, str], ...] = ()


def known_case(row: Row, truth: Mapping[str, bool | None]) -> str:
    """The row's case.

    Raises
    ------
    AnalysisError
        ``unknown_case`` where ``truth.csv`` does not have it.
    """
    case = row.text("case")
    if case not in truth:
        raise AnalysisError("unknown_case", f"{row.where}: case {case} is not in truth.csv")
    return case


def read_reads(rows: list[Row], design: Design, truth: Mapping[str, bool | None]) -> ReadsFile:
    """The rows of ``reads.csv``.

    Raises
    ------
    AnalysisError
        ``no_reads``, ``repeated``, ``unknown_reader``, ``unknown_arm``, ``unknown_case``, ``unknown_category``,
        ``score_not_on_scale``, or a value that is not a number; each names the row.
    """
    questions = {question.key: question for question in design.questions}
    read: dict[tuple[str, str, int, str], dict[str, Category | None]] = {}
    scores: dict[tuple[str, str, int, str], int | None] = {}
    others: list[tuple[str, str, int, str, str, str]] = []
    seen: dict[tuple[str, str, int, str, str], str] = {}
    first_session: dict[str, int] = {}
    points = frozenset(design.scale)
    measured = {one.key for one in design.measurements}
    if not rows:
        raise AnalysisError("no_reads", "reads.csv has no read")
    for row in rows:
        key, question, value = read_key(row, design, truth), row.text("question"), row.cells["value"]
        reader, arm, session, case = key
        if (*key, question) in seen:
            raise AnalysisError(
                "repeated",
                f"{row.where}: {question} of case {case} by {reader} in {arm}, session {session}, stands there "
                f"already ({seen[(*key, question)]})",
            )
        seen[(*key, question)] = row.where
        first_session[arm] = min(session, first_session.get(arm, session))
        answers = read.setdefault(key, {})
        if question == design.rating:
            scores[key] = _score(row, value, design, points) if value else None
        elif question in questions:
            answers[question] = _category(row, value, questions[question]) if value else None
        else:
            if question in measured and value:
                finite_number(value, f"{row.where}: {question}")
            others.append((*key, question, value))
    records = tuple(ReadRecord(*key, scores.get(key), answers) for key, answers in sorted(read.items()))
    arms = tuple(sorted(first_session, key=lambda arm: (first_session[arm], arm)))
    return ReadsFile(records, arms, bool(scores), tuple(sorted(others)))


def read_key(row: Row, design: Design, truth: Mapping[str, bool | None]) -> tuple[str, str, int, str]:
    """Reader, arm, session and case of a row.

    Raises
    ------
    AnalysisError
        ``unknown_reader``, ``unknown_arm``, ``unknown_case``; each names the row.
    """
    reader, arm = row.text("reader"), row.text("arm")
    if design.readers and reader not in design.readers:
        raise AnalysisError("unknown_reader", f"{row.where}: reader {reader} is not of the design")
    if design.arms and arm not in design.arms:
        raise AnalysisError("unknown_arm", f"{row.where}: arm {arm} is not of the design")
    return reader, arm, row.whole("session"), known_case(row, truth)


def _score(row: Row, value: str, design: Design, points: frozenset[int]) -> int:
    number = finite_number(value, f"{row.where}: {design.rating}")
    if number not in points:
        raise AnalysisError(
            "score_not_on_scale",
            f"{row.where}: {design.rating} {value} is not on the scale {design.scale[0]} to {design.scale[-1]}",
        )
    return int(number)


def _category(row: Row, value: str, question: Question) -> Category:
    for category in question.categories:
        if str(category) == value:
            return category
    raise AnalysisError("unknown_category", f"{row.where}: {value!r} is no answer to {question.key}")


def in_order(session: int) -> tuple[int, int]:
    """Sorts sessions as they were read: a repeat within session 2 is session 102, and comes before session 3."""
    return session % REPEATS_FROM, session


def first_reads(records: tuple[ReadRecord, ...]) -> tuple[tuple[ReadRecord, ...], tuple[ReadRecord, ...]]:
    """A reader's first read of each case in each arm, and the others."""
    first: dict[tuple[str, str, str], ReadRecord] = {}
    for record in sorted(records, key=lambda one: (one.reader, one.arm, one.case, one.session)):
        first.setdefault((record.reader, record.arm, record.case), record)
    kept = tuple(first.values())
    chosen = {id(record) for record in kept}
    return kept, tuple(record for record in records if id(record) not in chosen)
