"""The model against the panel: RJafroc's published run, the formulas on differences, margins, awkward panels."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm, t, ttest_1samp

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mrmc.cells import CellEstimates
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.figures_of_merit import Sensitivity
from backend.analysis.mrmc.ratings import MrmcData
from backend.analysis.mrmc.standalone import StandaloneResult, model_against_readers, with_model
from backend.analysis.results import Interval
from tests.analysis.mrmc.or_studies import (
    pair_counting_auc,
    published_cells,
    restrict,
    simulate,
    slow_jackknife,
)


def rjafroc_cells(*, cov2: float = 0.000924168001312936) -> CellEstimates:
    """datasetCadLroc of RJafroc, Wilcoxon figure, CAD first: differences with the printed variance and covariance."""
    values = [
        0.816927083333333, 0.841562500000000, 0.841197916666667, 0.899739583333333, 0.838125000000000,
        0.856354166666667, 0.878697916666667, 0.858385416666667, 0.797031250000000, 0.826875000000000,
    ]  # fmt: skip
    cells = published_cells(
        np.array([values]),
        cov1=0.0,
        cov3=0.0,
        error_by_modality=(0.00139954909163401,),
        cov2_by_modality=(cov2,),
        n_cases=(80, 120),
    )
    assert not isinstance(cells.covariance, NotEstimable)
    cells.covariance[0, 0, 0, :] = cells.covariance[0, :, 0, 0] = 0.0
    return cells


def test_panel_of_nine_is_that_of_rjafroc() -> None:
    """RJafroc 2.1.2, StCadVsRad(datasetCadLroc, "Wilcoxon", method = "1T-RRRC"/"1T-RRFC"): its stored results."""
    result = model_against_readers(rjafroc_cells(), model="r1")
    random, cases = result.random_readers_random_cases, result.fixed_cases
    assert result.difference == pytest.approx(-0.0317361111111111, rel=1e-12)
    assert result.mean_of_readers == pytest.approx(0.848663194444444, rel=1e-12)
    assert random.statistic == pytest.approx(-0.992868883384089, rel=1e-10)
    assert random.df == pytest.approx(877.886378333107, rel=1e-9)
    assert random.p == pytest.approx(0.321047434257322, rel=1e-10)
    assert isinstance(random.ci, Interval)
    assert (-random.ci.high, -random.ci.low) == pytest.approx(
        (-0.0309987687745530, 0.0944709909967753), rel=1e-9
    )
    assert (cases.statistic, cases.df) == (pytest.approx(-3.21350500695142, rel=1e-10), 8)
    assert cases.p == pytest.approx(0.0123590876277494, rel=1e-10)
    assert isinstance(cases.ci, Interval)
    assert (-cases.ci.high, -cases.ci.low) == pytest.approx(
        (0.00896234747943446, 0.0545098747427878), rel=1e-9
    )


def panel(*, seed: int = 3, missing: bool = False) -> tuple[MrmcData, MrmcData]:
    """A study, and the reads of its first modality with a model."""
    data = simulate(readers=4, positives=13, negatives=15, seed=seed)
    if missing:
        mask = np.ones_like(data.read)
        mask[0, 2, 5] = False
        data = restrict(data, mask)
    generator = np.random.default_rng(seed)
    scores = {
        case: float(generator.normal(1.5 * positive, 1.0))
        for case, positive in zip(data.cases, data.truth, strict=True)
    }
    return data, with_model(data, scores, modality="1", model="model")


def test_difference_has_the_covariance_of_differences() -> None:
    """The slow way: leave out each case, take the differences again, average variance and covariance."""
    _, joint = panel()
    result = model_against_readers(estimate_cells(joint), model="model", margin=0.1)
    matrix = slow_jackknife(joint, pair_counting_auc)
    contrast = np.hstack([-np.eye(4), np.ones((4, 1))])
    of_differences = contrast @ matrix @ contrast.T
    aucs = [pair_counting_auc(joint.truth, row) for row in joint.ratings[0]]
    d = aucs[-1] - np.array(aucs[:-1])
    cov2 = (of_differences.sum() - np.trace(of_differences)) / 12
    ms = d.var(ddof=1)
    total = ms + 4 * max(cov2, 0.0)
    se, df = np.sqrt(total / 4), total**2 / (ms**2 / 3)
    random = result.random_readers_random_cases
    assert (result.error_difference, result.cov2_difference) == pytest.approx(
        (np.trace(of_differences) / 4, cov2)
    )
    assert (random.se, random.df) == pytest.approx((se, df), rel=1e-9)
    assert random.p == pytest.approx(2 * t.sf(abs(d.mean()) / se, df), rel=1e-9)
    assert random.p_superior == pytest.approx(t.sf(d.mean() / se, df), rel=1e-9)
    assert random.p_noninferior == pytest.approx(t.sf((d.mean() + 0.1) / se, df), rel=1e-9)
    fixed = result.fixed_readers
    # With fixed readers the mean difference has just the variance that the matrix gives it.
    assert fixed.se == pytest.approx(np.sqrt(of_differences.sum()) / 4, rel=1e-9)
    assert fixed.p_noninferior == pytest.approx(norm.sf((d.mean() + 0.1) / fixed.se), rel=1e-9)
    assert result.fixed_cases.p == pytest.approx(ttest_1samp(d, 0.0).pvalue, rel=1e-9)


@pytest.mark.parametrize("margin", [0.01, 0.05, 0.4])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_verdicts_are_the_lower_bound_of_the_interval(margin: float, level: float) -> None:
    for seed in range(4):
        _, joint = panel(seed=seed)
        result = model_against_readers(estimate_cells(joint), model="model", margin=margin, level=level)
        for test in (result.random_readers_random_cases, result.fixed_readers, result.fixed_cases):
            assert isinstance(test.ci, Interval)
            assert test.is_noninferior == (test.ci.low > -margin)
            assert test.is_superior == (test.ci.low > 0.0)


def test_without_a_margin_there_is_no_verdict() -> None:
    _, joint = panel()
    random = model_against_readers(estimate_cells(joint), model="model").random_readers_random_cases
    assert (random.p_noninferior, random.is_noninferior) == (None, None)


def test_missing_reads_are_named() -> None:
    data, joint = panel(missing=True)
    assert [(m.reader, m.case) for m in joint.missing] == [("3", "06")]
    result = model_against_readers(estimate_cells(joint), model="model")
    assert result.missing == joint.missing
    scores = dict.fromkeys(data.cases[1:], 0.5)
    unscored = with_model(data, scores, modality="1", model="model")
    assert ("model", data.cases[0]) in [(m.reader, m.case) for m in unscored.missing]


def test_a_cut_off_of_the_models_own() -> None:
    _, joint = panel()
    result = model_against_readers(estimate_cells(joint, Sensitivity(0.5)), model="model")
    assert result.model_figure == (joint.ratings[0, -1, joint.truth] >= 0.5).mean()
    assert result.figure == "sensitivity, rating at or above 0.5"


def test_a_negative_covariance_counts_as_zero_and_is_said() -> None:
    result = model_against_readers(rjafroc_cells(cov2=-1e-4), model="r1")
    random = result.random_readers_random_cases
    assert random.df == pytest.approx(8.0)
    assert random.statistic == pytest.approx(result.fixed_cases.statistic)
    assert "counts as 0" in result.warnings[0]


def test_one_reader_is_compared_for_that_reader_only() -> None:
    data, _ = panel()
    joint = with_model(data.only_readers(("1",)), dict.fromkeys(data.cases, 0.0), modality="1", model="model")
    result = model_against_readers(estimate_cells(joint), model="model")
    assert isinstance(result.random_readers_random_cases.p, NotEstimable)
    assert isinstance(result.fixed_readers.p, float)
    json.dumps(result.to_json(), allow_nan=False)


def test_a_model_that_reads_like_everybody_leaves_nothing_to_judge_by() -> None:
    data, _ = panel()
    same = dict(zip(data.cases, data.ratings[0, 0].tolist(), strict=True))
    joint = with_model(data.only_readers(("1",)), same, modality="1", model="model")
    result: StandaloneResult = model_against_readers(estimate_cells(joint), model="model", margin=0.1)
    assert result.difference == 0.0
    assert isinstance(result.fixed_readers.p, NotEstimable)
    assert result.fixed_readers.is_noninferior is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"modality": "9"}, "unknown_modality"),
        ({"model": "2"}, "name_repeated"),
        ({"scores": {"05": float("nan")}}, "score_not_finite"),
        ({"scores": {"05": True}}, "score_not_finite"),
        ({"scores": {}}, "nothing_read"),
    ],
)
def test_refuses_a_model_that_does_not_fit(change: dict[str, Any], code: str) -> None:
    data, _ = panel()
    given: dict[str, Any] = {
        "scores": dict.fromkeys(data.cases, 0.5),
        "modality": "1",
        "model": "model",
    } | change
    with pytest.raises(AnalysisError) as raised:
        with_model(data, given["scores"], modality=given["modality"], model=given["model"])
    assert raised.value.code == code


def test_refuses_a_panel_that_is_none() -> None:
    data, joint = panel()
    cells = estimate_cells(joint)
    for call, code in (
        (lambda: model_against_readers(cells, model="nobody"), "unknown_reader"),
        (lambda: model_against_readers(cells, model="model", margin=0.0), "margin_not_positive"),
        (lambda: model_against_readers(estimate_cells(data), model="1"), "several_modalities"),
        (
            lambda: model_against_readers(estimate_cells(joint.only_readers(("model",))), model="model"),
            "too_few_readers",
        ),
    ):
        with pytest.raises(AnalysisError) as raised:
            call()
        assert raised.value.code == code
    own = np.broadcast_to((np.arange(28) % 4)[None, None, :] == np.arange(4)[None, :, None], data.read.shape)
    with pytest.raises(AnalysisError) as raised:
        with_model(restrict(data, own), dict.fromkeys(data.cases, 0.5), modality="1", model="model")
    assert raised.value.code == "design_not_covered"
