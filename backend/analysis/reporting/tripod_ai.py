"""TRIPOD+AI 2024: 27 items in 52 parts for studies that develop or evaluate a prediction model."""

from backend.analysis.reporting import fillings as fill
from backend.analysis.reporting import fillings_partitions as parts
from backend.analysis.reporting import fillings_results as found
from backend.analysis.reporting import fillings_study as study
from backend.analysis.reporting.checklists import Checklist, ChecklistItem
from backend.analysis.reporting.filling import stated

_BACKGROUND = "Introduction: background"
_DATA = "Methods: data"
_PARTICIPANTS = "Methods: participants"
_OUTCOME = "Methods: outcome"
_PREDICTORS = "Methods: predictors"
_ANALYSIS = "Methods: analytical methods"
_OPEN = "Open science"
_WHO = "Results: participants"
_PERFORMANCE = "Results: model performance"
_USE = "Discussion: usability of the model"

TRIPOD_AI = Checklist(
    "tripod-ai",
    "TRIPOD+AI",
    "Collins GS, Moons KGM, Dhiman P, et al. TRIPOD+AI statement: updated guidance for reporting clinical prediction "
    "models that use regression or machine learning methods. BMJ 2024;385:e078378.",
    (
        ChecklistItem(
            "1",
            "Title",
            "The study is named as development or evaluation of a prediction model, with population and outcome",
            fill.title,
        ),
        ChecklistItem("2", "Abstract", "Summary after TRIPOD+AI for Abstracts"),
        ChecklistItem(
            "3a", _BACKGROUND, "Medical context, diagnostic or prognostic; why the model; models there are"
        ),
        ChecklistItem("3b", _BACKGROUND, "Population and purpose in the care pathway; intended users"),
        ChecklistItem("3c", _BACKGROUND, "Known inequalities of health between social groups"),
        ChecklistItem(
            "4", "Introduction: objectives", "Objectives; development, evaluation or both", fill.objective
        ),
        ChecklistItem(
            "5a",
            _DATA,
            "Source of the data for development and for evaluation, why these, how representative",
            fill.data_source,
        ),
        ChecklistItem("5b", _DATA, "Dates: begin and end of recruitment, end of follow-up"),
        ChecklistItem("6a", _PARTICIPANTS, "Setting; number and place of centers", fill.centers),
        ChecklistItem("6b", _PARTICIPANTS, "Eligibility", stated("eligibility", "cases")),
        ChecklistItem("6c", _PARTICIPANTS, "Treatments, and how the analysis handles them"),
        ChecklistItem(
            "7",
            "Methods: data preparation",
            "Preprocessing and quality checks, alike across groups or not",
            fill.preprocessing,
        ),
        ChecklistItem(
            "8a",
            _OUTCOME,
            "What is predicted and when; how it was established, why this outcome",
            fill.outcome,
        ),
        ChecklistItem(
            "8b",
            _OUTCOME,
            "Who judged the outcome, where it is a matter of judgment",
            stated("annotators", "reference"),
        ),
        ChecklistItem(
            "8c",
            _OUTCOME,
            "What those who judged the outcome did not know",
            stated("reference_blinding", "reference"),
        ),
        ChecklistItem(
            "9a", _PREDICTORS, "How the first set of predictors was chosen", study.predictor_choice
        ),
        ChecklistItem(
            "9b",
            _PREDICTORS,
            "Every predictor: definition, how and when measured, blinding",
            study.predictor_definitions,
        ),
        ChecklistItem(
            "9c", _PREDICTORS, "Who judged predictors, where they are a matter of judgment", fill.readers
        ),
        ChecklistItem(
            "10",
            "Methods: sample size",
            "How the size was arrived at, for development and evaluation",
            fill.sample_size,
        ),
        ChecklistItem(
            "11",
            "Methods: missing data",
            "Handling of missing data; reasons for leaving data out",
            found.missing,
        ),
        ChecklistItem("12a", _ANALYSIS, "Which data served which purpose; partitions", parts.partitions),
        ChecklistItem("12b", _ANALYSIS, "How predictors entered: form, scale, transformation"),
        ChecklistItem("12c", _ANALYSIS, "Kind of model, all steps of building it, internal validation"),
        ChecklistItem("12d", _ANALYSIS, "Differences between clusters such as centers", found.subgroups),
        ChecklistItem("12e", _ANALYSIS, "All measures and plots of performance", found.statistics),
        ChecklistItem("12f", _ANALYSIS, "Updating of the model after evaluation"),
        ChecklistItem("12g", _ANALYSIS, "How predictions were computed for the evaluation", fill.models),
        ChecklistItem(
            "13", "Methods: class imbalance", "Methods against class imbalance, and recalibration after them"
        ),
        ChecklistItem("14", "Methods: fairness", "What was done for fairness, and why"),
        ChecklistItem(
            "15",
            "Methods: model output",
            "What the model gives; how classes and thresholds were set",
            fill.model_output,
        ),
        ChecklistItem(
            "16",
            "Methods: training and evaluation",
            "Differences between development and evaluation data",
            parts.differences,
        ),
        ChecklistItem(
            "17",
            "Methods: ethical approval",
            "Committee, and consent or waiver",
            stated("ethics", "provenance"),
        ),
        ChecklistItem("18a", _OPEN, "Funding and the funders' role", stated("funding", "provenance")),
        ChecklistItem("18b", _OPEN, "Conflicts of interest", stated("interests", "provenance")),
        ChecklistItem("18c", _OPEN, "Where the protocol is, or that there is none", found.protocol),
        ChecklistItem(
            "18d", _OPEN, "Registration, or that there is none", stated("registration", "provenance")
        ),
        ChecklistItem("18e", _OPEN, "Availability of the data", stated("data_availability", "provenance")),
        ChecklistItem("18f", _OPEN, "Availability of the code", stated("code_availability", "provenance")),
        ChecklistItem(
            "19",
            "Patient and public involvement",
            "Involvement of patients and the public, or that there was none",
            stated("patient_involvement", "provenance"),
        ),
        ChecklistItem(
            "20a", _WHO, "Flow of participants, with and without the outcome; a diagram", fill.flow
        ),
        ChecklistItem(
            "20b",
            _WHO,
            "Characteristics overall and by source; events, follow-up, missing data",
            found.characteristics,
        ),
        ChecklistItem("20c", _WHO, "Evaluation data against development data", parts.differences),
        ChecklistItem(
            "21", "Results: model development", "Participants and events in each analysis", fill.numbers
        ),
        ChecklistItem(
            "22",
            "Results: model specification",
            "The full model, so that others can predict with it; restrictions",
            parts.specification,
        ),
        ChecklistItem(
            "23a", _PERFORMANCE, "Performance with intervals, also in key groups", found.performance
        ),
        ChecklistItem("23b", _PERFORMANCE, "Differences of performance between clusters", found.subgroups),
        ChecklistItem("24", "Results: model updating", "The updated model and its performance"),
        ChecklistItem(
            "25",
            "Discussion: interpretation",
            "What the results mean, with fairness and other studies in view",
        ),
        ChecklistItem(
            "26",
            "Discussion: limitations",
            "Limitations and what they do to bias, uncertainty and generalizability",
        ),
        ChecklistItem("27a", _USE, "Handling of poor or missing input when the model is used"),
        ChecklistItem("27b", _USE, "Part of the user, and expertise needed"),
        ChecklistItem("27c", _USE, "Next steps of research; applicability and generalizability"),
    ),
)
