import numpy as np
import pytest

from backend.cases.window import default_window

VALUES = np.linspace(0.0, 1000.0, 10_001)


def test_the_senders_windows_are_one_for_the_series() -> None:
    window, is_tagged = default_window([(500, 900), (600, 1000), (700, 1300)], VALUES)
    assert window == {"center": 600, "width": 1000}
    assert is_tagged


@pytest.mark.parametrize(
    "tagged",
    [
        [None],
        [(0, 0)],
        [(0.4, 0.84)],
        [(500, -10)],
        [(500, 900), None],
        [(-5000, 100)],
        [(9000, 100)],
    ],
)
def test_percentiles_take_the_place_of_defective_windows(tagged: list[tuple[float, float] | None]) -> None:
    """np.percentile of 0..1000: the 1st is 10, the 99th 990."""
    window, is_tagged = default_window(tagged, VALUES)
    assert window["center"] == pytest.approx(500)
    assert window["width"] == pytest.approx(980)
    assert not is_tagged


def test_percentiles_follow_small_scales() -> None:
    window, _ = default_window([None], VALUES / 1e6)
    assert window["width"] == pytest.approx(980e-6)


def test_a_flat_image_has_a_window() -> None:
    assert default_window([None], np.full(50, 7.0)) == ({"center": 7.0, "width": 1.0}, False)


def test_a_single_bright_spot_is_seen() -> None:
    values = np.zeros(1000)
    values[3] = 50
    assert default_window([None], values)[0] == {"center": 25.0, "width": 50.0}
