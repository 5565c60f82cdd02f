"""Kappa heatmap, Bland and Altman's plot, confusion matrix: what is drawn, stable bytes, odd data said."""

import io
import random
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from PIL import Image

from backend.analysis.agreement_figures import (
    confusion_figure,
    draw_confusion,
    draw_kappa_heatmap,
    kappa_heatmap,
)
from backend.analysis.bland_altman import bland_altman
from backend.analysis.bland_altman_figure import (
    bland_altman_figure,
    draw_bland_altman,
    draw_repeated_bland_altman,
    repeated_bland_altman_figure,
    replicate_pairs,
)
from backend.analysis.bland_altman_repeated import bland_altman_pairs, bland_altman_replicates
from backend.analysis.confusion import ConfusionMatrix, from_table
from backend.analysis.errors import AnalysisError
from backend.analysis.figure_layout import range_text, signed
from tests.analysis.figure_cases import grid
from tests.analysis.figure_checks import all_words, assert_is_printable, made, words

RNG = random.Random(4)
CENTERS = {f"c{i:02d}": RNG.gauss(20.0, 5.0) for i in range(30)}
CT = {case: value + RNG.gauss(0.4, 1.2) for case, value in CENTERS.items()}
MRI = {case: value + RNG.gauss(0.0, 1.2) for case, value in CENTERS.items()}
PAIRS = {
    f"c{i:02d}": [(m + RNG.gauss(0.0, 1.0), m + RNG.gauss(0.3, 1.0)) for _ in range(1 + i % 3)]
    for i, m in enumerate(list(CENTERS.values())[:12])
}
NODES = from_table([[45, 16], [44, 375]], ["malignant", "benign"], rater="Reader 1", positive="malignant")


def types(positive: str | None = None) -> ConfusionMatrix:
    table = [[45, 16, 1, 0], [44, 375, 3, 2], [0, 3, 22, 4], [0, 0, 0, 0]]
    return from_table(
        table,
        ["Luminal A", "Luminal B", "HER2 enriched", "Triple negative"],
        rater="Reader 1",
        positive=positive,
    )


def test_every_kappa_stands_in_its_cell() -> None:
    result = grid(4)
    figure = made(lambda: draw_kappa_heatmap(result, "Density"))
    assert_is_printable(figure)
    drawn = words(figure)
    for i, row in enumerate(result.cells):
        for j, cell in enumerate(row):
            if cell is None or not isinstance(cell.kappa, float) or i < j:
                continue
            assert drawn.count(signed(cell.kappa, 2)) >= 2
            assert range_text(cell.ci.low, cell.ci.high, 2) in drawn  # type: ignore[union-attr]
    text = all_words(figure)
    assert (
        "Cohen's kappa, quadratic weights; below the diagonal 95% CI, above it the number of cases." in text
    )
    for band in ("poor (<0.00)", "slight (0.00–0.20)", "almost perfect (0.80–1.00)"):
        assert band in drawn
    assert "Mean of Model with readers: " in text
    colors = {
        to_hex(patch.get_facecolor()) for patch in figure.axes[0].patches if isinstance(patch, Rectangle)
    }
    assert len(colors) >= 7  # six bands and the diagonal


def test_a_kappa_that_is_not_estimable_is_hatched_and_explained() -> None:
    figure = made(lambda: draw_kappa_heatmap(grid(4, is_odd=True), "Odd"))
    assert_is_printable(figure)
    assert words(figure).count("n. e.") == 2
    assert "Reader 1 and Reader 2: not estimable: both raters used one and the same category" in all_words(
        figure
    )
    assert "no CI" in words(figure)
    hatched = [p for p in figure.axes[0].patches if isinstance(p, Rectangle) and p.get_hatch()]
    assert len(hatched) == 2


def test_many_raters_fit_on_a_page() -> None:
    figure = made(lambda: draw_kappa_heatmap(grid(14), "Many"))
    assert_is_printable(figure)
    assert "CI" not in all_words(figure)


def test_confusion_matrix_shows_both_margins_and_names_the_positive_class() -> None:
    figure = made(lambda: draw_confusion(NODES, "Nodes"))
    assert_is_printable(figure)
    drawn = [" ".join(word.split()) for word in words(figure)]
    for word in ("45", "16", "44", "375", "61", "419", "89", "391", "480", "true positive", "false negative"):
        assert word in drawn
    assert drawn.count("malignant (positive)") == 2
    text = all_words(figure)
    assert "Positive class: malignant; negative: benign." in text
    assert "Sensitivity 0.738 (" in text
    assert "Specificity 0.895 (" in text


def test_confusion_matrix_of_more_classes() -> None:
    figure = made(lambda: draw_confusion(types(), "Subtypes"))
    assert_is_printable(figure)
    assert "No class is declared positive." in all_words(figure)
    assert "The reference has no case of class 'Triple negative'." in all_words(figure)
    assert "–" in words(figure)
    declared = made(lambda: draw_confusion(types("Triple negative"), "Subtypes"))
    assert "Sensitivity not estimable: " in all_words(declared)
    many = from_table([[1] * 20] * 20, [f"class {i}" for i in range(20)], rater="Reader 1")
    with pytest.raises(AnalysisError) as refused:
        draw_confusion(many, "Many")
    assert refused.value.code == "too_many_classes"


