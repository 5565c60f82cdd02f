"""From a frozen dataset to the results of the study: agreement, ROC, comparisons, operating points.

Every analysis uses the cases that have all it needs and names the cases it left out with the reason.
The report depends on nothing but the dataset: not on the order of reads, cases, readers or models.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

from backend.analysis.agreement import Category, KappaMatrix, Weights, kappa_matrix
from backend.analysis.errors import NotEstimable
from backend.analysis.methods import METHODS, Method
from backend.analysis.results import Result, check_level
from backend.analysis.roc import (
    AucResult,
    OperatingPoint,
    PairedAucResult,
    RocCurve,
    YoudenCutoffs,
    delong,
    delong_paired,
    operating_point,
    roc_curve,
    youden_cutoffs,
)
from backend.analysis.study_dataset import StudyDataset

RaterKind: TypeAlias = Literal["reader", "consensus", "model"]


@dataclass(frozen=True, slots=True)
class DroppedCase(Result):
    """A case that an analysis left out, and why."""

    case: str
    reason: str


@dataclass(frozen=True, slots=True)
class Curve(Result):
    """Who was measured: a reader or a consensus of readers in an arm, or a model (then ``arm`` is ``None``)."""

    kind: RaterKind
    name: str
    arm: str | None

    @property
    def label(self) -> str:
        """Name for legends and reasons: ``"reader1, AIDED"`` or the model's name."""
        return self.name if self.arm is None else f"{self.name}, {self.arm}"


CALL, SCORE = "rating:call", "rating:score"
"""What the rating gives; no declared question has such a key."""


def question_key(declared: str) -> str:
    """The key of a declared question among what raters are compared on."""
    return f"question:{declared}"


@dataclass(frozen=True, slots=True)
class AgreementTable(Result):
    """A kappa matrix of one question in one arm.

    ``question`` is :data:`CALL`, :data:`SCORE`, or what :func:`question_key` makes of a declared question's key.
    """

    arm: str
    question: str
    label: str
    matrix: KappaMatrix


@dataclass(frozen=True, slots=True)
class CurveResult(Result):
    """AUC, every operating point, Youden cut-offs and the calls at the declared threshold of one curve."""

    curve: Curve
    auc: AucResult
    roc: RocCurve | NotEstimable
    youden: YoudenCutoffs | NotEstimable
    threshold_rule: str
    operating_point: OperatingPoint
    n: int
    dropped: tuple[DroppedCase, ...]


@dataclass(frozen=True, slots=True)
class CurveComparison(Result):
    """Paired DeLong test over the cases that both curves have; the difference is a minus b."""

    kind: Literal["arms", "reader_vs_model"]
    a: Curve
    b: Curve
    result: PairedAucResult
    n: int
    dropped: tuple[DroppedCase, ...]


@dataclass(frozen=True, slots=True)
class StudyReport(Result):
    """All results of a study, ready for JSON, tables and the ROC figure."""

    schema_version: int
    title: str
    dataset_sha256: str
    is_synthetic: bool
    level: float
    positive_class: str
    positive_from: int
    scale: tuple[int, ...]
    n_cases: int
    n_positive: int
    n_negative: int
    n_without_truth: int
    readers: tuple[str, ...]
    arms: tuple[str, ...]
    is_rated: bool
    models: tuple[str, ...]
    agreement: tuple[AgreementTable, ...]
    curves: tuple[CurveResult, ...]
    comparisons: tuple[CurveComparison, ...]
    methods: tuple[Method, ...]


@dataclass(frozen=True, slots=True)
class _Ratings:
    """One curve's input: case -> score and case -> call."""

    curve: Curve
    scores: Mapping[str, float]
    calls: Mapping[str, bool]

    def why_missing(self) -> str:
        return (
            f"no prediction of {self.curve.name}"
            if self.curve.kind == "model"
            else f"not read by {self.curve.label}"
        )


@dataclass(frozen=True, slots=True)
class _AgreementQuestion:
    key: str
    label: str
    raters: Mapping[str, Mapping[str, Category | None]]
    scale: tuple[Category, ...]
    weights: Weights


