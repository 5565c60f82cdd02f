"""Texts are broken to fit and labels moved apart."""

from itertools import pairwise

import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.figure_layout import (
    digits_for,
    p_text,
    range_text,
    reasons,
    rendered,
    signed,
    spread,
    text_inches,
    with_ci,
    wrapped,
)
from backend.analysis.results import Interval


def test_lines_fit_and_keep_every_letter() -> None:
    text = "Reads without a reference standard Donaudampfschiffahrtsgesellschaft end\nnew line"
    broken = wrapped(text, 1.0, 7.0)
    assert all(text_inches(line, 7.0) <= 1.0 for line in broken.split("\n"))
    assert broken.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert wrapped("short", 1.0, 7.0) == "short"
    assert text_inches("Mean", 7.0, is_bold=True) > text_inches("Mean", 7.0) > 0.0


@pytest.mark.parametrize("places", [[0.0, 0.1, 0.2, 5.0], [3.0, 3.0, 3.0], [2.0, 1.0], []])
def test_labels_are_apart_in_their_order(places: list[float]) -> None:
    moved = spread(places, 0.5)
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    gaps = [moved[b] - moved[a] for a, b in pairwise(order)]
    assert all(gap >= 0.5 - 1e-9 for gap in gaps)
    assert sum(moved) == pytest.approx(sum(places))


def test_labels_with_room_do_not_move_and_stay_within_limits() -> None:
    assert spread([1.0, 2.0], 0.5) == [1.0, 2.0]
    assert spread([1.0, 1.0], 0.5, (0.0, 1.0)) == pytest.approx([0.5, 1.0])
    assert spread([0.0, 0.0], 0.5, (0.0, 1.0)) == pytest.approx([0.0, 0.5])


def test_numbers_as_a_journal_prints_them() -> None:
    none = NotEstimable("no pair")
    assert signed(-0.5, 2) == "−0.50"
    assert signed(-0.001, 2) == "0.00"
    assert range_text(0.1, 0.25, 2) == "0.10–0.25"
    assert range_text(-0.1, 0.25, 2) == "−0.10 to 0.25"
    assert with_ci(0.5, Interval(0.4, 0.6, 0.95), digits=2) == "0.50 (0.40–0.60)"
    assert with_ci(0.5, none, digits=2) == "0.50 (CI not estimable)"
    assert with_ci(none, none) == "not estimable"
    assert [p_text(p) for p in (0.04217, 0.0002, none)] == ["0.042", "<0.001", "–"]
    assert [digits_for(x) for x in (250.0, 25.0, 2.5, 0.25, 0.0025, 0.0)] == [0, 1, 2, 3, 4, 2]
    assert reasons([("a", none), ("b", 1.0), ("c", none)]) == ["a, c: not estimable: no pair."]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(AnalysisError) as refused:
        rendered(lambda _: None, "Kind", "t", is_synthetic=False, file_format="pdf", dpi=72)  # type: ignore[arg-type, return-value]
    assert refused.value.code == "unknown_format"
