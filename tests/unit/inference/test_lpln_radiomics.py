import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.contracts import (
    BACKGROUND,
    PLUGINS,
    CaseInputs,
    InputProblem,
    ModelOutput,
    RunCancelled,
    RunContext,
    Volume,
    image_digest,
    load_plugin,
)
from inference.models import lpln_radiomics
from inference.models.lpln_radiomics import (
    COEFFICIENTS,
    CUT_OFF,
    PLUGIN,
    LplnRadiomics,
    inverse_logit,
    is_near_cut_off,
    linear_predictor,
)
from inference.radiomics.cache import cache_path
from inference.radiomics.features import extract_features
from inference.radiomics.preprocessing import fixed_threads, isotropic_grid, resample_mask
from inference.radiomics.settings import FeatureSettings, N4Settings
from tests.unit.inference.slow_features import slow_features
from tests.unit.inference.synthetic import ball, node_case, textured_volume


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def output(cache_dir: Path) -> ModelOutput:
    return PLUGIN.run(node_case(), RunContext(cache_dir))


def result(output: ModelOutput) -> tuple[object, ...]:
    """All of an output that must not depend on when and where it was computed."""
    return output.score, output.probability, dict(output.features), dict(output.score_reruns), output.warnings


def test_equation_at_values_worked_by_hand() -> None:
    features = dict.fromkeys(COEFFICIENTS, 0.0)
    assert linear_predictor(features) == -3.129
    # 0.25 x 17.75 = 4.4375; 0.01 x 11.79 = 0.1179; 0.8 x 1.349 = 1.0792; 0.9 x 1.249 = 1.1241;
    # 7 x 0.3133 = 2.1931; 10000 x 0.00002075 = 0.2075;
    # -3.129 + 4.4375 - 0.1179 + 1.0792 - 1.1241 + 2.1931 + 0.2075 = 3.5463
    features = {
        "glcm_InverseVariance": 0.25,
        "ngtdm_Coarseness": 0.01,
        "shape_Elongation": 0.8,
        "glcm_MCC": 0.9,
        "gldm_DependenceEntropy": 7.0,
        "gldm_LargeDependenceHighGrayLevelEmphasis": 10_000.0,
    }
    assert linear_predictor(features) == pytest.approx(3.5463, abs=1e-12)


def test_equation_needs_every_feature() -> None:
    with pytest.raises(KeyError):
        linear_predictor({"glcm_MCC": 0.5})


@pytest.mark.parametrize(
    ("score", "probability"), [(0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25), (800, 1), (-800, 0)]
)
def test_inverse_logit(score: float, probability: float) -> None:
    assert inverse_logit(score) == pytest.approx(probability, abs=1e-15)


@pytest.mark.parametrize(
    ("score", "uncertainty", "expected"),
    [
        (-0.47, 0, True),
        (-0.23, 0, True),
        (-0.21, 0, False),
        (-0.21, 0.3, True),
        (-0.73, 0.1, False),
        (0.5, 1, True),
    ],
)
def test_near_cut_off_is_a_quarter_or_the_uncertainty(
    score: float, uncertainty: float, expected: bool
) -> None:
    assert is_near_cut_off(score, uncertainty) is expected


def test_output_is_complete_and_says_what_it_is(output: ModelOutput) -> None:
    assert len(output.features) == 107
    assert output.score == linear_predictor(output.features)
    assert output.probability == inverse_logit(output.score)
    assert output.is_positive is (output.score >= CUT_OFF)
    assert output.numeric_uncertainty == max(
        abs(rerun - output.score) for rerun in output.score_reruns.values()
    )
    assert len(output.score_reruns) == 6
    assert output.numeric_uncertainty > 0
    assert any(note.startswith("ComBat: not applied") for note in output.notes)
    assert "Not recalibrated for this center." in output.probability_note
    assert output.timings.keys() == {"bias_correction", "features", "reruns"}
    json.dumps(output.to_json(), allow_nan=False)


def test_score_equals_a_slow_computation_after_the_bias_correction(
    cache_dir: Path, output: ModelOutput
) -> None:
    volume = textured_volume()
    raw = cache_path(volume, N4Settings(), cache_dir).read_bytes().partition(b"\n")[2]
    grid = isotropic_grid(volume, 1.0)
    shape = grid.size[::-1]
    corrected = np.frombuffer(raw, dtype="<f4")[: math.prod(shape)].reshape(shape)
    node = resample_mask(ball(volume), volume.spacing, grid)
    slow = slow_features(corrected, node, (1.0, 1.0, 1.0), 128)
    assert linear_predictor(slow) == pytest.approx(output.score, abs=1e-6)


