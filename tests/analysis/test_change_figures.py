"""Slopes, reclassification, advice and times: what is drawn is what the results hold."""

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.patches import Rectangle

from backend.analysis.advice_figure import advice_figure, draw_advice
from backend.analysis.change_figures import (
    draw_reclassification,
    draw_slopes,
    reclassification_figure,
    slope_figure,
)
from backend.analysis.errors import AnalysisError
from backend.analysis.reading_time import TimedRead, reading_times
from backend.analysis.time_figures import (
    draw_reading_times,
    draw_time_change,
    reading_time_figure,
    time_change_figure,
)
from tests.analysis.figure_cases import changes, one_class, study, timed
from tests.analysis.figure_checks import all_words, assert_is_printable, made, words

DATA = study(readers=3, n=40)
CHANGE = changes(DATA)
ONE_CLASS = changes(one_class(DATA), has_times=False)
TIMES = reading_times(timed(DATA))


def test_a_line_a_reader_and_their_mean() -> None:
    figure = made(lambda: draw_slopes(CHANGE, "Slopes"))
    assert_is_printable(figure)
    assert [axes.get_title("left") for axes in figure.axes] == [
        "AUC",
        "Accuracy",
        "Sensitivity",
        "Specificity",
    ]
    expected = [[reader.slopes[0].before, reader.slopes[0].after] for reader in CHANGE.readers]
    drawn = [[float(value) for value in line.get_ydata()] for line in figure.axes[0].lines]  # type: ignore[union-attr]
    assert drawn[:3] == expected
    assert drawn[3] == pytest.approx([sum(column) / 3 for column in zip(*drawn[:3], strict=True)])
    assert {"Reader 1", "Mean", "UNAIDED", "AIDED"} <= set(words(figure))
    single = made(lambda: draw_slopes(CHANGE, "AUC alone", measures=["auc"]))
    assert_is_printable(single)
    assert single.get_figwidth() == 3.5


def test_slopes_without_a_value_are_said() -> None:
    figure = made(lambda: draw_slopes(ONE_CLASS, "One class"))
    assert_is_printable(figure)
    assert words(figure).count("No reader has both values") == 2
    assert "AUC, all readers: not estimable: there is no positive case." in all_words(figure)


def test_reclassification_counts_margins_and_colors() -> None:
    figure = made(lambda: draw_reclassification(CHANGE, "Moves"))
    assert_is_printable(figure)
    table = CHANGE.pooled.reclassification
    canvas = figure.axes[0]
    numbers = [
        text.get_text() for text in canvas.texts if text.get_ha() == "center" and text.get_va() == "center"
    ]
    counts = [int(text) for text in numbers if text.isdigit()]
    expected = []
    for rows in (table.positive, table.negative):
        for row in (*rows, [sum(column) for column in zip(*rows, strict=True)]):
            expected += [*row, sum(row)]
    assert counts == expected
    cells = [patch for patch in canvas.patches if isinstance(patch, Rectangle)]
    assert len(cells) == 72
    up, down = cells[1].get_facecolor(), cells[6].get_facecolor()
    assert up[2] > up[0]  # toward the truth of a positive case: blue
    assert down[0] > down[2]  # away from it: orange
    assert f"{CHANGE.pooled.moves.moved_right} moved right" in all_words(figure)
    one = made(lambda: draw_reclassification(CHANGE, "One", reader="Reader 2"))
    assert f"Reader 2, n = {CHANGE.readers[1].n} pairs of reads." in all_words(one)
    empty = made(lambda: draw_reclassification(ONE_CLASS, "One class"))
    assert_is_printable(empty)
    assert "No such case" in words(empty)


def test_bars_are_the_shares_followed() -> None:
    figure = made(lambda: draw_advice(CHANGE, "Advice"))
    assert_is_printable(figure)
    advice = CHANGE.pooled.advice
    assert advice is not None
    right, wrong = figure.axes[1], figure.axes[2]
    assert (right.get_title("left"), wrong.get_title("left")) == ("NodeNet is right", "NodeNet is wrong")
    widths = [patch.get_width() for patch in right.patches if isinstance(patch, Rectangle)]
    assert widths[-1] == advice.followed_right.estimate
    assert f"{advice.followed_wrong.successes} / {advice.followed_wrong.n}" in words(figure)


