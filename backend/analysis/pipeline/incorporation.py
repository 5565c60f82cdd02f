"""The warning that a section needs whose reference standard holds the readers' own answers (incorporation bias)."""

from collections.abc import Collection
from dataclasses import replace

from backend.analysis.formats.analysis_plan import OF_READERS, DatasetOrigin
from backend.analysis.pipeline.results import Section

READERS_TOLD = (
    "Incorporation bias: the reference standard is a consensus of this study's own readers, so each reader is compared "
    "with a standard that holds the reader's own answers. Accuracy is overestimated, of readers and of what they were "
    "shown, and differences between readers, arms and models may be too large or too small."
)
CASES_TOLD = (
    "Incorporation bias: which cases are positive is a consensus of this study's own readers. What is compared with it "
    "is compared with their answers, not with an independent reference standard."
)
ANSWERS_TOLD = (
    "Incorporation bias: the reference standard of the questions (reference.csv) is a consensus of this study's own "
    "readers, so each reader's answers are compared with a standard that holds them. Accuracy is overestimated."
)
GROUPS_TOLD = (
    "The groups of {names} are answers to questions as the readers settled them (reference.csv), and no independent "
    "finding."
)
_READERS = frozenset(
    (
        "roc",
        "operating_points",
        "mrmc",
        "free_response",
        "change_of_mind",
        "reading_time",
        "periods",
        "per_protocol",
    )
)


def with_warning(section: Section, origin: DatasetOrigin, answered: Collection[str] = ()) -> Section:
    """The section, warned of where it uses a reference standard that the readers themselves made.

    ``answered`` are the questions of ``reference.csv`` that cases may be grouped by.
    """
    told: tuple[str, ...] = ()
    if section.items and origin.is_truth_of_readers:
        told = _of_truth(section)
    if origin.reference_source == OF_READERS and any(
        one.key.startswith("reference/") for one in section.items
    ):
        told = (*told, ANSWERS_TOLD)
    if origin.reference_source == OF_READERS:
        told = (*told, *_of_groups(section, answered))
    return replace(section, warnings=(*section.warnings, *told)) if told else section


def _of_groups(section: Section, answered: Collection[str]) -> tuple[str, ...]:
    """Groups stand in the keys of items, behind their kind; in agreement the questions themselves do."""
    if section.key == "agreement":
        return ()
    named = {part for one in section.items for part in one.key.split("/")[1:]}
    names = sorted(named & set(answered))
    return (GROUPS_TOLD.format(names=", ".join(names)),) if names else ()


def _of_truth(section: Section) -> tuple[str, ...]:
    if section.key in _READERS:
        return (READERS_TOLD,)
    kinds = {tuple(one.key.split("/")) for one in section.items}
    by_truth = any(kind[0] == "truth" or (kind[0] == "logrank" and "truth" in kind) for kind in kinds)
    if section.key == "models" or (section.key in ("table_one", "survival") and by_truth):
        return (CASES_TOLD,)
    return ()
