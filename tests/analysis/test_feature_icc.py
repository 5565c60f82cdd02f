"""Reproducible features: the same correlations as one feature at a time, the rule, and awkward input."""

import math
from typing import Any

import numpy as np
import pytest

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.feature_icc import feature_icc, feature_selection
from backend.analysis.icc import icc
from backend.analysis.icc_core import IccForm

FORMS: tuple[IccForm, ...] = ("ICC(1)", "ICC(k)", "ICC(C,1)", "ICC(C,k)", "ICC(A,1)", "ICC(A,k)")
Features = dict[str, dict[str, dict[str, float]]]


def simulated(n_features: int = 12, readers: tuple[str, ...] = ("ann", "bob"), seed: int = 3) -> Features:
    """Feature k has an error of k tenths of the spread between cases."""
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(30, n_features))
    found: Features = {}
    for reader in readers:
        noise = rng.normal(size=(30, n_features)) * np.arange(n_features) / 10
        found[reader] = {
            f"case{i:02d}": {
                f"f{k:02d}": float(true[i, k] + noise[i, k]) * 10.0**k for k in range(n_features)
            }
            for i in range(30)
        }
    return found


@pytest.mark.parametrize("form", FORMS)
def test_each_feature_has_the_correlation_of_its_own_table(form: IccForm) -> None:
    features = simulated()
    result = feature_icc(features, form=form)
    for item in result.features:
        alone = icc({r: {c: row[item.feature] for c, row in cases.items()} for r, cases in features.items()})
        expected = alone.form(form)
        assert item.icc == pytest.approx(expected.icc, rel=1e-12)
        if isinstance(expected.ci, NotEstimable):
            assert isinstance(item.ci, NotEstimable)
        else:
            assert not isinstance(item.ci, NotEstimable)
            assert (item.ci.low, item.ci.high) == pytest.approx(
                (expected.ci.low, expected.ci.high), rel=1e-12
            )


def test_features_above_the_threshold_are_kept() -> None:
    result = feature_icc(simulated())
    assert result.kept == tuple(
        i.feature for i in result.features if isinstance(i.icc, float) and i.icc > 0.75
    )
    assert 0 < len(result.kept) < 12
    first, last = result.features[0], result.features[-1]
    assert (first.icc, first.is_kept, first.reason) == (1.0, True, None)
    assert not last.is_kept
    assert last.reason is not None
    assert "not above 0.75" in last.reason


def test_the_lower_bound_is_the_stricter_rule() -> None:
    loose, strict = feature_icc(simulated()), feature_icc(simulated(), rule="lower bound")
    assert set(strict.kept) < set(loose.kept)
    assert "f00" in strict.kept  # full agreement has no interval, and nothing to doubt


def test_selection_needs_both_between_and_within() -> None:
    inter = simulated(seed=3)
    intra = {"ann": simulated(readers=("first", "second"), seed=4)}
    result = feature_selection(inter, intra)
    assert set(result.kept) == set(result.inter.kept) & set(result.intra[0].kept)
    assert result.n_features == 12
    result.to_json()


def test_awkward_features() -> None:
    features = simulated(4)
    for cases in features.values():
        for row in cases.values():
            row["flat"] = 7.3
    features["bob"]["case05"]["f02"] = math.nan
    del features["ann"]["case09"]
    result = feature_icc(features)
    by_name = {item.feature: item for item in result.features}
    assert by_name["flat"].icc == NotEstimable("the feature does not vary between cases")
    assert by_name["f02"].icc == NotEstimable("bob, case case05: the value is nan")
    assert not by_name["f02"].is_kept
    assert isinstance(by_name["f01"].icc, float)
    assert (result.n, result.dropped_cases) == (29, ("case09",))
    assert result.warnings == ("Not finite in some case: f02.",)
    result.to_json()


@pytest.mark.parametrize("cases", [{}, {"x": {"f": 1.0}}])
def test_too_few_cases(cases: dict[str, dict[str, float]]) -> None:
    result = feature_icc({"ann": cases, "bob": cases})
    assert result.kept == ()
    assert all(isinstance(item.icc, NotEstimable) for item in result.features)
    assert len(result.features) == len(cases)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"form": "ICC(2,1)"}, "unknown_form"),
        ({"rule": "upper bound"}, "unknown_rule"),
        ({"keep_above": 1.0}, "threshold_out_of_range"),
        ({"level": 2.0}, "level_out_of_range"),
    ],
)
def test_bad_options_are_refused(options: Any, code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        feature_icc(simulated(2), **options)
    assert refused.value.code == code


def test_other_bad_input_is_refused_by_name() -> None:
    features = simulated(3)
    del features["bob"]["case07"]["f01"]
    with pytest.raises(AnalysisError, match="feature f01: bob, case case07"):
        feature_icc(features)
    with pytest.raises(AnalysisError, match="two raters or more"):
        feature_icc({"ann": {}})
    with pytest.raises(AnalysisError, match="ann: feature f03"):
        feature_selection(simulated(3), {"ann": simulated(4)})
    with pytest.raises(AnalysisError, match="drew twice"):
        feature_selection(simulated(3), {})


def test_order_changes_no_bit() -> None:
    features = simulated()
    turned = {r: dict(reversed(cases.items())) for r, cases in reversed(features.items())}
    assert feature_icc(turned) == feature_icc(features)
