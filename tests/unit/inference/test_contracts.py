import json
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest

from inference.contracts import (
    PLUGINS,
    CaseInputs,
    ModelOutput,
    ModelOverlay,
    ModelPlugin,
    OverlayMismatch,
    RunCancelled,
    RunContext,
    ScoreDistribution,
    Volume,
    canonical_json,
    check_overlays,
    image_digest,
    input_digest,
    load_plugin,
    mask_digest,
)


def small_volume(**changes: object) -> Volume:
    array = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    return replace(Volume(array, (0.5, 0.6, 3.0), (-10.0, 20.0, 5.0)), **changes)


def small_case(**changes: object) -> CaseInputs:
    volume = small_volume()
    mask = volume.array > 11
    case = CaseInputs({"T2W": volume}, {"index_node": mask}, {"female": True, "age": 61}, "A")
    return replace(case, **changes)


def small_output(**changes: object) -> ModelOutput:
    output = ModelOutput(
        score=0.5,
        probability=0.62,
        probability_note="inverse logit",
        is_positive=True,
        cut_off=-0.47,
        near_cut_off=False,
        numeric_uncertainty=0.1,
        features={"glcm_MCC": 0.5},
    )
    return replace(output, **changes)


def test_contracts_import_nothing_heavy() -> None:
    program = (
        "import sys, inference.contracts; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.replace("'", '"')))
    assert loaded.isdisjoint({"SimpleITK", "torch", "radiomics", "django", "scipy", "pydicom", "backend"})


@pytest.mark.parametrize("name", sorted(PLUGINS))
def test_cards_are_read_without_the_engines(name: str) -> None:
    program = (
        "import sys; from inference.contracts import PLUGINS, load_plugin;"
        f"card = load_plugin(PLUGINS[{name!r}]).card; assert card.id == {name!r};"
        "print(sorted({'SimpleITK', 'radiomics', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_load_plugin_gives_the_plugin() -> None:
    plugin = load_plugin("inference.models.lpln_radiomics:PLUGIN")
    assert isinstance(plugin, ModelPlugin)
    assert plugin.card.id == "lpln-radiomics"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("inference.models.lpln_radiomics", ValueError),
        (":PLUGIN", ValueError),
        ("inference.models.absent:PLUGIN", ImportError),
        ("inference.models.lpln_radiomics:ABSENT", AttributeError),
        ("inference.models.lpln_radiomics:CARD", TypeError),
        ("inference.models.lpln_radiomics:LplnRadiomics", TypeError),
    ],
)
def test_load_plugin_refuses_what_is_no_plugin(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        load_plugin(name)


@pytest.mark.parametrize(
    "changes",
    [
        {"array": np.zeros((3, 4))},
        {"array": np.zeros((0, 3, 4))},
        {"spacing": (1.0, 1.0)},
        {"spacing": (1.0, float("nan"), 1.0)},
        {"origin": (0.0, float("inf"), 0.0)},
        {"direction": (1.0, 0.0, 0.0)},
    ],
)
def test_volume_refuses_broken_geometry(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"finite numbers|three non-empty axes"):
        small_volume(**changes)


def test_case_refuses_a_mask_that_is_not_boolean() -> None:
    with pytest.raises(ValueError, match="'index_node' is boolean, not uint8"):
        small_case(masks={"index_node": np.ones((2, 3, 4), dtype=np.uint8)})


def test_inputs_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        small_volume().spacing = (1.0, 1.0, 1.0)  # type: ignore[misc]


def test_image_digest_is_the_stored_one() -> None:
    # a digest is kept in databases: changing how it is made orphans every stored result
    assert image_digest(small_volume()) == "47e15e8b97217303036f42f23c8ede16c91e0ff4b48b135d9b9b8edd1b29ffd5"
    assert (
        mask_digest(small_volume().array > 11)
        == "b7199ce87efcdd25b45f7758ea7084bc2c3b19afcda99f9738e4a06eb8a990f3"
    )
    assert (
        input_digest(small_case(), "version")
        == "eaea9aa95d40b52d1c84906f880a731357c9b4f6b4e9663a917b37649b411d6d"
    )


@pytest.mark.parametrize("dtype", ["<i2", ">i2", "<i4", "<f4", "<f8"])
def test_image_digest_ignores_the_pixel_type(dtype: str) -> None:
    same = small_volume(array=small_volume().array.astype(dtype))
    assert image_digest(same) == image_digest(small_volume())


def test_image_digest_ignores_memory_layout_and_negative_zero() -> None:
    array = small_volume().array.astype(np.float32)
    turned = np.asfortranarray(array)
    turned[0, 0, 0] = -0.0
    assert image_digest(small_volume(array=turned)) == image_digest(small_volume())


def test_image_digest_ignores_the_last_digits_of_the_header() -> None:
    nearly = small_volume(spacing=(0.500004, 0.6, 2.999996), origin=(-10.000004, 20.0, 5.0))
    assert image_digest(nearly) == image_digest(small_volume())


@pytest.mark.parametrize(
    "changes",
    [
        {"spacing": (0.5002, 0.6, 3.0)},
        {"origin": (-10.0, 20.0, 5.001)},
        {"direction": (0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0)},
        {"array": small_volume().array[::-1]},
        {"array": small_volume().array.reshape(3, 2, 4)},
        {"array": small_volume().array + np.int16(1)},
    ],
)
def test_image_digest_changes_with_the_content(changes: dict[str, object]) -> None:
    assert image_digest(small_volume(**changes)) != image_digest(small_volume())


def test_input_digest_ignores_the_order_of_names() -> None:
    turned = small_case(clinical={"age": 61, "female": True})
    assert input_digest(turned, "v") == input_digest(small_case(), "v")


@pytest.mark.parametrize(
    "changes",
    [
        {"volumes": {"T2W": small_volume(), "ADC": small_volume()}},
        {"volumes": {"ADC": small_volume()}},
        {"masks": {"index_node": small_volume().array > 12}},
        {"masks": {}},
        {"clinical": {"female": False, "age": 61}},
        {"center": "B"},
    ],
)
def test_input_digest_changes_with_every_input(changes: dict[str, object]) -> None:
    assert input_digest(small_case(**changes), "v") != input_digest(small_case(), "v")


def test_input_digest_changes_with_the_version() -> None:
    assert input_digest(small_case(), "v1") != input_digest(small_case(), "v2")


def test_mask_digest_tells_shapes_with_equal_bits_apart() -> None:
    assert mask_digest(np.ones((2, 2, 2), dtype=bool)) != mask_digest(np.ones((1, 4, 2), dtype=bool))


def test_canonical_json_refuses_nan() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"age": float("nan")})


