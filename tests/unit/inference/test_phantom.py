"""The phantom is deterministic, geometrically exact, true to its stated facts, and valid DICOM."""

import hashlib
import json
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileDataset
from scipy.ndimage import binary_erosion

from inference.phantom import CENTERS, PhantomCase, draw_truth, make_case, metastasis_probability
from inference.phantom.__main__ import main
from inference.phantom.dicom import COMMENT, write_dicom, write_mask

TYPE_1_AND_2 = """
SOPClassUID SOPInstanceUID PatientName PatientID PatientBirthDate PatientSex StudyInstanceUID
StudyDate StudyTime ReferringPhysicianName StudyID AccessionNumber Modality SeriesInstanceUID
SeriesNumber FrameOfReferenceUID PositionReferenceIndicator Manufacturer InstanceNumber ImageType
SamplesPerPixel PhotometricInterpretation BitsAllocated BitsStored HighBit PixelRepresentation Rows
Columns PixelSpacing ImageOrientationPatient ImagePositionPatient SliceThickness ScanningSequence
SequenceVariant ScanOptions MRAcquisitionType RepetitionTime EchoTime EchoTrainLength
PatientPosition PixelData
""".split()  # PS3.3 A.4 (MR Image IOD) and the modules it makes mandatory


@cache
def small_case(seed: int, center: str) -> PhantomCase:
    return make_case(seed, center, size="small")


@pytest.fixture(scope="module", params=sorted(CENTERS))
def case(request: pytest.FixtureRequest) -> PhantomCase:
    return small_case(11, request.param)


@pytest.fixture(scope="module")
def written(case: PhantomCase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[FileDataset]]:
    """Each series as read back, in the order of the files."""
    paths = write_dicom(case, tmp_path_factory.mktemp("dicom"), patient_id="P-11")
    return {
        role: [pydicom.dcmread(path) for path in paths if path.parent.name == role] for role in ("T2W", "ADC")
    }


def by_position(images: list[FileDataset]) -> list[FileDataset]:
    orientation = np.array(images[0].ImageOrientationPatient, dtype=float)
    normal = np.cross(orientation[:3], orientation[3:])
    return sorted(images, key=lambda image: float(normal @ np.array(image.ImagePositionPatient, dtype=float)))


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def area_under_curve(score: np.ndarray, positive: np.ndarray) -> float:
    """The slow, obvious definition: the share of pairs that are ordered rightly."""
    difference = score[positive][:, None] - score[~positive][None, :]
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))


def narrowest_width_mm(mask: np.ndarray, spacing_mm: float) -> float:
    """Minimum calliper of the largest cross-section, measured over pixel corners in 180 directions."""
    plane = mask[np.argmax(mask.sum(axis=(1, 2)))]
    rows, columns = np.nonzero(plane)
    corners = np.concatenate(
        [np.stack([columns + dx, rows + dy], axis=1) for dx in (-0.5, 0.5) for dy in (-0.5, 0.5)]
    )
    turns = np.deg2rad(np.arange(180))
    extents = corners @ np.stack([np.cos(turns), np.sin(turns)])
    return float(np.min(np.ptp(extents, axis=0)) * spacing_mm)


def test_write_dicom_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        case = make_case(3, "B", size="small")
        write_dicom(case, tmp_path / name, patient_id="P-3")
        write_mask(case, tmp_path / name / "mask.npz")
    first = hashes(tmp_path / "first")
    assert first == hashes(tmp_path / "second")
    assert len(set(first.values())) == len(first) == 24 + 14 + 1


def test_make_case_differs_by_seed_and_center() -> None:
    cases = [small_case(seed, center) for seed, center in ((11, "A"), (2, "A"), (11, "B"))]
    assert not np.array_equal(cases[0].t2w.pixels, cases[1].t2w.pixels)
    assert len({case.nodes for case in cases}) == 3


