"""Outlines are compared from the stored masks that the frozen dataset names, and from no others."""

import copy
import csv
import io
import json
import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.analysis.errors import AnalysisError
from backend.analysis.pipeline.study import study_of
from backend.reads.labelmap_bytes import packed
from backend.reads.models import MaskVolume, Read
from backend.reports import analysis_runner
from backend.reports.dataset_files import analysis_inputs, dataset_files
from backend.reports.mask_comparisons import mask_comparisons_csv
from backend.reports.models import AnalysisFile, AnalysisRun, FrozenDataset
from backend.reports.run_states import RunState
from tests.factories.adjudication import square_at
from tests.factories.dicom import SPACING_MM, STEP_MM
from tests.factories.flow import flow_story
from tests.factories.painting import blank, disk, labelmap, painted_form, segment
from tests.factories.reading import answers
from tests.factories.studies import StudyStory, lock

pytestmark = pytest.mark.django_db
SHA = "ab" * 32
SPACING = (STEP_MM, SPACING_MM, SPACING_MM)
OUTLINE = {"key": "edge", "kind": "mask", "label": "Edge", "role": "T2W", "required": False}


def painted(reader: int) -> NDArray[np.uint8]:
    """What a reader paints: disks on two slices, the second reader's larger, elsewhere and on a slice more."""
    voxels = disk(disk(blank(), radius=5, frame=3), radius=4, frame=4)
    return voxels if reader == 1 else disk(disk(blank(), radius=6, frame=4, at=(18, 14)), radius=3, frame=5)


def draw(story: StudyStory, reader: int) -> Read:
    """One read with a painted mask and an outlined one, 10 pixels square, the second reader's 4 pixels aside."""
    read = story.open_next(f"reader{reader}")
    drawn = answers(4, edge={"contours": [square_at(read, 6 + 4 * (reader - 1), 8)]})
    return story.submit(read, drawn, labelmaps=[labelmap(painted(reader), segment())])


@pytest.fixture
def story() -> StudyStory:
    form = painted_form()
    story = flow_story(cases=2, with_images=True, form={**form, "questions": [*form["questions"], OUTLINE]})
    for reader in (1, 2, 1, 2):
        draw(story, reader)
    return lock(story, reason="The study ends early.")


def content_of(story: StudyStory) -> dict[str, Any]:
    return FrozenDataset.objects.get(study=story.study).document


def values_of(text: str, question: str) -> dict[str, float]:
    """The measures of a question, which are the same for both cases."""
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["question"] == question]
    assert len({row["case"] for row in rows}) == 2
    assert len({(row["measure"], row["value"]) for row in rows}) == 6
    for row in rows:
        assert (row["reader_a"], row["reader_b"], row["arm"]) == ("R1", "R2", "unaided")
        assert (row["session_a"], row["session_b"]) == ("1", "1")
    return {row["measure"]: float(row["value"]) for row in rows}


