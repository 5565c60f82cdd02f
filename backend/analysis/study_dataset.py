"""The frozen dataset of a reader study: plain records in, every inconsistency refused by name."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backend.analysis.agreement import Category
from backend.analysis.errors import AnalysisError
from backend.analysis.results import JsonValue, Result


@dataclass(frozen=True, slots=True)
class ReadRecord(Result):
    """One locked read. ``answers`` holds the categorical answers by question key, ``None`` if left open.

    ``score`` is ``None`` in a study without a rating, and where the rating was left open. ``is_repeat`` marks a read
    in which the case came back within the session, unannounced (a hidden repeat).
    """

    reader: str
    arm: str
    session: int
    case: str
    score: int | None
    answers: Mapping[str, Category | None] = field(default_factory=dict)
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class PredictionRecord(Result):
    """One model output: ``score`` ranks the cases, ``is_positive`` is the call at the model's own cut-off."""

    case: str
    score: float
    probability: float | None
    is_positive: bool


@dataclass(frozen=True, slots=True)
class ModelOutputs(Result):
    """All outputs of one version of one model; ``name`` stands beside readers in tables and figures."""

    name: str
    version: str
    predictions: tuple[PredictionRecord, ...]


@dataclass(frozen=True, slots=True)
class Question(Result):
    """A categorical question of the form whose agreement is reported, with its full declared scale.

    Attributes
    ----------
    is_ordered
        Whether the categories ascend: a disagreement then counts the more, the farther apart two answers are.
    """

    key: str
    label: str
    categories: tuple[Category, ...]
    is_ordered: bool = False

    def as_declared(self) -> dict[str, JsonValue]:
        """As ``study.json`` has it: an order that is not declared is left out, and leaves digests as they were."""
        content = self.to_json()
        if not self.is_ordered:
            del content["is_ordered"]
        return content


@dataclass(frozen=True, slots=True)
class StudyDataset(Result):
    """Everything that the report is computed from.

    Attributes
    ----------
    title
        The study's title, repeated on tables and figures.
    truth
        Every case of the study: True positive, False negative, ``None`` without a reference standard.
    arms
        The reading conditions in the order of the design, for example ``("UNAIDED", "AIDED")``.
    scale
        The declared ordinal scale of the readers' score, ascending.
    positive_from
        A reader's score at or above this calls the case positive.
    positive_class
        What a positive case has, for example ``"metastatic node"``.
    consensus
        Consensus readings: what several readers gave together for a case, with the name of the consensus as the
        reader. They are of no single reader, so they stand apart from ``reads``.
    is_rated
        Whether the form has a rating that is compared with the reference standard. Without one there are no
        curves and no calls, and the readers' agreement on the declared questions is all.
    is_synthetic
        True for demonstration data, which the report and the figure then say.
    """

    title: str
    reads: tuple[ReadRecord, ...]
    truth: Mapping[str, bool | None]
    arms: tuple[str, ...]
    models: tuple[ModelOutputs, ...] = ()
    questions: tuple[Question, ...] = ()
    scale: tuple[int, ...] = (1, 2, 3, 4, 5)
    positive_from: int = 3
    positive_class: str = "positive"
    is_synthetic: bool = False
    is_rated: bool = True
    consensus: tuple[ReadRecord, ...] = ()

    def __post_init__(self) -> None:
        _check_design(self)
        _check_reads(self)
        _check_models(self)

    @property
    def readers(self) -> tuple[str, ...]:
        """The readers' names, sorted."""
        return tuple(sorted({read.reader for read in self.reads}))

    @property
    def has_rated_reads(self) -> bool:
        """Whether the readers' form has the rating; beside a consensus that alone gives it, theirs has not."""
        return self.is_rated and (not self.consensus or any(read.score is not None for read in self.reads))

    @property
    def consensus_names(self) -> tuple[str, ...]:
        """The names of the consensus readings, sorted."""
        return tuple(sorted({read.reader for read in self.consensus}))

    def content_sha256(self) -> str:
        """SHA-256 of the dataset's canonical JSON; the order of reads, cases and predictions has no part."""
        content = self.to_json()
        # No hidden repeat is among the reads: what says so of each of them would only change every earlier digest.
        content["questions"] = [question.as_declared() for question in self.questions]
        content["reads"] = _without_repeats(self.reads)
        if self.consensus:
            content["consensus"] = _without_repeats(self.consensus)
        else:
            # What a dataset does not have leaves its digest as it was before there was such a thing.
            del content["consensus"]
        content["models"] = [
            {
                **model.to_json(),
                "predictions": [p.to_json() for p in sorted(model.predictions, key=lambda p: p.case)],
            }
            for model in sorted(self.models, key=lambda model: model.name)
        ]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _read_key(read: ReadRecord) -> tuple[str, str, str]:
    return read.reader, read.arm, read.case


