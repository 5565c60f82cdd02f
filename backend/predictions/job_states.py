"""The life of an inference job, as a table and rules. Pure: no rows, no messages."""

from collections.abc import Mapping
from enum import StrEnum

ATTEMPTS_PER_REQUEST = 3


class JobStatus(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class FailureKind(StrEnum):
    """Why a run ended without a result: the case, the machine, or the program."""

    INPUT = "INPUT"
    RESOURCE = "RESOURCE"
    BUG = "BUG"


ENDED = frozenset({JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED})
REQUEUABLE = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})

# Failures that say nothing of the case: once the workers are put right, the model is asked again.
NOT_OF_THE_CASE = frozenset({"model_unknown", "model_version_unavailable", "input_changed", "database"})

# RUNNING to RUNNING is the claim of a job whose worker has fallen silent.
TRANSITIONS: Mapping[JobStatus, frozenset[JobStatus]] = {
    JobStatus.QUEUED: frozenset({JobStatus.RUNNING, JobStatus.CANCELLED}),
    JobStatus.RUNNING: frozenset(JobStatus),
    JobStatus.DONE: frozenset(),
    JobStatus.FAILED: frozenset({JobStatus.QUEUED}),
    JobStatus.CANCELLED: frozenset({JobStatus.QUEUED}),
}


def may_retry(kind: FailureKind, *, attempt: int, attempt_limit: int) -> bool:
    """Only a want of resources may be different the next time, and only so often."""
    return kind is FailureKind.RESOURCE and attempt < attempt_limit
