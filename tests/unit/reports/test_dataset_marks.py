"""The marks that readers set are analyzed against lesions that come with a supplement, by place."""

import copy
import csv
import io
import math
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.free_response import WITHOUT_LESIONS, free_response
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.study import study_of
from backend.reads.models import Mark
from backend.reports.dataset_files import analysis_inputs, dataset_files
from backend.reports.models import FrozenDataset
from backend.reports.supplement_merge import check_supplement, supplemented
from backend.studies.study_forms import lpln_form
from tests.factories.adjudication import mark_at
from tests.factories.flow import flow_story
from tests.factories.reading import answers
from tests.factories.studies import Stage, StudyStory, lock, study_in

pytestmark = pytest.mark.django_db
SHA = "ab" * 32
RATINGS = [{"value": value, "label": f"{value}"} for value in (1, 2, 3, 4)]
FINDINGS: dict[str, Any] = {
    "key": "findings",
    "kind": "mark",
    "label": "Findings",
    "required": False,
    "options": RATINGS,
}
# Column, row and rating of each mark that a reader sets on every case, in the order in which they are set.
SET = {1: [(20, 20, 2), (10, 12, 4)], 2: [(10, 16, 3)]}
RADIUS_MM = 3.0


def marked_story() -> StudyStory:
    """Two cases that two readers read once: the second reader leaves the last one of hers unmarked."""
    form = lpln_form()
    form = {**form, "questions": [*form["questions"], FINDINGS]}
    story = flow_story(cases=2, with_images=True, form=form)
    for reader in (1, 2):
        for place in range(2):
            read = story.open_next(f"reader{reader}")
            marks = [{**mark_at(read, column, row), "rating": rating} for column, row, rating in SET[reader]]
            story.submit(read, answers(4, findings=[] if (reader, place) == (2, 1) else marks))
    return lock(story, reason="The study ends early.")


@pytest.fixture
def content(db: None) -> dict[str, Any]:
    """A frozen document whose readers marked what `SET` says, but for the last read of the second one."""
    found = FrozenDataset.objects.get(study=study_in(Stage.LOCKED, cases=4).study).document
    found["form"]["questions"].append(FINDINGS)
    for read in found["reads"]:
        read["marks"] = [
            {"question": "findings", "point_mm": [column / 3, row / 3, 0.1], "rating": rating, "frame": 1}
            for column, row, rating in SET[int(read["reader"][1:])]
        ]
    found["reads"][-1]["marks"] = []
    return found


def marks_of(files: dict[str, str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["marks.csv"])))


def lesions_of(content: dict[str, Any]) -> str:
    """A lesion in every positive case, where the first reader is surest, and another that nobody marks."""
    reads = {read["case"]: read for read in content["reads"] if read["reader"] == "R1"}
    lines = ["case,lesion,x,y,z,radius"]
    for case, is_positive in sorted(content["truth"].items()):
        if is_positive:
            x, y, z = next(one["point_mm"] for one in reads[case]["marks"] if one["rating"] == 4)
            lines += [f"{case},a,{x!r},{y!r},{z!r},{RADIUS_MM}", f"{case},b,{x + 50},{y},{z},1"]
    return "\n".join(lines) + "\n"


def section_of(files: dict[str, str]) -> Section:
    return free_response(study_of(read_dataset(files), level=0.95, seed=1))


def test_the_marks_of_every_read_are_frozen_without_identifiers() -> None:
    content = FrozenDataset.objects.get(study=marked_story().study).document
    assert content["format"] == 5
    for read in content["reads"]:
        ratings = sorted(one["rating"] for one in read["marks"])
        assert ratings in ([], [2, 4], [3])
        assert {one["frame"] for one in read["marks"]} <= {1}
        given = read["answers"]["findings"] or []
        assert sorted(one["point_mm"] for one in given) == [one["point_mm"] for one in read["marks"]]
    files = dataset_files(content, dataset_sha256=SHA)
    text = "".join(files.values())
    for mark in Mark.objects.all():
        for secret in (mark.sop_uid, mark.frame_of_reference_uid, str(mark.uuid)):
            assert secret not in text
    assert marks_of(files)[0].keys() == {
        *("reader", "arm", "session", "case", "mark", "rating", "x", "y", "z", "frame", "repeat")
    }
    assert len(marks_of(files)) == 2 * 2 + 1
    assert section_of(files).not_applicable.reason == WITHOUT_LESIONS  # type: ignore[union-attr]


