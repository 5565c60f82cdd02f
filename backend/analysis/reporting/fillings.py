"""What the facts of a study say to an item of a checklist: design, cases, readers, reference standard, models.

What several checklists ask is answered here once; results, methods and records stand in
:mod:`backend.analysis.reporting.fillings_results`. Every function takes the facts and gives a :class:`Filling`, or
``None`` where the records do not know. What they know in part is said, and what is missing is named for the authors.
"""

from collections.abc import Iterator

from backend.analysis.reporting.filling import Filling, sentence, stated, told_of
from backend.analysis.reporting.study_facts import ModelFacts, StudyFacts
from backend.analysis.reporting.words import count, joined


def title(facts: StudyFacts) -> Filling | None:
    """The title as it is; whether it names what the item asks for is the authors' judgment."""
    return Filling(f"Title: “{facts.title}”.", "title", "that title or abstract names what the item asks for")


def objective(facts: StudyFacts) -> Filling | None:
    """As the protocol states it."""
    return stated("objective", "design")(facts)


def design(facts: StudyFacts) -> Filling | None:
    """Design, arms, sessions, washout."""
    return told_of(_design_parts(facts), "design")


def _design_parts(facts: StudyFacts) -> Iterator[str]:
    if facts.design:
        yield sentence(facts.design)
    if facts.arms:
        yield f"Reading conditions: {joined(facts.arms)}."
    if facts.n_sessions is not None:
        yield f"{count(facts.n_sessions, 'session')} of each reader."
    if facts.washout_days is not None:
        yield f"At least {count(facts.washout_days, 'day')} between two reads of a case by one reader."


def collection(facts: StudyFacts) -> Filling | None:
    """Prospective or retrospective."""
    if facts.data_collection is None:
        return None
    said = {
        "prospective": "Prospective: the data were collected for this study.",
        "retrospective": "Retrospective: the data existed before this study.",
    }
    return Filling(said[facts.data_collection], "design")


def readers(facts: StudyFacts) -> Filling | None:
    """Number of readers, with experience and specialty as far as known; what is said of all of them fills it too."""
    if not facts.readers:
        return None
    told_of_all = facts.reader_experience
    unknown = [one.name for one in facts.readers if one.years_experience is None and not told_of_all]
    listed = "; ".join(
        ", ".join(
            [
                one.name,
                *(
                    [f"{one.years_experience:g} years of experience"]
                    if one.years_experience is not None
                    else []
                ),
                *([one.specialty] if one.specialty else []),
            ]
        )
        for one in facts.readers
    )
    missing = f"experience of {joined(unknown)}" if unknown else None
    text = f"{count(len(facts.readers), 'reader')}: {listed}."
    return Filling(f"{text} {sentence(told_of_all)}" if told_of_all else text, "readers", missing)


def numbers(facts: StudyFacts) -> Filling | None:
    """Readers, cases and repeats that there were."""
    return told_of(_number_parts(facts), "cases")


def _number_parts(facts: StudyFacts) -> Iterator[str]:
    if facts.readers:
        yield f"{count(len(facts.readers), 'reader')}."
    if facts.n_read is not None and facts.n_read != facts.n_cases:
        classes = _classes(facts, facts.n_read_positive, facts.n_read_negative, 0)
        yield f"{count(facts.n_read, 'case')} read{classes}, of {facts.n_cases} in the dataset."
    elif facts.n_cases is not None:
        yield f"{count(facts.n_cases, 'case')}{_classes_of_all(facts)}."
    if facts.n_rereads:
        yield f"{count(facts.n_rereads, 'case')} read again by the same reader in another session."
    if facts.n_repeats is not None:
        repeats = count(facts.n_repeats, "case") if facts.n_repeats else "No case"
        yield f"{repeats} returned to the same reader unannounced."


def _classes_of_all(facts: StudyFacts) -> str:
    return _classes(facts, facts.n_positive, facts.n_negative, facts.n_without_truth or 0)


def _classes(facts: StudyFacts, n_positive: int | None, n_negative: int | None, n_without: int) -> str:
    if n_positive is None or n_negative is None:
        return ""
    without = f", {n_without} without a reference standard" if n_without else ""
    named = facts.positive_class or "the condition"
    return f" ({n_positive} with {named}, {n_negative} without it{without})"


def sample_size(facts: StudyFacts) -> Filling | None:
    """As planned; else the numbers there were, with the reason left to the authors."""
    if facts.sample_size:
        return Filling(sentence(facts.sample_size), "design")
    told = told_of(_number_parts(facts), "cases")
    return None if told is None else Filling(told.text, told.topic, "how these numbers were chosen")


def included(facts: StudyFacts) -> Filling | None:
    """Cases in the dataset, and exclusions with their reasons."""
    if facts.n_cases is None:
        return None
    text = f"{count(facts.n_cases, 'case')} in the dataset{_classes_of_all(facts)}."
    if facts.exclusions is None:
        return Filling(text, "flow", "exclusions and their reasons")
    excluded = " ".join(sentence(one) for one in facts.exclusions) or "No case was excluded."
    return Filling(f"{text} {excluded}", "flow")


