"""What the study's own documents say (``records`` of ``study.json``), among the facts that fill the checklists."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace

from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.formats.study_records import ModelRecord, ReaderRecord
from backend.analysis.pipeline.study import Study
from backend.analysis.reporting.study_facts import ModelFacts, ReaderFacts, StudyFacts

CENTER = "center"
LISTS = ("readers", "models")


def with_records(facts: StudyFacts, inputs: DatasetFiles, study: Study | None) -> StudyFacts:
    """The facts with those of the records; what the results themselves state stands."""
    records = inputs.design.records
    told = {
        one.name: value
        for one in fields(records)
        if one.name not in LISTS and (value := getattr(records, one.name)) not in ("", None)
    }
    readers = {one.name: one for one in records.readers}
    models = {one.name: one for one in records.models}
    return replace(
        facts,
        **told,
        readers=tuple(_reader(one, readers) for one in facts.readers),
        models=tuple(_model(one, models) for one in facts.models),
        centers=facts.centers or _centers(study),
    )


def _reader(facts: ReaderFacts, records: Mapping[str, ReaderRecord]) -> ReaderFacts:
    own = records.get(facts.name)
    if own is None:
        return facts
    return replace(facts, years_experience=own.years_experience, specialty=own.specialty or None)


def _model(facts: ModelFacts, records: Mapping[str, ModelRecord]) -> ModelFacts:
    own = records.get(facts.name)
    if own is None:
        return facts
    told = {
        one.name: value for one in fields(own) if one.name != "name" and (value := getattr(own, one.name))
    }
    return replace(facts, **told)


def _centers(study: Study | None) -> tuple[tuple[str, int], ...]:
    """The centers of all cases of the set by name; none where a case has none, for the sum would not tell it."""
    if study is None or CENTER not in study.columns():
        return ()
    counts: Counter[str] = Counter()
    for label in study.groups(CENTER).values():
        if label is None:
            return ()
        counts[label] += 1
    return tuple(sorted(counts.items()))