def test_make_case_holds_the_drawn_truth(case: PhantomCase) -> None:
    truth = draw_truth(11, case.center)
    assert case.sex == truth.sex
    assert len(case.nodes) == len(truth.nodes)
    for node, drawn in zip(case.nodes, truth.nodes, strict=True):
        assert {name: getattr(node, name) for name in vars(drawn)} == vars(drawn)
    assert case.positive == truth.index_node.positive
    assert case.tumor_mask.any() == truth.has_tumor


@pytest.mark.parametrize(
    ("seed", "center", "size", "message"),
    [
        (-1, "A", "small", "seed"),
        (1, "Z", "small", "no phantom center 'Z'; there are A, B, C"),
        (1, "A", "huge", "size must be"),
    ],
)
def test_make_case_refuses_nonsense(seed: int, center: str, size: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_case(seed, center, size=size)  # type: ignore[arg-type]


@pytest.mark.parametrize("center", sorted(CENTERS))
def test_draw_truth_ties_pathology_to_features(center: str) -> None:
    nodes = [draw_truth(seed, center).index_node for seed in range(200)]
    positive = np.array([node.positive for node in nodes])
    probability = np.array([node.probability for node in nodes])
    assert 0.25 <= positive.mean() <= 0.50
    assert 0.80 < area_under_curve(probability, positive) < 0.97
    for feature in ("short_axis_mm", "spiculation", "heterogeneity"):
        assert area_under_curve(np.array([getattr(node, feature) for node in nodes]), positive) > 0.55


def test_draw_truth_covers_the_range() -> None:
    truths = [draw_truth(seed, "A") for seed in range(300)]
    short_axes = [node.short_axis_mm for truth in truths for node in truth.nodes]
    assert min(short_axes) >= 3.0
    assert max(short_axes) <= 14.0
    assert max(truth.index_node.short_axis_mm for truth in truths) > 12.0
    indexes = [truth.index_node for truth in truths]
    assert {(node.side, node.region) for node in indexes} == {
        (side, region)
        for side in ("left", "right")
        for region in ("external_iliac", "obturator", "internal_iliac")
    }
    assert {(node.margin, node.is_heterogeneous) for node in indexes} == {
        (margin, mixed) for margin in ("smooth", "spiculated") for mixed in (False, True)
    }
    assert {truth.sex for truth in truths} == {"F", "M"}
    assert all(
        other.short_axis_mm < truth.index_node.short_axis_mm + 0.1
        for truth in truths
        for other in truth.nodes[1:]
    )


def test_metastasis_probability_is_the_stated_logistic_function() -> None:
    # logit = -1.2 + 0.7 * 3.5 + 3.2 * 0.5 + 3.2 * 0.1 = 3.17
    assert metastasis_probability(10.0, 0.9, 0.5) == pytest.approx(1 / (1 + np.exp(-3.17)), rel=1e-12)
    assert metastasis_probability(6.5, 0.4, 0.4) == pytest.approx(1 / (1 + np.exp(1.2)), rel=1e-12)


@pytest.mark.parametrize("seed", [2, 5])
@pytest.mark.parametrize("center", sorted(CENTERS))
def test_every_node_lies_where_and_as_wide_as_stated(seed: int, center: str) -> None:
    case = small_case(seed, center)
    geometry = case.t2w.geometry
    for number, node in enumerate(case.nodes, start=1):
        mask = case.node_labels == number
        if mask.sum() < 4:
            continue
        centroid = geometry.to_lps(np.argwhere(mask).mean(axis=0))
        index_error = geometry.to_index(centroid) - geometry.to_index(np.array(node.center_mm))
        assert np.abs(index_error).max() <= 1.0
        assert narrowest_width_mm(mask, geometry.spacing_mm[1]) == pytest.approx(
            node.short_axis_mm, abs=1.25 * geometry.spacing_mm[1]
        )
    assert case.node_mask.sum() >= 3


@pytest.mark.parametrize("seed", [2, 5, 11])
@pytest.mark.parametrize("center", sorted(CENTERS))
def test_index_node_lies_in_the_pelvis_on_its_side(seed: int, center: str) -> None:
    case = small_case(seed, center)
    node = case.index_node
    assert (node.center_mm[0] > 15.0) if node.side == "left" else (node.center_mm[0] < -15.0)
    assert abs(node.center_mm[0]) < 80.0
    body = case.t2w.pixels > 0.25 * np.percentile(case.t2w.pixels, 90)
    slice_index = int(np.argmax(case.node_mask.sum(axis=(1, 2))))
    _, row, column = np.rint(np.argwhere(case.node_mask).mean(axis=0)).astype(int)
    plane = body[slice_index]
    assert plane[:row, column].any()
    assert plane[row:, column].any()
    assert plane[row, :column].any()
    assert plane[row, column:].any()


def test_geometry_round_trip_and_first_voxel(case: PhantomCase) -> None:
    geometry = case.t2w.geometry
    indices = np.array([[0, 0, 0], [3, 10, 20], [23, 99, 5]])
    assert np.allclose(geometry.to_index(geometry.to_lps(indices)), indices, atol=1e-9)
    assert np.allclose(geometry.to_lps(np.array([2, 0, 0])), geometry.slice_origin(2))
    assert np.allclose(geometry.direction.T @ geometry.direction, np.eye(3), atol=1e-12)
    assert geometry.normal[2] > 0.9


def test_centers_differ_in_spacing_field_and_noise() -> None:
    centers = list(CENTERS.values())
    assert len({center.t2w.pixel_mm for center in centers}) == 3
    assert len({center.t2w.step_mm for center in centers}) == 3
    assert {center.field_tesla for center in centers} == {1.5, 3.0}
    assert all(center.t2w.slices >= 40 for center in centers)
    noise = {}
    for center in centers:
        pixels = small_case(11, center.code).t2w.pixels.astype(float)
        fat = np.percentile(pixels, 75)
        urine = binary_erosion(pixels > 1.35 * fat, np.ones((1, 5, 5)))
        pairs = urine[:, :, 1:] & urine[:, :, :-1]
        noise[center.code] = float(np.diff(pixels, axis=2)[pairs].std() / np.sqrt(2) / center.gain)
    assert noise["B"] < noise["A"] < noise["C"]
    assert noise["C"] == pytest.approx(CENTERS["C"].noise, rel=0.35)


def test_t2w_tissues_are_ordered_as_on_turbo_spin_echo() -> None:
    case = small_case(11, "A")
    pixels = case.t2w.pixels.astype(float)
    fat = np.percentile(pixels, 75)
    assert np.percentile(pixels, 20) < 0.35 * fat
    assert pixels.max() > 1.4 * fat
    node = binary_erosion(case.node_mask, np.ones((1, 3, 3)))
    target = node if node.any() else case.node_mask
    assert 0.25 * fat < np.median(pixels[target]) < 0.8 * fat
    tumor = np.median(pixels[binary_erosion(case.tumor_mask, np.ones((1, 3, 3)))])
    assert 0.2 * fat < tumor < 0.7 * fat


def test_adc_is_restricted_in_metastatic_nodes() -> None:
    means: dict[bool, list[float]] = {False: [], True: []}
    seeds = [s for s in range(60) if draw_truth(s, "B").index_node.short_axis_mm > 9.0][:6]
    for seed in seeds:
        case = small_case(seed, "B")
        inside = np.argwhere(binary_erosion(case.node_mask, np.ones((1, 3, 3))))
        index = np.rint(case.adc.geometry.to_index(case.t2w.geometry.to_lps(inside))).astype(int)
        means[case.positive].append(float(np.median(case.adc.pixels[tuple(index.T)])))
    assert means[True]
    assert means[False]
    assert np.mean(means[True]) < np.mean(means[False]) - 100.0


def test_written_series_are_readable_and_complete(
    case: PhantomCase, written: dict[str, list[FileDataset]]
) -> None:
    for series in (case.t2w, case.adc):
        images = written[series.role]
        assert [image.InstanceNumber for image in images] == list(range(1, series.geometry.shape[0] + 1))
        for image in images:
            missing = [keyword for keyword in TYPE_1_AND_2 if keyword not in image]
            assert missing == []
            assert image.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
            assert image.SOPClassUID == "1.2.840.10008.5.1.4.1.1.4"
        assert len({image.SOPInstanceUID for image in images}) == len(images)
        stored = np.stack([image.pixel_array for image in by_position(images)])
        assert np.array_equal(stored, series.pixels)


def test_written_positions_step_evenly_along_the_normal(
    case: PhantomCase, written: dict[str, list[FileDataset]]
) -> None:
    for series in (case.t2w, case.adc):
        images = by_position(written[series.role])
        positions = np.array([image.ImagePositionPatient for image in images], dtype=float)
        steps = np.array([second - first for first, second in pairwise(positions)])
        assert np.allclose(steps, series.geometry.normal * float(images[0].SpacingBetweenSlices), atol=1e-5)
        assert positions[0] == pytest.approx(series.geometry.origin_mm, abs=1e-5)
        assert [float(v) for v in images[0].PixelSpacing] == pytest.approx(
            series.geometry.spacing_mm[1:], rel=1e-5
        )
        assert len({tuple(image.ImageOrientationPatient) for image in images}) == 1


def test_written_series_share_study_and_frame_of_reference(written: dict[str, list[FileDataset]]) -> None:
    images = [*written["T2W"], *written["ADC"]]
    for keyword in ("StudyInstanceUID", "FrameOfReferenceUID", "PatientID", "StudyDate"):
        assert len({image[keyword].value for image in images}) == 1
    assert len({image.SeriesInstanceUID for image in images}) == 2
    assert all(
        image[keyword].value.startswith("2.25.") and len(image[keyword].value) <= 64
        for image in images
        for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID")
    )


def test_written_series_say_that_they_are_synthetic(written: dict[str, list[FileDataset]]) -> None:
    for image in [*written["T2W"], *written["ADC"]]:
        assert image.ImageComments == COMMENT
        assert "SYNTHETIC" in image.StudyDescription
        assert "Phantom" in image.Manufacturer
    assert written["T2W"][0].SeriesDescription == "AX T2 TSE"
    assert written["ADC"][0].SeriesDescription == "ADC"


def test_oblique_center_is_oblique_and_center_b_counts_from_the_head(tmp_path: Path) -> None:
    paths = write_dicom(small_case(11, "B"), tmp_path, patient_id="P")
    first, second = (pydicom.dcmread(path) for path in paths[:2])
    assert abs(float(first.ImageOrientationPatient[5])) > 0.1
    assert float(first.ImagePositionPatient[2]) > float(second.ImagePositionPatient[2])


def test_write_mask_keeps_voxels_and_geometry(case: PhantomCase, tmp_path: Path) -> None:
    with np.load(write_mask(case, tmp_path / "new" / "mask.npz")) as stored:
        assert np.array_equal(stored["mask"].astype(bool), case.node_mask)
        assert tuple(stored["spacing_mm"]) == case.t2w.geometry.spacing_mm
        centroid = np.argwhere(stored["mask"]).mean(axis=0)
        lps = stored["origin_mm"] + stored["direction"] @ (centroid * stored["spacing_mm"])[::-1]
    assert lps == pytest.approx(case.t2w.geometry.to_lps(centroid))


def test_command_writes_cases_with_their_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["--seed", "4", "--center", "C", "--cases", "2", "--size", "small", "--out", str(tmp_path)]) == 0
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["PHANTOM-C-0004", "PHANTOM-C-0005"]
    truth = json.loads((tmp_path / "PHANTOM-C-0005" / "truth.json").read_text())
    assert truth["synthetic"] is True
    assert truth["nodes"][0]["side"] == draw_truth(5, "C").index_node.side
    assert "38 images" in capsys.readouterr().out


def test_command_refuses_a_negative_seed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "inference.phantom", "--seed", "-2", "--out", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 2
    assert "--seed must not be negative" in done.stderr
    assert not (tmp_path / "none").exists()
