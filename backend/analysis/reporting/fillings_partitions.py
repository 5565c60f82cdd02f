"""What the facts say of partitions of the data, and of what others need to predict with a model."""

from collections.abc import Iterator, Sequence

from backend.analysis.reporting import fillings
from backend.analysis.reporting.filling import Filling, sentence, told_of
from backend.analysis.reporting.study_facts import PartitionFacts, StudyFacts
from backend.analysis.reporting.words import count, joined

HOW_ASSIGNED = "how cases were assigned to these cohorts"
ON_WHICH = "on which of these cohorts each model was trained, tuned and tested, if on any"
SPECIFICATION = (
    "the model's equation, code or weights, or where they can be had, and restrictions of their use"
)


def partitions(facts: StudyFacts) -> Filling | None:
    """The cohorts with their numbers, on which of them models were made, and what each model says of itself."""
    own = fillings.development(facts)
    if not facts.partitions:
        return own
    parts = [_listed("Cohorts of the dataset", facts.partitions)]
    parts += [*_without_cohort(facts), *_purposes(facts.partitions)]
    missing = [HOW_ASSIGNED]
    if facts.partitions[0].is_development is None:
        missing.append(ON_WHICH)
    if own is not None:
        parts.append(own.text)
    unknown = [one.name for one in facts.models if not one.development]
    if unknown:
        missing.append(f"training, validation and test data of {joined(unknown)}")
    return told_of(parts, "cases", "; ".join(missing))


def disjoint(facts: StudyFacts) -> Filling | None:
    """Whether patients or centers have cases in several cohorts."""
    if len(facts.partitions) < 2 or not facts.shared_units:
        return None
    told = []
    for one in facts.shared_units:
        units = count(one.n, one.what)
        shared = f"{one.n_shared} of {units} have" if one.n_shared != 1 else f"1 of {units} has"
        told.append(
            f"{shared} cases in several cohorts."
            if one.n_shared
            else f"No {one.what} has cases in more than one cohort ({units})."
        )
    known = {one.what for one in facts.shared_units}
    return told_of(told, "cases", None if "patient" in known else "whether cohorts share patients")


def external(facts: StudyFacts) -> Filling | None:
    """The cohorts on which no model was made; else what each model says of itself."""
    evaluated = [one for one in facts.partitions if one.is_development is False]
    own = fillings.development(facts)
    if not evaluated:
        return own
    told = [_listed("Cohorts on which, as declared, no model was made", evaluated)]
    if own is not None:
        told.append(own.text)
    return told_of(told, "cases", "whether these are of other centers or times than the development data")


def differences(facts: StudyFacts) -> Filling | None:
    """Table 1 sets the cohorts beside each other; what follows is the authors' to say."""
    kinds = {one.is_development for one in facts.partitions}
    if not facts.results.table_one or not {True, False} <= kinds:
        return None
    return Filling(
        "The cohorts that models were made on and the others stand beside each other in the table of the cases.",
        "table_one",
        "what their differences mean for the results",
    )


def specification(facts: StudyFacts) -> Filling | None:
    """Each model as far as it is known, and what others need to predict with it."""
    own = fillings.models(facts)
    if own is None:
        return None
    if facts.code_availability:
        return Filling(f"{own.text} {sentence(facts.code_availability)}", own.topic, own.missing)
    return Filling(own.text, own.topic, "; ".join([*([own.missing] if own.missing else []), SPECIFICATION]))


def _listed(title: str, found: Sequence[PartitionFacts]) -> str:
    return f"{title}: {'; '.join(map(_numbers, found))}."


def _numbers(one: PartitionFacts) -> str:
    without = one.n_cases - one.n_positive - one.n_negative
    lacking = f", {without} without a reference standard" if without else ""
    return f"{one.name}, {count(one.n_cases, 'case')} ({one.n_positive} positive, {one.n_negative} negative{lacking})"


def _without_cohort(facts: StudyFacts) -> Iterator[str]:
    lacking = (facts.n_cases or 0) - sum(one.n_cases for one in facts.partitions)
    if lacking > 0:
        yield f"{count(lacking, 'case')} without a cohort."


def _purposes(found: Sequence[PartitionFacts]) -> Iterator[str]:
    made = [one.name for one in found if one.is_development]
    if not made:
        return
    rest = [one.name for one in found if not one.is_development]
    others = f", and none on {joined(rest)}" if rest else ""
    yield f"As declared, models were made on {joined(made)}{others}."
