"""CLAIM, 2024 update: 44 items for studies of artificial intelligence in medical imaging."""

from backend.analysis.reporting import fillings as fill
from backend.analysis.reporting import fillings_partitions as parts
from backend.analysis.reporting import fillings_results as found
from backend.analysis.reporting import fillings_study as study
from backend.analysis.reporting.checklists import Checklist, ChecklistItem
from backend.analysis.reporting.filling import stated

_DESIGN = "Methods: study design"
_DATA = "Methods: data"
_REFERENCE = "Methods: reference standard"
_PARTITIONS = "Methods: data partitions"
_MODEL = "Methods: model"
_TRAINING = "Methods: training"
_EVALUATION = "Methods: evaluation"
_OTHER = "Other information"

CLAIM_2024 = Checklist(
    "claim-2024",
    "CLAIM, 2024 update",
    "Tejani AS, Klontzas ME, Gatti AA, et al. Checklist for Artificial Intelligence in Medical Imaging (CLAIM): "
    "2024 update. Radiol Artif Intell 2024;6:e240300.",
    (
        ChecklistItem(
            "1",
            "Title",
            "The study is named as one of artificial intelligence, with the kind of technology",
            fill.title,
        ),
        ChecklistItem("2", "Abstract", "Summary of design, methods, results and conclusions"),
        ChecklistItem(
            "3", "Introduction", "Scientific and clinical background; intended use and role of the model"
        ),
        ChecklistItem("4", "Introduction", "Aims, objectives and hypotheses", fill.objective),
        ChecklistItem("5", _DESIGN, "Prospective or retrospective", fill.collection),
        ChecklistItem("6", _DESIGN, "Goal of the study", fill.objective),
        ChecklistItem("7", _DATA, "Where the data come from", fill.data_source),
        ChecklistItem("8", _DATA, "Inclusion and exclusion criteria", stated("eligibility", "cases")),
        ChecklistItem("9", _DATA, "Preprocessing", fill.preprocessing),
        ChecklistItem("10", _DATA, "How parts of the data were selected", study.selection),
        ChecklistItem("11", _DATA, "De-identification", stated("deidentification", "cases")),
        ChecklistItem("12", _DATA, "Handling of missing data", found.missing),
        ChecklistItem("13", _DATA, "How the images were acquired", stated("acquisition", "cases")),
        ChecklistItem("14", _REFERENCE, "How the reference standard was obtained", fill.reference),
        ChecklistItem(
            "15", _REFERENCE, "Why this reference standard", stated("reference_rationale", "reference")
        ),
        ChecklistItem(
            "16", _REFERENCE, "Who made the reference annotations", stated("annotators", "reference")
        ),
        ChecklistItem(
            "17",
            _REFERENCE,
            "How the test set was annotated",
            stated("annotators", "reference", "how the test set was annotated"),
        ),
        ChecklistItem(
            "18", _REFERENCE, "Variability between and within annotators", found.annotator_agreement
        ),
        ChecklistItem("19", _PARTITIONS, "How data were assigned to partitions", parts.partitions),
        ChecklistItem(
            "20", _PARTITIONS, "Level at which partitions share nothing (patient, center, …)", parts.disjoint
        ),
        ChecklistItem("21", "Methods: testing data", "Intended sample size", fill.sample_size),
        ChecklistItem("22", _MODEL, "The model in detail: inputs, outputs, structure", fill.models),
        ChecklistItem("23", _MODEL, "Software, libraries and packages", found.software),
        ChecklistItem("24", _MODEL, "How the parameters were initialized"),
        ChecklistItem("25", _TRAINING, "How the model was trained"),
        ChecklistItem("26", _TRAINING, "How the final model was selected"),
        ChecklistItem("27", _TRAINING, "Ensembles"),
        ChecklistItem("28", _EVALUATION, "Measures of performance", found.statistics),
        ChecklistItem("29", _EVALUATION, "Statistical significance and uncertainty", found.uncertainty),
        ChecklistItem("30", _EVALUATION, "Robustness and sensitivity analysis", found.subgroups),
        ChecklistItem("31", _EVALUATION, "How the model's output was explained"),
        ChecklistItem("32", _EVALUATION, "Evaluation on internal data", fill.development),
        ChecklistItem("33", _EVALUATION, "Test on external data", parts.external),
        ChecklistItem(
            "34", _EVALUATION, "Registration as a clinical trial", stated("registration", "provenance")
        ),
        ChecklistItem("35", "Results: data", "Patients or examinations included and excluded", fill.included),
        ChecklistItem(
            "36",
            "Results: data",
            "Demographic and clinical characteristics in each partition",
            found.characteristics,
        ),
        ChecklistItem(
            "37", "Results: model performance", "Performance with its uncertainty", found.performance
        ),
        ChecklistItem(
            "38", "Results: model performance", "Diagnostic accuracy and its precision", found.accuracy
        ),
        ChecklistItem("39", "Results: model performance", "Analysis of the wrong results", found.errors),
        ChecklistItem("40", "Discussion", "Limitations"),
        ChecklistItem("41", "Discussion", "What it means for practice; intended use and clinical role"),
        ChecklistItem(
            "42", _OTHER, "Where the full protocol or more technical detail can be found", found.protocol
        ),
        ChecklistItem("43", _OTHER, "Availability of software, trained model and data", found.availability),
        ChecklistItem(
            "44", _OTHER, "Funding and other support; role of funders", stated("funding", "provenance")
        ),
    ),
)