def study_report(dataset: StudyDataset, *, level: float = 0.95) -> StudyReport:
    """The results of a reader study.

    Parameters
    ----------
    dataset
        The frozen dataset, valid by construction.
    level
        Confidence level of all intervals.

    Returns
    -------
    StudyReport
        Per arm, kappa of readers and models on calls and of readers on the ordinal scale (linear and
        quadratic weights) and on each declared question; per reader and arm, and per model, AUC with
        DeLong interval, ROC points, Youden cut-offs, sensitivity and specificity; per reader, later minus
        earlier arm; per reader, arm and model, model minus reader.

    Raises
    ------
    AnalysisError
        A level outside (0, 1).
    """
    check_level(level)
    readers, models = _reader_ratings(dataset), _model_ratings(dataset)
    agreement = _agreement(dataset, readers, models, level)
    rated = [*readers, *models] if dataset.is_rated else []
    curves = tuple(_curve_result(dataset, ratings, level) for ratings in rated)
    comparisons = _comparisons(dataset, readers, models, level) if dataset.is_rated else ()
    truths = list(dataset.truth.values())
    return StudyReport(
        schema_version=1,
        title=dataset.title,
        dataset_sha256=dataset.content_sha256(),
        is_synthetic=dataset.is_synthetic,
        level=level,
        positive_class=dataset.positive_class,
        positive_from=dataset.positive_from,
        scale=dataset.scale,
        n_cases=len(truths),
        n_positive=truths.count(True),
        n_negative=truths.count(False),
        n_without_truth=truths.count(None),
        readers=dataset.readers,
        arms=dataset.arms,
        is_rated=dataset.is_rated,
        models=tuple(ratings.curve.name for ratings in models),
        agreement=agreement,
        curves=curves,
        comparisons=comparisons,
        methods=_methods_used(agreement, curves, comparisons),
    )


def _reader_ratings(dataset: StudyDataset) -> list[_Ratings]:
    """One entry a reader and arm with at least one read, by reader, then arm in the order of the design."""
    entries = []
    for reader in dataset.readers:
        for arm in dataset.arms:
            own = [read for read in dataset.reads if (read.reader, read.arm) == (reader, arm)]
            scores = {read.case: read.score for read in own if read.score is not None}
            calls = {case: score >= dataset.positive_from for case, score in scores.items()}
            if own:
                entries.append(_Ratings(Curve("reader", reader, arm), scores, calls))
    return entries


def _model_ratings(dataset: StudyDataset) -> list[_Ratings]:
    return [
        _Ratings(
            Curve("model", model.name, None),
            {output.case: output.score for output in model.predictions},
            {output.case: output.is_positive for output in model.predictions},
        )
        for model in sorted(dataset.models, key=lambda model: model.name)
    ]


def _agreement(
    dataset: StudyDataset, readers: list[_Ratings], models: list[_Ratings], level: float
) -> tuple[AgreementTable, ...]:
    tables = []
    for arm in dataset.arms:
        here = [ratings for ratings in readers if ratings.curve.arm == arm]
        for question in _agreement_questions(dataset, arm, here, models) if here else ():
            raters = _over_all_cases(dataset, question.raters)
            matrix = kappa_matrix(raters, question.scale, question.weights, level=level)
            tables.append(AgreementTable(arm, question.key, question.label, matrix))
    return tuple(tables)


def _agreement_questions(
    dataset: StudyDataset, arm: str, readers: list[_Ratings], models: list[_Ratings]
) -> list[_AgreementQuestion]:
    calls = {ratings.curve.name: ratings.calls for ratings in [*readers, *models]}
    scores = {
        ratings.curve.name: {case: int(score) for case, score in ratings.scores.items()}
        for ratings in readers
    }
    declared = [
        _AgreementQuestion(
            question_key(item.key),
            item.label,
            _answers(dataset, arm, item.key),
            item.categories,
            "unweighted",
        )
        for item in sorted(dataset.questions, key=lambda item: item.key)
    ]
    if not dataset.is_rated:
        return declared
    label = f"Called positive (readers: score >= {dataset.positive_from})"
    return [
        _AgreementQuestion(CALL, label, calls, (False, True), "unweighted"),
        _AgreementQuestion(SCORE, "Ordinal score", scores, dataset.scale, "linear"),
        _AgreementQuestion(SCORE, "Ordinal score", scores, dataset.scale, "quadratic"),
        *declared,
    ]


