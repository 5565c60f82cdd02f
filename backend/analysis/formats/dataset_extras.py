"""Further files of a dataset's folder, each of which may be left out, read with complaints by row.

``exclusions.csv``     case,reader,session,reason,set - empty reader or session: all of the case's; repeat may follow
``reference.csv``      case,question,value - the reference standard of a declared question
``model-answers.csv``  model,case,question,value - a model's answers to declared questions
``features.csv``       reader,session,case,feature,value - of the regions that a reader drew
``masks.csv``          case,reader_a,reader_b,measure,value - how two outlines of a case compare; the columns
                       question, arm, session_a and session_b may follow
``deviations.csv``     when,what,subject,reason - departures from the protocol, in words, for the report
``additions.csv``      number,reason,what,detail - what a locked dataset was given afterwards

Columns ``position`` and ``active_s`` of ``reads.csv`` (the tidy table has them) are the reading times.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast, get_args

from backend.analysis.agreement import Category
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import Row, finite_number, is_number, read_rows
from backend.analysis.formats.dataset_additions import Addition
from backend.analysis.formats.dataset_assigned import ASSIGNED_FILE, AssignedRead
from backend.analysis.formats.dataset_marks import MarkPlace, MarkRecord
from backend.analysis.formats.dataset_reads import (
    REPEAT_COLUMN,
    REPEATS_FROM,
    FileReadKey,
    is_repeat_row,
)
from backend.analysis.formats.marks import Lesion
from backend.analysis.mask_values import MaskValue, mask_value
from backend.analysis.results import Result
from backend.analysis.study_dataset import Question

EXCLUSIONS = ("case", "reader", "session", "reason", "set")
REFERENCE = ("case", "question", "value")
MODEL_ANSWERS = ("model", "case", "question", "value")
FEATURES = ("reader", "session", "case", "feature", "value")
MASKS = ("case", "reader_a", "reader_b", "measure", "value")
MASK_PLACES = ("question", "arm", "session_a", "session_b")
TIME_COLUMNS = ("position", "active_s")
DEVIATIONS = ("when", "what", "subject", "reason")
EXTRA_FILES = (
    "exclusions.csv",
    "reference.csv",
    "model-answers.csv",
    "features.csv",
    "masks.csv",
    "deviations.csv",
    "additions.csv",
    ASSIGNED_FILE,
)

ExclusionSet: TypeAlias = Literal["all", "per-protocol"]
ByCase: TypeAlias = Mapping[str, Category]
FeatureTable: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]]


@dataclass(frozen=True, slots=True)
class ReadTime(Result):
    """How long one read took: ``position`` in the reader's own order of the session, from 1."""

    reader: str
    arm: str
    session: int
    position: int
    case: str
    seconds: float
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Exclusion(Result):
    """What is left out, and why.

    Attributes
    ----------
    reader, session
        ``None``: every reader, every session. With both ``None`` the case itself is left out.
    is_repeat
        The hidden repeats of the session alone, the other reads alone, or (``None``) both.
    excluded_from
        ``"all"`` sets, or the ``"per-protocol"`` set alone.
    """

    case: str
    reader: str | None
    session: int | None
    reason: str
    excluded_from: ExclusionSet
    is_repeat: bool | None = None

    @property
    def is_whole_case(self) -> bool:
        """Whether the case itself is left out."""
        return self.reader is None and self.session is None and self.is_repeat is None

    def covers(self, *, reader: str, session: int, case: str, is_repeat: bool) -> bool:
        """Whether this read is left out by it."""
        return (
            self.case == case
            and self.reader in (None, reader)
            and self.session in (None, session)
            and self.is_repeat in (None, is_repeat)
        )


