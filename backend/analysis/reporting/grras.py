"""GRRAS 2011: 15 items for studies of reliability and agreement."""

from backend.analysis.reporting import fillings as fill
from backend.analysis.reporting import fillings_results as found
from backend.analysis.reporting import fillings_study as study
from backend.analysis.reporting.checklists import Checklist, ChecklistItem
from backend.analysis.reporting.filling import stated

_TITLE = "Title and abstract"
_INTRODUCTION = "Introduction"
_METHODS = "Methods"
_RESULTS = "Results"

GRRAS = Checklist(
    "grras",
    "GRRAS",
    "Kottner J, Audigé L, Brorson S, et al. Guidelines for Reporting Reliability and Agreement Studies (GRRAS) "
    "were proposed. J Clin Epidemiol 2011;64:96-106.",
    (
        ChecklistItem(
            "1",
            _TITLE,
            "Title or abstract says that agreement or reliability between or within raters was studied",
            fill.title,
        ),
        ChecklistItem(
            "2",
            _INTRODUCTION,
            "The instrument that was rated with: its name and what it is",
            study.instrument,
        ),
        ChecklistItem(
            "3",
            _INTRODUCTION,
            "The population of subjects that the results are meant for",
            stated("eligibility", "cases"),
        ),
        ChecklistItem(
            "4",
            _INTRODUCTION,
            "The population of raters that the results are meant for",
            stated("reader_sampling", "readers"),
        ),
        ChecklistItem("5", _INTRODUCTION, "What was known of agreement before, and why this study"),
        ChecklistItem(
            "6",
            _METHODS,
            "Reason for the sample size; intended numbers of raters, subjects and repeats",
            fill.sample_size,
        ),
        ChecklistItem(
            "7",
            _METHODS,
            "How subjects and raters were sampled",
            study.samples,
        ),
        ChecklistItem(
            "8",
            _METHODS,
            "How the rating went: interval between repeats, clinical information, blinding",
            fill.measurement,
        ),
        ChecklistItem("9", _METHODS, "Whether ratings were independent of each other", fill.independence),
        ChecklistItem("10", _METHODS, "Statistical analysis", found.statistics),
        ChecklistItem(
            "11", _RESULTS, "Numbers of raters, subjects and repeats that there were", fill.numbers
        ),
        ChecklistItem(
            "12",
            _RESULTS,
            "What raters and subjects were like: training, experience, characteristics",
            fill.readers,
        ),
        ChecklistItem(
            "13", _RESULTS, "Estimates of agreement or reliability with their uncertainty", found.agreement
        ),
        ChecklistItem("14", "Discussion", "What the results mean in practice"),
        ChecklistItem("15", "Auxiliary material", "Detailed results, for example online", found.detail),
    ),
)