def test_score_of_another_pixel_type_is_the_same(tmp_path: Path, output: ModelOutput) -> None:
    volume = textured_volume()
    floats = replace(volume, array=volume.array.astype(np.float32))
    assert result(PLUGIN.run(node_case(floats), RunContext(tmp_path))) == result(output)


def test_score_ignores_position_and_direction(tmp_path: Path, output: ModelOutput) -> None:
    angle = np.deg2rad(-23)
    volume = textured_volume()
    oblique = replace(
        volume,
        spacing=(volume.spacing[0] + 2e-5, volume.spacing[1], volume.spacing[2] - 4e-5),
        origin=(-101.3333333, 77.7, -45.0),
        direction=(np.cos(angle), -np.sin(angle), 0.0, np.sin(angle), np.cos(angle), 0.0, 0.0, 0.0, 1.0),
    )
    assert image_digest(oblique) != image_digest(volume)
    assert result(PLUGIN.run(node_case(oblique), RunContext(tmp_path))) == result(output)


@pytest.mark.parametrize("threads", [1, 2])
def test_score_ignores_threads(tmp_path: Path, output: ModelOutput, threads: int) -> None:
    with fixed_threads(threads):
        again = PLUGIN.run(node_case(), RunContext(tmp_path, threads=threads))
        assert sitk.ProcessObject.GetGlobalDefaultNumberOfThreads() == threads
    assert result(again) == result(output)


def test_second_node_reuses_the_corrected_image(tmp_path: Path, output: ModelOutput) -> None:
    volume = textured_volume()
    other = PLUGIN.run(node_case(volume, ball(volume, center=(6, 20, 15), radius_mm=5)), RunContext(tmp_path))
    again = PLUGIN.run(node_case(volume), RunContext(tmp_path))
    assert "Bias-corrected image: computed." in other.notes
    assert "Bias-corrected image: reused." in again.notes
    assert other.score != again.score
    assert result(again) == result(output)


