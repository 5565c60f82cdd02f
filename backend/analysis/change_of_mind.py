"""Change of mind: what each reader answered to each case before and after seeing the model.

The unit is a pair: one reader on one case, read in both arms. A pair needs both reads and the truth;
the pairs that lack one are left out by name. A call is right when it agrees with the truth at the
declared threshold. Four things can happen to a call (moved right, moved wrong, stayed right, stayed
wrong), and where the model's call is known four to its advice: the reader disagreed at first and followed
it or kept to the own call, or agreed at first and stayed or left it. Following is counted among the
disagreements only, apart for cases where the model is right and where it is wrong, because only there can
a reader be helped or misled.

Inference: McNemar's exact and mid-p test for one reader; over readers the stratified and the clustered
tests of :mod:`paired_calls`, for all calls (accuracy), positive cases (sensitivity) and negative cases
(specificity); for time, Student's t on the logs for one reader and a linear mixed model of the paired log
differences with random readers and random cases over readers. None of these corrects for the order of the
arms: :mod:`periods` shows what the design can say about that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.analysis.change_of_time import PooledTimeChange, TimeChange, pooled_time_change, time_change
from backend.analysis.errors import AnalysisError, Estimate
from backend.analysis.paired_calls import McNemarResult, PairedCall, PooledPairs, mcnemar_test, pooled_pairs
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.reading_time import TimedRead, seconds_by_read
from backend.analysis.results import Result, check_level
from backend.analysis.roc import PairedAucResult, delong_paired
from backend.analysis.study_dataset import StudyDataset

Move: TypeAlias = Literal["moved right", "moved wrong", "stayed right", "stayed wrong"]
Response: TypeAlias = Literal["followed", "kept own", "stayed with model", "left model"]
Measure: TypeAlias = Literal["auc", "accuracy", "sensitivity", "specificity"]


@dataclass(frozen=True, slots=True)
class CaseChange(Result):
    """One pair. ``response`` and ``model_call`` are ``None`` without a prediction, the times without one."""

    reader: str
    case: str
    positive: bool
    score_before: int
    score_after: int
    call_before: bool
    call_after: bool
    move: Move
    model_call: bool | None
    response: Response | None
    seconds_before: float | None
    seconds_after: float | None


@dataclass(frozen=True, slots=True)
class LeftOutPair(Result):
    """A reader and case that lack something, and what."""

    reader: str
    case: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reclassification(Result):
    """Pairs by score: rows before, columns after, in the order of the scale, apart by truth."""

    scale: tuple[int, ...]
    positive: tuple[tuple[int, ...], ...]
    negative: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Moves(Result):
    """Counts of the four moves, and of scores that moved toward and away from the truth."""

    moved_right: int
    moved_wrong: int
    stayed_right: int
    stayed_wrong: int
    score_toward_truth: int
    score_away_from_truth: int
    score_unchanged: int


@dataclass(frozen=True, slots=True)
class ModelAdvice(Result):
    """What became of the model's advice, over the pairs with a prediction.

    Attributes
    ----------
    followed_right, followed_wrong
        Of the pairs that disagreed with the model before, those that agree with it after: where the
        model is right (helped), and where it is wrong (misled).
    left_right, left_wrong
        Of the pairs that agreed with the model before, those that do not after, likewise.
    """

    model: str
    n: int
    without_prediction: int
    followed_right: Proportion
    followed_wrong: Proportion
    left_right: Proportion
    left_wrong: Proportion


@dataclass(frozen=True, slots=True)
class Slope(Result):
    """One line of the slope plot: a measure before and after."""

    measure: Measure
    before: Estimate
    after: Estimate


@dataclass(frozen=True, slots=True)
class ReaderChange(Result):
    """All that changed for one reader; McNemar's tests count right calls."""

    reader: str
    n: int
    n_positive: int
    n_negative: int
    reclassification: Reclassification
    moves: Moves
    advice: ModelAdvice | None
    accuracy: McNemarResult
    sensitivity: McNemarResult
    specificity: McNemarResult
    auc: PairedAucResult
    slopes: tuple[Slope, ...]
    time: TimeChange


@dataclass(frozen=True, slots=True)
class PooledChange(Result):
    """All readers together; the counts simply add."""

    n: int
    reclassification: Reclassification
    moves: Moves
    advice: ModelAdvice | None
    accuracy: PooledPairs
    sensitivity: PooledPairs
    specificity: PooledPairs
    time: PooledTimeChange