@pytest.mark.parametrize(
    "changes",
    [
        {"score": float("nan")},
        {"numeric_uncertainty": float("inf")},
        {"features": {"glcm_MCC": float("nan")}},
        {"score_reruns": {"a": float("nan")}},
        {"probability": 1.01},
    ],
)
def test_output_is_never_undefined(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"finite numbers only|lies in 0 to 1"):
        small_output(**changes)


def test_output_and_card_are_json() -> None:
    output = json.loads(json.dumps(small_output(notes=("a", "b")).to_json(), allow_nan=False))
    assert output["score"] == 0.5
    assert output["features"] == {"glcm_MCC": 0.5}
    assert output["notes"] == ["a", "b"]
    card = json.loads(json.dumps(load_plugin(PLUGINS["lpln-radiomics"]).card.to_json(), allow_nan=False))
    assert card["cut_off"] == -0.47
    assert card["mask_roles"] == [
        {"role": "index_node", "on": "T2W", "title": "Index lateral pelvic lymph node"}
    ]


def overlay(**changes: object) -> ModelOverlay:
    shown = ModelOverlay(
        name="region",
        kind="mask",
        title="Region",
        on="T2W",
        array=np.ones((2, 3, 4), dtype=np.uint8),
        note="What was measured.",
        method="given/1",
    )
    return replace(shown, **changes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": "Region"}, "small letters"),
        ({"name": "a/b"}, "small letters"),
        ({"name": ""}, "small letters"),
        ({"kind": "contour"}, "mask or heat"),
        ({"title": ""}, "has no title"),
        ({"note": "", "method": ""}, "has no note, method"),
        ({"on": ""}, "has no on"),
        ({"title": "t" * 81, "method": "m" * 81}, "too long: title, method"),
        ({"kind": "heat", "low": "none", "high": "h" * 41}, "too long: high"),
        ({"high": "0.4"}, "ends of the color bar"),
        ({"kind": "heat"}, "ends of the color bar"),
        ({"kind": "heat", "low": "none"}, "ends of the color bar"),
        ({"array": np.ones((3, 4), dtype=np.uint8)}, "three non-empty axes"),
        ({"array": np.ones((0, 3, 4), dtype=np.uint8)}, "three non-empty axes"),
        ({"array": np.ones((2, 3, 4), dtype=np.int16)}, "three non-empty axes"),
        ({"array": np.full((2, 3, 4), 2, dtype=np.uint8)}, "0 and 1 only"),
    ],
)
def test_an_overlay_says_what_it_is(changes: dict[str, object], text: str) -> None:
    assert overlay().kind == "mask"
    assert overlay(kind="heat", low="none", high="0.4", array=np.full((2, 3, 4), 255, np.uint8)).high == "0.4"
    with pytest.raises(ValueError, match=text):
        overlay(**changes)