def flow(facts: StudyFacts) -> Filling | None:
    """The diagram, where the report holds it."""
    told = included(facts)
    if not facts.results.flow:
        return None
    return Filling(
        f"Diagram of cases. {told.text if told else ''}".strip(), "flow", told.missing if told else None
    )


def centers(facts: StudyFacts) -> Filling | None:
    """Centers with their numbers of cases; period and setting where stated."""
    parts = []
    if facts.centers:
        listed = "; ".join(f"{name}: {count(number, 'case')}" for name, number in facts.centers)
        parts.append(f"{count(len(facts.centers), 'center')} ({listed}).")
    if facts.setting:
        parts.append(sentence(facts.setting))
    return told_of(parts, "cases", None if facts.setting else "setting, location and dates")


def data_source(facts: StudyFacts) -> Filling | None:
    """Centers; of demonstration data that they are made up."""
    if facts.is_synthetic:
        return Filling("Synthetic demonstration data made by a program; they describe no patient.", "cases")
    told = centers(facts)
    return (
        None
        if told is None
        else Filling(told.text, told.topic, "source of the data and how they were collected")
    )


def measurement(facts: StudyFacts) -> Filling | None:
    """How readings were made: order, interval, clinical information, blinding."""
    told = (facts.randomisation, facts.clinical_information, facts.reader_blinding)
    parts = [*_design_parts(facts), *(sentence(text) for text in told if text)]
    gaps = [
        *([] if facts.clinical_information else ["what clinical information readers had"]),
        *([] if facts.reader_blinding else ["blinding"]),
    ]
    return told_of(parts, "design", joined(gaps) or None)


def independence(facts: StudyFacts) -> Filling | None:
    """Whether readers read without knowledge of each other's reads."""
    if facts.is_independent is None:
        return None
    said = "Readers read independently: none saw another's reads."
    return Filling(said if facts.is_independent else "Reads were not independent of each other.", "design")


def index_blinding(facts: StudyFacts) -> Filling | None:
    """What readers knew and did not know."""
    parts = [sentence(text) for text in (facts.reader_blinding, facts.clinical_information) if text]
    return told_of(
        parts, "design", None if facts.clinical_information else "what clinical information readers had"
    )


def reference(facts: StudyFacts) -> Filling | None:
    """The reference standard, with who set it where known."""
    if not facts.reference_standard:
        return None
    parts = [sentence(facts.reference_standard), *([sentence(facts.annotators)] if facts.annotators else [])]
    return told_of(parts, "reference")


def outcome(facts: StudyFacts) -> Filling | None:
    """What is predicted, and how it was established."""
    if not facts.reference_standard:
        return None
    named = f"Outcome: {facts.positive_class}. " if facts.positive_class else ""
    return Filling(
        f"{named}{sentence(facts.reference_standard)}",
        "reference",
        "time horizon, and why this outcome was chosen",
    )


def models(facts: StudyFacts) -> Filling | None:
    """Each model with version, technology, input, output and digest."""
    if not facts.models:
        return None
    gaps = sorted({gap for model in facts.models for gap in _model_gaps(model)})
    return Filling(
        " ".join(_model_text(model) for model in facts.models), "model", joined(gaps) if gaps else None
    )


def _model_text(model: ModelFacts) -> str:
    version = f", version {model.version}" if model.version else ""
    details = [
        *([sentence(model.technology)] if model.technology else []),
        *([f"Input: {model.inputs}."] if model.inputs else []),
        *([f"Output: {model.output}."] if model.output else []),
        *([f"Weights or definition: SHA-256 {model.weights_sha256}."] if model.weights_sha256 else []),
    ]
    return " ".join([f"{model.name}{version}.", *details])


def _model_gaps(model: ModelFacts) -> Iterator[str]:
    for value, name in (
        (model.version, "version"),
        (model.technology, "kind of model"),
        (model.inputs, "inputs"),
        (model.output, "output"),
    ):
        if not value:
            yield f"{name} of {model.name}"


def development(facts: StudyFacts) -> Filling | None:
    """Where each model was developed."""
    return _of_models(facts, "development", "{name}: {text}", "training, validation and test data")


def preprocessing(facts: StudyFacts) -> Filling | None:
    """What was done to the images before each model."""
    return _of_models(facts, "preprocessing", "{name}: {text}", "preprocessing of the images")


def model_output(facts: StudyFacts) -> Filling | None:
    """What each model gives."""
    return _of_models(facts, "output", "{name} gives {text}", "output")


def thresholds(facts: StudyFacts) -> Filling | None:
    """Cut-offs of readers and models."""
    parts = [f"Readers: {sentence(facts.reader_threshold)}"] if facts.reader_threshold else []
    parts += [f"{model.name}: {sentence(model.threshold)}" for model in facts.models if model.threshold]
    return told_of(parts, "methods", "rationale, and whether each was set beforehand" if parts else None)


def _of_models(facts: StudyFacts, name: str, form: str, what: str) -> Filling | None:
    known = [(model.name, str(getattr(model, name))) for model in facts.models if getattr(model, name)]
    unknown = [model.name for model in facts.models if not getattr(model, name)]
    told = (sentence(form.format(name=model, text=text)) for model, text in known)
    return told_of(told, "model", f"{what} of {joined(unknown)}" if unknown else None)
