"""No response to anybody, at any stage, carries a secret that the blinding protocol does not allow."""

import pytest

from backend.studies.blinding import Kind
from tests.factories.studies import READERS, Stage

from .canaries import sweep
from .observers import two_studies
from .routes import data_routes

pytestmark = pytest.mark.django_db
DESK = ("coordinator", "statistician")


@pytest.mark.parametrize("stage", list(Stage), ids=str)
def test_nothing_leaks(stage: Stage) -> None:
    # Two cases have results without an interval, and then too few numbers that tell a study.
    cases = 3 if stage is Stage.LOCKED else 2
    found = sweep(two_studies(stage, cases=cases, both_with_images=True))
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
    assert found.seen("adjudicator", Kind.OTHER_RATING) is is_adjudicated, "of the open item, while it is open"
    for part in DESK:
        for kind in (Kind.RESULTS, Kind.OTHER_RATING, Kind.AI_OUTPUT):
            assert found.seen(part, kind) is (stage is Stage.LOCKED)