def test_two_overlays_have_two_names() -> None:
    with pytest.raises(ValueError, match="a name of its own"):
        small_output(overlays=(overlay(), overlay(title="Again")))


def test_the_json_of_an_output_names_its_overlays_and_holds_none() -> None:
    assert "overlays" not in small_output().to_json()
    written = small_output(overlays=(overlay(), overlay(name="second"))).to_json()
    assert written.pop("overlays") == ["region", "second"]
    assert written == small_output().to_json()


def test_an_overlay_lies_on_the_grid_of_its_series() -> None:
    volumes = {"T2W": small_volume()}
    check_overlays(small_output(overlays=(overlay(),)), volumes)
    with pytest.raises(OverlayMismatch, match="region lies on DWI"):
        check_overlays(small_output(overlays=(overlay(on="DWI"),)), volumes)
    turned = np.ones((2, 4, 3), dtype=np.uint8)
    with pytest.raises(OverlayMismatch, match=r"region has \(2, 4, 3\) voxels, the T2W series \(2, 3, 4\)"):
        check_overlays(small_output(overlays=(overlay(array=turned),)), volumes)


def test_run_context_stops_when_cancelled(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    ctx = RunContext(tmp_path, progress=lambda fraction, step: told.append((fraction, step)))
    ctx.step(0.5, "features")
    assert told == [(0.5, "features")]
    with pytest.raises(RunCancelled):
        replace(ctx, cancelled=lambda: True).step(0.6, "reruns")
    assert told == [(0.5, "features")]


def distribution(**changes: object) -> ScoreDistribution:
    whole = ScoreDistribution(
        source="7 cases",
        bin_edges=(-1.0, 0.0, 2.0),
        counts=(3, 4),
        counts_by_class={"benign": (3, 1), "malignant": (0, 3)},
    )
    return replace(whole, **changes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"bin_edges": (0.0, 0.0, 1.0)}, "rise"),
        ({"bin_edges": (0.0, float("nan"), 1.0)}, "rise"),
        ({"counts": (3,)}, "need 2 counts"),
        ({"counts": (-1, 8)}, "from 0"),
        ({"counts": (0, 0), "counts_by_class": {}}, "one case"),
        ({"counts_by_class": {"benign": (3, 1)}}, "add up"),
        ({"counts_by_class": {"benign": (3,), "malignant": (0, 3)}}, "benign"),
    ],
)
def test_a_distribution_counts_every_case_once(changes: dict[str, object], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        distribution(**changes)


def test_a_distribution_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "scores.json"
    file.write_text(canonical_json(distribution()))
    assert ScoreDistribution.read(file) == distribution()


def test_what_the_card_tells_of_the_phantoms_is_marked_as_a_demonstration() -> None:
    card = load_plugin(PLUGINS["lpln-radiomics"]).card
    assert card.development_scores is not None
    assert card.development_scores.is_demonstration
    assert "not patients" in card.development_scores.source
    assert card.to_json()["development_scores"]["counts"] == list(card.development_scores.counts)
