"""No response to anybody, at any stage, carries a secret that the blinding protocol does not allow."""

import pytest

from backend.adjudication.services import item_open_next
from backend.studies.blinding import Kind
from tests.factories.analysis import analyzed, given_from_outside
from tests.factories.cases import person
from tests.factories.engine import adjudicated_study
from tests.factories.studies import READERS, Stage, StudyStory

from .canaries import sweep
from .observers import TwoStudies, two_studies
from .routes import data_routes

PASSWORD = "a long password of the tests"

pytestmark = pytest.mark.django_db
DESK = ("coordinator", "statistician")


@pytest.mark.parametrize("stage", list(Stage), ids=str)
def test_nothing_leaks(stage: Stage) -> None:
    # Two cases have results without an interval, and then too few numbers that tell a study.
    cases = 3 if stage is Stage.LOCKED else 2
    world = two_studies(stage, cases=cases, both_with_images=True)
    for story in (world.alfa, world.beta):
        analyzed(story)
    given_from_outside(world.beta.people["coordinator"], world.now)
    found = sweep(world)
    assert found.leaks == []
    assert found.answered == {(route.name, method) for route in data_routes() for method in route.methods}
    # The sweep would find nothing in empty answers, so here is what it has to find.
    assert all(found.seen(part, Kind.CASE_NUMBER) for part in (*DESK, "auditor", "site"))
    assert all(found.seen(part, Kind.STUDY_PROGRESS) for part in (*DESK, "auditor"))
    in_session = stage in (Stage.SESSION_1, Stage.SESSION_2)
    for part in READERS:
        assert found.seen(part, Kind.OTHER_RATING) is in_session, "own draft, and only while it is open"
        assert found.seen(part, Kind.AI_OUTPUT) is (stage is Stage.SESSION_2)
    is_adjudicated = stage in (Stage.WASHOUT, Stage.SESSION_2)
    assert found.seen("adjudicator", Kind.OTHER_RATING) is is_adjudicated, (
        "of the open item, while it is open"
    )
    for part in DESK:
        for kind in (Kind.RESULTS, Kind.OTHER_RATING, Kind.AI_OUTPUT):
            assert found.seen(part, kind) is (stage is Stage.LOCKED)


def in_steps(name: str, *, commits: int) -> StudyStory:
    """Trained readers; the first has committed so many steps and holds a draft, the second has read everything."""
    story = adjudicated_study(name, PASSWORD)
    for part in READERS:
        story.submit(story.open_next(part), {**story.answers_of(story.open_next(part)), "rating": 4})
    story.read_cases("reader1", commits)
    story.read_cases("reader2", 10)
    story.begin_draft("reader1")
    item_open_next(slug=story.slug, by=story.people["adjudicator"], now=story.clock.tick())
    return story


@pytest.mark.parametrize("commits", [2, 3], ids=["before the reveal", "after the reveal"])
def test_nothing_leaks_where_a_case_is_read_in_two_steps(commits: int) -> None:
    """Training, hidden repeats and a third reader included; the model's output comes with the second step alone."""
    world = TwoStudies(
        alfa=in_steps("ALFA", commits=commits),
        beta=in_steps("BETA", commits=commits),
        strangers={"nobody": person("nobody-user")},
    )
    found = sweep(world)
    assert found.leaks == []
    assert found.seen("reader1", Kind.TRAINING_FEEDBACK)
    assert found.seen("reader1", Kind.AI_OUTPUT) is (commits == 3)
    assert not found.seen("coordinator", Kind.AI_OUTPUT)