def test_bland_altman_draws_bias_limits_and_their_intervals() -> None:
    result = bland_altman({"CT": CT, "MRI": MRI}, "CT", "MRI")
    figure = made(lambda: draw_bland_altman(result, "Diameter", unit="mm"))
    assert_is_printable(figure)
    axes = figure.axes[0]
    heights = {float(line.get_ydata()[0]) for line in axes.lines if len(set(line.get_ydata())) == 1}  # type: ignore[arg-type, index]
    assert {result.bias, result.lower.value, result.upper.value} <= heights
    spans = {(patch.get_y(), patch.get_height()) for patch in axes.patches if isinstance(patch, Rectangle)}
    ci = result.upper.exact_ci
    assert any(
        low == pytest.approx(ci.low) and high == pytest.approx(ci.high - ci.low) for low, high in spans
    )  # type: ignore[union-attr]
    assert len(spans) == 3
    points = [c for c in axes.collections if isinstance(c, PathCollection)]
    drawn = sorted(tuple(row) for c in points for row in np.asarray(c.get_offsets()).tolist())
    assert drawn == sorted((point.mean, point.difference) for point in result.points)
    assert axes.get_ylabel() == "Difference, CT − MRI (mm)"
    assert (
        "n = 30 cases. Limits of agreement: 95% of differences; bands: 95% CI (limits: exact)."
        in all_words(figure)
    )
    assert "Dotted: trend with the mean, slope" in all_words(figure)


def test_equal_differences_and_a_single_case_are_said() -> None:
    same = bland_altman({"a": {"x": 1.0, "y": 2.0, "z": 3.0}, "b": {"x": 0.5, "y": 1.5, "z": 2.5}}, "a", "b")
    figure = made(lambda: draw_bland_altman(same, "Equal"))
    assert_is_printable(figure)
    assert "not estimable: the differences are all equal" in all_words(figure)
    labels = [text for text in figure.axes[0].texts if "0.5" in text.get_text()]
    order = sorted(labels, key=lambda text: -text.get_window_extent().y0)
    assert [text.get_text().split("\n")[0] for text in order] == ["Upper limit", "Bias", "Lower limit"]
    single = made(
        lambda: draw_bland_altman(bland_altman({"a": {"x": 1.0}, "b": {"x": 2.0}}, "a", "b"), "One")
    )
    assert_is_printable(single)
    assert "Upper limit, Lower limit: not estimable" in all_words(single)


def test_repeated_pairs_of_a_case_are_joined() -> None:
    result = bland_altman_pairs(PAIRS, rater_a="CT", rater_b="MRI")
    figure = made(lambda: draw_repeated_bland_altman(result, PAIRS, "Repeated"))
    assert_is_printable(figure)
    joined = [line for line in figure.axes[0].lines if line.get_linewidth() == 0.5]
    assert sorted(len(line.get_xdata()) for line in joined) == [2] * 4 + [3] * 4  # type: ignore[arg-type]
    assert "n = 12 cases, 24 pairs of measurements; lines join the pairs of one case" in all_words(figure)
    with pytest.raises(AnalysisError) as refused:
        draw_repeated_bland_altman(result, {"c00": [(1.0, 2.0)]}, "Other")
    assert refused.value.code == "other_data"


def test_unpaired_replicates_are_sized_by_their_number() -> None:
    a = {case: [value, value + 1.0] for case, value in CENTERS.items()} | {"alone": []}
    b = {case: [value] * (1 + i % 3) for i, (case, value) in enumerate(CENTERS.items())}
    b["c00"] = [CENTERS["c00"], CENTERS["c00"] + 0.5]
    pairs = replicate_pairs(a, b)
    result = bland_altman_replicates(a, b, rater_a="CT", rater_b="MRI")
    figure = made(lambda: draw_repeated_bland_altman(result, pairs, "Replicates"))
    assert_is_printable(figure)
    drawn = [one for one in figure.axes[0].collections if isinstance(one, PathCollection)]
    sizes = {float(size) for one in drawn for size in one.get_sizes()}
    assert len(sizes) == 3
    assert "Limits hold for single measurements." in all_words(figure)


@pytest.mark.parametrize("kind", ["kappa", "confusion", "bland_altman", "repeated"])
def test_bytes_are_stable_and_synthetic_data_are_labeled(kind: str) -> None:
    repeated = bland_altman_pairs(PAIRS)
    draw = {
        "kappa": lambda **o: kappa_heatmap(grid(3), title="T $x_1$ <b>", **o),
        "confusion": lambda **o: confusion_figure(NODES, title="T $x_1$ <b>", **o),
        "bland_altman": lambda **o: bland_altman_figure(
            bland_altman({"CT": CT, "MRI": MRI}, "CT", "MRI"), title="T $x_1$ <b>", **o
        ),
        "repeated": lambda **o: repeated_bland_altman_figure(repeated, PAIRS, title="T $x_1$ <b>", **o),
    }[kind]
    svg = draw(is_synthetic=True)
    assert svg == draw(is_synthetic=True)
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 (made here)
    assert "<!-- T $x_1$ &lt;b&gt; (synthetic demonstration data) -->" in svg.decode().replace(
        "<b>", "&lt;b&gt;"
    )
    assert "<dc:date>" not in svg.decode()
    png = draw(file_format="png", dpi=80)
    assert png == draw(file_format="png", dpi=80)
    assert Image.open(io.BytesIO(png)).format == "PNG"
