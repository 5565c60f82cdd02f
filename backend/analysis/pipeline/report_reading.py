"""The form of the reads, which of them were planned, and what the plan names, among the facts of the checklists."""

from collections.abc import Iterator
from dataclasses import replace

from backend.analysis.formats.analysis_plan import READERS_CONSENSUS
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.formats.dataset_design import Design
from backend.analysis.pipeline.flow_parts import reads_not_made
from backend.analysis.pipeline.study import Study
from backend.analysis.reporting.study_facts import PlannedReads, StudyFacts
from backend.analysis.reporting.words import count


def with_reading(facts: StudyFacts, inputs: DatasetFiles, study: Study | None) -> StudyFacts:
    """The facts with those of the form and the plan; a reference standard that is on record stands."""
    if study is None:
        return facts
    design = inputs.design
    of_readers = READERS_CONSENSUS if design.origin.is_truth_of_readers else None
    return replace(
        facts,
        instruments=tuple(_instruments(design, study)) if study.study.reads else (),
        planned_reads=_planned(study),
        predictors=study.plan.predictors,
        covariates=study.plan.covariates,
        clinical=study.plan.clinical,
        reference_standard=facts.reference_standard or of_readers,
    )


def _instruments(design: Design, study: Study) -> Iterator[str]:
    if study.study.has_rated_reads:
        scale = study.study.scale
        label = design.rating.replace("_", " ")
        yield f"{label} on {count(len(scale), 'point')} from {scale[0]} to {scale[-1]}"
    for question in design.questions:
        yield f"{question.label} ({', '.join(map(str, question.categories))})"
    for one in design.measurements:
        yield f"{one.label} in {one.unit}" if one.unit else one.label


def _planned(study: Study) -> PlannedReads | None:
    found = reads_not_made(study)
    if found is None:
        return None
    n_planned, n_not_made, reasons = found
    if not n_planned:
        return None
    return PlannedReads(n_planned, n_not_made, tuple(f"{one.n} {one.text}" for one in reasons))
