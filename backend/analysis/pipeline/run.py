"""From a dataset to all its results: the sections in their fixed order."""

from collections.abc import Callable
from typing import TypeAlias

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.methods_core import Method
from backend.analysis.pipeline.collecting import collecting_rarely
from backend.analysis.pipeline.column_labels import column_labels
from backend.analysis.pipeline.consensus import with_consensus_told
from backend.analysis.pipeline.incorporation import with_warning
from backend.analysis.pipeline.provenance import provenance
from backend.analysis.pipeline.results import (
    SCHEMA_VERSION,
    AnalysisResults,
    Failure,
    Section,
    methods_in,
    not_applicable,
)
from backend.analysis.pipeline.study import AnalysisSet, Study, study_of
from backend.analysis.results import check_level, to_json_value

DEFAULT_SEED = 20_260_101
ONLY_RATINGS = "the dataset holds the ratings of mrmc.csv alone"
SECTION_TITLES = {
    "flow": "Study flow",
    "agreement": "Agreement",
    "intra_reader": "Intra-reader agreement",
    "features": "Reproducibility of features",
    "roc": "ROC analysis",
    "operating_points": "Operating points",
    "mrmc": "Multi-reader multi-case analysis",
    "free_response": "Free-response analysis",
    "change_of_mind": "Change of mind",
    "reading_time": "Reading time",
    "periods": "Order of the arms",
    "models": "Prediction models",
    "survival": "Survival",
    "table_one": "Table 1",
    "per_protocol": "Per-protocol set",
}

FILES_TITLE = "Figures, report and files"
STEPS = len(SECTION_TITLES) + 1
OnSection: TypeAlias = Callable[[int, int, str], None]
"""Called before a step: its number from 0, the number of steps, its title."""


@collecting_rarely()
def run_analysis(
    inputs: DatasetFiles,
    *,
    level: float = 0.95,
    seed: int = DEFAULT_SEED,
    analysis_set: AnalysisSet = "as-read",
    on_section: OnSection | None = None,
) -> AnalysisResults:
    """All results of a dataset, the same for the same dataset, level and seed.

    Parameters
    ----------
    level
        Confidence level of all intervals.
    seed
        Of every resampling; each item draws with a seed of its own that follows from it.
    analysis_set
        ``"as-read"`` leaves out what is excluded from all sets; ``"per-protocol"`` also what deviated.
    on_section
        Called before each section with its number from 0, the number of steps and its title. The last step, the
        files, is :func:`~backend.analysis.pipeline.output.analysis_files`.

    Returns
    -------
    AnalysisResults
        Every section of :data:`SECTION_TITLES`, in that order. One that does not apply says why; a result
        that the data refuse stands among the failures of its section, and the others are there.

    Raises
    ------
    AnalysisError
        ``level_out_of_range``, ``seed_out_of_range``, ``no_study`` (neither reads nor ratings), ``no_cases``
        where the exclusions leave no case, ``unknown_column`` where the plan labels what is not there.
    """
    check_level(level)
    if isinstance(seed, bool) or seed < 0:
        raise AnalysisError("seed_out_of_range", f"the seed must be 0 or more, not {seed}")
    labels = column_labels(inputs)
    if inputs.study is None:
        if on_section is not None:
            on_section(list(SECTION_TITLES).index("mrmc"), STEPS, SECTION_TITLES["mrmc"])
        sections = _sections_of_ratings(inputs, level, seed)
    else:
        study = study_of(inputs, level=level, seed=seed, analysis_set=analysis_set)
        found: list[Section] = []
        for (key, title), compute in zip(SECTION_TITLES.items(), _computations(), strict=True):
            if on_section is not None:
                on_section(len(found), STEPS, title)
            found.append(with_consensus_told(_guarded(key, title, compute, study), study))
        sections = tuple(found)
    columns = {column for own in inputs.covariates.values() for column in own}
    answered = set(inputs.extras.reference) - columns
    sections = tuple(with_warning(section, inputs.design.origin, answered) for section in sections)
    return AnalysisResults(
        schema_version=SCHEMA_VERSION,
        title=inputs.design.title,
        is_synthetic=inputs.design.is_synthetic,
        positive_class=inputs.design.positive_class,
        level=level,
        seed=seed,
        analysis_set=analysis_set,
        time_unit=inputs.design.analysis.time_unit,
        units={one.key: one.unit for one in inputs.design.measurements if one.unit},
        labels=labels,
        provenance=provenance(inputs, level=level, seed=seed),
        sections=sections,
        methods=_methods(sections),
    )


def _computations() -> tuple[Callable[[Study], Section], ...]:
    """Loaded here: whoever only asks what a result looks like need not load every method."""
    from backend.analysis.pipeline import (
        agreement,
        changes,
        curves,
        flow,
        free_response,
        intra_reader,
        multireader,
        operating,
        outcomes,
        patients,
    )
    from backend.analysis.pipeline.per_protocol import per_protocol
    from backend.analysis.pipeline.predictions import predictions

    return (
        flow.flow,
        agreement.agreement,
        intra_reader.intra_reader,
        agreement.features,
        curves.roc,
        operating.operating,
        multireader.mrmc,
        free_response.free_response,
        changes.changes,
        changes.times,
        changes.periods,
        predictions,
        outcomes.survival,
        patients.patients,
        per_protocol,
    )


def _guarded(key: str, title: str, compute: Callable[[Study], Section], study: Study) -> Section:
    try:
        return compute(study)
    except AnalysisError as error:
        failure = Failure(key, title, error.code, error.text)
        return Section(key, title, "failed", (), (failure,), None)


def _sections_of_ratings(inputs: DatasetFiles, level: float, seed: int) -> tuple[Section, ...]:
    from backend.analysis.pipeline.multireader import mrmc_of_table
    from backend.analysis.pipeline.rating_curves import roc_of_table

    if inputs.mrmc is None:
        raise AnalysisError("no_study", "the dataset has neither reads nor ratings")
    design = inputs.design
    own = {
        "roc": roc_of_table(inputs.mrmc, positive_class=design.positive_class, level=level, seed=seed),
        "mrmc": mrmc_of_table(inputs.mrmc, plan=design.analysis, level=level, seed=seed),
    }
    return tuple(
        own[key] if key in own else not_applicable(key, title, ONLY_RATINGS)
        for key, title in SECTION_TITLES.items()
    )


def _methods(sections: tuple[Section, ...]) -> tuple[Method, ...]:
    from backend.analysis.methods import ALL_METHODS

    used = methods_in(to_json_value(sections))
    return tuple(method for method in ALL_METHODS if method.key in used)
