"""The input of ``python -m backend.analysis DATASET_DIR``: a folder of CSV files, read with complaints by row.

``reads.csv``        reader,arm,session,case,question,value - one row a read and question; repeat may follow
``truth.csv``        case,truth - 1, 0, or empty without a reference standard; every case of the study
``predictions.csv``  model,version,case,score,probability,positive - probability may be empty
``outcomes.csv``     case,endpoint,time,event - event 1 when it happened, 0 when last seen without it
``cases.csv``        case and any further columns: what Table 1, subgroups and models take of a case
``marks.csv``        marks on lesions, with ``lesions.csv`` (:mod:`backend.analysis.formats.dataset_marks`)
``study.json``       the design (:mod:`backend.analysis.formats.dataset_design`)

Further files are those of :mod:`backend.analysis.formats.dataset_extras`. ``reads.csv`` and ``truth.csv``
must be there, the others may; with predictions, outcomes or marks a study needs no reads. For a multi-reader,
multi-case analysis and nothing else ``mrmc.csv`` alone will do: reader,modality,case,truth,rating. Files are
UTF-8 with commas; an empty value is a question left open; columns beyond the named ones are passed over and
listed in ``notes``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import Row, read_rows
from backend.analysis.formats.dataset_additions import ADDITIONS, read_additions
from backend.analysis.formats.dataset_assigned import (
    ASSIGNED,
    ASSIGNED_FILE,
    REASON_COLUMN,
    AssignedRead,
    read_assigned,
)
from backend.analysis.formats.dataset_consensus import split_consensus
from backend.analysis.formats.dataset_design import FILE as DESIGN_FILE
from backend.analysis.formats.dataset_design import Design, read_design
from backend.analysis.formats.dataset_extras import (
    DEVIATIONS,
    EXCLUSIONS,
    EXTRA_FILES,
    FEATURES,
    MASK_PLACES,
    MASKS,
    MODEL_ANSWERS,
    REFERENCE,
    TIME_COLUMNS,
    Extras,
    read_covariates,
    read_deviations,
    read_exclusions,
    read_features,
    read_masks,
    read_model_answers,
    read_reference,
    read_times,
)
from backend.analysis.formats.dataset_marks import (
    LESION_COLUMNS,
    LESIONS,
    MARK_COLUMNS,
    MARKS,
    MarkPlace,
    MarkRecord,
    read_lesions,
    read_mark_places,
    read_marks,
)
from backend.analysis.formats.dataset_reads import (
    REPEAT_COLUMN,
    FurtherAnswer,
    ReadsFile,
    first_reads,
    known_case,
    read_reads,
    with_numbered_repeats,
    with_repeats,
)
from backend.analysis.formats.marks import Lesion
from backend.analysis.formats.mrmcaov_csv import read_ratings_csv
from backend.analysis.formats.ratings import RatingTable
from backend.analysis.results import JsonValue, Result, to_json_value
from backend.analysis.study_dataset import (
    ModelOutputs,
    PredictionRecord,
    ReadRecord,
    StudyDataset,
)

READS = ("reader", "arm", "session", "case", "question", "value")
TRUTH = ("case", "truth")
PREDICTIONS = ("model", "version", "case", "score", "probability", "positive")
OUTCOMES = ("case", "endpoint", "time", "event")
FILES = (
    "reads.csv",
    "truth.csv",
    "predictions.csv",
    "outcomes.csv",
    "cases.csv",
    "mrmc.csv",
    "lesions.csv",
    "marks.csv",
    DESIGN_FILE,
    *EXTRA_FILES,
)
MAX_FILE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Outcome(Result):
    """Follow-up of one case for one endpoint; ``time`` in the unit of the file, ``event`` as observed."""

    case: str
    endpoint: str
    time: float
    event: bool


@dataclass(frozen=True, slots=True)
class DatasetFiles(Result):
    """All that the folder holds.

    Attributes
    ----------
    study
        The reader study; ``None`` where the folder has ``mrmc.csv`` alone. A reader's second read of a case
        in the same arm is not in it.
    repeats
        Those further reads, hidden repeats and re-reads: for intra-reader agreement.
    answers
        Answers to questions that the design does not declare as categorical.
    outcomes
        By case and endpoint.
    covariates
        Case to the columns of ``cases.csv``: numbers where a column holds nothing else, otherwise texts;
        ``None`` where empty.
    mrmc
        The ratings of ``mrmc.csv``.
    notes
        What the dataset says of itself, and what was passed over.
    extras
        Reading times, exclusions, answers' reference standard, models' answers, features of drawn regions,
        deviations, additions.
    texts
        File name to its text, as it was read.
    """

    design: Design
    study: StudyDataset | None
    repeats: tuple[ReadRecord, ...]
    answers: tuple[FurtherAnswer, ...]
    outcomes: tuple[Outcome, ...]
    covariates: Mapping[str, Mapping[str, str | float | None]]
    mrmc: RatingTable | None
    notes: tuple[str, ...]
    extras: Extras = field(default_factory=Extras)
    texts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def to_json(self) -> dict[str, JsonValue]:
        """What was read, without the texts that it was read from."""
        return {
            one.name: to_json_value(getattr(self, one.name)) for one in fields(self) if one.name != "texts"
        }


def read_dataset_folder(folder: Path) -> DatasetFiles:
    """The dataset of a folder.

    Raises
    ------
    AnalysisError
        ``no_folder``, ``not_utf8``, ``file_too_large``, and those of :func:`read_dataset`.
    """
    if not folder.is_dir():
        raise AnalysisError("no_folder", f"{folder} is no folder")
    files = {}
    for name in FILES:
        path = folder / name
        if not path.is_file():
            continue
        if path.stat().st_size > MAX_FILE_BYTES:
            raise AnalysisError("file_too_large", f"{name} is larger than {MAX_FILE_BYTES} bytes")
        try:
            files[name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise AnalysisError("not_utf8", f"{name} is not UTF-8 (byte {error.start})") from error
    return read_dataset(files)


def read_dataset(files: Mapping[str, str]) -> DatasetFiles:
    """The dataset of file names and their texts.

    Raises
    ------
    AnalysisError
        Naming file and row: ``file_missing``, ``no_cases``, ``no_reads``, ``unknown_reader``, ``unknown_arm``,
        ``unknown_case``, ``unknown_category``, ``repeated`` (a read, a prediction, an outcome, a case),
        ``score_not_on_scale``, ``value_not_finite``, ``value_beyond_range``, ``not_boolean``, ``time_negative``,
        and those of reading a CSV file.
    """
    design = read_design(files[DESIGN_FILE]) if DESIGN_FILE in files else Design()
    mrmc = read_ratings_csv(files["mrmc.csv"]) if "mrmc.csv" in files else None
    if "reads.csv" not in files and "truth.csv" not in files and mrmc is not None:
        return DatasetFiles(design, None, (), (), (), {}, mrmc, design.notes, texts=_known_files(files))
    _check_files(files)
    notes = list(design.notes)
    truth = _truth(_rows(files, "truth.csv", TRUTH, notes))
    rows_of_reads, told_by_number = with_repeats(
        _rows(files, "reads.csv", READS, notes, optional=(REPEAT_COLUMN, *TIME_COLUMNS))
    )
    rows_of_reads, consensus = split_consensus(rows_of_reads, design, truth, notes)
    # A consensus is all that some studies have of their readers.
    has_reads = "reads.csv" in files and bool(rows_of_reads or not consensus.records)
    reads = (
        read_reads(rows_of_reads, design, truth) if has_reads else ReadsFile(is_rated=not consensus.records)
    )
    models = _predictions(_rows(files, "predictions.csv", PREDICTIONS, notes), truth)
    outcomes = _outcomes(_rows(files, "outcomes.csv", OUTCOMES, notes), truth)
    plan = design.analysis
    names = {*plan.categorical, plan.cohort, plan.cluster}
    covariates = read_covariates(files.get("cases.csv"), truth, categorical=names)
    first, repeats = first_reads(reads.records)
    located = _free_response(files, design, truth, reads, told_by_number, notes)
    arms = design.arms or _joined(reads.arms, consensus.arms) or _arms_of(located.marks)
    design = replace(design, arms=arms)
    study = StudyDataset(
        title=design.title,
        reads=first,
        truth=truth,
        arms=design.arms,
        models=models,
        questions=design.questions,
        scale=design.scale,
        positive_from=design.positive_from,
        positive_class=design.positive_class,
        is_synthetic=design.is_synthetic,
        is_rated=reads.is_rated or consensus.is_rated,
        consensus=consensus.records,
    )
    extras = Extras(
        read_times(rows_of_reads),
        read_exclusions(
            _rows(files, "exclusions.csv", EXCLUSIONS, notes, optional=(REPEAT_COLUMN,)),
            truth,
            (*study.readers, *study.consensus_names, *(one.reader for one in located.marks)),
            told_by_number,
        ),
        read_reference(_rows(files, "reference.csv", REFERENCE, notes), truth, design.questions),
        read_model_answers(
            _rows(files, "model-answers.csv", MODEL_ANSWERS, notes), truth, design.questions, study.readers
        ),
        read_features(_rows(files, "features.csv", FEATURES, notes), truth),
        read_masks(_rows(files, "masks.csv", MASKS, notes, optional=MASK_PLACES), truth),
        read_deviations(_rows(files, "deviations.csv", DEVIATIONS, notes))
        if "deviations.csv" in files
        else None,
        located.lesions,
        located.marks,
        read_additions(_rows(files, "additions.csv", ADDITIONS, notes)),
        places=located.places,
        assigned=_assigned(files, design, truth, reads, notes),
    )
    return DatasetFiles(
        design,
        study,
        repeats,
        reads.others,
        outcomes,
        covariates,
        mrmc,
        tuple(notes),
        extras,
        _known_files(files),
    )


@dataclass(frozen=True, slots=True)
class _Located:
    """What free-response reads hold: marks against lesions, or marks alone."""

    lesions: Mapping[str, tuple[Lesion, ...]] = field(default_factory=dict)
    marks: tuple[MarkRecord, ...] = ()
    places: tuple[MarkPlace, ...] = ()


def _free_response(
    files: Mapping[str, str],
    design: Design,
    truth: Mapping[str, bool | None],
    reads: ReadsFile,
    told_by_number: frozenset[tuple[str, str, int]],
    notes: list[str],
) -> _Located:
    if "marks.csv" not in files and "lesions.csv" not in files:
        return _Located()
    made = None
    if "reads.csv" in files:
        made = {(one.reader, one.arm, one.session, one.case, one.is_repeat) for one in reads.records}
    if "marks.csv" not in files or ("lesions.csv" not in files and made is None):
        name = "lesions.csv" if "marks.csv" in files else "marks.csv"
        raise AnalysisError("file_missing", f"{name} is missing; marks.csv and lesions.csv go together")
    rows = with_numbered_repeats(
        _rows(files, "marks.csv", MARKS, notes, optional=(*MARK_COLUMNS, REPEAT_COLUMN)), told_by_number
    )
    if "lesions.csv" not in files:
        return _Located(places=read_mark_places(rows, design, truth, made or ()))
    lesions = read_lesions(_rows(files, "lesions.csv", LESIONS, notes, optional=LESION_COLUMNS), truth)
    return _Located(dict(lesions.lesions), read_marks(rows, design, truth, lesions, made))


def _assigned(
    files: Mapping[str, str],
    design: Design,
    truth: Mapping[str, bool | None],
    reads: ReadsFile,
    notes: list[str],
) -> tuple[AssignedRead, ...] | None:
    if ASSIGNED_FILE not in files:
        return None
    rows = _rows(files, ASSIGNED_FILE, ASSIGNED, notes, optional=(REASON_COLUMN,))
    return read_assigned(rows, design, truth, reads.records)


def _joined(first: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))


def _arms_of(marks: Sequence[MarkRecord]) -> tuple[str, ...]:
    """The arms in the order of their first session, then name."""
    first: dict[str, int] = {}
    for one in marks:
        first[one.arm] = min(one.session, first.get(one.arm, one.session))
    return tuple(sorted(first, key=lambda arm: (first[arm], arm)))


def _known_files(files: Mapping[str, str]) -> dict[str, str]:
    return {name: files[name] for name in FILES if name in files}


def _check_files(files: Mapping[str, str]) -> None:
    needs_reads = not {"predictions.csv", "outcomes.csv", "marks.csv"} & set(files)
    for name in ("reads.csv", "truth.csv"):
        if name not in files and (needs_reads or name == "truth.csv"):
            raise AnalysisError("file_missing", f"{name} is missing; a folder with mrmc.csv alone needs none")


def _rows(
    files: Mapping[str, str],
    name: str,
    required: tuple[str, ...],
    notes: list[str],
    optional: tuple[str, ...] = (),
) -> list[Row]:
    if name not in files:
        return []
    rows = list(read_rows(files[name], file=name, required=required))
    extra = [column for column in rows[0].cells if column not in (*required, *optional)] if rows else []
    if extra:
        notes.append(f"{name}: passed over the columns {', '.join(extra)}")
    return rows


def _truth(rows: list[Row]) -> dict[str, bool | None]:
    truth: dict[str, bool | None] = {}
    for row in rows:
        case = row.text("case")
        if case in truth:
            raise AnalysisError("repeated", f"{row.where}: case {case} stands there twice")
        truth[case] = row.truth("truth") if row.cells["truth"] else None
    if not truth:
        raise AnalysisError("no_cases", "truth.csv has no case")
    return truth


def _predictions(rows: list[Row], truth: Mapping[str, bool | None]) -> tuple[ModelOutputs, ...]:
    versions: dict[str, str] = {}
    outputs: dict[str, dict[str, PredictionRecord]] = {}
    for row in rows:
        model, version, case = row.text("model"), row.text("version"), known_case(row, truth)
        if versions.setdefault(model, version) != version:
            raise AnalysisError("two_versions", f"{row.where}: {model} has version {versions[model]} above")
        own = outputs.setdefault(model, {})
        if case in own:
            raise AnalysisError("repeated", f"{row.where}: {model} has a prediction for case {case} already")
        # A sigmoid's output may be as small as it likes, and a locked dataset must not be refused for it.
        probability = row.number("probability", smallest=0.0) if row.cells["probability"] else None
        if probability is not None and not 0.0 <= probability <= 1.0:
            raise AnalysisError(
                "probability_out_of_range", f"{row.where}: the probability {probability:g} is not from 0 to 1"
            )
        own[case] = PredictionRecord(
            case, row.number("score", smallest=0.0), probability, row.truth("positive")
        )
    return tuple(
        ModelOutputs(model, versions[model], tuple(own[case] for case in sorted(own)))
        for model, own in sorted(outputs.items())
    )


def _outcomes(rows: list[Row], truth: Mapping[str, bool | None]) -> tuple[Outcome, ...]:
    found: dict[tuple[str, str], Outcome] = {}
    for row in rows:
        case, endpoint, time = known_case(row, truth), row.text("endpoint"), row.number("time")
        if time < 0:
            raise AnalysisError("time_negative", f"{row.where}: the time is {time:g}")
        if (endpoint, case) in found:
            raise AnalysisError("repeated", f"{row.where}: case {case} has an outcome {endpoint} already")
        found[endpoint, case] = Outcome(case, endpoint, time, row.truth("event"))
    return tuple(found[key] for key in sorted(found))
