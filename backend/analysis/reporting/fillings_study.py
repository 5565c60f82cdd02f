"""What the facts of a study say of its form, its samples, and the columns that its plan names."""

from backend.analysis.reporting.filling import Filling, sentence, told_of
from backend.analysis.reporting.study_facts import StudyFacts
from backend.analysis.reporting.words import count, joined


def instrument(facts: StudyFacts) -> Filling | None:
    """What the form of the reads holds, given or derived, and how the images were acquired."""
    parts = []
    if facts.instruments:
        parts.append(f"Form of the reads: {'; '.join(facts.instruments)}.")
    if facts.acquisition:
        parts.append(sentence(facts.acquisition))
    gaps = [
        *([] if facts.instruments else ["the scale that readers rated on"]),
        *([] if facts.acquisition else ["the images that it was read from"]),
    ]
    return told_of(parts, "cases", joined(gaps) or None)


def samples(facts: StudyFacts) -> Filling | None:
    """How cases and readers were sampled."""
    parts = [sentence(text) for text in (facts.sampling, facts.reader_sampling) if text]
    gaps = [
        *([] if facts.sampling else ["sampling of the cases"]),
        *([] if facts.reader_sampling else ["sampling of the readers"]),
    ]
    return told_of(parts, "cases", joined(gaps) or None)


def selection(facts: StudyFacts) -> Filling | None:
    """Which part of the cases was read."""
    if facts.n_read is None or facts.n_cases is None or facts.n_read == facts.n_cases:
        return None
    text = f"{count(facts.n_read, 'case')} read, of {facts.n_cases} in the dataset."
    return Filling(text, "cases", "how these were chosen")


def reference_classes(facts: StudyFacts) -> Filling | None:
    """The two classes of the reference standard."""
    if not facts.positive_class or not facts.n_positive:
        return None
    return Filling(
        f"Two classes: {facts.positive_class}, or not.",
        "reference",
        "from which finding on it is positive, and whether that was set beforehand",
    )


def predictor_choice(facts: StudyFacts) -> Filling | None:
    """The predictors that the plan names; why these is left to the authors."""
    return _predictors(facts, "from which candidates they were chosen, and on what grounds")


def predictor_definitions(facts: StudyFacts) -> Filling | None:
    """The predictors that the plan names; what they are is left to the authors."""
    return _predictors(facts, "definition, unit, and how and when each was measured, and what was known then")


def _predictors(facts: StudyFacts, missing: str) -> Filling | None:
    parts = []
    if facts.predictors:
        parts.append(f"Planned predictors of the reference standard: {joined(facts.predictors)}.")
    if facts.covariates:
        always = f", of which {joined(facts.clinical)} always entered" if facts.clinical else ""
        parts.append(f"Planned covariates of the Cox models: {joined(facts.covariates)}{always}.")
    return told_of(parts, "methods", missing)