@dataclass(frozen=True, slots=True)
class ChangeOfMind(Result):
    """The whole analysis; ``before`` and ``after`` are arms, ``model`` the one whose calls are compared."""

    method: str
    before: str
    after: str
    model: str | None
    positive_from: int
    level: float
    readers: tuple[ReaderChange, ...]
    pooled: PooledChange
    pairs: tuple[CaseChange, ...]
    left_out: tuple[LeftOutPair, ...]
    warnings: tuple[str, ...]


def change_of_mind(
    dataset: StudyDataset,
    *,
    before: str,
    after: str,
    model: str | None = None,
    times: Sequence[TimedRead] = (),
    level: float = 0.95,
) -> ChangeOfMind:
    """What changed from the arm ``before`` to the arm ``after``.

    Parameters
    ----------
    dataset
        The frozen dataset, valid by construction, with a rating.
    model
        Name of the model whose calls the readers saw; ``None`` leaves its advice out.
    times
        Reading times; pairs without both have no part in the times, and keep theirs in the calls.

    Raises
    ------
    AnalysisError
        ``unknown_arm``, ``same_arm``, ``unknown_model``, ``score_without_rating``, ``no_pairs`` (no
        reader has a case with truth in both arms), those of the times, ``level_out_of_range``.
    """
    check_level(level)
    _check_names(dataset, before, after, model)
    pairs, left_out = _pairs(dataset, before, after, model, seconds_by_read(times))
    if not pairs:
        raise AnalysisError("no_pairs", f"no reader has a case with truth in both {before} and {after}")
    readers = sorted({pair.reader for pair in pairs})
    alone = tuple(
        _reader_change(dataset, model, [pair for pair in pairs if pair.reader == name], level)
        for name in readers
    )
    unpaired = sorted(set(dataset.readers) - set(readers))
    return ChangeOfMind(
        method="change_of_mind",
        before=before,
        after=after,
        model=model,
        positive_from=dataset.positive_from,
        level=level,
        readers=alone,
        pooled=_pooled_change(dataset, model, pairs, level),
        pairs=tuple(pairs),
        left_out=tuple(left_out),
        warnings=tuple(f"{name} has no case with truth in both arms." for name in unpaired),
    )


def _check_names(dataset: StudyDataset, before: str, after: str, model: str | None) -> None:
    for arm in (before, after):
        if arm not in dataset.arms:
            raise AnalysisError("unknown_arm", f"the arm {arm} is not of the design {list(dataset.arms)}")
    if before == after:
        raise AnalysisError("same_arm", f"a change needs two arms, not {before} twice")
    if not dataset.is_rated:
        raise AnalysisError("score_without_rating", "the study has no rating, so no call can change")
    if model is not None and model not in {outputs.name for outputs in dataset.models}:
        raise AnalysisError("unknown_model", f"the dataset has no model {model}")


def _pairs(
    dataset: StudyDataset,
    before: str,
    after: str,
    model: str | None,
    seconds: Mapping[tuple[str, str, str], float],
) -> tuple[list[CaseChange], list[LeftOutPair]]:
    scores = {(r.reader, r.arm, r.case): r.score for r in dataset.reads if r.score is not None}
    calls = {
        output.case: output.is_positive
        for outputs in dataset.models
        if outputs.name == model
        for output in outputs.predictions
    }
    read = {(r.reader, r.case) for r in dataset.reads if r.arm in (before, after)}
    pairs, left_out = [], []
    for reader in dataset.readers:
        for case in sorted(dataset.truth):
            if (reader, case) not in read:
                continue
            first, second = scores.get((reader, before, case)), scores.get((reader, after, case))
            truth = dataset.truth[case]
            reasons = [f"no score in {arm}" for arm, x in ((before, first), (after, second)) if x is None]
            if truth is None:
                reasons.append("no truth")
            if first is None or second is None or truth is None:
                left_out.append(LeftOutPair(reader, case, "; ".join(reasons)))
                continue
            times = (seconds.get((reader, before, case)), seconds.get((reader, after, case)))
            cut = dataset.positive_from
            pairs.append(
                _case_change(
                    reader, case, (first, second), cut, times, truth=truth, model_call=calls.get(case)
                )
            )
    return pairs, left_out


def _case_change(
    reader: str,
    case: str,
    scores: tuple[int, int],
    cut: int,
    times: tuple[float | None, float | None],
    *,
    truth: bool,
    model_call: bool | None,
) -> CaseChange:
    before, after = scores[0] >= cut, scores[1] >= cut
    moves: dict[tuple[bool, bool], Move] = {
        (False, True): "moved right",
        (True, False): "moved wrong",
        (True, True): "stayed right",
        (False, False): "stayed wrong",
    }
    responses: dict[tuple[bool, bool], Response] = {
        (False, True): "followed",
        (False, False): "kept own",
        (True, True): "stayed with model",
        (True, False): "left model",
    }
    response = None if model_call is None else responses[before == model_call, after == model_call]
    move = moves[before == truth, after == truth]
    return CaseChange(reader, case, truth, *scores, before, after, move, model_call, response, *times)


