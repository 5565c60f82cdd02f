"""Painted masks between readers: compared by overlap, shown to the adjudicator by letter, adopted whole."""

import base64
import uuid
from typing import Any

import numpy as np
import pytest

from backend.adjudication.consensus import consensus_of
from backend.adjudication.panels import answers_of, overlap_of
from backend.reads.labelmap_bytes import unpacked
from backend.reads.models import MaskVolume, Read
from backend.reads.raster import dice
from backend.reads.services import read_open_next, read_submit
from backend.reads.volumes import stored_volume
from tests.factories.adjudication import AGREED, PanelStory, panel_story
from tests.factories.painting import NODES, SHAPE, blank, disk, labelmap, segment

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
# Centers of the two readers' disks of radius 5, by case: a small and a large shift, and nothing at all.
CENTERS: list[list[tuple[int, int] | None]] = [[(16, 15), (16, 16)], [(16, 10), (16, 20)], [(16, 15), None]]


def painted_panel() -> PanelStory:
    def ask_for_nodes(document: dict[str, Any]) -> None:
        document["form"]["questions"].append(NODES)
        rule = {"question": "nodes", "when": "dice", "less_than": 0.7}
        document["adjudication"]["rules"].append(rule)

    return panel_story(cases=3, readers=2, with_images=True, name="paint", design=ask_for_nodes)


def read_next(story: PanelStory, part: str) -> Read:
    reader = story.readers.index(part)
    read = read_open_next(slug=story.study.slug, by=story.people[part], now=story.clock.tick())
    center = CENTERS[story.cases.index(read.assignment.study_case.case)][reader]
    # The second reader calls the same node by another name; the overlap does not ask for names.
    label = "right_obturator" if reader else "left_obturator"
    sent = [] if center is None else [labelmap(disk(blank(), radius=5, at=center), segment(label=label))]
    return read_submit(
        read_id=read.pk,
        idempotency_key=uuid.uuid4(),
        answers=AGREED,
        measurements=[],
        labelmaps=sent,
        timing={},
        by=read.reader,
        now=story.clock.tick(),
    ).read


def test_masks_that_overlap_too_little_come_before_the_adjudicator_without_names() -> None:
    story = painted_panel()
    for part in story.readers:
        for _ in story.cases:
            read_next(story, part)
    found = {rank: story.item_of(rank) for rank in range(3)}
    assert found[0] is None
    whys = {rank: item.questions for rank, item in found.items() if item is not None}
    assert whys == {
        1: [{"question": "nodes", "why": "overlap"}],
        2: [{"question": "nodes", "why": "nothing_drawn"}],
    }
    near = MaskVolume.objects.filter(read__assignment__study_case=story.study_case(0))
    one, other = (stored_volume([volume]) for volume in near)
    a, b = (disk(blank(), radius=5, at=center) > 0 for center in CENTERS[0] if center)
    assert dice(one, other) == pytest.approx(2 * (a & b).sum() / (a.sum() + b.sum()))

    # Whatever the form says now of how the mask is drawn.
    outlined = {"questions": [{"key": "nodes", "kind": "mask"}]}
    reads = [volume.read for volume in near]
    panel = [own["nodes"] for own in answers_of(outlined, reads)]
    assert [own["volumes"] for own in panel] == [[volume] for volume in near]
    assert overlap_of(*panel) == pytest.approx(dice(one, other))

    client = client_of(story.people["adjudicator"])
    with at(story.clock.tick()):
        item_id = ask(client, "POST", f"/api/adjudicator/studies/{story.study.slug}/next").json()["item_id"]
        answer = ask(client, "GET", f"/api/adjudicator/items/{item_id}")
    body = answer.json()
    drawn = [one for original in body["originals"] for one in original["labelmaps"]]
    counts = [(one["answers"]["nodes"] or {"count": 0})["count"] for one in body["originals"]]
    assert sum(counts) == len(drawn) >= 1
    for one in drawn:
        assert (one["question"], one["series"], one["shape"]) == ("nodes", 0, list(SHAPE))
        voxels = unpacked(base64.b64decode(one["data"]), SHAPE)
        assert np.count_nonzero(voxels) == np.count_nonzero(disk(blank(), radius=5))
        assert one["segments"][0]["short_axis_mm"] == pytest.approx(7.5, abs=0.6)
    secrets = [user.username for user in story.people.values()]
    secrets += [str(pk) for pk in Read.objects.values_list("pk", flat=True)]
    secrets += [str(pk) for pk in MaskVolume.objects.values_list("pk", flat=True)]
    assert [
        text for text in (*secrets, "grow", '"origin"', "edited_voxels") if text in answer.content.decode()
    ] == []

    verdict = {"idempotency_key": uuid.uuid4(), "answers": {"nodes": {"reading": "A"}}, "reason": "It fits."}
    with at(story.clock.tick()):
        settled = ask(client, "POST", f"/api/adjudicator/items/{item_id}/settle", verdict)
    assert settled.status_code == 200, settled.content
    adopted = [row for row in consensus_of(story.study).rows if row.question == "nodes" and row.original]
    assert len(adopted) == 1
