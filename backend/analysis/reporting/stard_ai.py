"""STARD-AI 2025: 40 items, some in parts, for studies of diagnostic accuracy with artificial intelligence.

14 items or parts are new and 4 changed against STARD 2015; the others carry its content under new numbers.
"""

from backend.analysis.reporting import fillings as fill
from backend.analysis.reporting import fillings_partitions as parts
from backend.analysis.reporting import fillings_results as found
from backend.analysis.reporting import fillings_study as study
from backend.analysis.reporting.checklists import Checklist, ChecklistItem
from backend.analysis.reporting.filling import stated

_INTRODUCTION = "Introduction"
_PARTICIPANTS = "Methods: participants"
_DATASET = "Methods: dataset"
_TEST = "Methods: test methods"
_ANALYSIS = "Methods: analysis"
_CASES = "Results: participants and dataset"
_RESULTS = "Results: test results"
_DISCUSSION = "Discussion"
_OTHER = "Other important information"

STARD_AI = Checklist(
    "stard-ai",
    "STARD-AI",
    "Sounderajah V, Guni A, Liu X, et al. The STARD-AI reporting guideline for diagnostic accuracy studies using "
    "artificial intelligence. Nat Med 2025;31:3283-3289.",
    (
        ChecklistItem(
            "1",
            "Title or abstract",
            "The study is named as one of diagnostic accuracy of artificial intelligence, with a measure of accuracy",
            fill.title,
        ),
        ChecklistItem("2", "Abstract", "Structured summary of design, methods, results and conclusions"),
        ChecklistItem(
            "3",
            _INTRODUCTION,
            "Background; intended use of the index test, whether it is new, its place in the workflow",
        ),
        ChecklistItem("4", _INTRODUCTION, "Objectives and hypotheses", fill.objective),
        ChecklistItem(
            "5",
            "Methods: study design",
            "Whether data collection was planned before the tests were done (prospective) or after (retrospective)",
            fill.collection,
        ),
        ChecklistItem(
            "6",
            "Methods: ethics",
            "Approval by an ethics committee, or why none was needed",
            stated("ethics", "provenance"),
        ),
        ChecklistItem(
            "7",
            _PARTICIPANTS,
            "Inclusion and exclusion criteria, of participants and of data, in the order they were applied",
            stated("eligibility", "cases"),
        ),
        ChecklistItem("8", _PARTICIPANTS, "On what basis participants were identified"),
        ChecklistItem("9", _PARTICIPANTS, "Where and when they were identified", fill.centers),
        ChecklistItem(
            "10", _PARTICIPANTS, "Consecutive, random or convenience series", stated("sampling", "cases")
        ),
        ChecklistItem(
            "11",
            _DATASET,
            "Source of the data; routine, collected for the study, or public",
            fill.data_source,
        ),
        ChecklistItem(
            "12",
            _DATASET,
            "Who annotated the data, with which experience, and how",
            stated("annotators", "reference"),
        ),
        ChecklistItem(
            "13",
            _DATASET,
            "Devices that captured the data; software and version of the index test",
            stated("devices", "cases", "software that the index test was made with"),
        ),
        ChecklistItem(
            "14",
            _DATASET,
            "Acquisition protocol and preprocessing",
            stated("acquisition", "cases", "preprocessing"),
        ),
        ChecklistItem("15a", _TEST, "The index test, so that it can be repeated", fill.models),
        ChecklistItem(
            "15b",
            _TEST,
            "How the index test was developed: training, validation, test and external data with their sizes",
            parts.partitions,
        ),
        ChecklistItem(
            "15c",
            _TEST,
            "Cut-offs or categories of the index test, and whether set beforehand",
            fill.thresholds,
        ),
        ChecklistItem("15d", _TEST, "Who is to use the index test, and with which expertise", fill.readers),
        ChecklistItem("16a", _TEST, "The reference standard, so that it can be repeated", fill.reference),
        ChecklistItem(
            "16b", _TEST, "Why this reference standard", stated("reference_rationale", "reference")
        ),
        ChecklistItem(
            "16c",
            _TEST,
            "Cut-offs or categories of the reference standard, and whether set beforehand",
            study.reference_classes,
        ),
        ChecklistItem(
            "17a",
            _TEST,
            "What those who did or read the index test knew of the patient and the reference standard",
            fill.index_blinding,
        ),
        ChecklistItem(
            "17b",
            _TEST,
            "What those who set the reference standard knew of the patient and the index test",
            stated("reference_blinding", "reference"),
        ),
        ChecklistItem("18", _ANALYSIS, "How accuracy was estimated and compared", found.statistics),
        ChecklistItem("19", _ANALYSIS, "Handling of indeterminate results"),
        ChecklistItem("20", _ANALYSIS, "Handling of missing results", found.missing),
        ChecklistItem(
            "21",
            _ANALYSIS,
            "Analyses of variability in accuracy, and whether planned beforehand",
            found.subgroups,
        ),
        ChecklistItem("22", _ANALYSIS, "Intended sample size and its reason", fill.sample_size),
        ChecklistItem(
            "23", _ANALYSIS, "Analysis of errors, of algorithmic bias and of fairness", found.fairness
        ),
        ChecklistItem("24", _CASES, "Diagram of the flow of participants", fill.flow),
        ChecklistItem(
            "25",
            _CASES,
            "Demographic, clinical and technical characteristics of training, validation and test sets",
            found.characteristics,
        ),
        ChecklistItem("26a", _CASES, "Severity of disease in those who have it"),
        ChecklistItem("26b", _CASES, "Other diagnoses in those who do not"),
        ChecklistItem("27", _CASES, "Time and treatment between index test and reference standard"),
        ChecklistItem("28", _CASES, "Whether the data represent the population the test is meant for"),
        ChecklistItem(
            "29",
            _CASES,
            "How external data differ from training, validation and test sets",
            parts.differences,
        ),
        ChecklistItem(
            "30", _RESULTS, "Index test against reference standard in a cross table", found.cross_tables
        ),
        ChecklistItem("31", _RESULTS, "Accuracy and its precision", found.accuracy),
        ChecklistItem("32", _RESULTS, "Adverse events of the tests"),
        ChecklistItem("33", _DISCUSSION, "Limitations: bias, uncertainty, generalizability"),
        ChecklistItem("34", _DISCUSSION, "What it means for practice; intended use and clinical role"),
        ChecklistItem("35", _DISCUSSION, "Ethical considerations and fairness"),
        ChecklistItem("36", _OTHER, "Registration number and registry", stated("registration", "provenance")),
        ChecklistItem("37", _OTHER, "Where the full protocol can be read", found.protocol),
        ChecklistItem(
            "38", _OTHER, "Funding and other support; role of funders", stated("funding", "provenance")
        ),
        ChecklistItem("39", _OTHER, "Commercial interests", stated("interests", "provenance")),
        ChecklistItem("40a", _OTHER, "Availability of data and code, with restrictions", found.availability),
        ChecklistItem("40b", _OTHER, "Whether outputs are stored, can be audited and evaluated", found.audit),
    ),
)
