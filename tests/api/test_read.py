"""A read as the reading room gets it: what is shown, under which names, and for how long."""

import hashlib
import json
import re
import uuid

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.datadict import keyword_for_tag

from backend.cases.frames import decode
from backend.cases.models import CaseImage, CaseSeries
from backend.cases.paths import media_path
from backend.reads.models import Read
from backend.studies.services import case_update, protocol_save
from tests.factories.dicom import SLICES, pixels
from tests.factories.studies import Stage, StudyStory, design, freeze, lock, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
UID = re.compile(r"2\.25\.\d+|1\.2\.826\.[\d.]+")


def get(story: StudyStory, path: str, part: str = "reader1"):
    return ask(client_of(story.people[part]), "GET", f"/api/reader/reads/{path}")


def open_read(story: StudyStory, part: str = "reader1") -> Read:
    return Read.objects.get(reader=story.people[part], status="DRAFT")


def rank_of(story: StudyStory, read: Read) -> int:
    return story.cases.index(read.assignment.study_case.case)


def test_an_open_read_shows_case_form_and_own_draft() -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    read = open_read(story)
    shown = get(story, f"{read.pk}").json()
    assert (shown["id"], shown["alias"], shown["status"]) == (str(read.pk), read.assignment.alias, "draft")
    assert (shown["position"], shown["total"]) == (2, 3)
    assert shown["session"] == {
        "ordinal": 1,
        "title": "Session 1",
        "is_aided": False,
        "is_training": False,
    }
    assert (shown["step"], shown["steps"], shown["correction"]) == (1, 1, None)
    assert shown["aid_released"] is False
    assert shown["form"] == story.study.protocol["form"]
    assert shown["draft"]["answers"]["comment"] == story.words[read.pk]
    assert [(one["index"], one["role"], one["slices"]) for one in shown["series"]] == [
        (0, "T2W", SLICES),
        (1, "ADC", SLICES // 2),
    ]
    assert shown["series"][0]["title"] == "T2W axial"
    assert shown["primary_series"] == 0


@pytest.mark.parametrize("is_told", [True, False])
def test_what_is_known_of_a_case_is_shown_where_the_protocol_says_so(is_told: bool) -> None:
    story = design("ALFA", cases=1)
    known = [{"label": "Age", "value": "61"}]
    number = story.cases[0].number
    now = story.clock.tick()
    case_update(study=story.study, number=number, case_info=known, by=None, now=now)
    study = story.refresh().study
    document = {**study.protocol, "sees_case_info": is_told}
    protocol_save(study_id=study.pk, document=document, revision=study.revision, by=None, now=now)
    freeze(story.refresh())
    story.begin_draft("reader1")
    assert get(story, f"{open_read(story).pk}").json()["case_info"] == (known if is_told else [])


def test_a_submitted_read_shows_that_it_is_locked_and_nothing_else() -> None:
    story = study_in(Stage.SESSION_1)
    read = Read.objects.get(reader=story.people["reader1"], status="SUBMITTED")
    assert get(story, f"{read.pk}").json() == {
        "id": str(read.pk),
        "alias": read.assignment.alias,
        "status": "submitted",
        "has_feedback": False,
    }
    assert get(story, f"{read.pk}/series/0/metadata").status_code == 404
    assert get(story, f"{read.pk}/series/0/frames/1").status_code == 404


def test_an_open_read_is_gone_once_the_study_is_locked() -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    read = open_read(story)
    assert get(story, f"{read.pk}").status_code == 200
    lock(story, reason="The study ends early.")
    assert get(story, f"{read.pk}").status_code == 404
    assert get(story, f"{read.pk}/series/0/frames/1").status_code == 404


def test_frames_are_the_pixels_that_were_sent_in() -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    read = open_read(story)
    sent = pixels(story.originals[rank_of(story, read)].number * 10 + 1)
    series = CaseSeries.objects.get(case=read.assignment.study_case.case, role="T2W")
    images = list(series.images.order_by("index"))
    for number, image in enumerate(images, start=1):
        answer = get(story, f"{read.pk}/series/0/frames/{number}")
        assert answer.headers["Content-Type"] == (
            f"application/octet-stream; transfer-syntax={image.transfer_syntax_uid}"
        )
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.content == file_bytes(image)
    assert np.array_equal(np.stack([stored_pixels(image) for image in images]), sent)


def file_bytes(image: CaseImage) -> bytes:
    content = media_path(image.file).read_bytes()
    return content[image.frame_offset : image.frame_offset + image.frame_length]


def stored_pixels(image: CaseImage) -> np.ndarray:
    return decode(dcmread(media_path(image.file)))


@pytest.mark.parametrize(
    "path", ["series/2/metadata", "series/2/frames/1", "series/0/frames/0", "series/0/frames/7"]
)
def test_a_slice_that_is_not_there_is_not_found(path) -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    assert get(story, f"{open_read(story).pk}/{path}").status_code == 404


def test_metadata_is_one_item_a_slice_in_slice_order() -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    items = get(story, f"{open_read(story).pk}/series/0/metadata").json()
    assert [item["00200032"]["Value"][2] for item in items] == [index * 3.5 for index in range(SLICES)]
    assert len({item["00080018"]["Value"][0] for item in items}) == SLICES


def read_again(story: StudyStory) -> tuple[str, str]:
    """All that the first reader is shown of one case in session 1 and in session 2."""
    first = open_read(story)
    case = first.assignment.study_case
    shown_first = everything_of(story, first)
    story.submit(first, story.answers_of(first))
    story.read_cases("reader1", len(story.cases) - first.assignment.position)
    story.clock.pass_washout()
    while True:
        second = story.open_next("reader1")
        if second.assignment.study_case == case:
            return shown_first, everything_of(story, second)
        story.submit(second, story.answers_of(second))


def everything_of(story: StudyStory, read: Read) -> str:
    """The read and its metadata as text."""
    with at(story.now):
        paths = [f"{read.pk}", *(f"{read.pk}/series/{index}/metadata" for index in (0, 1))]
        part = next(part for part, user in story.people.items() if user.pk == read.reader_id)
        return json.dumps([get(story, path, part).json() for path in paths])


def test_a_case_has_other_names_in_the_other_session() -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    first, second = read_again(story)
    assert set(UID.findall(first)).isdisjoint(UID.findall(second))
    assert len(set(UID.findall(first))) == 3 + 3 + SLICES + SLICES // 2 - 2, "study, frame, series, images"
    aliases = [json.loads(one)[0]["alias"] for one in (first, second)]
    assert aliases[0] != aliases[1]


def test_two_readers_know_a_case_by_different_names() -> None:
    story = freeze(design("ALFA", cases=2, with_images=True))
    one, other = story.open_next("reader1"), story.open_next("reader2")
    if other.assignment.study_case_id != one.assignment.study_case_id:
        story.submit(other, story.answers_of(other))
        other = story.open_next("reader2")
    assert other.assignment.study_case_id == one.assignment.study_case_id
    shown = [set(UID.findall(everything_of(story, read))) for read in (one, other)]
    assert shown[0].isdisjoint(shown[1])


def test_names_say_nothing_of_how_far_anybody_is() -> None:
    """Every id that a reader is given is random: none is a count of what others did before."""
    story = study_in(Stage.SESSION_1)
    read = open_read(story)
    shown = get(story, f"{read.pk}").json()
    assert uuid.UUID(shown["id"]).version == 4
    assert re.fullmatch(r"[A-Z]{2}-\d{3}", shown["alias"])


def test_another_reader_changes_nothing_in_what_a_reader_is_shown() -> None:
    story = study_in(Stage.SESSION_1, with_images=True)
    read = open_read(story)
    before = hashlib.sha256(everything_of(story, read).encode()).hexdigest()
    other = open_read(story, "reader2")
    story.submit(other, story.answers_of(other))
    assert hashlib.sha256(everything_of(story, read).encode()).hexdigest() == before


def test_metadata_holds_the_listed_attributes_only() -> None:
    """Deny by default: an attribute that is not in this list has not been thought about."""
    story = study_in(Stage.SESSION_1, with_images=True)
    shown = set()
    for index in (0, 1):
        for item in get(story, f"{open_read(story).pk}/series/{index}/metadata").json():
            shown |= {keyword_for_tag(tag) or tag for tag in item}
    assert shown <= {
        "AvailableTransferSyntaxUID", "BitsAllocated", "BitsStored", "Columns", "FrameOfReferenceUID",
        "HighBit", "ImageOrientationPatient", "ImagePositionPatient", "ImagerPixelSpacing", "InstanceNumber",
        "Modality", "PhotometricInterpretation", "PixelAspectRatio", "PixelRepresentation", "PixelSpacing",
        "RescaleIntercept", "RescaleSlope", "RescaleType", "Rows", "SOPClassUID", "SOPInstanceUID",
        "SamplesPerPixel", "SeriesInstanceUID", "SliceThickness", "StudyInstanceUID", "WindowCenter",
        "WindowWidth",
    }  # fmt: skip
