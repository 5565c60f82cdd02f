"""What readers and models were asked, as agreement compares it: the call, the ordinal score, declared questions."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.analysis.agreement import Category, Weights
from backend.analysis.formats.analysis_plan import Measurement
from backend.analysis.pipeline.results import key_part
from backend.analysis.pipeline.study import Study
from backend.analysis.study_dataset import Question, ReadRecord
from backend.analysis.study_report import CALL, SCORE, question_key

ORDERED_WEIGHTS: tuple[Weights, ...] = ("unweighted", "linear", "quadratic")
MeasuredAt = tuple[str, str, int, bool]
"""Reader, case, session, and whether the read is a hidden repeat."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with its answers.

    Attributes
    ----------
    key
        ``rating:call`` and ``rating:score`` of what the rating gives, ``question:`` and its key of a declared one, so
        that no declared key can be taken for a derived one; a slash in it is quoted.
    label
        No two questions of a study have the same.
    declared
        The key of a declared question; ``None`` of what the rating gives.
    """

    key: str
    label: str
    scale: tuple[Category, ...]
    weights: tuple[Weights, ...]
    of_read: Callable[[ReadRecord], Category | None]
    of_models: Mapping[str, Mapping[str, Category | None]]
    positive: Category | None = None
    is_ordinal: bool = False
    declared: str | None = None


def asked_questions(study: Study) -> list[AskedQuestion]:
    """The call and the score of a rated study, then the declared questions by key."""
    dataset = study.study
    found = _of_rating(study) if dataset.has_rated_reads and dataset.reads else []
    taken = Counter([*(one.label for one in found), *(one.label for one in dataset.questions)])
    for item in sorted(dataset.questions, key=lambda item: item.key):
        found.append(
            AskedQuestion(
                key_part(question_key(item.key)),
                item.label if taken[item.label] == 1 else f"{item.label} ({item.key})",
                item.categories,
                ORDERED_WEIGHTS if _is_ordered(study, item) else ("unweighted",),
                _answer_of(item.key),
                study.files.extras.model_answers.get(item.key, {}),
                is_ordinal=_is_ordered(study, item),
                positive=_positive(study, item),
                declared=item.key,
            )
        )
    return found


def _is_ordered(study: Study, item: Question) -> bool:
    """Whether the categories ascend, as the question or the plan's ``ordered`` declares; of two no order matters."""
    planned = [str(level) for level in study.plan.ordered.get(item.key, ())]
    is_planned = planned == [str(category) for category in item.categories]
    return len(item.categories) > 2 and (item.is_ordered or is_planned)


def _positive(study: Study, question: Question) -> Category | None:
    """The positive answer that the plan declares."""
    declared = study.plan.positive_answers.get(question.key)
    return next((one for one in question.categories if str(one) == declared), None)


def _of_rating(study: Study) -> list[AskedQuestion]:
    dataset = study.study
    call = AskedQuestion(
        CALL,
        f"Called {dataset.positive_class} (readers: score >= {dataset.positive_from})",
        (False, True),
        ("unweighted",),
        lambda read: None if read.score is None else read.score >= dataset.positive_from,
        {one.curve.name: one.calls for one in study.models()},
        positive=True,
    )
    if len(dataset.scale) == 2:
        return [call]
    score = AskedQuestion(
        SCORE,
        "Ordinal score",
        dataset.scale,
        ("linear", "quadratic"),
        lambda read: read.score,
        {},
        is_ordinal=True,
    )
    return [call, score]


def _answer_of(key: str) -> Callable[[ReadRecord], Category | None]:
    return lambda read: read.answers.get(key)


def measured(study: Study, arm: str, key: str) -> dict[MeasuredAt, float]:
    """The values of a measurement in an arm."""
    return {
        (one.reader, one.case, one.session, one.is_repeat): float(one.value)
        for one in study.files.answers
        if (one.arm, one.question) == (arm, key) and one.value
    }


def measured_label(study: Study, one: Measurement, arm: str) -> str:
    """``Short axis (mm), UNAIDED``; where two measurements have one label, with the key."""
    twice = sum(other.label == one.label for other in study.files.design.measurements) > 1
    named = f"{one.label} [{one.key}]" if twice else one.label
    return f"{named} ({one.unit}), {arm}" if one.unit else f"{named}, {arm}"
