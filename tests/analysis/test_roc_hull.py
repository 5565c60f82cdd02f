"""The convex hull of a curve against SciPy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from backend.analysis.roc import RocCurve, roc_curve
from backend.analysis.roc_hull import roc_hull

cases = st.lists(st.tuples(st.booleans(), st.integers(1, 6)), min_size=2, max_size=30).filter(
    lambda rows: len({row[0] for row in rows}) == 2
)


def curve_of(truth: list[bool], scores: list[float]) -> RocCurve:
    curve = roc_curve(truth, scores)
    assert isinstance(curve, RocCurve)
    return curve


@settings(derandomize=True, max_examples=80, deadline=None)
@given(cases)
def test_hull_is_scipys_hull(rows: list[tuple[bool, int]]) -> None:
    curve = curve_of([row[0] for row in rows], [float(row[1]) for row in rows])
    hull = roc_hull(curve)
    points = [(1 - p.specificity, p.sensitivity) for p in curve.points] + [(1.0, 0.0)]
    theirs = ConvexHull(np.array(points))
    assert hull.area == pytest.approx(theirs.volume, abs=1e-12)
    corners = {(round(1 - p.specificity, 12), round(p.sensitivity, 12)) for p in hull.corners}
    assert corners <= {tuple(np.round(points[v], 12)) for v in theirs.vertices}
    assert hull.area >= hull.curve_area
    falling = [float("inf") if slope is None else slope for slope in hull.slopes]
    assert falling == sorted(falling, reverse=True)
    assert len(set(falling)) == len(falling)


def test_hull_area_of_the_curve_is_the_auc_and_chance_is_said() -> None:
    tied = roc_hull(curve_of([True, False], [1.0, 1.0]))
    assert (tied.area, tied.curve_area) == (0.5, 0.5)
    assert tied.warnings
    below = roc_hull(curve_of([True, False], [1.0, 2.0]))
    assert (below.area, below.curve_area) == (0.5, 0.0)
    perfect = roc_hull(curve_of([True, False], [2.0, 1.0]))
    assert perfect.area == 1.0
    assert perfect.slopes == (None, 0.0)
