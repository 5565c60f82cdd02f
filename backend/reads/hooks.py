"""What other apps do in the transaction of a committed read, and what they say against opening one again.

Reads know nothing of the apps above them; an app that has to act with a commit registers itself when it starts.
"""

from datetime import datetime
from typing import Protocol

from .models import Read


class Committed(Protocol):
    def __call__(self, *, read: Read, now: datetime) -> None: ...


class Reopening(Protocol):
    def __call__(self, *, read: Read) -> None: ...


_committed: list[Committed] = []
_reopening: list[Reopening] = []


def on_committed(callback: Committed) -> Committed:
    """Call `callback(read=..., now=...)` inside the transaction of every commit and every correction."""
    if callback not in _committed:
        _committed.append(callback)
    return callback


def committed(*, read: Read, now: datetime) -> None:
    for callback in _committed:
        callback(read=read, now=now)


def on_reopening(check: Reopening) -> Reopening:
    """Call `check(read=...)` before a read is opened again; it refuses by raising `RuleBroken`."""
    if check not in _reopening:
        _reopening.append(check)
    return check


def check_may_reopen(*, read: Read) -> None:
    for check in _reopening:
        check(read=read)
