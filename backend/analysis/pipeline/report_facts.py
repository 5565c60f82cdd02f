"""What the results say of the study: provenance rows, the methods text, the facts that fill the checklists."""

from collections.abc import Mapping, Sequence

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_additions import additions_told
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.mrmc.design import MissingRead
from backend.analysis.pipeline.read_counts import ReadCounts, read_counts
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.study import Study
from backend.analysis.reporting.content import ProvenanceRow
from backend.analysis.reporting.journal_numbers import level_text
from backend.analysis.reporting.study_facts import (
    ModelFacts,
    ReaderFacts,
    ResultsPresent,
    StudyFacts,
    Topic,
)
from backend.analysis.reporting.words import count

SETS = {"as-read": "as read", "per-protocol": "per protocol"}
MISSING_HANDLING = (
    "each analysis takes the cases that have what it needs, and names those that it leaves out; nothing "
    "was imputed"
)


def provenance_rows(results: AnalysisResults) -> tuple[ProvenanceRow, ...]:
    """What makes the results repeatable; what the dataset does not state is left out."""
    own = results.provenance
    rows = [
        ("Dataset (SHA-256 of its content)", own.dataset_sha256),
        ("Dataset version", own.dataset_version),
        ("Frozen dataset (SHA-256)", own.origin_sha256),
        ("Protocol version", own.protocol_version),
        ("Protocol (SHA-256)", own.protocol_sha256),
        ("Truth version", own.truth_version),
        ("Analysis set", SETS[results.analysis_set]),
    ]
    for one in own.sets:
        without = f", {one.without_truth} without a reference standard" if one.without_truth else ""
        counts = f"{one.positive} positive, {one.negative} negative{without}"
        rows.append(
            (f"Set {SETS.get(one.name, one.name)}", f"{one.cases} cases ({counts}), {one.reads} reads")
        )
    rows += [
        (f"Excluded from {set_name(one.excluded_from)}: {one.reason}", count(one.n, one.what))
        for one in own.exclusion_counts
    ]
    if not own.exclusion_counts:
        rows.append(("Exclusions", "none on record"))
    rows += [
        ("Positive class", results.positive_class),
        ("Confidence level", level_text(results.level)),
        ("Seed", str(results.seed)),
        ("Software", ", ".join(f"{name} {version}" for name, version in own.versions.items())),
    ]
    rows += [("Added after the lock", told) for told in additions_told(own.additions)]
    rows += [("To know of the data", note) for note in own.notes]
    return tuple(ProvenanceRow(label, value) for label, value in rows if value)


def set_name(excluded_from: str) -> str:
    """The sets that an exclusion concerns, within a sentence."""
    return "all sets" if excluded_from == "all" else "the per-protocol set"


def study_facts(
    results: AnalysisResults,
    inputs: DatasetFiles,
    study: Study | None,
    places: Sequence[tuple[Topic, str]],
) -> StudyFacts:
    """What the dataset and its results state; nothing is inferred."""
    own = results.provenance
    data = study.study if study else None
    truths = list(data.truth.values()) if data else []
    counts = read_counts(study) if study else ReadCounts()
    lacking = getattr(_or_of_auc(results), "missing", None)
    return StudyFacts(
        title=results.title,
        design=_design(results),
        arms=counts.names,
        n_sessions=counts.n_sessions,
        readers=tuple(ReaderFacts(name) for name in data.readers) if data else (),
        n_cases=len(truths) or None,
        n_positive=truths.count(True) if data else None,
        n_negative=truths.count(False) if data else None,
        n_without_truth=truths.count(None) if data else None,
        n_read=counts.n_cases or None,
        n_read_positive=counts.n_positive,
        n_read_negative=counts.n_negative,
        n_rereads=counts.n_rereads if counts.arms else None,
        n_repeats=counts.n_repeats if counts.arms else None,
        positive_class=results.positive_class,
        reader_threshold=f"a score of {data.positive_from} or more"
        if data and data.has_rated_reads and data.reads
        else None,
        models=tuple(ModelFacts(model.name, version=model.version or None) for model in data.models)
        if data
        else (),
        missing_reads=None if lacking is None else len(lacking),
        missing_excluded=_excluded_among(lacking or (), study),
        missing_handling=MISSING_HANDLING,
        exclusions=tuple(
            f"{count(one.n, one.what)} excluded from {set_name(one.excluded_from)}: {one.reason}"
            for one in own.exclusion_counts
        )
        if own.exclusion_counts
        else None,
        deviations=None if inputs.extras.deviations is None else len(inputs.extras.deviations),
        results=_present(results),
        level=results.level,
        software=tuple(own.versions.items()),
        dataset_sha256=own.origin_sha256 or own.dataset_sha256,
        protocol_sha256=own.protocol_sha256 or None,
        is_synthetic=results.is_synthetic,
        places=tuple(places),
    )


