"""The life of an analysis run, and what may be asked for. Pure: no rows, no messages."""

from collections.abc import Mapping
from enum import StrEnum

# A run whose worker died so often is given up: it may be the run that kills them.
ATTEMPTS = 3
LEVELS = (0.8, 0.999)
MAX_SEED = 2**31 - 1
DEFAULT_LEVEL = 0.95


class RunState(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class AnalysisSetName(StrEnum):
    """The words of the command line's `--set`."""

    AS_READ = "as-read"
    PER_PROTOCOL = "per-protocol"


OPEN = frozenset({RunState.QUEUED, RunState.RUNNING})
ENDED = frozenset({RunState.DONE, RunState.FAILED})

# RUNNING to RUNNING is the claim of a run whose worker has fallen silent. One that ended stays as it is: whoever
# wants it again asks for another.
TRANSITIONS: Mapping[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING}),
    RunState.RUNNING: frozenset({RunState.RUNNING, RunState.DONE, RunState.FAILED}),
    RunState.DONE: frozenset(),
    RunState.FAILED: frozenset(),
}
