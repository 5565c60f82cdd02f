"""What the results were computed from and with."""

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from backend.analysis import VERSION
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.formats.dataset_design import Design
from backend.analysis.formats.dataset_extras import Exclusion
from backend.analysis.formats.ratings import RatingTable
from backend.analysis.pipeline.exclusion_counts import exclusion_counts
from backend.analysis.pipeline.results import Provenance, SetCounts
from backend.analysis.pipeline.study import AnalysisSet, study_of
from backend.analysis.results import JsonValue, to_json_value
from backend.analysis.study_dataset import StudyDataset

PACKAGES = ("numpy", "scipy", "matplotlib")


# Keys of the plan that came when there were datasets already.
LATER_PLAN_KEYS = (
    "positive_answers",
    "reference_levels",
    "primary",
    "fisher_below",
    "fisher_share",
    "compare_counts",
    "normality",
    "normality_alpha",
    "compare_means",
    "margin_sensitivity",
    "margin_specificity",
    "margin_partial_specificity",
    "margin_partial_sensitivity",
    "labels",
)

# Records likewise.
LATER_RECORDS = ("reader_experience", "reader_sampling", "interests", "patient_involvement")


def dataset_sha256(files: DatasetFiles) -> str:
    """SHA-256 of everything that was read, as canonical JSON; the order of rows has no part."""
    content = files.to_json()
    content["notes"] = None
    extras = content["extras"]
    # What a dataset does not have leaves its hash as it was before there was such a thing.
    absent = [name for name in ("lesions", "marks", "places") if not getattr(files.extras, name)]
    absent += [] if files.extras.additions else ["additions"]
    absent += ["assigned"] if files.extras.assigned is None else []
    absent += ["deviations"] if files.extras.deviations is None else []
    if isinstance(extras, dict):
        extras["masks"] = [_without_empty(one.to_json()) for one in files.extras.masks]
        content["extras"] = {name: value for name, value in extras.items() if name not in absent}
    design = content["design"]
    if isinstance(design, dict):
        design["questions"] = [one.as_declared() for one in files.design.questions]
        for name in ("notes", "consensus", "records"):
            if getattr(files.design, name) == getattr(Design(), name):
                del design[name]
        records = design.get("records")
        if isinstance(records, dict):
            for name in LATER_RECORDS:
                if not getattr(files.design.records, name):
                    del records[name]
        plan = design["analysis"]
        if isinstance(plan, dict):
            for name in LATER_PLAN_KEYS:
                if getattr(files.design.analysis, name) == getattr(AnalysisPlan(), name):
                    del plan[name]
    content["study"] = None if files.study is None else files.study.content_sha256()
    content["repeats"] = sorted((read.to_json() for read in files.repeats), key=_canonical)
    content["outcomes"] = sorted((one.to_json() for one in files.outcomes), key=_canonical)
    content["answers"] = sorted((to_json_value(one) for one in files.answers), key=_canonical)
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _without_empty(content: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Without what a dataset from before it could be said does not say: its digest stays."""
    return {key: value for key, value in content.items() if value not in ("", None)}


def provenance(files: DatasetFiles, *, level: float, seed: int) -> Provenance:
    """Hashes, versions, exclusions with reasons, and the size of the two analysis sets."""
    origin = files.design.origin
    exclusions: tuple[Exclusion, ...] = files.extras.exclusions
    return Provenance(
        dataset_sha256=dataset_sha256(files),
        origin_sha256=origin.dataset_sha256,
        dataset_version=origin.dataset_version,
        protocol_sha256=origin.protocol_sha256,
        protocol_version=origin.protocol_version,
        truth_version=origin.truth_version,
        exclusions=exclusions,
        exclusion_counts=exclusion_counts(files),
        sets=_sets(files, level=level, seed=seed),
        versions=package_versions(),
        notes=(*files.notes, *_of_clusters(files)),
        additions=files.extras.additions,
    )


def package_versions() -> dict[str, str]:
    """This software, Python and the packages that compute; a package that is not installed is left out."""
    found = {"reading-room": VERSION, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _sets(files: DatasetFiles, *, level: float, seed: int) -> tuple[SetCounts, ...]:
    if files.study is None:
        return (_counts_of_table(files.mrmc),) if files.mrmc else ()
    names: tuple[AnalysisSet, ...] = ("as-read", "per-protocol")
    found = []
    for name in names:
        study = _set_of(files, name, level=level, seed=seed)
        truths = list(study.truth.values()) if study else []
        found.append(
            SetCounts(
                name=name,
                cases=len(truths),
                positive=truths.count(True),
                negative=truths.count(False),
                without_truth=truths.count(None),
                reads=len(study.reads) if study else 0,
            )
        )
    return tuple(found)


def _set_of(files: DatasetFiles, name: AnalysisSet, *, level: float, seed: int) -> StudyDataset | None:
    """The cases and reads of the set; ``None`` where its exclusions leave no case."""
    try:
        return study_of(files, level=level, seed=seed, analysis_set=name).study
    except AnalysisError as error:
        if error.code != "no_cases":
            raise
        return None


def _counts_of_table(table: RatingTable) -> SetCounts:
    positive = sum(table.truth.values())
    return SetCounts(
        "as-read", len(table.truth), positive, len(table.truth) - positive, 0, len(table.ratings)
    )


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _of_clusters(files: DatasetFiles) -> tuple[str, ...]:
    column = files.design.analysis.cluster
    if not column:
        return ()
    told = (
        f"Several cases may be of one patient (column {column} of cases.csv). The results named as clustered take "
        "account of it; all others, the multi-reader analyses, DeLong, McNemar, bootstrap, calibration and decision "
        "curves among them, take cases as independent, and their intervals may be too narrow."
    )
    return (told,)