@dataclass(frozen=True, slots=True)
class Deviation(Result):
    """A departure from the protocol as its record tells it: when, what, about whom or what, and why."""

    when: str
    what: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extras(Result):
    """What the further files hold.

    Attributes
    ----------
    times
        Reading times, sorted by reader, session and position.
    reference
        Question to case to the reference standard.
    model_answers
        Question to model to case to the answer.
    features
        Reader to session (as text) to case to feature to value.
    masks
        Measures of pairs of outlines, sorted.
    deviations
        In the order of the file; ``None`` without a record, empty for a record of none.
    lesions
        Positive case to its lesions, where reads were free-response.
    marks
        Their marks, sorted by reader, arm, session, case and mark.
    additions
        What was added after the lock, in the order of the file.
    places
        Marks of a dataset without ``lesions.csv``: none of them is analyzed.
    assigned
        The reads that were planned, sorted; ``None`` where the dataset does not tell.
    """

    times: tuple[ReadTime, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    reference: Mapping[str, ByCase] = field(default_factory=dict)
    model_answers: Mapping[str, Mapping[str, ByCase]] = field(default_factory=dict)
    features: FeatureTable = field(default_factory=dict)
    masks: tuple[MaskValue, ...] = ()
    deviations: tuple[Deviation, ...] | None = None
    lesions: Mapping[str, tuple[Lesion, ...]] = field(default_factory=dict)
    marks: tuple[MarkRecord, ...] = ()
    additions: tuple[Addition, ...] = ()
    places: tuple[MarkPlace, ...] = ()
    assigned: tuple[AssignedRead, ...] | None = None


def read_times(rows: Sequence[Row]) -> tuple[ReadTime, ...]:
    """The reading times of ``reads.csv``; a read without position or time has none.

    Raises
    ------
    AnalysisError
        ``time_contradicts`` (two rows of a read with different times), ``time_not_positive``,
        ``position_out_of_range``, ``position_repeated``.
    """
    if not rows or not all(column in rows[0].cells for column in TIME_COLUMNS):
        return ()
    found: dict[FileReadKey, ReadTime] = {}
    for row in rows:
        if not all(row.cells[column] for column in TIME_COLUMNS):
            continue
        reader, arm, session, case = (
            row.text("reader"),
            row.text("arm"),
            row.whole("session"),
            row.text("case"),
        )
        key = (reader, arm, session, case, is_repeat_row(row))
        time = ReadTime(reader, arm, session, row.whole("position"), case, row.number("active_s"), key[4])
        if time.seconds <= 0:
            raise AnalysisError("time_not_positive", f"{row.where}: active_s is {time.seconds:g}")
        if time.position < 1:
            raise AnalysisError("position_out_of_range", f"{row.where}: position is {time.position}")
        if found.setdefault(key, time) != time:
            raise AnalysisError(
                "time_contradicts", f"{row.where}: the same read has another position or time above"
            )
    places: dict[tuple[str, int, bool, int], ReadTime] = {}
    for one in found.values():
        if places.setdefault((one.reader, one.session, one.is_repeat, one.position), one) != one:
            raise AnalysisError(
                "position_repeated",
                f"reads.csv: {one.reader} has two reads at position {one.position} of session {one.session}",
            )
    return tuple(
        sorted(found.values(), key=lambda one: (one.reader, one.session, one.is_repeat, one.position))
    )


def read_exclusions(
    rows: Sequence[Row],
    cases: Mapping[str, object],
    readers: Sequence[str],
    told_by_number: Collection[tuple[str, str, int]] = (),
) -> tuple[Exclusion, ...]:
    """The rows of ``exclusions.csv``; complaints name the row.

    ``told_by_number`` are the hidden repeats of a ``reads.csv`` that tells them by the session's number alone
    (:func:`~backend.analysis.formats.dataset_reads.with_repeats`).
    """
    found: dict[tuple[str, str | None, int | None, bool | None, str], Exclusion] = {}
    for row in rows:
        reader = row.cells["reader"] or None
        if reader is not None and reader not in readers:
            raise AnalysisError("unknown_reader", f"{row.where}: reader {reader} is not of the study")
        session = row.whole("session") if row.cells["session"] else None
        which = row.text("set")
        if which not in get_args(ExclusionSet):
            raise AnalysisError("unknown_set", f"{row.where}: the set is {which!r}, not all or per-protocol")
        case = _known_case(row, cases)
        is_repeat: bool | None = is_repeat_row(row) if row.cells.get(REPEAT_COLUMN) else None
        if session is not None and told_by_number and REPEAT_COLUMN not in row.cells:
            is_repeat = any(
                (its_case, number) == (case, session) and reader in (None, its_reader)
                for its_reader, its_case, number in told_by_number
            )
            session -= REPEATS_FROM if is_repeat else 0
        one = Exclusion(case, reader, session, row.text("reason"), cast(ExclusionSet, which), is_repeat)
        key = (one.case, one.reader, one.session, one.is_repeat, one.excluded_from)
        if key in found:
            raise AnalysisError("repeated", f"{row.where}: the same exclusion stands there already")
        found[key] = one
    return tuple(
        sorted(
            found.values(),
            key=lambda one: (
                *(one.case, one.reader or "", one.session or 0, one.excluded_from),
                -1 if one.is_repeat is None else one.is_repeat,
            ),
        )
    )


def read_reference(
    rows: Sequence[Row], cases: Mapping[str, object], questions: Sequence[Question]
) -> dict[str, dict[str, Category]]:
    """Question to case to the reference standard; complaints name the row."""
    found: dict[str, dict[str, Category]] = {}
    for row in rows:
        case, question = _known_case(row, cases), _question(row, questions)
        own = found.setdefault(question.key, {})
        if case in own:
            raise AnalysisError("repeated", f"{row.where}: {question.key} of case {case} stands there twice")
        own[case] = _category(row, question)
    return found


def read_model_answers(
    rows: Sequence[Row], cases: Mapping[str, object], questions: Sequence[Question], readers: Sequence[str]
) -> dict[str, dict[str, dict[str, Category]]]:
    """Question to model to case to the answer; complaints name the row."""
    found: dict[str, dict[str, dict[str, Category]]] = {}
    for row in rows:
        model, case, question = row.text("model"), _known_case(row, cases), _question(row, questions)
        if model in readers:
            raise AnalysisError("repeated", f"{row.where}: {model} is the name of a reader")
        own = found.setdefault(question.key, {}).setdefault(model, {})
        if case in own:
            raise AnalysisError(
                "repeated", f"{row.where}: {question.key} of case {case} by {model} stands there twice"
            )
        own[case] = _category(row, question)
    return found


def read_features(
    rows: Sequence[Row], cases: Mapping[str, object]
) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    """Reader to session to case to feature to value; complaints name the row."""
    found: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    for row in rows:
        sessions = found.setdefault(row.text("reader"), {})
        own = sessions.setdefault(str(row.whole("session")), {}).setdefault(_known_case(row, cases), {})
        feature = row.text("feature")
        if feature in own:
            raise AnalysisError("repeated", f"{row.where}: the feature {feature} stands there twice")
        own[feature] = row.number("value")
    return found


def read_masks(rows: Sequence[Row], cases: Mapping[str, object]) -> tuple[MaskValue, ...]:
    """The rows of ``masks.csv``, those without a value left out; complaints name the row."""
    found: dict[tuple[str | int, ...], MaskValue] = {}
    for row in rows:
        case, measure = _known_case(row, cases), row.text("measure")
        if not row.cells["value"]:
            continue
        readers, value = (row.text("reader_a"), row.text("reader_b")), row.number("value")
        places = (row.cells.get("question", ""), row.cells.get("arm", ""))
        sessions = (_session(row, "session_a"), _session(row, "session_b"))
        try:
            one = mask_value(case, *readers, measure, value, *places, *sessions)
        except AnalysisError as error:
            raise AnalysisError(error.code, f"{row.where}: {error.text}") from error
        key: tuple[str | int, ...] = (
            case,
            one.reader_a,
            one.reader_b,
            measure,
            *places,
            *_told(one.session_a, one.session_b),
        )
        if key in found:
            raise AnalysisError(
                "repeated", f"{row.where}: {measure} of this pair and case stands there twice"
            )
        found[key] = one
    return tuple(found[key] for key in sorted(found))


def _told(*sessions: int | None) -> tuple[int, ...]:
    """The sessions as a part of a key, in which one that is not told goes before all others."""
    return tuple(-1 if session is None else session for session in sessions)


def _session(row: Row, column: str) -> int | None:
    return row.whole(column) if row.cells.get(column) else None


def read_deviations(rows: Sequence[Row]) -> tuple[Deviation, ...]:
    """The rows of ``deviations.csv``; only ``what`` must be there."""
    return tuple(
        Deviation(row.cells["when"], row.text("what"), row.cells["subject"], row.cells["reason"])
        for row in rows
    )


def read_covariates(
    text: str | None, truth: Mapping[str, bool | None], *, categorical: Collection[str] = ()
) -> dict[str, dict[str, str | float | None]]:
    """Case to the columns of ``cases.csv``, ``categorical`` ones as texts; complaints name the row."""
    if text is None:
        return {}
    cells: dict[str, dict[str, str]] = {}
    wheres: dict[str, str] = {}
    for row in read_rows(text, file="cases.csv", required=("case",)):
        case = _known_case(row, truth)
        if case in cells:
            raise AnalysisError("repeated", f"{row.where}: case {case} stands there twice")
        cells[case] = {name: value for name, value in row.cells.items() if name != "case"}
        wheres[case] = row.where
        for name, value in cells[case].items():
            if name not in categorical and value.lower().lstrip("+-") in ("nan", "inf", "infinity"):
                raise AnalysisError("value_not_finite", f"{row.where}: {name} is {value!r}; leave it empty")
    columns = list(next(iter(cells.values()), {}))
    numeric = {
        name
        for name in columns
        if name not in categorical and _is_numeric(own[name] for own in cells.values())
    }
    return {
        case: {
            name: (finite_number(own[name], f"{wheres[case]}: {name}") if name in numeric else own[name])
            if own[name]
            else None
            for name in columns
        }
        for case, own in sorted(cells.items())
    }


def _is_numeric(values: Iterable[str]) -> bool:
    filled = [value for value in values if value]
    return bool(filled) and all(is_number(value) for value in filled)


def _known_case(row: Row, cases: Mapping[str, object]) -> str:
    case = row.text("case")
    if case not in cases:
        raise AnalysisError("unknown_case", f"{row.where}: case {case} is not in truth.csv")
    return case


def _question(row: Row, questions: Sequence[Question]) -> Question:
    key = row.text("question")
    for question in questions:
        if question.key == key:
            return question
    raise AnalysisError("unknown_question", f"{row.where}: {key} is no declared question of study.json")


def _category(row: Row, question: Question) -> Category:
    value = row.text("value")
    for category in question.categories:
        if str(category) == value:
            return category
    raise AnalysisError("unknown_category", f"{row.where}: {value!r} is no answer to {question.key}")
