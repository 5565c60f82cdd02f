"""Change of mind counted by hand and by a slow second count, and put together from tested parts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from backend.analysis.change_of_mind import ChangeOfMind, change_of_mind
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.reading_time import TimedRead
from backend.analysis.study_dataset import ModelOutputs, PredictionRecord, ReadRecord, StudyDataset


def small(scores: dict[str, tuple[int | None, int | None]], **options: Any) -> StudyDataset:
    """One reader; case -> scores before and after; cases p* are positive, n* negative, u* unknown."""
    reads = [
        ReadRecord("r", arm, session, case, score)
        for case, pair in scores.items()
        for session, (arm, score) in enumerate(zip(("UNAIDED", "AIDED"), pair, strict=True), start=1)
    ]
    return StudyDataset(
        title="By hand",
        reads=tuple(reads),
        truth={case: None if case[0] == "u" else case[0] == "p" for case in scores},
        arms=("UNAIDED", "AIDED"),
        **options,
    )


def model(calls: dict[str, bool]) -> ModelOutputs:
    return ModelOutputs(
        "model", "1", tuple(PredictionRecord(case, float(call), None, call) for case, call in calls.items())
    )


HAND = {
    "p1": (1, 5),  # wrong, then right; the model is right: followed it
    "p2": (2, 2),  # stays wrong; the model is right: kept own
    "p3": (4, 5),  # stays right, toward the truth; the model is wrong: kept own
    "p4": (5, 1),  # right, then wrong; the model is wrong: followed it
    "n1": (4, 2),  # wrong, then right; the model is wrong as well: left it
    "n2": (1, 3),  # right, then wrong; the model is right: left it
    "n3": (2, 2),  # stays right with the model
    "n4": (3, 2),  # wrong, then right; no prediction
    "u1": (1, 5),  # no truth
    "p5": (3, None),  # no score after
}
CALLS = {"p1": True, "p2": True, "p3": False, "p4": False, "n1": True, "n2": False, "n3": False, "u1": True}


@pytest.fixture
def by_hand() -> ChangeOfMind:
    data = small(HAND, models=(model(CALLS),))
    return change_of_mind(data, before="UNAIDED", after="AIDED", model="model")


def change(data: StudyDataset, **options: Any) -> ChangeOfMind:
    return change_of_mind(data, before="UNAIDED", after="AIDED", **options)


def test_moves_and_reclassification_by_hand(by_hand: ChangeOfMind) -> None:
    reader = by_hand.readers[0]
    assert (reader.n, reader.n_positive, reader.n_negative) == (8, 4, 4)
    moves = reader.moves
    assert (moves.moved_right, moves.moved_wrong, moves.stayed_right, moves.stayed_wrong) == (3, 2, 2, 1)
    assert (moves.score_toward_truth, moves.score_away_from_truth, moves.score_unchanged) == (4, 2, 2)
    table = reader.reclassification
    assert table.positive == ((0, 0, 0, 0, 1), (0, 1, 0, 0, 0), (0,) * 5, (0, 0, 0, 0, 1), (1, 0, 0, 0, 0))
    assert table.negative == ((0, 0, 1, 0, 0), (0, 1, 0, 0, 0), (0, 1, 0, 0, 0), (0, 1, 0, 0, 0), (0,) * 5)
    assert by_hand.pooled.moves == moves
    assert {pair.case: (pair.move, pair.response) for pair in by_hand.pairs} == {
        "p1": ("moved right", "followed"),
        "p2": ("stayed wrong", "kept own"),
        "p3": ("stayed right", "kept own"),
        "p4": ("moved wrong", "followed"),
        "n1": ("moved right", "left model"),
        "n2": ("moved wrong", "left model"),
        "n3": ("stayed right", "stayed with model"),
        "n4": ("moved right", None),
    }
    assert [(pair.case, pair.reason) for pair in by_hand.left_out] == [
        ("p5", "no score in AIDED"),
        ("u1", "no truth"),
    ]


def test_advice_by_hand(by_hand: ChangeOfMind) -> None:
    advice = by_hand.readers[0].advice
    assert advice is not None
    assert (advice.n, advice.without_prediction) == (7, 1)
    shares = [
        (share.successes, share.n)
        for share in (advice.followed_right, advice.followed_wrong, advice.left_right, advice.left_wrong)
    ]
    assert shares == [(1, 2), (1, 2), (1, 2), (1, 1)]


def test_tests_and_slopes_by_hand(by_hand: ChangeOfMind) -> None:
    reader = by_hand.readers[0]
    assert (reader.accuracy.gained, reader.accuracy.lost, reader.accuracy.p_exact) == (3, 2, 1.0)
    assert (reader.sensitivity.before, reader.sensitivity.after) == (0.5, 0.5)
    assert (reader.specificity.before, reader.specificity.after) == (0.5, 0.75)
    slopes = {slope.measure: (slope.before, slope.after) for slope in reader.slopes}
    assert slopes["accuracy"] == (0.5, 0.625)
    # Positives 1, 2, 4, 5 against negatives 4, 1, 2, 3, then 5, 2, 5, 1 against 2, 3, 2, 2: pairs counted by hand.
    assert slopes["auc"] == (9.5 / 16, 9.5 / 16)
    assert reader.auc.difference == 0.0
    assert by_hand.pooled.accuracy.random_readers.se == NotEstimable("one reader is no sample")


def test_a_study_counts_as_a_slow_second_count_does(make_dataset: Callable[..., StudyDataset]) -> None:
    data = make_dataset(60, 3)
    result = change(data, model="model")
    calls = {(read.reader, read.arm, read.case): (read.score or 0) >= 3 for read in data.reads}
    predicted = {output.case: output.is_positive for output in data.models[0].predictions}
    for reader in result.readers:
        moved = followed = asked = 0
        for case, truth in data.truth.items():
            keys = [(reader.reader, arm, case) for arm in data.arms]
            if truth is None or not all(key in calls for key in keys):
                continue
            before, after = (calls[key] for key in keys)
            moved += before != truth and after == truth
            if case in predicted and predicted[case] == truth and before != truth:
                asked, followed = asked + 1, followed + (after == truth)
        assert reader.moves.moved_right == moved == reader.accuracy.gained
        assert reader.advice is not None
        assert (reader.advice.followed_right.successes, reader.advice.followed_right.n) == (followed, asked)
    pooled = result.pooled
    assert pooled.n == sum(reader.n for reader in result.readers)
    assert pooled.moves.moved_wrong == pooled.accuracy.stratified.lost
    assert pooled.sensitivity.stratified.n + pooled.specificity.stratified.n == pooled.n


def test_order_changes_nothing_and_swapped_arms_swap_the_moves(
    make_dataset: Callable[..., StudyDataset],
) -> None:
    data = make_dataset()
    result = change(data, model="model")
    assert change(replace(data, reads=data.reads[::-1]), model="model").to_json() == result.to_json()
    swapped = change_of_mind(data, before="AIDED", after="UNAIDED", model="model")
    for one, two in zip(result.readers, swapped.readers, strict=True):
        assert (one.moves.moved_right, one.moves.moved_wrong) == (
            two.moves.moved_wrong,
            two.moves.moved_right,
        )
        assert one.accuracy.difference == -two.accuracy.difference
        assert one.reclassification.positive == tuple(zip(*two.reclassification.positive, strict=True))


def test_times_are_joined_to_their_pairs(make_dataset: Callable[..., StudyDataset]) -> None:
    data = make_dataset()
    factor = {"UNAIDED": 1.0, "AIDED": 0.8}
    times = [
        TimedRead(
            read.reader,
            read.arm,
            read.session,
            n,
            read.case,
            factor[read.arm] * (20.0 + n % 7 + hash_of(read)),
        )
        for n, read in enumerate(data.reads, start=1)
        if read.case != "A-0001"
    ]
    result = change(data, times=times)
    assert result.model is None
    assert result.readers[0].advice is None
    timed = [
        pair for pair in result.pairs if pair.seconds_before is not None and pair.seconds_after is not None
    ]
    assert result.pooled.time.n == len(timed) == result.pooled.n - result.pooled.time.without_times
    assert isinstance(result.pooled.time.ratio.estimate, float)
    assert 0.7 < result.pooled.time.ratio.estimate < 0.9
    assert all(reader.time.n for reader in result.readers)
    twice = [*times, replace(times[0], session=9, position=1)]
    with pytest.raises(AnalysisError, match="timed twice"):
        change(data, times=twice)


def hash_of(read: ReadRecord) -> float:
    """A time of the case's own, the same in both arms."""
    return float(int(read.case[2:]) % 11)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"before": "UNAIDED", "after": "OTHER"}, "unknown_arm"),
        ({"before": "AIDED", "after": "AIDED"}, "same_arm"),
        ({"before": "UNAIDED", "after": "AIDED", "model": "other"}, "unknown_model"),
        ({"before": "UNAIDED", "after": "AIDED", "level": 1.5}, "level_out_of_range"),
    ],
)
def test_wrong_names_are_refused(options: dict[str, Any], code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        change_of_mind(small(HAND), **options)
    assert refused.value.code == code


def test_a_study_without_pairs_or_rating_is_refused() -> None:
    with pytest.raises(AnalysisError, match="no reader has a case with truth in both") as refused:
        change(small({"u1": (1, 2), "p1": (None, 3)}))
    assert refused.value.code == "no_pairs"
    unrated = StudyDataset("x", (), {"p1": True}, ("UNAIDED", "AIDED"), is_rated=False)
    with pytest.raises(AnalysisError) as refused:
        change(unrated)
    assert refused.value.code == "score_without_rating"


@pytest.mark.parametrize(
    "scores",
    [
        {"p1": (1, 4), "p2": (5, 5)},
        {"n1": (1, 4), "n2": (5, 5)},
        {"p1": (3, 3), "n1": (3, 3), "p2": (3, 3), "n2": (3, 3)},
        {"p1": (5, 5), "n1": (1, 1), "p2": (4, 4), "n2": (2, 2)},
        {"p1": (1, 5), "n1": (1, 1), "n2": (2, 4)},
    ],
    ids=["positives only", "negatives only", "constant reader", "separated", "one positive"],
)
def test_awkward_studies_give_results_without_nan(scores: dict[str, tuple[int | None, int | None]]) -> None:
    result = change(small(scores))
    assert result.to_json()["method"] == "change_of_mind"
    assert result.pooled.n == len(scores)
