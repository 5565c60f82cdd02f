"""What the authors write to an item of a checklist that the records do not know, by checklist and number."""

from collections.abc import Mapping

_TITLE = "a title or an abstract that names what the item asks for"
_ABSTRACT = "a structured abstract: design, methods, main results with their intervals, conclusions"
_OBJECTIVE = "the question of the study and its hypotheses"
_ELIGIBILITY = "which patients and which images were included and excluded, in the order of the steps"
_SETTING = "places, kind of hospitals, and the period from which the cases come"
_SOURCE = "where the data come from, and whether they were collected for the study, in routine, or are public"
_ACQUISITION = "sequences with their parameters, planes, contrast and field strength"
_PREPROCESSING = "every step from the stored image to what the model takes, and checks of quality"
_REFERENCE = "what decided whether a case is positive, by which test or follow-up and by which rule"
_RATIONALE = "why this reference standard was taken, and what others there are"
_ANNOTATORS = "number, training and experience of those who set the reference standard, and how they did it"
_BLINDING_REFERENCE = (
    "whether those who set the reference standard knew the reads, the model's output or more"
)
_BLINDING_READERS = "what readers knew of the patient, the reference standard and other tests"
_SIZE = "the intended numbers of cases, readers and repeats with the calculation or the practical reason"
_MISSING = "what was missing, why, and how the analysis dealt with it"
_READERS = "number, specialty, training and years of experience of the readers"
_MODEL = "version, kind of model, inputs, outputs and structure, or the publication that holds them"
_DEVELOPMENT = (
    "the training, validation and test data of the model with their sizes and sources, or their publication"
)
_DIFFERENCES = (
    "how the evaluation data differ from those that the model was made on, and what that may change"
)
_CUT_OFFS = "every cut-off with its reason, and whether it was set before the data were seen"
_GROUPS = "in which groups or centers results were to differ, and whether that was planned beforehand"
_STATISTICS = "every measure and every test, with references"
_UNCERTAINTY = "how intervals were computed, at which level, and how multiple comparisons were handled"
_RESULTS = "the estimates with their intervals"
_FLOW = "a diagram with the numbers at every step and the reasons for each exclusion"
_CHARACTERISTICS = "a table of the cases' characteristics by cohort, with missing values counted"
_LIMITS = (
    "limits of cases, readers, reference standard and analysis, and which way each may have moved results"
)
_PRACTICE = "what the results mean for practice: who would use the model, when, with what benefit and harm"
_BACKGROUND = "the clinical problem, what is done today, and the part that the model is to take in it"
_REGISTRATION = "registry and number, or that the study was not registered"
_PROTOCOL = "where the protocol can be read, or that it is not public"
_ETHICS = "committee, decision and number, and consent or its waiver; or why no approval was needed"
_FUNDING = "who paid, and what part the funders had in design, analysis and publication"
_INTERESTS = "interests of every author and of the maker of the model, or that there are none"
_DATA = "where the data are, who may have them and under which terms, or why they are not shared"
_CODE = "where code and model are, under which license, or why they are not shared"
_NUMBERS = "how many readers, cases and repeats there were in each analysis"
_FAIRNESS = "what was done to find and lessen differences between groups of patients, or that nothing was"
_INTENDED_USER = "who is to use the model, with which training and at which step of care"
_UPDATING = "whether the model was changed after the evaluation and how; if not, that it was not"
_SOFTWARE = "names and versions of software and packages"
_OUTPUT = "what the model gives: a probability, a score or a class, and how classes are formed from it"

