"""The demonstration of the metastasis study has censoring that weighs cases unequally, and the paper's counts."""

from collections.abc import Callable

import pytest

from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.pipeline.follow_up import FollowUp, follow_up_of
from backend.analysis.pipeline.study import study_of
from backend.analysis.survival.concordance import harrell_c, uno_c

Dataset = Callable[[str], DatasetFiles]
HORIZON = 36.0


@pytest.fixture
def follow_up(demo_dataset: Dataset) -> FollowUp:
    return follow_up_of(study_of(demo_dataset("larc-dm"), level=0.95, seed=1), "DMFS")


def test_some_are_lost_before_the_horizon_and_no_event_is(follow_up: FollowUp) -> None:
    known, truth = follow_up.known, follow_up.study.study.truth
    lost = [
        case
        for case, time, event in zip(known.cases, known.times, known.events, strict=True)
        if not event and time < HORIZON
    ]
    assert 10 <= len(lost) <= 40
    assert [truth[case] for case in lost] == [False] * len(lost)
    assert sum(known.events) == sum(one is True for one in truth.values()) == 42 + 26


def test_weights_differ_and_so_do_the_two_indices(follow_up: FollowUp) -> None:
    """Uno's index with every pair by itself: weight 1 / G(t-)^2 of the case with the event, G of the censoring."""
    model = next(one for one in follow_up.study.models() if one.label == "signature")
    known, scores = follow_up.known, model.scores
    rows = list(zip(known.cases, known.times, known.events, strict=True))

    def censoring_survival_before(time: float) -> float:
        g = 1.0
        for at in sorted({t for _, t, event in rows if not event and t < time}):
            lost = sum(t == at and not event for _, t, event in rows)
            had_event = sum(t == at and bool(event) for _, t, event in rows)
            g *= 1 - lost / (sum(t >= at for _, t, _ in rows) - had_event)
        return g

    right = total = 0.0
    weights = set()
    for case, time, event in rows:
        if not event or time > HORIZON:
            continue
        weight = censoring_survival_before(time) ** -2
        weights.add(weight)
        for other, later, other_event in rows:
            if later > time or (later == time and not other_event):
                total += weight
                right += weight * ((scores[case] > scores[other]) + 0.5 * (scores[case] == scores[other]))
    found = uno_c(known, scores, tau=HORIZON)
    assert len(weights) > 10
    assert found.c == pytest.approx(right / total, rel=1e-9)
    assert isinstance(found.c, float)
    assert abs(found.c - float(harrell_c(known, scores).c)) > 1e-4  # type: ignore[arg-type]
