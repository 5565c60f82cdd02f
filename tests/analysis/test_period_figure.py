"""The order of the arms: lines are the readers' cells, diamonds and bars the means of the result."""

from collections.abc import Callable

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.period_figure import draw_periods, period_figure
from backend.analysis.periods import PeriodAnalysis, period_analysis
from backend.analysis.results import Interval
from tests.analysis.figure_checks import all_words, assert_is_printable, made, words
from tests.analysis.test_periods import study

Order = Callable[[int, int], tuple[int, int]]
BY_READER: Order = lambda j, k: (1, 2) if j % 2 else (2, 1)  # noqa: E731


def analyzed(sessions: Order, *, readers: int = 4, cases: int = 24) -> PeriodAnalysis:
    return period_analysis(study(sessions, readers=readers, cases=cases), first_arm="A", second_arm="B")


def test_readers_and_means_stand_in_their_period() -> None:
    found = analyzed(BY_READER, readers=6)
    figure = made(lambda: draw_periods(found, "A and B"))
    assert_is_printable(figure)
    panels = [axes for axes in figure.axes if axes.axison]
    assert len(panels) == 4
    cells = {(cell.reader, cell.period): cell for cell in found.cells}
    for place, (measure, readers, order) in enumerate(
        [("auc", "135", "AB"), ("auc", "024", "BA"), ("right", "135", "AB"), ("right", "024", "BA")]
    ):
        factor = 1.0 if measure == "auc" else 100.0
        lines = [list(line.get_ydata()) for line in panels[place].lines]
        expected = [[factor * getattr(cells[f"r{j}", period], measure) for period in (1, 2)] for j in readers]
        assert lines[:3] == expected
        means = [one for one in found.means if (one.measure, one.sequence) == (measure, order)]
        for bar, point, mean in zip(lines[3::2], lines[4::2], means, strict=True):
            assert isinstance(mean.ci, Interval)
            assert bar == pytest.approx([factor * mean.ci.low, factor * mean.ci.high])
            assert point == pytest.approx([factor * mean.mean])
    assert panels[0].get_ylim() == panels[1].get_ylim()
    text = all_words(figure)
    assert {"AUC, A first", "AUC, B first"} <= set(words(figure))
    assert "Period 1 A" in text
    assert "Readers' AUC: treatment" in text
    assert "carry-over" in text


@pytest.mark.parametrize(
    ("sessions", "heading"),
    [
        (lambda j, k: (1, 1), "AUC, in one session"),
        (lambda j, k: (1, 2), "AUC, A first"),
        (lambda j, k: (2, 1), "AUC, B first"),
        (lambda j, k: (1, 2) if (j + k // 2) % 2 else (2, 1), "AUC, B first"),
    ],
)
def test_every_design_is_told(sessions: Order, heading: str) -> None:
    found = analyzed(sessions)
    figure = made(lambda: draw_periods(found, "A and B"))
    assert_is_printable(figure)
    assert heading in words(figure)
    assert found.design_text in all_words(figure)


def test_one_reader_and_cells_of_one_class_are_told() -> None:
    alone = made(lambda: draw_periods(analyzed(BY_READER, readers=1), "One"))
    assert_is_printable(alone)
    assert "1 reader" in all_words(alone)
    one_class = analyzed(lambda j, k: (1, 2) if k % 2 else (2, 1))
    assert all(isinstance(mean.mean, NotEstimable) for mean in one_class.means if mean.measure == "auc")
    figure = made(lambda: draw_periods(one_class, "One class"))
    assert_is_printable(figure)
    assert words(figure).count("No reader has both values") == 2


def test_many_readers_have_room() -> None:
    assert_is_printable(made(lambda: draw_periods(analyzed(BY_READER, readers=14, cases=12), "Many")))


def test_bytes_are_stable_in_both_formats() -> None:
    found = analyzed(BY_READER)
    assert period_figure(found, title="T") == period_figure(found, title="T")
    assert period_figure(found, title="T", file_format="png").startswith(b"\x89PNG")
