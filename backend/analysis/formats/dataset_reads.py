"""``reads.csv`` of a dataset's folder, read with complaints by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from backend.analysis.agreement import Category
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import Row, finite_number, is_number
from backend.analysis.formats.dataset_design import Design
from backend.analysis.results import Result
from backend.analysis.study_dataset import Question, ReadRecord

REPEAT_COLUMN = "repeat"
# Files without that column added this to the session's number for the reads in which its cases came back.
REPEATS_FROM = 100
FileReadKey: TypeAlias = tuple[str, str, int, str, bool]
"""Reader, arm, session, case, and whether the read is a hidden repeat."""


@dataclass(frozen=True, slots=True)
class FurtherAnswer(Result):
    """An answer to a question that the design does not declare as categorical, as a text."""

    reader: str
    arm: str
    session: int
    case: str
    question: str
    value: str
    is_repeat: bool = False

    @property
    def read(self) -> FileReadKey:
        """The read that it belongs to."""
        return self.reader, self.arm, self.session, self.case, self.is_repeat


@dataclass(frozen=True, slots=True)
class ReadsFile:
    """What ``reads.csv`` holds: the reads, the arms in the order of their first session, other answers."""

    records: tuple[ReadRecord, ...] = ()
    arms: tuple[str, ...] = ()
    is_rated: bool = True
    others: tuple[FurtherAnswer, ...] = ()


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
    read: dict[FileReadKey, dict[str, Category | None]] = {}
    scores: dict[FileReadKey, int | None] = {}
    others: list[FurtherAnswer] = []
    seen: dict[tuple[FileReadKey, str], str] = {}
    first_session: dict[str, int] = {}
    points = frozenset(design.scale)
    measured = {one.key for one in design.measurements}
    if not rows:
        raise AnalysisError("no_reads", "reads.csv has no read")
    for row in rows:
        key, question, value = read_key(row, design, truth), row.text("question"), row.cells["value"]
        reader, arm, session, case, is_repeat = key
        if (key, question) in seen:
            which = f"session {session}{', repeat' if is_repeat else ''}"
            raise AnalysisError(
                "repeated",
                f"{row.where}: {question} of case {case} by {reader} in {arm}, {which}, stands there already "
                f"({seen[key, question]})",
            )
        seen[key, question] = row.where
        first_session[arm] = min(session, first_session.get(arm, session))
        answers = read.setdefault(key, {})
        if question == design.rating:
            scores[key] = _score(row, value, design, points) if value else None
        elif question in questions:
            answers[question] = _category(row, value, questions[question]) if value else None
        else:
            if question in measured and value:
                finite_number(value, f"{row.where}: {question}")
            others.append(FurtherAnswer(reader, arm, session, case, question, value, is_repeat))
    records = tuple(
        ReadRecord(*key[:4], scores.get(key), read[key], is_repeat=key[4]) for key in sorted(read)
    )
    arms = tuple(sorted(first_session, key=lambda arm: (first_session[arm], arm)))
    others.sort(key=lambda one: (*one.read, one.question))
    return ReadsFile(records, arms, bool(scores), tuple(others))


def read_key(row: Row, design: Design, truth: Mapping[str, bool | None]) -> FileReadKey:
    """Reader, arm, session and case of a row, and whether it is of a hidden repeat.

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
    return reader, arm, row.whole("session"), known_case(row, truth), is_repeat_row(row)


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


def is_repeat_row(row: Row) -> bool:
    """Whether the row is of a hidden repeat; empty: it is not."""
    return bool(row.cells.get(REPEAT_COLUMN)) and row.truth(REPEAT_COLUMN)


def with_repeats(rows: Sequence[Row]) -> tuple[list[Row], frozenset[tuple[str, str, int]]]:
    """The rows of ``reads.csv`` with the column ``repeat``, also of a file that lacks it.

    Without the column, a session's number with 100 added is a hidden repeat where the same reader read the same case
    in the same arm in that session; any other number is a session's.

    Returns
    -------
    The rows, and reader, case and number as written of what was told by the number, which ``exclusions.csv`` of
    such a dataset names in the same way.
    """
    if not rows or REPEAT_COLUMN in rows[0].cells:
        return list(rows), frozenset()
    places = {_place(row) for row in rows}
    found: list[Row] = []
    told: set[tuple[str, str, int]] = set()
    for row in rows:
        reader, arm, session, case = _place(row)
        is_repeat = session > REPEATS_FROM and (reader, arm, session - REPEATS_FROM, case) in places
        if is_repeat:
            told.add((reader, case, session))
        own = str(session - REPEATS_FROM) if is_repeat else row.cells["session"]
        found.append(Row(row.where, {**row.cells, "session": own, REPEAT_COLUMN: str(int(is_repeat))}))
    return found, frozenset(told)


def with_numbered_repeats(rows: Sequence[Row], told: frozenset[tuple[str, str, int]]) -> list[Row]:
    """The rows of another file of reads, whose hidden repeats bear the numbers that :func:`with_repeats` told."""
    if not rows or REPEAT_COLUMN in rows[0].cells:
        return list(rows)
    found = []
    for row in rows:
        reader, _, number, case = _place(row)
        if (reader, case, number) in told:
            cells = {**row.cells, "session": str(number - REPEATS_FROM), REPEAT_COLUMN: "1"}
            found.append(Row(row.where, cells))
        else:
            found.append(row)
    return found


def _place(row: Row) -> tuple[str, str, int, str]:
    """Reader, arm, session and case; a session that is no whole number is refused where the row is read."""
    text = row.cells["session"]
    session = int(float(text)) if is_number(text) else 0
    return row.cells["reader"], row.cells["arm"], session, row.cells["case"]


def first_reads(records: tuple[ReadRecord, ...]) -> tuple[tuple[ReadRecord, ...], tuple[ReadRecord, ...]]:
    """A reader's first read of each case in each arm, which no hidden repeat is, and the others."""
    first: dict[tuple[str, str, str], ReadRecord] = {}
    candidates = [one for one in records if not one.is_repeat]
    for record in sorted(candidates, key=lambda one: (one.reader, one.arm, one.case, one.session)):
        first.setdefault((record.reader, record.arm, record.case), record)
    kept = tuple(first.values())
    chosen = {id(record) for record in kept}
    return kept, tuple(record for record in records if id(record) not in chosen)
