from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.contracts import (
    PLUGINS,
    InputProblem,
    ModelOutput,
    RunCancelled,
    RunContext,
    Volume,
    check_overlays,
    load_plugin,
)
from inference.models import lpln_radiomics
from inference.models.lpln_radiomics_overlays import METHOD, blocks, changes, influence, node_score, region
from inference.radiomics.preprocessing import CorrectedImage
from tests.unit.inference.synthetic import ball, node_case, textured_volume

Mask = NDArray[np.bool_]
INSTALLED = load_plugin(PLUGINS["lpln-radiomics"])


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def told() -> list[tuple[float, str]]:
    """What the run told of its way."""
    return []


@pytest.fixture(scope="module")
def output(cache_dir: Path, told: list[tuple[float, str]]) -> ModelOutput:
    def progress(fraction: float, step: str) -> None:
        told.append((fraction, step))

    return INSTALLED.run(node_case(), RunContext(cache_dir, progress=progress))


def box_mask(shape: tuple[int, int, int] = (9, 12, 15)) -> Mask:
    mask = np.zeros(shape, dtype=np.bool_)
    mask[1:8, 2:11, 3:14] = True
    return mask


def map_of(mask: Mask, score: Callable[[Mask], float]) -> NDArray[np.uint8]:
    ctx = RunContext(Path())
    return influence(mask, list(changes(mask, score(mask), score, ctx))).array


@pytest.mark.parametrize("size", range(1, 12))
def test_the_blocks_hold_every_voxel_once_and_are_alike_from_both_ends(size: int) -> None:
    mask = np.zeros((1, 1, 20), dtype=np.bool_)
    mask[..., 4 : 4 + size] = True
    spans = [x for _, _, x in blocks(mask)]
    held = [column for span in spans for column in range(span.start, span.stop)]
    assert held == list(range(4, 4 + size))
    lengths = [span.stop - span.start for span in spans]
    assert lengths == lengths[::-1]
    assert len(lengths) == min(size, 3)


def test_each_part_gets_the_size_of_its_own_change() -> None:
    """Of a score that is a sum over voxels, a part left out takes away exactly its own sum."""
    mask = box_mask()
    weights = np.random.default_rng(3).normal(size=mask.shape)
    shown = map_of(mask, lambda one: float(weights[one].sum()))
    sums = {}
    for place in blocks(mask):
        [value] = set(shown[place].ravel().tolist())
        sums[abs(float(weights[place].sum()))] = value
    largest = max(sums)
    assert sums == {size: 1 + round(254 * size / largest) for size in sums}
    assert sums[largest] == 255
    # A larger change is never shown smaller.
    assert [sums[size] for size in sorted(sums)] == sorted(sums.values())
    assert not shown[~mask].any()


def test_the_part_with_all_the_influence_lights_up_alone() -> None:
    mask = box_mask()
    bright = list(blocks(mask))[14]
    shown = map_of(mask, lambda one: float(one[bright].sum()))
    assert set(shown[bright].ravel().tolist()) == {255}
    rest = mask.copy()
    rest[bright] = False
    assert set(shown[rest].tolist()) == {1}


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_mirrored_region_has_the_mirrored_map(axis: int) -> None:
    mask = ball(textured_volume(), center=(5, 20, 22))
    weights = np.random.default_rng(5).random(mask.shape)
    mirrored_weights = np.flip(weights, axis)
    shown = map_of(mask, lambda one: float(weights[one].sum()))
    mirrored = map_of(np.flip(mask, axis), lambda one: float(mirrored_weights[one].sum()))
    assert shown.any()
    np.testing.assert_array_equal(np.flip(mirrored, axis), shown)


def test_mirrored_images_have_the_mirrored_map_of_the_real_score() -> None:
    """Texture and shape know no left and right: without a bias field, nor do the score and its changes."""
    volume = textured_volume(spacing=(1.0, 1.0, 3.0))
    pixels = np.repeat(volume.array, 3, axis=0).astype(np.float32)
    mask = ball(volume)

    def shown(flip: bool) -> NDArray[np.uint8]:
        levels, here = (np.flip(pixels, 2), np.flip(mask, 2)) if flip else (pixels, mask)
        corrected = CorrectedImage(array=np.ascontiguousarray(levels), log_bias=np.zeros_like(pixels))
        return map_of(np.ascontiguousarray(here), node_score(volume, np.ascontiguousarray(here), corrected))

    plain, mirrored = shown(flip=False), np.flip(shown(flip=True), 2)
    assert len(np.unique(plain)) > 10
    assert np.abs(plain.astype(int) - mirrored.astype(int)).max() <= 1


