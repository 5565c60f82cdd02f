"""The same reader twice: bubbles hold the counts, and lines and points are those of the results."""

import math
import random

import pytest
from matplotlib.collections import PathCollection
from matplotlib.patches import Circle

from backend.analysis.bland_altman import BlandAltman
from backend.analysis.intra_reader import intra_reader_categories, intra_reader_measurements
from backend.analysis.intra_reader_figures import draw_intra_reader, intra_reader_figure
from tests.analysis.figure_checks import all_words, assert_is_printable, made, words

Answers = dict[str, dict[str, list[int | None]]]


def answers(readers: int, scale: int, *, n: int = 30, seed: int = 7) -> Answers:
    """Two answers a case, the second often a step away."""
    rng = random.Random(seed)
    found: Answers = {}
    for number in range(1, readers + 1):
        first = [rng.randint(1, scale) for _ in range(n)]
        found[f"Reader {number}"] = {
            f"c{i:02d}": [one, min(scale, max(1, one + rng.choice((0, 0, 1, -1))))]
            for i, one in enumerate(first)
        }
    return found


def sizes(readers: int, *, n: int = 20, seed: int = 3) -> dict[str, dict[str, list[float | None]]]:
    rng = random.Random(seed)
    return {
        f"Reader {number}": {
            f"c{i:02d}": [8.0 + i / 3.0, 8.2 + i / 3.0 + rng.gauss(0.0, 0.1 * number)] for i in range(n)
        }
        for number in range(1, readers + 1)
    }


def test_every_count_is_a_bubble_of_its_area() -> None:
    found = intra_reader_categories(answers(2, 5), range(1, 6), "linear")
    figure = made(lambda: draw_intra_reader(found, "Score"))
    assert_is_printable(figure)
    counts = [count for one in found for row in one.kappa.table for count in row if count]
    bubbles = [patch for patch in figure.axes[0].patches if isinstance(patch, Circle)]
    assert len(bubbles) == len(counts)
    assert sum(counts) == 60
    areas = [math.pi * bubble.radius**2 for bubble in bubbles]
    assert areas == pytest.approx([count * areas[0] / counts[0] for count in counts])
    # The first reading goes across and the second up.
    first = [(i, j) for i, row in enumerate(found[0].kappa.table) for j, count in enumerate(row) if count]
    centers = [bubble.center for bubble in bubbles[: len(first)]]
    steps = 5.0 * 2.0 * max(bubble.radius for bubble in bubbles) / 0.94
    for (i, j), (x, y) in zip(first, centers, strict=True):
        assert x - centers[0][0] == pytest.approx((i - first[0][0]) * steps / 5.0)
        assert y - centers[0][1] == pytest.approx((first[0][1] - j) * steps / 5.0)
    same = sum(found[0].kappa.table[k][k] for k in range(5))
    assert f"{same} of 30 cases alike Linear kappa" in all_words(figure)


@pytest.mark.parametrize(("readers", "scale"), [(1, 2), (3, 7), (4, 5), (7, 11), (2, 101)])
def test_grids_of_any_size_are_printable(readers: int, scale: int) -> None:
    found = intra_reader_categories(answers(readers, scale), range(1, scale + 1))
    assert_is_printable(made(lambda: draw_intra_reader(found, "Score, unaided, between sessions")))


def test_long_names_become_numbers_with_a_note() -> None:
    scale = ("smooth", "ill-defined or spiculated", "not to be told")
    reads = {"Reader 1": {f"c{i}": [scale[i % 3], scale[i % 2]] for i in range(9)}}
    figure = made(lambda: draw_intra_reader(intra_reader_categories(reads, scale), "Margin"))
    assert_is_printable(figure)
    assert "1: smooth; 2: ill-defined or spiculated; 3: not to be told." in all_words(figure)
    calls = intra_reader_categories({"Reader 1": {"c1": [True, False], "c2": [True, True]}}, (False, True))
    assert {"yes", "no"} <= set(words(made(lambda: draw_intra_reader(calls, "Call"))))


def test_what_is_not_estimable_is_said() -> None:
    reads: Answers = {"Reader 1": {"c1": [1, 1], "c2": [1, 1]}, "Reader 2": {"c1": [2, None]}}
    figure = made(lambda: draw_intra_reader(intra_reader_categories(reads, (1, 2)), "Score"))
    assert_is_printable(figure)
    assert "No case was read twice" in words(figure)
    assert all_words(figure).count("kappa, Reader") == 2


def test_differences_are_second_minus_first_with_their_lines() -> None:
    found = intra_reader_measurements(sizes(2))
    figure = made(lambda: draw_intra_reader(found, "Short axis", unit="mm"))
    assert_is_printable(figure)
    panels = [axes for axes in figure.axes if axes.axison]
    assert len(panels) == 2
    for axes, one in zip(panels, found, strict=True):
        assert isinstance(one.bland_altman, BlandAltman)
        drawn = axes.collections[-1]
        assert isinstance(drawn, PathCollection)
        points = [value for point in one.bland_altman.points for value in (point.mean, point.difference)]
        assert list(drawn.get_offsets().ravel()) == pytest.approx(points)  # type: ignore[union-attr]
        heights = [line.get_ydata()[0] for line in axes.lines[1:]]
        expected = [one.bland_altman.bias, one.bland_altman.lower.value, one.bland_altman.upper.value]
        assert heights == expected
        assert axes.get_ylim() == panels[0].get_ylim()
    assert "Mean of both readings (mm)" in words(figure)
    assert "Second reading minus first." in all_words(figure)


def test_a_reader_who_measured_nothing_twice_keeps_a_panel() -> None:
    reads = sizes(4, n=3) | {"Reader 5": {"c01": [3.0, None]}}
    figure = made(lambda: draw_intra_reader(intra_reader_measurements(reads), "Short axis"))
    assert_is_printable(figure)
    assert "No case was read twice" in words(figure)
    assert "Reader 5: not estimable: no case was read twice" in all_words(figure)
    alone = intra_reader_measurements({"Reader 5": {"c01": [3.0, None]}})
    assert_is_printable(made(lambda: draw_intra_reader(alone, "Short axis")))


def test_bytes_are_stable_in_both_formats() -> None:
    grid, measured = intra_reader_categories(answers(2, 3), (1, 2, 3)), intra_reader_measurements(sizes(2))
    assert intra_reader_figure(grid, title="T") == intra_reader_figure(grid, title="T")
    assert intra_reader_figure(measured, title="T", file_format="png").startswith(b"\x89PNG")
