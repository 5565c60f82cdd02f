"""ROC small multiples: curves, bands, shaded areas and marks where the results put them; no curve is left out."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection, PolyCollection
from matplotlib.lines import Line2D

from backend.analysis.average_roc import AverageRoc
from backend.analysis.cutoffs import at_specificity, youden
from backend.analysis.errors import AnalysisError
from backend.analysis.partial_auc import partial_auc
from backend.analysis.roc import RocCurve, delong, roc_curve
from backend.analysis.roc_bootstrap import bootstrap_band
from backend.analysis.roc_figures import draw_roc_panels, roc_panels_figure
from backend.analysis.roc_groups import roc_by_group
from backend.analysis.roc_panels import RocPanel, RocTrace, average_panel, group_panels, reader_panels
from backend.analysis.study_report import study_report
from tests.analysis.figure_cases import ARMS, averages, center_records, one_class, reader_scores, study
from tests.analysis.figure_checks import all_words, assert_is_printable, made

DATA = study(readers=2, n=40)


def columns() -> tuple[list[bool], list[float]]:
    scores = reader_scores(DATA, "AIDED")["Reader 1"]
    cases = [case for case in sorted(scores) if DATA.truth[case] is not None]
    return [bool(DATA.truth[case]) for case in cases], [scores[case] or 0.0 for case in cases]


def marked(focus: Any = "specificity") -> RocTrace:
    truth, scores = columns()
    curve, area = roc_curve(truth, scores), delong(truth, scores)
    assert isinstance(curve, RocCurve)
    return RocTrace(
        "AIDED",
        curve,
        area.auc,
        area.ci,
        band=bootstrap_band(truth, scores, specificities=[0.0, 0.5, 1.0], seed=3, replicates=100),
        cut_offs=(youden(curve), at_specificity(curve, 0.8)),
        partial=partial_auc(truth, scores, low=0.8, high=1.0, focus=focus, seed=3, replicates=100),
    )


def lines(axes: Any) -> list[Line2D]:
    return [line for line in axes.lines if line.get_linewidth() == 1.3]


def test_a_panel_a_reader_and_a_curve_an_arm() -> None:
    report = study_report(DATA)
    panels = reader_panels(report)
    assert [panel.title for panel in panels] == ["Reader 1", "Reader 2", "Model"]
    figure = made(lambda: draw_roc_panels(panels, "Readers"))
    assert_is_printable(figure)
    plots = figure.axes[1:]
    assert [len(lines(axes)) for axes in plots] == [2, 2, 1]
    first = next(item for item in report.curves if item.curve.label == "Reader 1, UNAIDED")
    assert isinstance(first.roc, RocCurve)
    drawn = lines(plots[0])[0]
    assert list(drawn.get_ydata()) == [point.sensitivity for point in first.roc.points]  # type: ignore[arg-type]
    assert list(drawn.get_xdata()) == [1.0 - point.specificity for point in first.roc.points]  # type: ignore[arg-type]
    assert lines(plots[2])[0].get_color() == "#000000"
    text = all_words(figure)
    assert "Area under the curve (95% CI)." in text
    assert "Marks: calls at the declared threshold." in text
    assert f"UNAIDED: {first.auc.auc:.3f} (" in text


def test_curves_that_are_not_estimable_stay_in_the_legend() -> None:
    panels = reader_panels(study_report(one_class(DATA)))
    figure = made(lambda: draw_roc_panels(panels, "One class"))
    assert_is_printable(figure)
    assert all(not lines(axes) for axes in figure.axes[1:])
    assert all_words(figure).count("no curve, not estimable") == 5
    assert all_words(figure).count("No curve") == 3


def shades(axes: Any) -> list[np.ndarray[Any, Any]]:
    kinds = (PolyCollection, FillBetweenPolyCollection)
    return [np.asarray(item.get_paths()[0].vertices) for item in axes.collections if isinstance(item, kinds)]


def polygon_area(corners: np.ndarray[Any, Any]) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2.0)


@pytest.mark.parametrize("focus", ["specificity", "sensitivity"])
def test_the_shade_is_the_partial_area_and_cut_offs_lie_on_the_curve(focus: str) -> None:
    trace = marked(focus)
    figure = made(lambda: draw_roc_panels([RocPanel("Reader 1", (trace,))], "Parts"))
    assert_is_printable(figure)
    axes = figure.axes[1]
    _, shade = shades(axes)
    assert trace.partial is not None
    assert polygon_area(shade) == pytest.approx(trace.partial.area, rel=1e-9)
    drawn = [line.get_xydata() for line in axes.lines if line.get_markersize() == 4.5]
    marks = {(float(point[0]), float(point[1])) for line in drawn for point in np.asarray(line)}
    chosen = {(1.0 - point.specificity, point.sensitivity) for cut in trace.cut_offs for point in cut.points}
    assert marks == chosen
    text = all_words(figure)
    assert "○ Youden: ≥ " in text
    assert "□ Fixed specificity 0.8: ≥ " in text
    assert f"Shaded: {focus} 0.8 to 1, area {trace.partial.area:.3f} (" in text
    assert "Bands: pointwise 95% bootstrap of cases, 100 samples, seed 3." in text


def test_the_average_has_its_band_and_says_whose_it_is() -> None:
    found = averages(DATA, replicates=100)
    figure = made(lambda: draw_roc_panels([average_panel(found)], "Averages"))
    assert_is_printable(figure)
    assert len(shades(figure.axes[1])) == 2
    assert "Bands: average of 2 readers, pointwise 95% bootstrap of cases, 100 samples, seed 1." in all_words(
        figure
    )
    one = found[ARMS[0]]
    assert isinstance(one, AverageRoc)
    assert f"{ARMS[0]}: {one.auc:.3f} (" in all_words(figure)
    none = made(lambda: draw_roc_panels([average_panel(averages(one_class(DATA), 100))], "None"))
    assert_is_printable(none)
    assert all_words(none).count("there is no positive case") == 2


@pytest.mark.parametrize("is_odd", [False, True])
def test_groups_of_the_compared_factor_share_a_panel(is_odd: bool) -> None:
    records = center_records(DATA, empty_center=is_odd)
    result = roc_by_group(records, by=("reader", "center"), compare="center", has_curves=True)
    panels = group_panels(result)
    assert [panel.title for panel in panels] == ["Reader 1", "Reader 2"]
    assert [len(panel.traces) for panel in panels] == [3, 3]
    figure = made(lambda: draw_roc_panels(panels, "Centers"))
    assert_is_printable(figure)
    assert [len(lines(axes)) for axes in figure.axes[1:]] == [3 - is_odd] * 2
    assert all_words(figure).count("no curve, not estimable: there is no positive case") == 2 * is_odd
    assert [trace.place for panel in panels for trace in panel.traces] == [0, 1, 2] * 2
    turned = group_panels(result, inner="reader")
    assert [panel.title for panel in turned] == ["center North", "center South", "center West"]
    assert [trace.curve for panel in turned for trace in panel.traces] == [
        group.curve for center in range(3) for group in result.groups[center::3]
    ]


def test_groups_without_curves_an_unknown_factor_and_no_curve_are_refused() -> None:
    records = center_records(DATA)
    without = roc_by_group(records, by=("center", "reader"))
    result = roc_by_group(records, by=("center", "reader"), has_curves=True)
    calls: list[tuple[str, Callable[[], object]]] = [
        ("no_curves", lambda: group_panels(without)),
        ("unknown_factor", lambda: group_panels(result, inner="vendor")),
        ("no_curves", lambda: roc_panels_figure([RocPanel("Empty", ())], title="Empty")),
    ]
    for code, call in calls:
        with pytest.raises(AnalysisError) as refused:
            call()
        assert refused.value.code == code


def test_bytes_are_stable() -> None:
    panels = [RocPanel("Reader 1", (marked(),))]
    for file_format in ("svg", "png"):
        first, second = (
            roc_panels_figure(panels, title="T", file_format=file_format, dpi=72, is_synthetic=True)  # type: ignore[arg-type]
            for _ in range(2)
        )
        assert first == second
    assert b"synthetic demonstration data" in roc_panels_figure(panels, title="T", is_synthetic=True)