def _answers(dataset: StudyDataset, arm: str, key: str) -> dict[str, dict[str, Category | None]]:
    answers: dict[str, dict[str, Category | None]] = {}
    for read in dataset.reads:
        if read.arm == arm:
            answers.setdefault(read.reader, {})[read.case] = read.answers.get(key)
    return answers


def _over_all_cases(
    dataset: StudyDataset, raters: Mapping[str, Mapping[str, Category | None]]
) -> dict[str, dict[str, Category | None]]:
    """The raters' answers spread over every case of the study, so that no unread case goes uncounted."""
    return {name: {case: given.get(case) for case in dataset.truth} for name, given in raters.items()}


def _complete(dataset: StudyDataset, *ratings: _Ratings) -> tuple[list[str], tuple[DroppedCase, ...]]:
    """The cases with truth and with all the ratings, sorted, and the others with the reason."""
    complete, dropped = [], []
    for case in sorted(dataset.truth):
        reasons = [] if dataset.truth[case] is not None else ["no truth"]
        reasons += [entry.why_missing() for entry in ratings if case not in entry.scores]
        if reasons:
            dropped.append(DroppedCase(case, "; ".join(reasons)))
        else:
            complete.append(case)
    return complete, tuple(dropped)


def _curve_result(dataset: StudyDataset, ratings: _Ratings, level: float) -> CurveResult:
    cases, dropped = _complete(dataset, ratings)
    truth = [dataset.truth[case] is True for case in cases]
    scores = [ratings.scores[case] for case in cases]
    roc = roc_curve(truth, scores)
    is_model = ratings.curve.kind == "model"
    return CurveResult(
        curve=ratings.curve,
        auc=delong(truth, scores, level=level),
        roc=roc,
        youden=roc if isinstance(roc, NotEstimable) else youden_cutoffs(roc),
        threshold_rule="the model's own cut-off" if is_model else f"score >= {dataset.positive_from}",
        operating_point=operating_point(
            truth, [ratings.calls[case] for case in cases], positive_class=dataset.positive_class, level=level
        ),
        n=len(cases),
        dropped=dropped,
    )


def _comparisons(
    dataset: StudyDataset, readers: list[_Ratings], models: list[_Ratings], level: float
) -> tuple[CurveComparison, ...]:
    def compare(kind: Literal["arms", "reader_vs_model"], a: _Ratings, b: _Ratings) -> CurveComparison:
        cases, dropped = _complete(dataset, a, b)
        truth = [dataset.truth[case] is True for case in cases]
        scores_a, scores_b = [a.scores[case] for case in cases], [b.scores[case] for case in cases]
        result = delong_paired(truth, scores_a, scores_b, level=level)
        return CurveComparison(kind, a.curve, b.curve, result, len(cases), dropped)

    arms = [
        compare("arms", later, earlier)
        for earlier, later in combinations(readers, 2)
        if earlier.curve.name == later.curve.name
    ]
    return (*arms, *(compare("reader_vs_model", model, reader) for reader in readers for model in models))


def _methods_used(
    agreement: tuple[AgreementTable, ...],
    curves: tuple[CurveResult, ...],
    comparisons: tuple[CurveComparison, ...],
) -> tuple[Method, ...]:
    used = {f"kappa_{table.matrix.weights}" for table in agreement}
    if curves:
        used |= {"auc_delong", "operating_point", "youden"}
    if comparisons:
        used.add("delong_paired")
    return tuple(method for key, method in METHODS.items() if key in used)
