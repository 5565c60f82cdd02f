"""Masks leave a locked study as DICOM segmentations that other programs read and validators accept."""

import csv
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import highdicom
import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from highdicom.seg import Segmentation
from pydicom import Dataset, dcmread
from pydicom.uid import ExplicitVRLittleEndian

from backend.audit.models import AuditEvent
from backend.cases.models import CaseImage, CaseSeries
from backend.reads.models import MaskVolume, Read
from backend.reports.masks import HEADER, mask_files, masks_csv
from tests.factories.flow import flow_story
from tests.factories.painting import BRUSHED, blank, disk, labelmap, painted_form, segment
from tests.factories.reading import answers
from tests.factories.studies import StudyStory, lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> StudyStory:
    return flow_story(cases=2, with_images=True, form=painted_form())


def painted() -> np.ndarray:
    voxels = disk(disk(blank(), radius=5, frame=3), radius=4, frame=4)
    disk(voxels, value=7, radius=3, frame=4, at=(5, 26))
    return disk(voxels, value=2, radius=6, frame=2)


def read_painted(story: StudyStory) -> Read:
    tumor = {"value": 2, "question": "tumor", "label": None, "status": None, "edited_voxels": 0}
    drawn = segment(7, label="right_obturator", status=None, origin=[BRUSHED]) | {"status": "negative"}
    sent = labelmap(painted(), segment(1), drawn, {**tumor, "origin": []})
    return story.submit(story.open_next("reader1"), answers(4, criterion_margin=True), labelmaps=[sent])


def export(story: StudyStory, out: Path) -> str:
    said = StringIO()
    call_command("export_masks", str(out), study=story.slug, stdout=said)
    return said.getvalue()


def test_masks_leave_after_the_lock_as_segmentations_with_every_voxel(
    story: StudyStory, tmp_path: Path
) -> None:
    read = read_painted(story)
    out = tmp_path / "masks"
    with pytest.raises(CommandError, match="once it is locked"):
        export(story, out)
    assert not out.exists()
    lock(story, reason="The study ends early.")
    assert export(story, out).startswith("Wrote 1 segmentations with 3 segments and masks.csv")
    assert (event := AuditEvent.objects.order_by("pk").last()) is not None
    assert (event.event, event.detail) == ("masks_exported", {"files": 1, "segments": 3})

    (file,) = out.glob("*.dcm")
    made = highdicom.seg.segread(file)
    assert made.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert made.segmentation_type == highdicom.seg.SegmentationTypeValues.BINARY
    images = list(
        CaseImage.objects.filter(series=MaskVolume.objects.filter(read=read)[0].series_id).order_by("index")
    )
    pixels = made.get_pixels_by_source_instance(
        [image.sop_uid for image in images],
        combine_segments=False,
        assert_missing_frames_are_empty=True,
        ignore_spatial_locations=True,
    )
    for place, value in enumerate((1, 7, 2)):
        np.testing.assert_array_equal(pixels[..., place], painted() == value)
    volume = made.get_volume(segment_numbers=[1], combine_segments=True, allow_missing_positions=True)
    first = dcmread(file)
    assert volume.pixel_spacing == pytest.approx((0.75, 0.75))
    assert made.FrameOfReferenceUID == images[0].series.frame_of_reference_uid
    assert [one.segment_label for one in map(made.get_segment_description, (1, 2, 3))] == [
        "Lymph nodes: left obturator, positive",
        "Lymph nodes: right obturator, negative",
        "Tumor",
    ]
    grown, brushed, _ = first.SegmentSequence
    assert (grown.SegmentAlgorithmType, brushed.SegmentAlgorithmType) == ("SEMIAUTOMATIC", "MANUAL")
    algorithm = grown.SegmentationAlgorithmIdentificationSequence[0]
    assert (algorithm.AlgorithmName, algorithm.AlgorithmVersion) == ("grow", "grow-1")
    assert "seed_ijk" in algorithm.AlgorithmParameters
    check_places(first, images)
    check_names(story, file, read)
    check_table(out, file, read)
    validate(file)
    with pytest.raises(CommandError, match="not an empty folder"):
        export(story, out)


def check_places(made: Dataset, images: list[CaseImage]) -> None:
    """Every frame lies where the image lies that it was painted on."""
    places = {image.sop_uid: image.metadata["00200032"]["Value"] for image in images}
    seen = set()
    for frame in made.PerFrameFunctionalGroupsSequence:
        source = frame.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        place = frame.PlanePositionSequence[0].ImagePositionPatient
        assert list(place) == pytest.approx(places[source], abs=1e-6)
        seen.add(source)
    assert seen == {images[index].sop_uid for index in (1, 2, 3)}


def check_names(story: StudyStory, file: Path, read: Read) -> None:
    """Nothing of the file says who read, nor who the patient is."""
    content = file.read_bytes() + file.name.encode()
    secrets = [read.reader.username, read.reader.display_name, str(read.pk), story.slug]
    secrets += [text for original in story.originals for text in original.secrets]
    assert [text for text in secrets if text.encode() in content] == []


def check_table(out: Path, file: Path, read: Read) -> None:
    rows = list(csv.DictReader(StringIO((out / "masks.csv").read_text(encoding="utf-8"))))
    assert [(row["segment"], row["question"], row["label"]) for row in rows] == [
        ("1", "nodes", "left_obturator"),
        ("2", "nodes", "right_obturator"),
        ("3", "tumor", ""),
    ]
    assert {row["file"] for row in rows} == {file.name}
    assert {(row["reader"], row["case"]) for row in rows} == {("R1", read.assignment.study_case.case.number)}
    assert (rows[0]["tools"], rows[0]["borderline"], rows[2]["borderline"]) == ("grow; brush", "true", "")
    assert {row["is_hidden_repeat"] for row in rows} == {"false"}


def test_words_of_the_table_stand_as_in_every_table_of_the_results() -> None:
    row = dict.fromkeys(HEADER) | {"series": "=1+1", "label": "größer", "borderline": True, "volume_ml": 0.1}
    (written,) = csv.DictReader(StringIO(masks_csv([row])))
    assert (written["series"], written["label"], written["status"]) == ("'=1+1", "größer", "")
    assert (written["borderline"], written["volume_ml"]) == ("true", "0.1")


def test_nothing_is_locked_while_the_files_are_written(
    story: StudyStory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_painted(story)
    lock(story, reason="The study ends early.")
    around, depths = len(connection.savepoint_ids), []

    def watched(self: Segmentation, *args: object, **options: object) -> None:
        depths.append(len(connection.savepoint_ids))
        written(self, *args, **options)

    written = Segmentation.save_as
    monkeypatch.setattr(Segmentation, "save_as", watched)
    export(story, tmp_path / "masks")
    assert depths == [around]


def validate(file: Path) -> None:
    """David Clunie's checker, where the machine has it, finds no error."""
    checker = shutil.which("dciodvfy")
    if checker is not None:
        found = subprocess.run([checker, str(file)], capture_output=True, text=True, check=False)
        assert [line for line in (found.stdout + found.stderr).splitlines() if "Error" in line] == []


def test_masks_on_images_without_a_position_stand_in_the_table_alone(story: StudyStory) -> None:
    read_painted(story)
    lock(story, reason="The study ends early.")
    CaseSeries.objects.update(geometry={})
    (one,) = mask_files(story.study, software_version="1")
    assert (one.name, one.segmentation, len(one.rows)) == ("", None, 3)
    assert len(masks_csv(one.rows).splitlines()) == 4


def test_an_unknown_study_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no study 'none'"):
        call_command("export_masks", str(tmp_path / "out"), study="none")
