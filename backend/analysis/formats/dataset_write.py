"""A study as the files of a dataset's folder."""

from collections.abc import Mapping, Sequence

from backend.analysis.agreement import Category
from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_csv import OUTCOMES, PREDICTIONS, READS, TRUTH, Outcome
from backend.analysis.formats.dataset_design import FILE as DESIGN_FILE
from backend.analysis.formats.dataset_design import Design, write_design
from backend.analysis.formats.dataset_reads import (
    REPEAT_COLUMN,
)
from backend.analysis.study_dataset import (
    ModelOutputs,
    ReadRecord,
    StudyDataset,
)


def write_dataset(
    study: StudyDataset, *, repeats: Sequence[ReadRecord] = (), outcomes: Sequence[Outcome] = ()
) -> dict[str, str]:
    """A study as the files that :func:`read_dataset` takes; the rating's question is ``rating``."""
    design = Design(
        study.title,
        study.positive_class,
        study.is_synthetic,
        study.readers,
        study.arms,
        scale=study.scale,
        positive_from=study.positive_from,
        questions=study.questions,
        consensus=study.consensus_names,
    )
    reads = sorted(
        (*study.reads, *study.consensus, *repeats),
        key=lambda read: (read.reader, read.session, read.arm, read.case, read.is_repeat),
    )
    rows = [
        (read.reader, read.arm, read.session, read.case, question, value, int(read.is_repeat))
        for read in reads
        for question, value in (
            *(((design.rating, read.score),) if study.is_rated else ()),
            *_sorted(read.answers),
        )
    ]
    files = {
        DESIGN_FILE: write_design(design),
        "reads.csv": csv_text((*READS, REPEAT_COLUMN), rows),
        "truth.csv": csv_text(
            TRUTH,
            [
                (case, None if study.truth[case] is None else int(study.truth[case] or 0))
                for case in sorted(study.truth)
            ],
        ),
    }
    if study.models:
        files["predictions.csv"] = csv_text(PREDICTIONS, _prediction_rows(study.models))
    if outcomes:
        kept = sorted(outcomes, key=lambda one: (one.endpoint, one.case))
        files["outcomes.csv"] = csv_text(
            OUTCOMES, [(one.case, one.endpoint, one.time, int(one.event)) for one in kept]
        )
    return files


def _sorted(answers: Mapping[str, Category | None]) -> list[tuple[str, Category | None]]:
    return [(key, answers[key]) for key in sorted(answers)]


def _prediction_rows(
    models: Sequence[ModelOutputs],
) -> list[tuple[str, str, str, float, float | None, int]]:
    return [
        (model.name, model.version, one.case, float(one.score), one.probability, int(one.is_positive))
        for model in sorted(models, key=lambda model: model.name)
        for one in sorted(model.predictions, key=lambda one: one.case)
    ]