def test_a_part_without_which_there_is_no_score_is_told_and_not_guessed() -> None:
    mask = box_mask()
    first = next(blocks(mask))

    def score(one: Mask) -> float:
        if not one[first].any():
            raise InputProblem("feature_undefined", "Without a value on this mask.")
        return float(one.sum())

    parts = list(changes(mask, score(mask), score, RunContext(Path())))
    shown = influence(mask, parts)
    assert not shown.array[first].any()
    assert "1 of the parts could not be told" in shown.note
    assert shown.array[mask].max() == 255


def test_a_score_that_never_changes_has_a_map_of_no_change() -> None:
    mask = box_mask()
    shown = map_of(mask, lambda _one: 0.5)
    assert set(shown[mask].tolist()) == {1}


def test_the_installed_model_shows_its_region_and_where_the_score_comes_from(output: ModelOutput) -> None:
    volume, mask = textured_volume(), ball(textured_volume())
    measured, heat = output.overlays
    check_overlays(output, {"T2W": volume})
    np.testing.assert_array_equal(measured.array, mask)
    assert (heat.array > 0).sum() == mask.sum(), "of this node every part can be told"
    assert heat.array.max() == 255
    assert not heat.array[~mask].any()
    assert (heat.method, heat.low) == (METHOD, "no change")
    largest, _, words = heat.high.partition(" ")
    assert float(largest) > 0
    assert words == "up or down"
    assert f"{largest} at most" in heat.note


def test_the_change_of_a_part_is_that_of_the_model_asked_without_it(
    output: ModelOutput, cache_dir: Path
) -> None:
    """The whole model, run on the mask without the part, is the slow way to the same number."""
    mask = ball(textured_volume())
    heat = output.overlays[1]
    asked = [place for place in blocks(mask) if heat.array[place].max() == 255]
    rest = mask.copy()
    rest[asked[0]] = False
    without = lpln_radiomics.PLUGIN.run(node_case(mask=rest), RunContext(cache_dir))
    assert f"{abs(without.score - output.score):.2f} up or down" == heat.high


def test_the_rest_of_the_output_is_that_of_the_model(output: ModelOutput, cache_dir: Path) -> None:
    bare = lpln_radiomics.PLUGIN.run(node_case(), RunContext(cache_dir))
    assert (output.score, output.features, output.score_reruns) == (
        bare.score,
        bare.features,
        bare.score_reruns,
    )
    assert output.to_json().keys() - bare.to_json().keys() == {"overlays"}
    assert output.to_json()["overlays"] == ["region", "influence"]


def test_overlays_do_not_depend_on_threads_or_on_a_second_run(output: ModelOutput, cache_dir: Path) -> None:
    again = INSTALLED.run(node_case(), RunContext(cache_dir, threads=4))
    for one, other in zip(output.overlays, again.overlays, strict=True):
        np.testing.assert_array_equal(one.array, other.array)
        assert replace(one, array=other.array, note=other.note).note == one.note


def test_the_way_goes_on_through_the_parts_and_ends_once(
    output: ModelOutput, told: list[tuple[float, str]]
) -> None:
    assert output.overlays
    assert told == sorted(told, key=lambda one: one[0])
    steps = [step for _, step in told]
    assert list(dict.fromkeys(steps)) == ["bias_correction", "features", "reruns", "overlays", "done"]
    assert steps.count("done") == 1
    assert told[-1] == (1.0, "done")


def test_a_cancelled_run_stops_between_two_parts() -> None:
    asked: list[int] = []

    def score(one: Mask) -> float:
        asked.append(int(one.sum()))
        return 0.0

    ctx = RunContext(Path(), cancelled=lambda: len(asked) >= 3)
    with pytest.raises(RunCancelled):
        list(changes(box_mask(), 0.0, score, ctx))
    assert len(asked) == 3


def test_the_region_is_said_to_be_given() -> None:
    shown = region(box_mask())
    assert "did not draw it" in shown.note
    assert isinstance(shown.array, np.ndarray)
    assert shown.array.sum() == box_mask().sum()


def test_too_little_left_has_no_score() -> None:
    volume = Volume(np.ones((9, 9, 9), dtype=np.float32), (1.0, 1.0, 1.0))
    mask = np.zeros((9, 9, 9), dtype=np.bool_)
    mask[3:6, 3:6, 3:6] = True
    corrected = CorrectedImage(
        array=np.random.default_rng(1).random((9, 9, 9)).astype(np.float32),
        log_bias=np.zeros((9, 9, 9), dtype=np.float32),
    )
    score = node_score(volume, mask, corrected)
    assert np.isfinite(score(mask))
    mask[3, 3, 3] = False
    with pytest.raises(InputProblem, match="mask_too_small"):
        score(mask)
