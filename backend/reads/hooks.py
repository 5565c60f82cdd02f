"""What other apps do in the transaction of a committed read.

Reads know nothing of the apps above them; an app that has to act with a commit registers itself when it starts.
"""

from datetime import datetime
from typing import Protocol

from .models import Read


class Committed(Protocol):
    def __call__(self, *, read: Read, now: datetime) -> None: ...


_committed: list[Committed] = []


def on_committed(callback: Committed) -> Committed:
    """Call `callback(read=..., now=...)` inside the transaction of every commit and every correction."""
    if callback not in _committed:
        _committed.append(callback)
    return callback


def committed(*, read: Read, now: datetime) -> None:
    for callback in _committed:
        callback(read=read, now=now)
