"""``records`` of ``study.json``: what the study's own documents say of it, for the reporting checklists.

Nothing is computed from it: each fact is a phrase or sentence that can stand in an article, and each may be unknown.
"""

from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias

from backend.analysis.errors import AnalysisError
from backend.analysis.results import Result

KEY = "records of study.json"
DataCollection: TypeAlias = Literal["", "prospective", "retrospective"]


@dataclass(frozen=True, slots=True)
class ReaderRecord(Result):
    """A reader's experience; the name is that of ``reads.csv``."""

    name: str
    years_experience: float | None = None
    specialty: str = ""


@dataclass(frozen=True, slots=True)
class ModelRecord(Result):
    """What is known of a model; the name is that of ``predictions.csv``."""

    name: str
    weights_sha256: str = ""
    technology: str = ""
    inputs: str = ""
    output: str = ""
    threshold: str = ""
    development: str = ""
    preprocessing: str = ""


@dataclass(frozen=True, slots=True)
class StudyRecords(Result):
    """The facts, named as in :class:`~backend.analysis.reporting.study_facts.StudyFacts`; empty where unknown."""

    objective: str = ""
    data_collection: DataCollection = ""
    washout_days: int | None = None
    randomisation: str = ""
    reader_blinding: str = ""
    reference_blinding: str = ""
    clinical_information: str = ""
    is_independent: bool | None = None
    eligibility: str = ""
    setting: str = ""
    sampling: str = ""
    acquisition: str = ""
    devices: str = ""
    deidentification: str = ""
    reference_standard: str = ""
    reference_rationale: str = ""
    annotators: str = ""
    reader_experience: str = ""
    reader_sampling: str = ""
    sample_size: str = ""
    protocol_place: str = ""
    registration: str = ""
    ethics: str = ""
    funding: str = ""
    interests: str = ""
    patient_involvement: str = ""
    data_availability: str = ""
    code_availability: str = ""
    readers: tuple[ReaderRecord, ...] = field(default=())
    models: tuple[ModelRecord, ...] = field(default=())


def read_records(value: object) -> StudyRecords:
    """The ``records`` object of ``study.json``.

    Raises
    ------
    AnalysisError
        ``unknown_key``, ``wrong_type``, ``repeated``: each names the key.
    """
    content = _object(value, StudyRecords, "")
    found: dict[str, Any] = {}
    for key, given in content.items():
        if key == "readers":
            found[key] = tuple(ReaderRecord(**one) for one in _rows(given, ReaderRecord, key))
        elif key == "models":
            found[key] = tuple(ModelRecord(**one) for one in _rows(given, ModelRecord, key))
        else:
            found[key] = _fact(key, given)
    if found.get("data_collection", "") not in ("", "prospective", "retrospective"):
        raise _wrong("data_collection", "prospective or retrospective")
    return StudyRecords(**found)


def _wrong(key: str, wanted: str) -> AnalysisError:
    return AnalysisError("wrong_type", f"{KEY}: {key} is not {wanted}")


def _object(value: object, kind: type[Result], where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(where or "it", "an object")
    known = {one.name for one in fields(kind)}
    for key in value:
        if key not in known:
            raise AnalysisError("unknown_key", f"{KEY}: {key} is no key of {where or 'it'}")
    return value


def _rows(value: object, kind: type[Result], key: str) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise _wrong(key, "a list")
    rows = [_object(one, kind, key) for one in value]
    names = [row.get("name") for row in rows]
    if not all(isinstance(name, str) and name for name in names):
        raise _wrong(f"name of {key}", "a text")
    if len(set(names)) != len(names):
        raise AnalysisError("repeated", f"{KEY}: {key} names one twice")
    return [{name: _fact(name, given) for name, given in row.items()} for row in rows]


def _fact(key: str, value: Any) -> Any:
    if key == "washout_days":
        is_right = value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    elif key == "years_experience":
        is_right = value is None or (
            isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
        )
    elif key == "is_independent":
        is_right = value is None or isinstance(value, bool)
    else:
        is_right = isinstance(value, str)
    if not is_right:
        raise _wrong(key, {"is_independent": "true or false"}.get(key, "a text or a number of 0 or more"))
    return value
