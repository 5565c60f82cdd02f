"""What nobody may see changes nothing in what anybody is shown.

Canaries find secrets that come out as they are. A secret may also come out as a count, an order or a flag; so
here a secret is changed and everything that everybody is shown has to stay the same, to the byte.
"""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection

from backend.predictions.models import Prediction, PredictionOverlay
from backend.reads.models import Answer, Read
from backend.truth.models import CaseTruth
from tests.database import guards_lifted
from tests.factories.studies import Stage, StudyStory, lock, study_in

from .observers import ask, at, client_of, undone
from .routes import data_routes

pytestmark = pytest.mark.django_db
READER_SIDE = ("reader1", "reader2", "site", "adjudicator")


def everything_shown(story: StudyStory, parts: tuple[str, ...]) -> dict[str, bytes]:
    """Every GET of the API by person and address, as it is answered now."""
    reads = list(Read.objects.filter(study=story.study).order_by("pk").values_list("pk", flat=True))
    shown = {}
    with at(story.now):
        for part in parts:
            client = client_of(story.people[part])
            for route in data_routes():
                if "GET" not in route.methods:
                    continue
                for read_id in reads if "read_id" in route.parameters else [None]:
                    values = {
                        "slug": story.slug,
                        "read_id": read_id,
                        "item_id": uuid.UUID(int=4),
                        "index": 0,
                        "frame": 1,
                        "overlay": "influence",
                        "name": "auc.csv",
                        "run_id": uuid.UUID(int=10),
                        "dataset_id": uuid.UUID(int=11),
                        "path": "results.json",
                        "number": story.cases[0].number,
                    }
                    url = route.url(**values)
                    with undone():
                        answer = ask(client, "GET", url)
                    shown[f"{part} {url}"] = b"%d %s" % (answer.status_code, answer.content)
    return shown


def differences(story: StudyStory, parts: tuple[str, ...], change: Callable[[], object]) -> list[str]:
    before = everything_shown(story, parts)
    with guards_lifted(connection):
        change()
    after = everything_shown(story, parts)
    assert before.keys() <= after.keys()
    return [address for address, answer in before.items() if after[address] != answer]


def flip_truth() -> None:
    for truth in CaseTruth.objects.all():
        CaseTruth.objects.filter(pk=truth.pk).update(is_positive=not truth.is_positive)


def change_ratings(story: StudyStory, part: str) -> None:
    reads = Read.objects.filter(reader=story.people[part], status="SUBMITTED")
    Answer.objects.filter(read__in=reads, question="rating").update(value=1)
    for read in Read.objects.filter(reader=story.people[part], status="DRAFT"):
        read.draft = {**read.draft, "answers": {"rating": 5}}
        read.save(update_fields=["draft"])


@pytest.mark.parametrize("stage", [Stage.SESSION_1, Stage.WASHOUT, Stage.SESSION_2], ids=str)
def test_truth_changes_nothing_before_the_lock(stage) -> None:
    story = study_in(stage, cases=2)
    assert differences(story, tuple(story.people), flip_truth) == []


@pytest.mark.parametrize("stage", [Stage.SESSION_1, Stage.WASHOUT, Stage.SESSION_2], ids=str)
def test_a_readers_answers_change_nothing_for_anybody_else(stage) -> None:
    story = study_in(stage, cases=2)
    others = tuple(part for part in story.people if part != "reader2")
    assert differences(story, others, lambda: change_ratings(story, "reader2")) == []


@pytest.mark.parametrize("stage", [Stage.SESSION_1, Stage.WASHOUT], ids=str)
def test_the_model_changes_nothing_before_it_is_released(stage) -> None:
    story = study_in(stage, cases=2)

    def change() -> None:
        Prediction.objects.update(score=9.9, probability=0.999, is_positive=True, near_cut_off=True)
        PredictionOverlay.objects.update(note="Another note.", data=b"other voxels", sha256="0" * 64)

    assert differences(story, tuple(story.people), change) == []


def test_a_readers_progress_changes_nothing_for_readers_and_centers() -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    draft = Read.objects.get(reader=story.people["reader2"], status="DRAFT")
    others = tuple(part for part in READER_SIDE if part != "reader2")

    def submit() -> None:
        now = story.now
        story.submit(draft, story.answers_of(draft))
        story.clock.now = now

    assert differences(story, others, submit) == []


def test_the_desk_does_see_progress() -> None:
    """The comparison finds something where something may be seen."""
    story = study_in(Stage.SESSION_2)
    draft = Read.objects.get(reader=story.people["reader2"], status="DRAFT")
    seen = differences(story, ("coordinator",), lambda: story.submit(draft, story.answers_of(draft)))
    assert f"coordinator /api/desk/studies/{story.slug}/progress" in seen


def test_truth_decides_the_results_after_the_lock() -> None:
    story = study_in(Stage.SESSION_2)
    as_it_is = auc_after_lock(story)
    with guards_lifted(connection):
        flip_truth()
    assert auc_after_lock(story) != as_it_is


def auc_after_lock(story: StudyStory) -> bytes:
    with undone():
        lock(story, reason="To see the results.")
        url = f"/api/desk/studies/{story.slug}/results/files/auc.csv"
        answer = ask(client_of(story.people["statistician"]), "GET", url)
        assert answer.status_code == 200
    story.refresh()
    return answer.content
