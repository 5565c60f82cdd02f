from itertools import product

import pytest

from backend.predictions.job_states import (
    ENDED,
    REQUEUABLE,
    TRANSITIONS,
    FailureKind,
    JobStatus,
    may_retry,
)


def test_every_status_stands_in_the_table():
    assert set(TRANSITIONS) == set(JobStatus)


def test_done_is_for_ever():
    assert TRANSITIONS[JobStatus.DONE] == frozenset()


def test_ended_jobs_leave_their_state_only_by_a_new_request():
    for status in ENDED:
        assert TRANSITIONS[status] == ({JobStatus.QUEUED} if status in REQUEUABLE else frozenset())


@pytest.mark.parametrize(("kind", "attempt"), list(product(FailureKind, range(1, 5))))
def test_only_a_want_of_resources_is_retried_and_only_up_to_the_limit(kind, attempt):
    expected = kind is FailureKind.RESOURCE and attempt < 3
    assert may_retry(kind, attempt=attempt, attempt_limit=3) is expected