def test_damaged_cache_changes_no_score(tmp_path: Path, output: ModelOutput) -> None:
    PLUGIN.run(node_case(), RunContext(tmp_path))
    path = cache_path(textured_volume(), N4Settings(), tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    again = PLUGIN.run(node_case(), RunContext(tmp_path))
    assert "Bias-corrected image: computed anew, the stored one was damaged." in again.notes
    assert result(again) == result(output)


def test_run_tells_its_steps_in_order(cache_dir: Path) -> None:
    told: list[tuple[float, str]] = []
    PLUGIN.run(
        node_case(), RunContext(cache_dir, progress=lambda fraction, step: told.append((fraction, step)))
    )
    assert [step for _, step in told] == ["bias_correction", "features", "reruns", "done"]
    assert told == sorted(told)
    assert told[-1][0] == 1


def test_run_stops_when_cancelled(cache_dir: Path) -> None:
    with pytest.raises(RunCancelled):
        PLUGIN.run(node_case(), RunContext(cache_dir, cancelled=lambda: True))


def broken(array_at: float) -> Volume:
    volume = textured_volume()
    array = volume.array.astype(np.float32)
    array[0, 0, 0] = array_at
    return replace(volume, array=array)


GOOD = textured_volume()
PROBLEMS = {
    "sequence_missing": CaseInputs({"ADC": GOOD}, {"index_node": ball(GOOD)}),
    "mask_missing": CaseInputs({"T2W": GOOD}, {"tumor": ball(GOOD)}),
    "mask_empty": node_case(mask=np.zeros(GOOD.array.shape, dtype=bool)),
    "mask_shape": node_case(mask=ball(GOOD)[:, :, 1:]),
    "mask_too_small": node_case(mask=ball(GOOD, radius_mm=1.0)),
    "mask_flat": node_case(replace(GOOD, array=np.where(ball(GOOD), 300, GOOD.array))),
    "pixels_not_finite": node_case(broken(float("nan"))),
    "spacing_implausible": node_case(replace(GOOD, spacing=(0.9, 0.9, 0.0)), mask=ball(GOOD)),
    "direction_invalid": node_case(replace(GOOD, direction=(1.0, 0, 0, 1.0, 0, 0, 0, 0, 1.0))),
}


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_check_names_what_stands_against_a_run(tmp_path: Path, code: str) -> None:
    assert [(problem.code, problem.is_blocking) for problem in PLUGIN.check(PROBLEMS[code])] == [(code, True)]
    with pytest.raises(InputProblem) as caught:
        PLUGIN.run(PROBLEMS[code], RunContext(tmp_path))
    assert caught.value.code == code
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("spacing", [(0.9, 0.9, 40.0), (9.0, 9.0, 3.0), (0.01, 0.9, 3.0), (0.9, 0.9, 0.8)])
def test_check_refuses_spacing_that_no_pelvic_mri_has(spacing: tuple[float, float, float]) -> None:
    case = node_case(replace(GOOD, spacing=spacing), mask=ball(GOOD))
    assert [problem.code for problem in PLUGIN.check(case)] == ["spacing_implausible"]


def test_check_reports_every_problem_of_an_image() -> None:
    case = CaseInputs({"T2W": replace(broken(float("inf")), spacing=(0.9, 0.9, 50.0))}, {})
    assert [problem.code for problem in PLUGIN.check(case)] == [
        "spacing_implausible",
        "pixels_not_finite",
        "mask_missing",
    ]


def test_check_is_content_with_a_good_case() -> None:
    assert PLUGIN.check(node_case()) == []


@pytest.mark.parametrize(
    ("code", "mask"),
    [
        ("mask_components", ball(GOOD) | ball(GOOD, center=(6, 20, 8), radius_mm=3)),
        ("mask_sparse", ball(GOOD, radius_mm=3)),
        ("mask_large", ball(GOOD, radius_mm=18)),
    ],
)
def test_warnings_go_along_with_the_result(cache_dir: Path, code: str, mask: np.ndarray) -> None:
    problems = PLUGIN.check(node_case(mask=mask))
    assert [(problem.code, problem.is_blocking) for problem in problems] == [(code, False)]
    assert PLUGIN.run(node_case(mask=mask), RunContext(cache_dir)).warnings == (problems[0].text,)


def test_twenty_seven_voxels_are_enough() -> None:
    volume = replace(GOOD, spacing=(1.0, 1.0, 1.0))
    mask = np.zeros(volume.array.shape, dtype=bool)
    mask[4:7, 20:23, 20:23] = True
    assert [problem.code for problem in PLUGIN.check(node_case(volume, mask))] == ["mask_sparse"]
    mask[4, 20, 20] = False
    problem = PLUGIN.check(node_case(volume, mask))[0]
    assert (problem.code, problem.text) == (
        "mask_too_small",
        "The node has 26 voxels of 1 mm; at least 27 are needed.",
    )


def test_version_digest_is_stable_and_sees_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = PLUGIN.version_digest()
    assert digest == LplnRadiomics().version_digest()
    assert len(digest) == 64
    changes = {
        "N4": N4Settings(shrink_factor=6),
        "FEATURES": FeatureSettings(bin_count=64),
        "PACKAGES": ("numpy",),
        "CARD": replace(PLUGIN.card, coefficients={"intercept": -3.6169}),
        "GEOMETRY_DECIMALS": 5,
    }
    for name, value in changes.items():
        with monkeypatch.context() as patch:
            patch.setattr(f"inference.models.lpln_radiomics.{name}", value)
            assert LplnRadiomics().version_digest() != digest, name


def test_what_the_card_tells_of_the_development_is_no_part_of_the_version() -> None:
    """A study that froze the version could ask it nothing any more."""
    installed = load_plugin(PLUGINS[PLUGIN.card.id])
    assert installed.version_digest() == PLUGIN.version_digest()
    told, bare = installed.card.to_json(), PLUGIN.card.to_json()
    assert {part for part in told if told[part] != bare[part]} == set(BACKGROUND)


def test_the_released_module_is_what_it_was() -> None:
    """Any change of it is another version: raise the version of the card, and write its digest here."""
    module = Path(lpln_radiomics.__file__).read_bytes().replace(b"\r\n", b"\n")
    assert (PLUGIN.card.semver, hashlib.sha256(module).hexdigest()) == (
        "1.0.0",
        "3cba285736e33a21dfaa4d4e419e207951f4b4fbc29e4cbb5622dd41e05932f9",
    )


def test_normalization_changes_no_feature_of_the_score(output: ModelOutput, cache_dir: Path) -> None:
    volume = textured_volume()
    raw = cache_path(volume, N4Settings(), cache_dir).read_bytes().partition(b"\n")[2]
    grid = isotropic_grid(volume, 1.0)
    shape = grid.size[::-1]
    corrected = np.frombuffer(raw, dtype="<f4")[: math.prod(shape)].reshape(shape).astype(np.float64)
    node = resample_mask(ball(volume), volume.spacing, grid)
    plain = extract_features(corrected, node, (1.0, 1.0, 1.0), FeatureSettings())
    assert linear_predictor(plain) == pytest.approx(output.score, abs=1e-9)