def _or_of_auc(results: AnalysisResults) -> object | None:
    items = {
        item.key: item.result
        for section in results.sections
        for item in section.items
        if section.key == "mrmc"
    }
    found = items.get("or_jackknife/AUC")
    return None if isinstance(found, NotEstimable) else found


def _design(results: AnalysisResults) -> str | None:
    return getattr(_or_of_auc(results), "design_text", None)


def _excluded_among(lacking: Sequence[MissingRead], study: Study | None) -> int:
    """How many of the reads that the design lacks were made, and are excluded from the set."""
    gone = {(read.arm, read.reader, read.case) for read, _ in study.reads_excluded} if study else set()
    return sum((one.modality, one.reader, one.case) in gone for one in lacking)


# What a kind of item gives to read, by section.
_MEASURES: Mapping[str, Mapping[str, str]] = {
    "agreement": {
        "kappa_unweighted": "Cohen's kappa", "kappa_linear": "weighted kappa", "fleiss": "Fleiss' kappa",
        "krippendorff": "Krippendorff's alpha", "percent": "percent agreement", "icc": "intraclass correlation",
        "bland_altman": "limits of agreement", "concordance": "concordance correlation",
    },
    "roc": {"curve": "AUC", "partial": "partial AUC"},
    "operating_points": {"at_cutoff": "sensitivity, specificity, predictive values and likelihood ratios"},
    "mrmc": {
        "or_jackknife": "Obuchowski-Rockette", "gallas": "U-statistics of Gallas", "dbm": "Dorfman-Berbaum-Metz",
    },
    "models": {
        "calibration": "calibration curve, intercept and slope", "hosmer_lemeshow": "Hosmer-Lemeshow test",
        "decision_curve": "decision curves",
    },
    "survival": {
        "kaplan_meier": "Kaplan-Meier", "logrank": "log-rank test", "cox": "Cox models", "harrell": "concordance",
        "time_roc": "time-dependent ROC",
    },
}  # fmt: skip


def _present(results: AnalysisResults) -> ResultsPresent:
    kinds = {section.key: {item.key.split("/")[0] for item in section.items} for section in results.sections}

    def told(section: str) -> tuple[str, ...]:
        return tuple(text for kind, text in _MEASURES[section].items() if kind in kinds.get(section, ()))

    intra = [
        item.method for section in results.sections if section.key == "intra_reader" for item in section.items
    ]
    names = {
        "intra_reader_categories": "kappa of repeated reads",
        "intra_reader_measurements": "repeatability",
    }
    subgroups = sorted(
        {
            item.key.split("/")[1]
            for section in results.sections
            if section.key == "roc"
            for item in section.items
            if item.key.startswith("groups/")
        }
    )
    return ResultsPresent(
        agreement=told("agreement"),
        intra_reader=tuple(dict.fromkeys(names[method] for method in intra if method in names)),
        accuracy=(*told("roc"), *told("operating_points")),
        mrmc=told("mrmc"),
        change=("moves, accuracy before and after",) if kinds.get("change_of_mind") else (),
        calibration=told("models"),
        survival=told("survival"),
        subgroups=tuple(subgroups),
        cross_tables="confusion" in kinds.get("operating_points", ()),
        flow=bool(kinds.get("flow")),
        table_one=bool(kinds.get("table_one")),
    )
