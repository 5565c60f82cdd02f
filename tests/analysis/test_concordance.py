"""Lin's concordance against epiR, its definition, and awkward input."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backend.analysis.concordance import concordance_correlation
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.results import Interval
from tests.analysis.rating_data import number, read_measurements


def test_matches_epir(reference: Callable[[str], Any]) -> None:
    """epiR 2.0.94, epi.ccc(x, y); the standard error from its asymptotic interval."""
    expected = reference("agreement/expected.json")["ccc"]
    result = concordance_correlation(read_measurements("measurements.csv"), "reader1", "reader2")
    assert result.ccc == pytest.approx(expected["ccc"], rel=1e-12)
    assert isinstance(result.ci, Interval)
    assert (result.ci.low, result.ci.high) == pytest.approx((expected["low"], expected["high"]), rel=1e-11)
    assert result.se == pytest.approx(expected["se"], rel=1e-10)
    assert result.bias_correction == pytest.approx(expected["bias_correction"], rel=1e-12)
    assert result.location_shift == pytest.approx(-expected["location_shift_b_minus_a"], rel=1e-11)
    assert result.scale_shift == pytest.approx(1 / expected["scale_shift_b_over_a"], rel=1e-12)


def test_is_precision_times_accuracy_and_its_definition() -> None:
    raters = read_measurements("measurements.csv")
    result = concordance_correlation(raters, "reader1", "reader4")
    x, y = (np.array(list(raters[name].values()), dtype=float) for name in ("reader1", "reader4"))
    by_definition = 1 - ((x - y) ** 2).mean() / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    assert result.ccc == pytest.approx(by_definition, rel=1e-12)
    assert result.ccc == pytest.approx(number(result.pearson) * number(result.bias_correction), rel=1e-12)
    swapped = concordance_correlation(raters, "reader4", "reader1")
    assert (swapped.ccc, swapped.se, swapped.ci) == (result.ccc, result.se, result.ci)
    assert swapped.location_shift == -number(result.location_shift)


def test_awkward_input() -> None:
    def of(a: list[float], b: list[float]) -> Any:
        raters = {n: {str(i): v for i, v in enumerate(row)} for n, row in (("a", a), ("b", b))}
        result = concordance_correlation(raters, "a", "b")
        result.to_json()
        return result

    full = of([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert full.ccc == 1.0
    assert full.ci == NotEstimable("the raters agree fully")
    assert of([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]).ccc == 0.0
    assert of([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]).ci == NotEstimable("one rater gave one value for every case")
    assert isinstance(of([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]).ccc, NotEstimable)
    assert of([1.0, 1.0, 1.0], [2.0, 2.0, 2.0]).ccc == 0.0
    assert isinstance(of([1.0, 2.0], [1.0, 2.0]).ccc, NotEstimable)
    assert of([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 1.0, 3.0]).ccc == 0.0
    assert isinstance(of([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 1.0, 3.0]).se, NotEstimable)
    offset = of([1.0, 2.0, 4.0], [2.0, 3.0, 5.0])
    assert 0.0 < offset.ccc < 1.0
    with pytest.raises(AnalysisError, match="zoe"):
        concordance_correlation({"a": {}, "b": {}}, "a", "zoe")
