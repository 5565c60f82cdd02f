"""Forest of readers' differences with the pooled ones, and figures by reader and modality."""

import numpy as np
import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.figure_layout import with_ci
from backend.analysis.mrmc_figures import (
    ForestRow,
    draw_forest,
    draw_reader_figures,
    draw_reader_forest,
    reader_figures,
    reader_forest,
)
from backend.analysis.results import Interval
from tests.analysis.figure_cases import mrmc, study
from tests.analysis.figure_checks import all_words, assert_is_printable, made, words

DATA = study(readers=3, n=40)
RESULT = mrmc(DATA)


def test_forest_has_every_reader_and_the_three_pooled_differences() -> None:
    figure = made(lambda: draw_reader_forest(RESULT, "Differences"))
    assert_is_printable(figure)
    drawn = words(figure)
    for item in RESULT.reader_differences:
        assert item.reader in drawn
        assert with_ci(item.difference, item.ci) in drawn
    pooled = RESULT.random_readers_random_cases.differences[0]
    bold = [text.get_text() for axes in figure.axes for text in axes.texts if text.get_fontweight() == "bold"]
    assert with_ci(pooled.difference, pooled.ci) in bold
    assert "Fixed readers, random cases" in drawn
    axes = figure.axes[0]
    assert axes.get_xlabel() == "Difference in AUC, AIDED − UNAIDED"
    corners = np.asarray(axes.patches[0].get_path().vertices)  # type: ignore[attr-defined]
    assert isinstance(pooled.ci, Interval)
    assert corners[:, 0].min() == pytest.approx(pooled.ci.low)
    assert corners[:, 0].max() == pytest.approx(pooled.ci.high)
    assert "3 readers, " in all_words(figure)
    assert "jackknife covariance" in all_words(figure)


def test_the_pair_turned_around_changes_every_sign() -> None:
    figure = made(lambda: draw_reader_forest(RESULT, "Turned", pair=("UNAIDED", "AIDED")))
    item = RESULT.reader_differences[0]
    assert isinstance(item.ci, Interval)
    turned = with_ci(-item.difference, Interval(-item.ci.high, -item.ci.low, item.ci.level))
    assert turned in words(figure)
    with pytest.raises(AnalysisError) as refused:
        reader_forest(RESULT, title="T", pair=("AIDED", "OTHER"))
    assert refused.value.code == "unknown_pair"


def test_one_reader_has_no_pooled_interval_and_the_figure_says_so() -> None:
    figure = made(lambda: draw_reader_forest(mrmc(DATA, ["Reader 1"]), "One reader"))
    assert_is_printable(figure)
    assert sum("(CI not estimable)" in word for word in words(figure)) == 2
    assert "CI of Random readers, random cases" in all_words(figure)


def test_a_forest_of_long_names_and_ratios() -> None:
    rows = [
        ForestRow(
            "A reader whose name is longer than any column of a journal", 1.2, Interval(0.8, 1.9, 0.95), 0.2
        ),
        ForestRow("All", 1.1, Interval(1.0, 1.2, 0.95), 0.04, is_pooled=True),
    ]
    figure = made(
        lambda: draw_forest(rows, "T", label="Ratio", level=0.95, no_effect=1.0, is_log=True, digits=2)
    )
    assert_is_printable(figure)
    assert figure.axes[0].get_xscale() == "log"
    assert "1.20 (0.80–1.90)" in words(figure)


def test_figures_of_every_reader_and_modality_and_their_means() -> None:
    figure = made(lambda: draw_reader_figures(RESULT, "Figures"))
    assert_is_printable(figure)
    drawn = words(figure)
    for item in RESULT.reader_figures:
        assert with_ci(item.estimate, item.ci) in drawn
    for mean in RESULT.random_readers_random_cases.means:
        assert with_ci(mean.mean, mean.ci) in drawn
    assert {"AIDED", "UNAIDED", "Mean of readers"} <= set(drawn)
    single = made(lambda: draw_reader_figures(mrmc(DATA, ["Reader 1"]), "One reader"))
    assert_is_printable(single)
    assert "CI of the mean, AIDED" in all_words(single)


def test_bytes_are_stable() -> None:
    for draw in (reader_forest, reader_figures):
        assert draw(RESULT, title="T") == draw(RESULT, title="T", is_synthetic=False)
        png = draw(RESULT, title="T", is_synthetic=True, file_format="png", dpi=72)
        assert png == draw(RESULT, title="T", is_synthetic=True, file_format="png", dpi=72)
