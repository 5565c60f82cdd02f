"""``study.json``: what a folder of CSV files cannot say of itself, and the defaults without it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import (
    AnalysisPlan,
    DatasetOrigin,
    Measurement,
    check_partial_margins,
    read_measurements,
    read_origin,
    read_plan,
)
from backend.analysis.formats.study_records import StudyRecords, read_records
from backend.analysis.results import Result
from backend.analysis.study_dataset import Question

FILE = "study.json"
MAX_SCALE = 10_001


@dataclass(frozen=True, slots=True)
class Design(Result):
    """The declared design; every key of ``study.json`` may be left out.

    Attributes
    ----------
    title
        The study's title.
    positive_class
        What a positive case has.
    is_synthetic
        True for demonstration data.
    readers
        All readers; a read by another is refused. Empty: those found.
    consensus
        Names under which ``reads.csv`` holds consensus readings, which are no reader's.
    arms
        The reading conditions in order. Empty: those found, in the order of their first session, then name.
    rating
        The question whose value is the ordinal score compared with the truth. Without such a question in
        ``reads.csv`` the study is not rated.
    scale
        The rating's points, ascending: a list, or ``{"from": 0, "to": 100}``.
    positive_from
        A rating at or above this calls the case positive.
    questions
        Categorical questions with key, label, categories, and ``is_ordered`` where these ascend; answers outside them
        are refused. Answers to questions not declared here are kept, and not analyzed.
    measurements
        Questions whose answers are numbers.
    analysis
        What is compared with what (:class:`~backend.analysis.formats.analysis_plan.AnalysisPlan`).
    origin
        Versions and hashes of dataset, protocol and truth.
    records
        What the study's own documents say of it, for the checklists.
    notes
        What the dataset says of itself that a reader of the results should know: what it lacks, and why.
    """

    title: str = "Reader study"
    positive_class: str = "positive"
    is_synthetic: bool = False
    readers: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    rating: str = "rating"
    scale: tuple[int, ...] = (1, 2, 3, 4, 5)
    positive_from: int = 3
    questions: tuple[Question, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    analysis: AnalysisPlan = field(default_factory=AnalysisPlan)
    origin: DatasetOrigin = field(default_factory=DatasetOrigin)
    notes: tuple[str, ...] = ()
    consensus: tuple[str, ...] = ()
    records: StudyRecords = field(default_factory=StudyRecords)


def read_design(text: str) -> Design:
    """The design of a ``study.json``.

    Raises
    ------
    AnalysisError
        ``not_json``, ``unknown_key``, ``wrong_type``, ``repeated``: each names the key; ``unknown_question``,
        ``unknown_category`` of a positive answer.
    """
    try:
        content = json.loads(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise AnalysisError("not_json", f"{FILE} is not JSON ({error})") from error
    if not isinstance(content, dict):
        raise AnalysisError("wrong_type", f"{FILE} is not an object")
    for key in content:
        if key not in Design.__dataclass_fields__:
            raise AnalysisError("unknown_key", f"{FILE}: {key} is no key of it")
    default = Design()
    design = Design(
        title=_text(content, "title", default.title),
        positive_class=_text(content, "positive_class", default.positive_class),
        is_synthetic=_truth(content, "is_synthetic"),
        readers=_texts(content, "readers"),
        arms=_texts(content, "arms"),
        rating=_text(content, "rating", default.rating),
        scale=_scale(content.get("scale", list(default.scale))),
        positive_from=_whole(content.get("positive_from", default.positive_from), "positive_from"),
        questions=_questions(content.get("questions", [])),
        measurements=read_measurements(content.get("measurements", [])),
        analysis=read_plan(content.get("analysis", {})),
        origin=read_origin(content.get("origin", {})),
        notes=_texts(content, "notes"),
        consensus=_consensus(content),
        records=read_records(content.get("records", {})),
    )
    _check_positive_answers(design)
    check_partial_margins(design.analysis)
    return design


def write_design(design: Design) -> str:
    """The design as ``study.json``."""
    content = {**design.to_json(), "questions": [one.as_declared() for one in design.questions]}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _check_positive_answers(design: Design) -> None:
    scales = {one.key: {str(category) for category in one.categories} for one in design.questions}
    for key, answer in design.analysis.positive_answers.items():
        where = f"{FILE}: positive_answers names {key}"
        if key not in scales:
            raise AnalysisError("unknown_question", f"{where}, no declared question")
        if answer not in scales[key]:
            raise AnalysisError("unknown_category", f"{where}, which {answer} is no answer to")


def _wrong(key: str, wanted: str) -> AnalysisError:
    return AnalysisError("wrong_type", f"{FILE}: {key} is not {wanted}")


def _text(content: Mapping[str, object], key: str, default: str) -> str:
    value = content.get(key, default)
    if not isinstance(value, str) or not value:
        raise _wrong(key, "a text")
    return value


def _truth(content: Mapping[str, object], key: str) -> bool:
    value = content.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(key, "true or false")
    return value


def _texts(content: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = content.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise _wrong(key, "a list of texts")
    if len(set(value)) != len(value):
        raise AnalysisError("repeated", f"{FILE}: {key} names one twice")
    return tuple(value)


def _consensus(content: Mapping[str, object]) -> tuple[str, ...]:
    names = _texts(content, "consensus")
    both = [name for name in names if name in _texts(content, "readers")]
    if both:
        raise AnalysisError("repeated", f"{FILE}: {both[0]} is named as a reader and as a consensus")
    return names


def _whole(value: object, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(key, "a whole number")
    return value


def _scale(value: object) -> tuple[int, ...]:
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        low, high = _whole(value["from"], "scale"), _whole(value["to"], "scale")
        if not 1 <= high - low < MAX_SCALE:
            raise _wrong("scale", f"a range of 2 to {MAX_SCALE} points")
        return tuple(range(low, high + 1))
    if not isinstance(value, list):
        raise _wrong("scale", "a list of points, or from and to")
    return tuple(_whole(point, "scale") for point in value)


def _questions(value: object) -> tuple[Question, ...]:
    if not isinstance(value, list):
        raise _wrong("questions", "a list")
    questions = []
    for number, one in enumerate(value, start=1):
        if not isinstance(one, dict) or not set(one) <= set(Question.__dataclass_fields__):
            raise _wrong(f"question {number}", "an object with key, label, categories and is_ordered")
        categories = one.get("categories")
        if not isinstance(categories, list) or not all(
            isinstance(entry, (str, int)) and not isinstance(entry, bool) for entry in categories
        ):
            raise _wrong(f"categories of question {number}", "a list of texts or whole numbers")
        if len({str(entry) for entry in categories}) != len(categories):
            raise AnalysisError("repeated", f"{FILE}: question {number} has a category twice")
        key = _text(one, "key", "")
        is_ordered = _truth(one, "is_ordered")
        questions.append(Question(key, _text(one, "label", key), tuple(categories), is_ordered))
    return tuple(questions)
