"""Importing made series: what goes in, what stays out, and that nothing is ever left half done."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from backend.accounts.models import Center
from backend.audit.errors import RuleBroken
from backend.audit.models import AuditEvent
from backend.cases import services, storage
from backend.cases.models import Case, CaseImage, CaseSeries
from backend.cases.paths import media_path
from backend.cases.pixels import NotAVolume, read_frame, read_slice, read_volume
from backend.cases.reports import ImportReport
from backend.cases.services import import_paths
from tests.factories.cases import center
from tests.factories.dicom_files import (
    AXIAL,
    CORNER,
    CORONAL,
    SAGITTAL,
    compress,
    ct_slice,
    mr_slice,
    ramp,
    save,
    set_pixels,
    write_series,
)
from tests.factories.storage import assert_files_and_rows_agree, media, stored_files

__all__ = ["media"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def take(*paths: Path, at: str = "A", **options: object) -> ImportReport:
    return import_paths(paths=paths, center=center(at), by=None, now=NOW, **options)  # type: ignore[arg-type]


def refused(report: ImportReport) -> list[tuple[str, str]]:
    return [(refusal.path, refusal.code) for refusal in report.refused]


def skipped(report: ImportReport) -> list[tuple[str, str]]:
    return [(skip.path, skip.code) for skip in report.skipped]


def warned(report: ImportReport) -> list[list[str]]:
    return [[warning.code for warning in item.warnings] for item in report.accepted]


def test_a_series_goes_in_sorted_and_without_loss(tmp_path: Path, media: Path) -> None:
    write_series(tmp_path / "sent", 5)
    report = take(tmp_path / "sent")
    assert report.to_json() == {
        "accepted": [
            {
                "case": "A-0001",
                "series": "T2W axial",
                "modality": "MR",
                "role": "T2W",
                "instances": 5,
                "warnings": [],
            }
        ],
        "refused": [],
        "skipped": [],
    }
    series = CaseSeries.objects.get()
    assert (series.plane, series.rows, series.columns, series.slices) == ("axial", 12, 10, 5)
    assert (series.row_spacing_mm, series.column_spacing_mm) == (0.5, 0.75)
    assert series.slice_step_mm == pytest.approx(3)
    assert series.is_uniform
    assert not series.is_synthetic
    for index, image in enumerate(series.images.all()):
        assert image.index == index
        assert image.transfer_syntax_uid == JPEGLSLossless
        np.testing.assert_array_equal(read_slice(image), ramp(index))
        assert image.metadata["00200013"]["Value"] == [index + 1]
    assert_files_and_rows_agree(media)


def test_a_volume_lies_where_the_scanner_said(tmp_path: Path) -> None:
    tilted = (1.0, 0.0, 0.0, 0.0, 0.8, -0.6)
    write_series(tmp_path / "sent", 4, orientation=tilted, step=2.5)
    take(tmp_path / "sent")
    volume = read_volume(CaseSeries.objects.get())
    assert volume.array.dtype == np.float32
    assert volume.spacing == pytest.approx((0.75, 0.5, 2.5))
    assert volume.origin == pytest.approx(tuple(CORNER))
    axes = np.array(volume.direction).reshape(3, 3)
    np.testing.assert_allclose(axes.T, [[1, 0, 0], [0, 0.8, -0.6], [0, 0.6, 0.8]], atol=1e-12)
    np.testing.assert_array_equal(volume.array, np.stack([ramp(index) for index in range(4)]))


def test_the_frame_is_one_range_of_the_file(tmp_path: Path) -> None:
    write_series(tmp_path / "sent", 2)
    take(tmp_path / "sent")
    for image in CaseImage.objects.all():
        frame = read_frame(image)
        assert frame.startswith(b"\xff\xd8\xff\xf7")
        assert frame.endswith(b"\xff\xd9")
        np.testing.assert_array_equal(dcmread(media_path(image.file)).pixel_array, ramp(image.index))


def test_rescaling_and_polarity_are_kept(tmp_path: Path) -> None:
    save(ct_slice(0, RescaleSlope=2, RescaleIntercept=1000), tmp_path / "ct.dcm")
    save(mr_slice(0, series="1.2.3.2", PhotometricInterpretation="MONOCHROME1"), tmp_path / "mr.dcm")
    take(tmp_path / "ct.dcm", tmp_path / "mr.dcm")
    scan = CaseSeries.objects.get(role="CT")
    np.testing.assert_array_equal(read_slice(scan.images.get()), (ramp(0).astype(float) - 1024) * 2 + 1000)
    assert scan.window == {"center": 40.0, "width": 400.0}
    inverted = CaseSeries.objects.get(role="T2W").images.get()
    assert inverted.metadata["00280004"]["Value"] == ["MONOCHROME1"]


def test_values_that_cannot_be_packed_stay_uncompressed(tmp_path: Path) -> None:
    dataset = mr_slice()
    wide = np.arange(120, dtype=np.int32).reshape(12, 10) * 70_000
    set_pixels(dataset, wide)
    save(dataset, tmp_path / "wide.dcm")
    take(tmp_path / "wide.dcm")
    image = CaseImage.objects.get()
    assert image.transfer_syntax_uid == "1.2.840.10008.1.2.1"
    assert read_frame(image) == wide.tobytes()
    np.testing.assert_array_equal(dcmread(media_path(image.file)).pixel_array, wide)


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEG2000Lossless, RLELossless])
def test_compressed_series_keep_their_pixels(tmp_path: Path, syntax: str) -> None:
    for index in range(3):
        pixels = ramp(index, 40, 36)
        save(compress(mr_slice(index, pixels=pixels), syntax), tmp_path / "sent" / f"{index}.dcm")
    assert not take(tmp_path / "sent").refused
    for image in CaseImage.objects.all():
        np.testing.assert_array_equal(read_slice(image), ramp(image.index, 40, 36))


def test_examinations_become_cases_and_patients_of_two_centers_stay_apart(tmp_path: Path) -> None:
    write_series(tmp_path / "one", patient="P1", study="1.1", series="1.1.1")
    write_series(tmp_path / "one" / "again", patient="P1", study="1.2", series="1.2.1")
    write_series(tmp_path / "two", patient="P1", study="1.3", series="1.3.1")
    take(tmp_path / "one", at="A")
    take(tmp_path / "two", at="B")
    first, second, other = Case.objects.order_by("number")
    assert [first.number, second.number, other.number] == ["A-0001", "A-0002", "B-0001"]
    assert first.patient_pseudonym == second.patient_pseudonym != other.patient_pseudonym


def test_the_display_order_is_by_role_plane_and_number(tmp_path: Path) -> None:
    for number, (orientation, description) in enumerate(
        [
            (CORONAL, "localizer"),
            (AXIAL, "dwi b800"),
            (SAGITTAL, "t2"),
            (AXIAL, "adc"),
            (AXIAL, "t2"),
            (AXIAL, "t2"),
        ]
    ):
        options = {"SeriesDescription": description, "SeriesNumber": number}
        write_series(tmp_path / str(number), 3, series=f"1.2.3.{number}", orientation=orientation, **options)
    take(*(tmp_path / str(number) for number in range(6)))
    assert [series.title for series in Case.objects.get().series.all()] == [
        "T2W axial",
        "T2W axial (2)",
        "T2W sagittal",
        "ADC axial",
        "DWI axial",
        "Localizer coronal",
    ]


def test_b_values_sent_as_one_series_are_taken_apart(tmp_path: Path) -> None:
    for b_value in (50, 400, 800):
        for index in range(4):
            number = index + b_value
            position = [float(value) for value in CORNER + np.array([0, 0, 3.0]) * index]
            changes = {
                "DiffusionBValue": float(b_value),
                "SeriesDescription": "dwi",
                "ImagePositionPatient": position,
            }
            save(mr_slice(number, **changes), tmp_path / "sent" / f"{number:04d}.dcm")
    report = take(tmp_path / "sent")
    assert [(item.series, item.instances) for item in report.accepted] == [
        ("DWI b50 axial", 4),
        ("DWI b400 axial", 4),
        ("DWI b800 axial", 4),
    ]
    assert warned(report) == [["split_by_value"]] * 3
    assert CaseSeries.objects.values("series_uid").distinct().count() == 3
    assert all(series.is_uniform for series in CaseSeries.objects.all())


def test_orientations_sent_as_one_series_are_taken_apart(tmp_path: Path) -> None:
    for number, orientation in enumerate((AXIAL, SAGITTAL)):
        for index in range(3):
            dataset = mr_slice(index, orientation=orientation, SOPInstanceUID=f"1.2.3.1.{number}{index}")
            save(dataset, tmp_path / "sent" / f"{number}{index}.dcm")
    report = take(tmp_path / "sent")
    assert [item.series for item in report.accepted] == ["T2W axial", "T2W sagittal"]
    assert warned(report) == [["split_by_geometry"]] * 2


def test_a_series_of_too_many_orientations_is_refused(tmp_path: Path, media: Path) -> None:
    for number in range(8):
        angle = number * 0.3
        turned = (float(np.cos(angle)), float(np.sin(angle)), 0.0, 0.0, 0.0, -1.0)
        save(mr_slice(number, orientation=turned), tmp_path / "sent" / f"{number}.dcm")
    assert refused(take(tmp_path / "sent")) == [("sent", "mixed_geometry")]
    assert stored_files(media) == set()


def no_place(dataset: Dataset) -> None:
    del dataset.ImagePositionPatient


def wrong_orientation(dataset: Dataset) -> None:
    dataset.ImageOrientationPatient = [1, 0, 0, 1, 0, 0]


def no_spacing(dataset: Dataset) -> None:
    del dataset.PixelSpacing


def zero_spacing(dataset: Dataset) -> None:
    dataset.PixelSpacing = [0, 0]


def mirrored(dataset: Dataset) -> None:
    dataset.ImageOrientationPatient = [-1, 0, 0, 0, 1, 0]


def lossy(dataset: Dataset) -> None:
    dataset.LossyImageCompression = "01"


def announced(dataset: Dataset) -> None:
    dataset.ImagesInAcquisition = 20


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (no_place, "no_geometry"),
        (wrong_orientation, "no_geometry"),
        (no_spacing, "no_spacing"),
        (zero_spacing, "no_spacing"),
        (mirrored, "unusual_view"),
        (lossy, "lossy_compression"),
        (announced, "fewer_than_announced"),
    ],
)
def test_what_limits_a_series_is_said(
    tmp_path: Path, change: Callable[[Dataset], None], warning: str
) -> None:
    for index in range(3):
        dataset = mr_slice(index)
        change(dataset)
        save(dataset, tmp_path / "sent" / f"{index}.dcm")
    assert warned(take(tmp_path / "sent")) == [[warning]]
    series = CaseSeries.objects.get()
    metadata = series.images.first().metadata
    if warning == "no_geometry":
        assert series.plane == "unknown"
        assert not {"00200032", "00200037"} & metadata.keys()
    if warning == "no_spacing":
        assert series.row_spacing_mm is None
        assert "00280030" not in metadata
    if warning.startswith("no_"):
        with pytest.raises(NotAVolume):
            read_volume(series)


def test_uneven_slices_go_in_without_reformats(tmp_path: Path) -> None:
    for index, depth in enumerate([0.0, 3.0, 6.4, 9.0]):
        save(mr_slice(index, ImagePositionPatient=[0, 0, depth]), tmp_path / "sent" / f"{index}.dcm")
    assert warned(take(tmp_path / "sent")) == [["uneven_spacing"]]
    series = CaseSeries.objects.get()
    assert (series.is_uniform, series.slice_step_mm) == (False, None)


def test_a_missing_slice_keeps_the_series_out(tmp_path: Path, media: Path) -> None:
    write_series(tmp_path / "sent" / "hole", 8, skip=(3,))
    write_series(tmp_path / "sent" / "whole", 8, series="1.2.3.2")
    report = take(tmp_path / "sent")
    assert refused(report) == [("sent/hole", "missing_slice")]
    assert [item.instances for item in report.accepted] == [8]
    assert_files_and_rows_agree(media)


def test_a_truncated_file_keeps_its_whole_series_out(tmp_path: Path, media: Path) -> None:
    paths = write_series(tmp_path / "cut", 5)
    paths[2].write_bytes(paths[2].read_bytes()[:-50])
    report = take(tmp_path / "cut")
    assert refused(report) == [(f"cut/{paths[2].name}", "truncated")]
    assert "5 images" in report.refused[0].reason
    assert not report.accepted
    assert not Case.objects.exists()
    assert not AuditEvent.objects.exists()
    assert stored_files(media) == set()


def test_the_last_slice_cut_off_is_not_taken_for_the_end(tmp_path: Path) -> None:
    write_series(tmp_path / "cut", 5)
    last = save(compress(mr_slice(4), JPEGLSLossless), tmp_path / "cut" / "28-4.dcm")
    last.write_bytes(last.read_bytes()[:-30])
    assert refused(take(tmp_path / "cut")) == [("cut/28-4.dcm", "truncated")]
    assert not Case.objects.exists()


def test_a_damaged_file_whose_place_is_taken_spoils_nothing(tmp_path: Path) -> None:
    write_series(tmp_path / "sent", 4)
    twin = save(mr_slice(2), tmp_path / "sent" / "zz-copy.dcm")
    twin.write_bytes(twin.read_bytes()[:-50])
    report = take(tmp_path / "sent")
    assert [item.instances for item in report.accepted] == [4]
    assert refused(report) + skipped(report) == [("sent/zz-copy.dcm", "duplicate_instance")]


def test_repeated_images_are_named(tmp_path: Path) -> None:
    write_series(tmp_path / "sent", 3)
    save(mr_slice(1), tmp_path / "sent" / "zz-copy.dcm")
    save(mr_slice(1, SOPInstanceUID="1.2.3.1.99"), tmp_path / "sent" / "zz-other.dcm")
    report = take(tmp_path / "sent")
    assert skipped(report) == [
        ("sent/zz-copy.dcm", "duplicate_instance"),
        ("sent/zz-other.dcm", "duplicate_position"),
    ]
    assert warned(report) == [["duplicate_position"]]
    assert [item.instances for item in report.accepted] == [3]


def test_files_of_two_patients_under_one_study_stay_out(tmp_path: Path) -> None:
    write_series(tmp_path / "sent" / "a", patient="P1")
    write_series(tmp_path / "sent" / "b", patient="P2", series="1.2.3.2")
    assert refused(take(tmp_path / "sent")) == [
        ("sent/a", "conflicting_identity"),
        ("sent/b", "conflicting_identity"),
    ]
    assert not Case.objects.exists()


def test_importing_again_changes_nothing(tmp_path: Path, media: Path) -> None:
    write_series(tmp_path / "sent")
    take(tmp_path / "sent")
    files, events = stored_files(media), AuditEvent.objects.count()
    report = take(tmp_path / "sent")
    assert (report.accepted, report.refused) == ([], [])
    assert skipped(report) == [("sent", "already_imported")]
    assert stored_files(media) == files
    assert AuditEvent.objects.count() == events
    assert Case.objects.count() == 1


def test_a_further_series_joins_its_case(tmp_path: Path, media: Path) -> None:
    write_series(tmp_path / "one")
    take(tmp_path / "one")
    write_series(tmp_path / "two", series="1.2.3.2")
    report = take(tmp_path / "two")
    assert [(item.case, item.series) for item in report.accepted] == [("A-0001", "T2W axial (2)")]
    assert [event.event for event in AuditEvent.objects.order_by("id")] == ["case_imported", "case_extended"]
    assert_files_and_rows_agree(media)


def test_a_series_sent_again_with_other_images_is_refused(tmp_path: Path) -> None:
    write_series(tmp_path / "sent", 4)
    take(tmp_path / "sent")
    write_series(tmp_path / "sent", 6)
    assert refused(take(tmp_path / "sent")) == [("sent", "differs_from_imported")]
    assert CaseSeries.objects.get().slices == 4


def test_the_audit_trail_says_what_came_and_nothing_of_whom(tmp_path: Path) -> None:
    write_series(tmp_path / "sent")
    take(tmp_path / "sent")
    event = AuditEvent.objects.get()
    assert (event.event, event.at, event.subject_id) == ("case_imported", NOW, str(Case.objects.get().pk))
    assert event.detail == {"series": 1, "images": 5}


def test_a_broken_rule_keeps_the_examination_out(tmp_path: Path, media: Path) -> None:
    def refuse(case: Case, added: int) -> None:
        raise RuleBroken("study_frozen", "The study is frozen.")

    write_series(tmp_path / "sent")
    assert refused(take(tmp_path / "sent", each_case=refuse)) == [("sent", "study_frozen")]
    assert not Case.objects.exists()
    assert stored_files(media) == set()


class Crash(Exception):
    pass


def crash(*args: object, **kwargs: object) -> None:
    raise Crash


@pytest.mark.parametrize("place", ["record", "_write_files"])
def test_a_failure_leaves_nothing(
    tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    write_series(tmp_path / "sent")
    with monkeypatch.context() as broken:
        broken.setattr(services if place == "record" else services._CaseWriter, place, crash)
        with pytest.raises(Crash):
            take(tmp_path / "sent")
    assert not Case.objects.exists()
    assert stored_files(media) == set()
    assert len(take(tmp_path / "sent").accepted) == 1


def test_a_power_cut_between_rename_and_commit_is_swept_by_the_next_import(
    tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_series(tmp_path / "sent")

    def die_after_moving(stage: storage.Staging) -> None:
        move(stage)
        raise Crash

    move = storage.Staging.move
    with monkeypatch.context() as dying:
        dying.setattr(storage.Staging, "move", die_after_moving)
        # A process without power runs no clean-up either.
        dying.setattr(storage, "_clear", lambda folder: 0)
        with pytest.raises(Crash):
            take(tmp_path / "sent")
    assert not Case.objects.exists()
    assert any(name.startswith("cases/") for name in stored_files(media))
    assert len(take(tmp_path / "sent").accepted) == 1
    assert Case.objects.get().number == "A-0001"
    assert_files_and_rows_agree(media)


def test_a_power_cut_after_the_commit_keeps_the_case(
    tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_series(tmp_path / "sent")
    with monkeypatch.context() as dying:
        dying.setattr(storage, "_clear", lambda folder: 0)
        take(tmp_path / "sent")
    assert storage.sweep_orphans() == 0
    assert_files_and_rows_agree(media)
    assert Center.objects.get().cases.get().series.get().images.count() == 5