def _without_repeats(reads: Iterable[ReadRecord]) -> list[JsonValue]:
    return [
        {key: value for key, value in read.to_json().items() if key != "is_repeat"}
        for read in sorted(reads, key=_read_key)
    ]


def _check_unique(values: Iterable[object], what: str) -> None:
    repeated = sorted(str(value) for value, count in Counter(values).items() if count > 1)
    if repeated:
        raise AnalysisError("repeated", f"{what} {repeated[0]} stands in the dataset more than once")


def _check_design(dataset: StudyDataset) -> None:
    if not dataset.truth:
        raise AnalysisError("no_cases", "the dataset has no case")
    if len(dataset.scale) < 2 or list(dataset.scale) != sorted(set(dataset.scale)):
        raise AnalysisError("scale_not_ascending", f"the scale {list(dataset.scale)} does not ascend")
    if dataset.positive_from not in dataset.scale[1:]:
        raise AnalysisError(
            "threshold_not_on_scale",
            f"positive from {dataset.positive_from} does not divide {list(dataset.scale)}",
        )
    for case, positive in dataset.truth.items():
        if not isinstance(positive, bool) and positive is not None:
            raise AnalysisError("not_boolean", f"the truth of case {case} is {positive!r}, not true or false")
    _check_unique(dataset.arms, "arm")
    _check_unique((question.key for question in dataset.questions), "question")


def _check_reads(dataset: StudyDataset) -> None:
    questions = {question.key: question.categories for question in dataset.questions}
    for read in (*dataset.reads, *dataset.consensus):
        where = f"the read of case {read.case} by {read.reader} in {read.arm}"
        if read.case not in dataset.truth:
            raise AnalysisError("unknown_case", f"{where}: the case is not of the study")
        if read.is_repeat:
            raise AnalysisError("hidden_repeat", f"{where}: a hidden repeat is no first read")
        if read.arm not in dataset.arms:
            raise AnalysisError("unknown_arm", f"{where}: the arm is not of the design {list(dataset.arms)}")
        if read.score is not None and not dataset.is_rated:
            raise AnalysisError("score_without_rating", f"{where}: a score, and the study has no rating")
        if read.score is not None and (isinstance(read.score, bool) or read.score not in dataset.scale):
            raise AnalysisError(
                "score_not_on_scale", f"{where}: score {read.score!r} is not on {list(dataset.scale)}"
            )
        for key, answer in read.answers.items():
            if key in questions and answer is not None and answer not in questions[key]:
                raise AnalysisError("unknown_category", f"{where}: {answer!r} is no answer to {key}")
    _check_unique(
        (
            f"of case {read.case} by {read.reader} in {read.arm}"
            for read in (*dataset.reads, *dataset.consensus)
        ),
        "the read",
    )


def _check_models(dataset: StudyDataset) -> None:
    models = (model.name for model in dataset.models)
    _check_unique([*dataset.readers, *dataset.consensus_names, *models], "the reader or model")
    for model in dataset.models:
        _check_unique(
            (f"of {model.name} for case {output.case}" for output in model.predictions), "the prediction"
        )
        for output in model.predictions:
            where = f"the prediction of {model.name} for case {output.case}"
            if output.case not in dataset.truth:
                raise AnalysisError("unknown_case", f"{where}: the case is not of the study")
            if not math.isfinite(output.score):
                raise AnalysisError("score_not_finite", f"{where}: the score is {output.score}")
            if output.probability is not None and not 0.0 <= output.probability <= 1.0:
                raise AnalysisError(
                    "probability_out_of_range", f"{where}: the probability is {output.probability}"
                )
            if not isinstance(output.is_positive, bool):
                raise AnalysisError("not_boolean", f"{where}: the call is {output.is_positive!r}")