def test_readers_who_never_disagreed_have_words_in_place_of_a_bar() -> None:
    few = study(readers=2, n=5, seed=2)
    figure = made(lambda: draw_advice(changes(few, has_times=False), "Few"))
    assert_is_printable(figure)
    assert "no disagreement" in words(figure)


def test_every_read_has_its_point_beside_trend_and_thirds() -> None:
    figure = made(lambda: draw_reading_times(TIMES, "Times"))
    assert_is_printable(figure)
    plots = figure.axes[1:]
    assert len(plots) == len(TIMES.sessions) == 6
    first, axes = TIMES.sessions[0], plots[0]
    points = [line for line in axes.lines if line.get_linestyle() == "None"]
    seconds = sorted(float(value) for line in points for value in line.get_ydata())  # type: ignore[union-attr]
    assert seconds == sorted(point.seconds for point in first.points)
    trend = next(line for line in axes.lines if line.get_linewidth() == 1.3)
    assert list(trend.get_ydata()) == [point.trend for point in first.points]  # type: ignore[arg-type]
    text = all_words(figure)
    assert f"Per ten reads: ×{first.per_ten_reads.estimate:.2f} (" in text
    assert text.count("Last third / middle: ×") == 6
    assert "All readers (mixed model), per ten reads: " in text


def test_a_session_too_short_for_a_trend_says_so() -> None:
    reads = [TimedRead("Reader 1", "AIDED", 1, i + 1, f"c{i}", 30.0 + i) for i in range(2)]
    reads.append(TimedRead("Reader 1", "AIDED", 1, 3, "c9", 4000.0))
    figure = made(lambda: draw_reading_times(reading_times(reads, longest=1800.0), "Short"))
    assert_is_printable(figure)
    assert "Per ten reads: not estimable: a trend needs three reads or more" in all_words(figure)
    assert "1 reads above 1800 s were left out." in all_words(figure)


def test_ratios_of_times_by_reader_and_pooled() -> None:
    figure = made(lambda: draw_time_change(CHANGE, "Time"))
    assert_is_printable(figure)
    ratio = CHANGE.pooled.time.ratio
    assert any(word.startswith(f"{ratio.estimate:.2f} (") for word in words(figure))
    assert figure.axes[0].get_xlabel() == "Time with AIDED / UNAIDED"
    none = made(lambda: draw_time_change(ONE_CLASS, "None"))
    assert_is_printable(none)
    assert words(none).count("not estimable") == 4
    assert "no pair has both times" in all_words(none)


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("no_model", lambda: advice_figure(changes(DATA, model=None), title="T")),
        ("unknown_reader", lambda: reclassification_figure(CHANGE, title="T", reader="Nobody")),
        ("unknown_measure", lambda: slope_figure(CHANGE, title="T", measures=["f1"])),  # type: ignore[list-item]
        ("unknown_measure", lambda: slope_figure(CHANGE, title="T", measures=[])),
    ],
)
def test_what_cannot_be_drawn_is_refused(code: str, call: Callable[[], Any]) -> None:
    with pytest.raises(AnalysisError) as refused:
        call()
    assert refused.value.code == code


@pytest.mark.parametrize("draw", [slope_figure, reclassification_figure, advice_figure, time_change_figure])
def test_bytes_are_stable(draw: Callable[..., bytes]) -> None:
    svg = draw(CHANGE, title="T", is_synthetic=True)
    assert svg == draw(CHANGE, title="T", is_synthetic=True)
    assert b"synthetic demonstration data" in svg
    assert draw(CHANGE, title="T", file_format="png", dpi=50)[:4] == b"\x89PNG"


def test_bytes_of_times_are_stable() -> None:
    assert reading_time_figure(TIMES, title="T") == reading_time_figure(TIMES, title="T")