def surface(mask: NDArray[np.bool_]) -> list[tuple[float, ...]]:
    """The voxels that have a neighbor by a face outside, in mm: voxel by voxel, without any library."""

    def is_in(place: tuple[int, ...]) -> bool:
        inside = all(0 <= at < size for at, size in zip(place, mask.shape, strict=True))
        return inside and bool(mask[place])

    def neighbors(place: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for axis, step in product(range(3), (-1, 1)):
            yield tuple(at + step * (index == axis) for index, at in enumerate(place))

    drawn = [tuple(int(at) for at in place) for place in np.argwhere(mask)]
    edge = [place for place in drawn if not all(is_in(one) for one in neighbors(place))]
    return [tuple(at * step for at, step in zip(place, SPACING, strict=True)) for place in edge]


def slow(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> dict[str, float]:
    """Every measure by its definition, from all distances between all surface voxels."""
    both, either = int((a & b).sum()), int((a | b).sum())
    there = sorted(min(math.dist(p, q) for q in surface(b)) for p in surface(a))
    back = sorted(min(math.dist(p, q) for q in surface(a)) for p in surface(b))
    return {
        "dice": 2 * both / (int(a.sum()) + int(b.sum())),
        "jaccard": both / either,
        "hausdorff_mm": max(there[-1], back[-1]),
        "hausdorff95_mm": max(float(np.percentile(there, 95)), float(np.percentile(back, 95))),
        "assd_mm": (sum(there) + sum(back)) / (len(there) + len(back)),
        "volume_difference_ml": (int(a.sum()) - int(b.sum())) * math.prod(SPACING) / 1000,
    }


def square(reader: int) -> NDArray[np.bool_]:
    mask = np.zeros(blank().shape, dtype=np.bool_)
    first = 6 + 4 * (reader - 1)
    mask[2, 8:18, first : first + 10] = True
    return mask


def test_stored_masks_give_what_the_definitions_give(story: StudyStory) -> None:
    content = content_of(story)
    assert content["format"] == 5
    masks = [one for read in content["reads"] for one in read["masks"]]
    assert [(one["question"], one["series"]) for one in masks] == [("edge", 0), ("nodes", 0)] * 4
    for one in masks:
        assert one["spacing_mm"] == pytest.approx(SPACING, rel=1e-12)
    text = mask_comparisons_csv(story.study, content)
    assert values_of(text, "nodes") == pytest.approx(slow(painted(1) > 0, painted(2) > 0), rel=1e-12)
    found = values_of(text, "edge")
    assert found == pytest.approx(slow(square(1), square(2)), rel=1e-12)
    # 6 of 10 columns are shared, and the squares lie 4 pixels apart.
    assert (found["dice"], found["hausdorff_mm"]) == pytest.approx((0.6, 4 * SPACING_MM), rel=1e-12)
    assert mask_comparisons_csv(story.study, copy.deepcopy(content)) == text


def test_the_files_hold_the_comparisons_and_each_set_its_own(story: StudyStory) -> None:
    content = content_of(story)
    text = mask_comparisons_csv(story.study, content)
    files = dataset_files(content, dataset_sha256=SHA, masks_csv=text)
    assert files["masks.csv"] == text
    content["reads"][1]["is_unblinded"] = True
    unblinded = content["reads"][1]["case"]
    inputs = analysis_inputs(content, dataset_sha256=SHA, masks_csv=text)
    assert len(study_of(inputs, level=0.95, seed=1).files.extras.masks) == 24
    without = study_of(inputs, level=0.95, seed=1, analysis_set="per-protocol").files.extras.masks
    assert len(without) == 12
    assert unblinded not in {one.case for one in without}
    assert "masks.csv" not in dataset_files(content, dataset_sha256=SHA)


def test_the_worker_measures_them_and_the_analysis_summarizes_them(story: StudyStory) -> None:
    run = AnalysisRun.objects.get(dataset__study=story.study)
    analysis_runner.run(run_id=run.pk, owner="one")
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.DONE, "")
    bodies = {one.path: bytes(one.body) for one in AnalysisFile.objects.filter(run=run)}
    assert bodies["dataset/masks.csv"].decode() == mask_comparisons_csv(story.study, content_of(story))
    agreement = next(
        one for one in json.loads(bodies["results.json"])["sections"] if one["key"] == "agreement"
    )
    found = {item["key"]: item["result"] for item in agreement["items"] if item["key"].startswith("masks")}
    assert list(found) == ["masks/edge/unaided", "masks/nodes/unaided"]
    (pair,) = found["masks/edge/unaided"]["pairs"]
    dice = next(one for one in pair["measures"] if one["measure"] == "dice")
    assert (dice["n"], dice["mean"]) == (2, pytest.approx(0.6, rel=1e-12))


def test_a_mask_that_is_gone_or_changed_is_named(story: StudyStory) -> None:
    content = content_of(story)
    gone = copy.deepcopy(content)
    next(one for one in gone["reads"][0]["masks"] if one["question"] == "edge")["sha256"] = "0" * 64
    with pytest.raises(AnalysisError, match="edge of R1") as refused:
        mask_comparisons_csv(story.study, gone)
    assert refused.value.code == "mask_missing"

    first = content["reads"][0]
    volume = MaskVolume.objects.get(
        question="nodes",
        read__reader=story.people["reader1"],
        read__assignment__study_case__case__number=first["case"],
    )
    changed = "1" * 64
    MaskVolume.objects.create(
        read=volume.read, question="other", series=volume.series, shape=volume.shape, segments=[],
        sha256=changed, data=packed(blank()),
    )  # fmt: skip
    next(one for one in first["masks"] if one["question"] == "nodes")["sha256"] = changed
    with pytest.raises(AnalysisError, match="not those of their digest") as refused:
        mask_comparisons_csv(story.study, content)
    assert refused.value.code == "mask_changed"