def _reader_change(
    dataset: StudyDataset, model: str | None, pairs: list[CaseChange], level: float
) -> ReaderChange:
    truth = [pair.positive for pair in pairs]
    auc = delong_paired(
        truth, [pair.score_after for pair in pairs], [pair.score_before for pair in pairs], level=level
    )
    accuracy, sensitivity, specificity = (mcnemar_test(group, level=level) for group in _right(pairs))
    slopes = (
        Slope("auc", auc.auc_b, auc.auc_a),
        Slope("accuracy", accuracy.before, accuracy.after),
        Slope("sensitivity", sensitivity.before, sensitivity.after),
        Slope("specificity", specificity.before, specificity.after),
    )
    return ReaderChange(
        reader=pairs[0].reader,
        n=len(pairs),
        n_positive=sum(truth),
        n_negative=len(truth) - sum(truth),
        reclassification=_reclassification(dataset.scale, pairs),
        moves=_moves(pairs),
        advice=None if model is None else _advice(model, pairs, level),
        accuracy=accuracy,
        sensitivity=sensitivity,
        specificity=specificity,
        auc=auc,
        slopes=slopes,
        time=time_change([(p.seconds_before, p.seconds_after) for p in pairs], level=level),
    )


def _pooled_change(
    dataset: StudyDataset, model: str | None, pairs: list[CaseChange], level: float
) -> PooledChange:
    accuracy, sensitivity, specificity = (pooled_pairs(group, level=level) for group in _right(pairs))
    timed = [(p.reader, p.case, p.seconds_before, p.seconds_after) for p in pairs]
    return PooledChange(
        n=len(pairs),
        reclassification=_reclassification(dataset.scale, pairs),
        moves=_moves(pairs),
        advice=None if model is None else _advice(model, pairs, level),
        accuracy=accuracy,
        sensitivity=sensitivity,
        specificity=specificity,
        time=pooled_time_change(timed, level=level),
    )


def _right(pairs: list[CaseChange]) -> tuple[list[PairedCall], list[PairedCall], list[PairedCall]]:
    """Right calls before and after: of all pairs, of the positive cases, of the negative ones."""
    made = [
        PairedCall(p.reader, p.case, p.call_before == p.positive, p.call_after == p.positive) for p in pairs
    ]
    positive = [call for call, pair in zip(made, pairs, strict=True) if pair.positive]
    negative = [call for call, pair in zip(made, pairs, strict=True) if not pair.positive]
    return made, positive, negative


def _reclassification(scale: tuple[int, ...], pairs: list[CaseChange]) -> Reclassification:
    def table(*, positive: bool) -> tuple[tuple[int, ...], ...]:
        chosen = [(pair.score_before, pair.score_after) for pair in pairs if pair.positive is positive]
        return tuple(tuple(chosen.count((row, column)) for column in scale) for row in scale)

    return Reclassification(scale, table(positive=True), table(positive=False))


def _moves(pairs: list[CaseChange]) -> Moves:
    made = [pair.move for pair in pairs]
    gains = [(pair.score_after - pair.score_before) * (1 if pair.positive else -1) for pair in pairs]
    return Moves(
        made.count("moved right"),
        made.count("moved wrong"),
        made.count("stayed right"),
        made.count("stayed wrong"),
        sum(gain > 0 for gain in gains),
        sum(gain < 0 for gain in gains),
        gains.count(0),
    )


def _advice(model: str, pairs: list[CaseChange], level: float) -> ModelAdvice:
    advised = [pair for pair in pairs if pair.model_call is not None]

    def share(counted: Response, other: Response, *, right: bool) -> Proportion:
        chosen = [pair.response for pair in advised if (pair.model_call == pair.positive) is right]
        n = chosen.count(counted) + chosen.count(other)
        where = "disagreement" if counted == "followed" else "agreement"
        what = f"{where} with the model where it is {'right' if right else 'wrong'}"
        return proportion(chosen.count(counted), n, level=level, of_what=what)

    return ModelAdvice(
        model,
        len(advised),
        len(pairs) - len(advised),
        share("followed", "kept own", right=True),
        share("followed", "kept own", right=False),
        share("left model", "stayed with model", right=True),
        share("left model", "stayed with model", right=False),
    )