def test_with_lesions_the_section_runs_and_hits_are_what_the_distances_say(content: dict[str, Any]) -> None:
    own = dataset_files(content, dataset_sha256=SHA)
    added = {"lesions.csv": lesions_of(content)}
    check_supplement(own, added, {})
    files = supplemented(own, added, {}, number=1, reason="Surgery")
    centers = {
        row["case"]: [float(row[axis]) for axis in "xyz"]
        for row in csv.DictReader(io.StringIO(added["lesions.csv"]))
        if row["lesion"] == "a"
    }
    slow = {
        (row["reader"], row["case"], row["mark"]): row["case"] in centers
        and math.dist(centers[row["case"]], [float(row[axis]) for axis in "xyz"]) <= RADIUS_MM
        for row in marks_of(own)
    }
    found = read_dataset(files).extras.marks
    assert {(one.reader, one.case, one.mark): one.lesion == "a" for one in found} == slow
    assert set(slow.values()) == {True, False}
    section = section_of(files)
    assert section.failures == ()
    positives = len(centers)
    curve = section.item("curve/R1, unaided").result
    assert (curve.lesions_marked, curve.n_lesions) == (positives, 2 * positives)
    # Every mark of the first reader that hits nothing, over all cases.
    assert curve.false_marks == 8 - positives
    # An unmarked read is a read.
    assert {section.item(f"curve/R2, {arm}").n for arm in ("unaided", "aided")} == {4}


def test_marks_and_lesions_of_two_frames_do_not_meet(content: dict[str, Any]) -> None:
    added = {"lesions.csv": lesions_of(content)}
    for read in content["reads"]:
        for one in read["marks"]:
            one["frame"] = 2
    files = {**dataset_files(content, dataset_sha256=SHA), **added}
    assert {one.lesion for one in read_dataset(files).extras.marks} == {None}
    header, *rows = added["lesions.csv"].splitlines()
    told = "\n".join([f"{header},frame", *(f"{row},2" for row in rows), ""])
    assert "a" in {one.lesion for one in read_dataset({**files, "lesions.csv": told}).extras.marks}


def test_marks_of_a_read_that_deviates_and_of_a_hidden_repeat(content: dict[str, Any]) -> None:
    first = next(read for read in content["reads"] if read["marks"])
    first["is_unblinded"] = True
    repeat = {**copy.deepcopy(first), "is_hidden_repeat": True, "role": "hidden_repeat", "position": 9}
    content["reads"].append(repeat)
    files = {**dataset_files(content, dataset_sha256=SHA), "lesions.csv": lesions_of(content)}
    assert {row["repeat"] for row in marks_of(files)} == {"0", "1"}
    inputs = read_dataset(files)
    assert len(inputs.extras.marks) == 8 * 2 + 7
    strict = study_of(inputs, level=0.95, seed=1, analysis_set="per-protocol")
    assert len(strict.files.extras.marks) == 23 - len(first["marks"])


def test_a_form_of_marks_alone_keeps_the_reads_that_marked_nothing(content: dict[str, Any]) -> None:
    content["form"] = {**content["form"], "questions": [FINDINGS]}
    content["rating_question"] = None
    lesions = lesions_of(content)
    for read in content["reads"]:
        read["marks"] = []
    files = {**dataset_files(content, dataset_sha256=SHA), "lesions.csv": lesions}
    inputs = read_dataset(files)
    assert marks_of(files) == []
    assert len(inputs.study.reads) == 16  # type: ignore[union-attr]
    assert {row["question"] for row in csv.DictReader(io.StringIO(files["reads.csv"]))} == {"findings"}


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        ([{**FINDINGS, "options": []}], "Marks of findings are not in marks.csv: they have no rating."),
        (
            [{**FINDINGS, "options": [{"value": "sure", "label": "Sure"}]}],
            "Marks of findings are not in marks.csv: their ratings are words and no numbers.",
        ),
        (
            [FINDINGS, {**FINDINGS, "key": "deposits"}],
            "Marks are not in marks.csv: findings, deposits all ask",
        ),
    ],
)
def test_marks_that_cannot_be_analyzed_are_told(
    content: dict[str, Any], questions: list[dict[str, Any]], told: str
) -> None:
    content["form"]["questions"][-1:] = questions
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    assert any(note.startswith(told) for note in inputs.notes)
    assert "marks.csv" not in inputs.texts


def test_a_document_from_before_marks_gives_the_files_of_its_time(content: dict[str, Any]) -> None:
    old = {**content, "format": 4, "reads": [{**read} for read in content["reads"]]}
    for read in old["reads"]:
        del read["marks"]
    inputs = analysis_inputs(old, dataset_sha256=SHA)
    assert "marks.csv" not in inputs.texts
    assert not any("Marks" in note for note in inputs.notes)
    assert inputs.design.origin.dataset_version == "format 4"


def test_a_supplement_does_not_touch_the_marks_of_the_study(content: dict[str, Any]) -> None:
    own = dataset_files(content, dataset_sha256=SHA)
    marks = "reader,arm,session,case,mark,rating,lesion\nR1,unaided,1,X,9,1,a\n"
    with pytest.raises(AnalysisError, match=r"marks\.csv: the study itself has the marks of its readers"):
        check_supplement(own, {"marks.csv": marks}, {})
