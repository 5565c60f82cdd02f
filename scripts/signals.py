"""Ctrl-C and its relatives, and the end of whole process groups. Standard library only."""

import contextlib
import os
import signal


class StopRequested(BaseException):
    """Ctrl-C, or a signal that means the same. Like KeyboardInterrupt, no handler of errors may catch it."""


def stop_on_signals() -> None:
    """Turns SIGINT, SIGTERM and SIGHUP into StopRequested."""

    def request_stop(number: int, _frame: object) -> None:
        raise StopRequested(signal.Signals(number).name)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request_stop)


def kill_group(leader: int) -> None:
    """Ends a process group by force; one that is gone already is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
