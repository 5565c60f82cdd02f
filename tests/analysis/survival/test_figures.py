"""The figures: same bytes for the same results, what they show, and that awkward results are drawn too."""

import re
import struct
from collections.abc import Callable
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.survival import figures
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox import cox
from backend.analysis.survival.figures import (
    at_risk,
    forest_figure,
    kaplan_meier_figure,
    p_text,
    time_roc_figure,
)
from backend.analysis.survival.kaplan_meier import KaplanMeier, kaplan_meier
from backend.analysis.survival.logrank import logrank, logrank_trend
from backend.analysis.survival.outcomes import Outcomes
from backend.analysis.survival.time_roc import time_dependent_roc

LABELS = {"title": "Survival by stage", "time_label": "Months"}


@pytest.fixture
def curves(simulated: Any) -> dict[str, KaplanMeier]:
    known, stage = simulated.outcomes(), simulated.labels("stage")
    return {
        name: kaplan_meier(known.only({case for case, own in stage.items() if own == name}))
        for name in ("T2", "T3", "T4")
    }


def texts(draw: Callable[[], Any]) -> list[str]:
    """All words in the figure, in reading order of the artists."""
    from matplotlib.text import Text

    return [text for item in draw().findobj(Text) if (text := item.get_text())]


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_same_results_same_bytes(simulated: Any, curves: dict[str, KaplanMeier]) -> None:
    known, stage = simulated.outcomes(), simulated.labels("stage")
    model = cox(known, simulated.covariates())
    roc = {"score": time_dependent_roc(known, simulated.numbers("score"), at=[24.0])[0]}
    for draw in (
        lambda kind: kaplan_meier_figure(curves, kind, **LABELS, test=logrank(known, stage), dpi=60),
        lambda kind: forest_figure(model, kind, title="Cox model", dpi=60),
        lambda kind: time_roc_figure(roc, kind, title="Score at 24 months", dpi=60),
    ):
        svg, png = draw("svg"), draw("png")
        assert (draw("svg"), draw("png")) == (svg, png)
        assert svg.startswith(b"<?xml")
        assert not re.search(rb"<dc:date>|Matplotlib v", svg)
        width, height = size(png)
        assert 250 < width < 450
        assert 100 < height < 450


def test_numbers_at_risk_stand_below(simulated: Any, curves: dict[str, KaplanMeier]) -> None:
    known, stage = simulated.outcomes(), simulated.labels("stage")
    shown = texts(
        lambda: figures._kaplan_meier(
            curves, "Title", ("Months", "Survival"), logrank(known, stage), (0, 12, 24)
        )
    )
    for name, curve in curves.items():
        numbers = [
            str(
                sum(
                    stage[case] == name and time >= tick
                    for case, time in zip(known.cases, known.times, strict=True)
                )
            )
            for tick in (0, 12, 24)
        ]
        assert [str(at_risk(curve, tick)) for tick in (0, 12, 24)] == numbers
        start = shown.index(name)
        assert shown[start : start + 4] == [name, *numbers]
    assert "Log-rank: P = 0.691. Band: 95% CI (log-log); ticks: censored." in shown
    assert at_risk(curves["T2"], 1000.0) == 0


def test_test_is_named(simulated: Any) -> None:
    known, stage, center = simulated.outcomes(), simulated.labels("stage"), simulated.labels("center")
    trend = logrank_trend(known, stage, {"T2": 1, "T3": 2, "T4": 3}, strata=center)
    assert figures._test_text(trend).startswith("Stratified log-rank for trend: P = 0.")
    assert figures._test_text(logrank(known, stage, rho=1)).startswith("Fleming-Harrington (1, 0): P = 0.")
    assert p_text(0.0004) == "P < 0.001"
    assert p_text(NotEstimable("no case had the event")) == "P not estimable: no case had the event"


def test_forest_writes_what_it_draws(simulated: Any) -> None:
    known = simulated.outcomes()
    mark = {case: float(event) for case, event in zip(known.cases, known.events, strict=True)}
    model = cox(known, [*simulated.covariates(), Covariate("mark", mark)])
    shown = texts(lambda: figures._forest(model, "Title", {"age": "Age, years"}))
    for name in ("Age, years", "ulcer", "stage: T3 vs T2", "mark", "HR (95% CI)", "120 cases, 92 events"):
        assert name in shown
    assert shown.count("not estimable") == 1
    age = model.terms[0]
    assert f"{age.hazard_ratio:.2f} ({age.ci.low:.2f}–{age.ci.high:.2f})" in shown


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0012, "0.0012"), (0.05, "0.05"), (1.0, "1.00"), (12.34, "12.3"), (234.5, "234"), (5e4, "5e+04")],
)
def test_ratios_keep_three_digits(value: float, written: str) -> None:
    assert figures._three_digits(value) == written


def test_awkward_results_are_drawn(make_outcomes: Callable[..., Outcomes]) -> None:
    censored = {"all": kaplan_meier(make_outcomes(-1, -2)), "one": kaplan_meier(make_outcomes(3))}
    assert size(kaplan_meier_figure(censored, "png", **LABELS, dpi=50))
    known = make_outcomes(1, 2, 3, -4)
    order = Covariate("order", dict(zip("abcd", (4.0, 3.0, 2.0, 1.0), strict=True)))
    assert size(forest_figure(cox(known, [order]), "png", title="Separated", dpi=50))
    scores = dict(zip("abcd", (4.0, 3.0, 2.0, 1.0), strict=True))
    roc = time_dependent_roc(known, scores, at=[0.5, 2.0])
    shown = texts(lambda: figures._time_roc({f"{item.time:g}": item for item in roc}, "Title"))
    assert "0.5: AUC not estimable: no case had the event by 0.5" in shown
    assert "2: 1.000 (CI not estimable: the score separates cases from controls)" in shown


def test_nothing_to_draw_and_unknown_formats_are_refused(curves: dict[str, KaplanMeier]) -> None:
    for call in (
        lambda: kaplan_meier_figure({}, "svg", **LABELS),
        lambda: time_roc_figure({}, "svg", title="x"),
        lambda: kaplan_meier_figure(curves, "pdf", **LABELS),  # type: ignore[arg-type]
    ):
        with pytest.raises(AnalysisError):
            call()
