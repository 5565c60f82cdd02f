"""A lease on a row of queued work: how long it holds, and how a run keeps it while it computes."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

log = logging.getLogger(__name__)

HEARTBEATS_PER_LEASE = 4


def lease_end(now: datetime) -> datetime:
    """Until when a lease holds that is taken or extended now."""
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)


@contextmanager
def heartbeat(extend: Callable[[], bool], *, name: str) -> Iterator[threading.Event]:
    """Extend the lease in a thread of its own; the event is set once the work is no longer this run's."""
    lost, ended = threading.Event(), threading.Event()
    period = settings.JOB_LEASE_SECONDS / HEARTBEATS_PER_LEASE

    def beat() -> None:
        try:
            while not ended.wait(period):
                if not _extended(extend, name):
                    lost.set()
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{name}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        ended.set()
        thread.join()


def _extended(extend: Callable[[], bool], name: str) -> bool:
    try:
        return extend()
    except (DatabaseError, InterfaceError):
        # One missed beat costs nothing; a database that stays away lets the lease run out, as it should.
        log.warning("%s: the lease could not be extended.", name, exc_info=True)
        connection.close()
        return True
