"""From the frozen document to the CSV files that `python -m backend.analysis` takes. Pure.

Server and command line analyze the same files, read by the same reader. What stands in which analysis set, and why,
is decided in ADR 0026.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.analysis.formats.analysis_plan import (
    OF_READERS,
    READERS_CONSENSUS,
    DatasetOrigin,
    Measurement,
)
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_assigned import ASSIGNED_FILE
from backend.analysis.formats.dataset_csv import PREDICTIONS, READS, TRUTH, DatasetFiles, read_dataset
from backend.analysis.formats.dataset_design import FILE, Design, write_design
from backend.analysis.formats.dataset_extras import EXCLUSIONS, TIME_COLUMNS
from backend.analysis.formats.dataset_reads import REPEAT_COLUMN
from backend.analysis.study_dataset import Question
from backend.studies.categories import categories_of, written
from backend.studies.protocols import sha256_of

from .content_records import records_of
from .dataset import scale_of
from .dataset_assigned import assigned_csv, readers_of_content
from .dataset_cases import cases_csv
from .dataset_consensus import CONSENSUS, consensus_exclusions, consensus_rows, has_consensus
from .dataset_deviations import deviation_file
from .dataset_marks import FILE as MARKS_FILE
from .dataset_marks import marks_csv, marks_question
from .dataset_model_answers import model_answers_csv
from .dataset_notes import notes_of
from .dataset_plan import NOTHING_ADDED, Added, plan_of_content
from .dataset_positive import positive_answers
from .dataset_reads import Content, FileRead, arms_of_content, exclusions_of, file_reads
from .dataset_reference import reference_csv

NUMERIC = ("number", "probability", "measurement")
NO_RATING = "no-rating"


def analysis_inputs(content: Content, *, dataset_sha256: str, masks_csv: str = "") -> DatasetFiles:
    """The frozen document as the analysis reads it.

    Raises
    ------
    AnalysisError
        Those of `read_dataset`: the text names file and row of what contradicts itself.
    """
    return read_dataset(dataset_files(content, dataset_sha256=dataset_sha256, masks_csv=masks_csv))


def dataset_files(
    content: Content, *, dataset_sha256: str, masks_csv: str = "", added: Added = NOTHING_ADDED
) -> dict[str, str]:
    """File names to texts, for a document of any format.

    Parameters
    ----------
    dataset_sha256
        The digest of the frozen document, which the files repeat as where they come from.
    masks_csv
        How the outlines compare: measured on the stored masks, which the document names by their digests.
    added
        What a supplement brings of what the declared plan names.
    """
    design = _design(content, dataset_sha256, added)
    reads = file_reads(content)
    files = {
        FILE: write_design(design),
        "truth.csv": csv_text(
            TRUTH,
            [(case, None if one is None else int(one)) for case, one in sorted(content["truth"].items())],
        ),
        "reads.csv": csv_text(
            (*READS, REPEAT_COLUMN, *TIME_COLUMNS),
            [
                *_read_rows(content, design, reads),
                *consensus_rows(content, reads, lambda value: _answer(value, is_category=False)),
            ],
        ),
        "predictions.csv": csv_text(PREDICTIONS, _prediction_rows(content["models"])),
        "exclusions.csv": csv_text(
            (*EXCLUSIONS, REPEAT_COLUMN), [*exclusions_of(reads), *consensus_exclusions(content, reads)]
        ),
        "cases.csv": cases_csv(content),
        "reference.csv": reference_csv(content, {one.key for one in design.questions}, written),
        "masks.csv": masks_csv,
        "model-answers.csv": model_answers_csv(content),
        ASSIGNED_FILE: assigned_csv(content, reads),
    }
    filled = {name: text for name, text in files.items() if text.count("\n") > 1}
    marks = marks_csv(content, reads)
    if marks is not None and "reads.csv" in filled:
        # Without a row too: that no reader marked anything is a result.
        filled[MARKS_FILE] = marks
    if "reads.csv" not in filled:
        # A form with free texts alone gives no reads to leave out, or to miss.
        filled.pop("exclusions.csv", None)
        filled.pop(ASSIGNED_FILE, None)
    return {**filled, **deviation_file(content)}


def _design(content: Content, dataset_sha256: str, added: Added) -> Design:
    rating = content["rating_question"]
    default = Design()
    scale, positive_from = default.scale, default.positive_from
    if rating is not None:
        scale = scale_of(content, rating)
        # A protocol may say 3.0 of a scale of whole numbers.
        positive_from = scale[-1] if content["positive_from"] is None else int(content["positive_from"])
    plan, lacking = plan_of_content(content, added)
    return Design(
        title=content["study"]["title"].strip() or default.title,
        positive_class=(content["positive_class"] or "").strip() or default.positive_class,
        is_synthetic=content["is_synthetic"],
        readers=readers_of_content(content),
        arms=tuple(arm["key"] for arm in arms_of_content(content)),
        rating=rating or NO_RATING,
        scale=scale,
        positive_from=positive_from,
        questions=tuple(_questions(content)),
        measurements=tuple(
            Measurement(one["key"], one["label"], one.get("unit", ""))
            for one in content["form"]["questions"]
            if is_numeric(one) and one["key"] != rating
        ),
        analysis=replace(plan, positive_answers=positive_answers(content)),
        origin=_origin(content, dataset_sha256),
        notes=(*notes_of(content), *lacking),
        consensus=(CONSENSUS,) if has_consensus(content) else (),
        records=records_of(content),
    )


def is_numeric(question: Mapping[str, Any]) -> bool:
    """Whether the answer to a question is a number that is measured, and no point of a scale."""
    return question["kind"] in NUMERIC or (question["kind"], question.get("type")) == ("derived", "number")


def _questions(content: Content) -> list[Question]:
    found = []
    for one in content["form"]["questions"]:
        categories = tuple(written(value) for value in categories_of(one))
        if categories and one["key"] != content["rating_question"]:
            found.append(Question(one["key"], one["label"], categories, one["kind"] == "ordinal"))
    return found


def _origin(content: Content, dataset_sha256: str) -> DatasetOrigin:
    study = content["study"]
    if content.get("reference", "truth") == "consensus":
        truth, source = f"{READERS_CONSENSUS}, SHA-256 {content['consensus_sha256']}", OF_READERS
    else:
        source = ""
        truth = f"as entered, SHA-256 {sha256_of(content['truth'])}"
    return DatasetOrigin(
        dataset_version=f"format {content['format']}",
        dataset_sha256=dataset_sha256,
        protocol_version=str(study["protocol_version"]),
        protocol_sha256=study["protocol_sha256"],
        truth_version=truth,
        truth_source=source,
        reference_source=OF_READERS if content.get("consensus") else "",
    )


def _read_rows(content: Content, design: Design, reads: Sequence[FileRead]) -> list[tuple[Cell, ...]]:
    """One row a read and question that is analyzed; texts, drawings and several answers at once are not.

    Marks have a file of their own, and a row here that says that the read was made, marked or not.
    """
    categorical, marked = {question.key for question in design.questions}, marks_question(content)
    measured = {one.key for one in design.measurements}
    keys = [
        one["key"]
        for one in content["form"]["questions"]
        if one["key"] in categorical | measured | {content["rating_question"], marked}
    ]
    return [
        (
            *(read.reader, read.arm, read.session, read.case, key),
            None if key == marked else _answer(read.answers.get(key), is_category=key in categorical),
            *(int(read.is_repeat), read.position, read.active_s),
        )
        for read in reads
        for key in keys
    ]


def _answer(value: Any, *, is_category: bool) -> Cell:
    if value is None:
        return None
    if is_category:
        return written(value)
    # A rating by yes or no is 1 or 0.
    return int(value) if isinstance(value, bool) else value


def _prediction_rows(models: Sequence[Mapping[str, Any]]) -> list[tuple[Cell, ...]]:
    return [
        (
            *(model["id"], f"{model['semver']} ({model['digest'][:12]})", one["case"]),
            *(float(one["score"]), one["probability"], int(one["is_positive"])),
        )
        for model in sorted(models, key=lambda model: model["id"])
        for one in sorted(model["predictions"], key=lambda one: one["case"])
    ]
