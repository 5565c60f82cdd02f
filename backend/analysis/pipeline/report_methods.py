"""The methods section of what the results hold."""

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.formats.dataset_additions import additions_told
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.pipeline.method_uses import method_uses
from backend.analysis.pipeline.read_counts import ReadCounts, counts_of_table, read_counts
from backend.analysis.pipeline.report_facts import MISSING_HANDLING, set_name
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.study import Study
from backend.analysis.reporting.analysis_done import AnalysisDone, Resampling
from backend.analysis.reporting.content import MethodsText
from backend.analysis.reporting.filling import sentence
from backend.analysis.reporting.methods_text import methods_text
from backend.analysis.reporting.words import count
from backend.analysis.results import Result

MULTIPLICITY = "P values were not corrected for the number of comparisons"
BY_HOLM = "but for Holm's in comparisons of groups"
NO_PRIMARY = "no comparison is declared as the primary one"
SEEDED = "each resampled result has a seed of its own that follows from one"


def methods_of(results: AnalysisResults, inputs: DatasetFiles, study: Study | None) -> MethodsText:
    """The methods section of what was done; empty where nothing was."""
    if not results.methods:
        return MethodsText((), ())
    counts = _counts(inputs, study)
    sets = {one.name: one for one in results.provenance.sets}
    chosen = sets.get(results.analysis_set)
    done = AnalysisDone(
        methods=method_uses(results, inputs.design.analysis),
        level=results.level,
        n_readers=len(_readers(inputs, study)) or None,
        n_cases=chosen.cases if chosen else None,
        n_positive=chosen.positive if chosen else None,
        n_negative=chosen.negative if chosen else None,
        n_without_truth=chosen.without_truth or None if chosen else None,
        positive_class=results.positive_class,
        arms=counts.names,
        models=tuple(sorted(model.name for model in study.study.models)) if study else (),
        reads=counts.arms,
        n_rereads=counts.n_rereads,
        n_repeats=counts.n_repeats,
        choices=(*_choices(results), *_thresholds(study)),
        multiplicity=_multiplicity(results, inputs.design.analysis),
        resamplings=(Resampling(SEEDED, results.seed),) if _has_seeds(results) else (),
        software=tuple(results.provenance.versions.items()),
        dataset_sha256=results.provenance.dataset_sha256,
        is_single_arm=_is_single_arm(results),
    )
    return methods_text(done, more=results.methods)


def _counts(inputs: DatasetFiles, study: Study | None) -> ReadCounts:
    if study is not None:
        return read_counts(study)
    return counts_of_table(inputs.mrmc) if inputs.mrmc is not None else ReadCounts()


def _readers(inputs: DatasetFiles, study: Study | None) -> tuple[str, ...]:
    if study is not None:
        return study.study.readers
    return inputs.mrmc.readers if inputs.mrmc is not None else ()


def _thresholds(study: Study | None) -> tuple[str, ...]:
    """From when on a reader and a model call a case positive."""
    if study is None:
        return ()
    told = []
    if study.study.has_rated_reads and study.study.reads:
        told.append(f"Readers are positive from a score of {study.study.positive_from} on.")
    if study.study.models:
        told.append("Models are positive where their own cut-off called.")
    return tuple(told)


def _choices(results: AnalysisResults) -> tuple[str, ...]:
    said = [f"All results are those of the {results.analysis_set} set."]
    said += dict.fromkeys(text for section in results.sections for text in section.warnings)
    excluded = [
        f"{count(one.n, one.what)} from {set_name(one.excluded_from)} ({one.reason})"
        for one in results.provenance.exclusion_counts
    ]
    if excluded:
        said.append(f"Exclusions: {'; '.join(excluded)}.")
    said.append(sentence(MISSING_HANDLING))
    return (*said, *additions_told(results.provenance.additions))


def _multiplicity(results: AnalysisResults, plan: AnalysisPlan) -> str:
    """Whole sentences on multiple testing, of the tests that there are."""
    has_groups = any(method.key == "roc_by_group" for method in results.methods)
    uncorrected = f"{MULTIPLICITY}, {BY_HOLM}" if has_groups else MULTIPLICITY
    if not plan.primary:
        return f"{uncorrected}; {NO_PRIMARY}."
    titles = {
        f"{section.key}/{item.key}": f"{item.title} ({section.title})"
        for section in results.sections
        for item in section.items
    }
    told = [titles[key] for key in plan.primary if key in titles]
    lacking = [key for key in plan.primary if key not in titles]
    parts = [
        *([f"Declared as primary: {'; '.join(told)}."] if told else []),
        *([f"Declared as primary, and no result of this analysis: {'; '.join(lacking)}."] if lacking else []),
    ]
    return " ".join([f"{uncorrected}.", *parts])


def _has_seeds(results: AnalysisResults) -> bool:
    return any(item.seed is not None for section in results.sections for item in section.items)


def _is_single_arm(results: AnalysisResults) -> bool:
    """Whether no multi-reader analysis of variance had two reading conditions."""
    found: list[Result] = [
        item.result
        for section in results.sections
        for item in section.items
        if item.method == "obuchowski_rockette" and not isinstance(item.result, NotEstimable)
    ]
    arms = [len(getattr(one, "modalities", ())) for one in found]
    return bool(arms) and max(arms) < 2