ASKS: Mapping[str, Mapping[str, str]] = {
    "grras": {
        "1": _TITLE,
        "2": "the scale or measurement that readers gave, what its points mean, and the images it was read from",
        "3": "which patients and examinations the results shall hold for",
        "4": "which readers the results shall hold for: specialty, training, experience, setting",
        "5": "earlier studies of agreement with their results, and what this one adds",
        "6": _SIZE,
        "7": "how cases and readers were sampled: consecutive, random, or by convenience",
        "8": "order, interval between reads, clinical information and blinding",
        "9": "whether any reader knew the reads of another, or the own earlier ones",
        "10": _STATISTICS,
        "11": _NUMBERS,
        "12": _READERS,
        "13": _RESULTS,
        "14": "whether agreement is good enough for the use that is meant, and what to change where it is not",
        "15": "where detailed results are to be found",
    },
    "claim-2024": {
        "1": _TITLE,
        "2": _ABSTRACT,
        "3": _BACKGROUND,
        "4": _OBJECTIVE,
        "5": "whether the data were collected for this study or existed before it",
        "6": "whether the study makes, tests or compares a model, or shows that it can be done",
        "7": _SOURCE,
        "8": _ELIGIBILITY,
        "9": _PREPROCESSING,
        "10": "which examinations, series, slices or regions were taken of all that there were, by which rule",
        "11": "how images and texts were freed of what identifies patients",
        "12": _MISSING,
        "13": _ACQUISITION,
        "14": _REFERENCE,
        "15": _RATIONALE,
        "16": _ANNOTATORS,
        "17": "tools, instructions and steps of the annotation of the test set, and how differences were settled",
        "18": "agreement between and within those who annotated, with its intervals",
        "19": "how cases were assigned to training, validation and test, and how many there are in each",
        "20": "whether partitions share no patient, examination or center",
        "21": _SIZE,
        "22": _MODEL,
        "23": _SOFTWARE,
        "24": "how the parameters began: at random, from which seed, or from which pretrained model",
        "25": "data augmentation, loss, optimizer, rate and number of rounds of the training, or its publication",
        "26": "by which measure on which data the final model was chosen among how many",
        "27": "whether several models were combined and how; if not, that none were",
        "28": _STATISTICS,
        "29": _UNCERTAINTY,
        "30": "which analyses show how results change with cases, devices or settings",
        "31": "how the output was explained (maps, weights of features) and that checked, or that it was not",
        "32": "how well the model does on data of the centers it was made in",
        "33": "how well the model does on data of other centers or times; or that there are none",
        "34": _REGISTRATION,
        "35": _FLOW,
        "36": _CHARACTERISTICS,
        "37": _RESULTS,
        "38": _RESULTS,
        "39": "which cases were wrong, what they have in common, and likely reasons",
        "40": _LIMITS,
        "41": _PRACTICE,
        "42": _PROTOCOL,
        "43": f"{_DATA}; {_CODE}",
        "44": _FUNDING,
    },
    "stard-ai": {
        "1": _TITLE,
        "2": _ABSTRACT,
        "3": _BACKGROUND,
        "4": _OBJECTIVE,
        "5": "whether data collection was planned before or after the tests were done",
        "6": _ETHICS,
        "7": _ELIGIBILITY,
        "8": "by what participants were found: symptoms, earlier tests, a registry",
        "9": _SETTING,
        "10": "whether the series is consecutive, random or by convenience",
        "11": _SOURCE,
        "12": _ANNOTATORS,
        "13": "makers and models of the devices, and software and version of the index test",
        "14": f"{_ACQUISITION}; {_PREPROCESSING}",
        "15a": _MODEL,
        "15b": _DEVELOPMENT,
        "15c": _CUT_OFFS,
        "15d": _INTENDED_USER,
        "16a": _REFERENCE,
        "16b": _RATIONALE,
        "16c": "from which finding on the reference standard is positive, and whether that was set beforehand",
        "17a": _BLINDING_READERS,
        "17b": _BLINDING_REFERENCE,
        "18": _STATISTICS,
        "19": "what counted as an indeterminate result of either test, how often it came, and how it was analyzed",
        "20": _MISSING,
        "21": _GROUPS,
        "22": _SIZE,
        "23": f"how errors were looked at; {_FAIRNESS}",
        "24": _FLOW,
        "25": _CHARACTERISTICS,
        "26a": "stages or grades of those who have the condition, with their numbers",
        "26b": "diagnoses of those who do not have the condition, with their numbers",
        "27": "time between images and reference standard, and treatment in between",
        "28": "how the cases compare with the patients in whom the test is to be used",
        "29": _DIFFERENCES,
        "30": "the counts of each result of the index test by the reference standard",
        "31": _RESULTS,
        "32": "harm from either test, or that none is known",
        "33": _LIMITS,
        "34": _PRACTICE,
        "35": "ethical questions of the use, such as consent, privacy and unequal benefit",
        "36": _REGISTRATION,
        "37": _PROTOCOL,
        "38": _FUNDING,
        "39": _INTERESTS,
        "40a": f"{_DATA}; {_CODE}",
        "40b": "whether the model's outputs are kept, and who can audit them",
    },
    "tripod-ai": {
        "1": _TITLE,
        "2": _ABSTRACT,
        "3a": f"{_BACKGROUND}; models there are already",
        "3b": f"for which patients and which decision; {_INTENDED_USER}",
        "3c": "differences of health or care between social groups that are known for this condition",
        "4": _OBJECTIVE,
        "5a": f"{_SOURCE}; how representative they are",
        "5b": "first and last day of recruitment, and the end of follow-up",
        "6a": _SETTING,
        "6b": _ELIGIBILITY,
        "6c": "treatments that participants had, and how the analysis handled them",
        "7": _PREPROCESSING,
        "8a": f"{_REFERENCE}; the time at which it is predicted",
        "8b": _ANNOTATORS,
        "8c": _BLINDING_REFERENCE,
        "9a": "from which candidates the predictors were chosen, and on what grounds",
        "9b": "definition, unit, and how and when each predictor was measured, and what was known then",
        "9c": _READERS,
        "10": _SIZE,
        "11": _MISSING,
        "12a": _DEVELOPMENT,
        "12b": "form, scale and transformation of every predictor in the model",
        "12c": "kind of model, every step of building it, tuning, and internal validation",
        "12d": _GROUPS,
        "12e": _STATISTICS,
        "12f": _UPDATING,
        "12g": "by which equation, code or program predictions were computed",
        "13": "whether classes were balanced for training, and predictions recalibrated after it",
        "14": _FAIRNESS,
        "15": _OUTPUT,
        "16": _DIFFERENCES,
        "17": _ETHICS,
        "18a": _FUNDING,
        "18b": _INTERESTS,
        "18c": _PROTOCOL,
        "18d": _REGISTRATION,
        "18e": _DATA,
        "18f": _CODE,
        "19": "what part patients and the public had in the study, or that they had none",
        "20a": _FLOW,
        "20b": f"{_CHARACTERISTICS}; numbers of events and length of follow-up",
        "20c": _DIFFERENCES,
        "21": _NUMBERS,
        "22": "the equation with its coefficients, or where code and weights are, and restrictions of use",
        "23a": _RESULTS,
        "23b": _GROUPS,
        "24": _UPDATING,
        "25": "what the results mean in view of fairness and of other studies",
        "26": _LIMITS,
        "27a": "what happens when an input is of poor quality or missing",
        "27b": _INTENDED_USER,
        "27c": "what should be studied next, and for whom the model may be used",
    },
}
