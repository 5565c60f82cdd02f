"""The Celery application: messages that wake workers, and nothing else. Where a job stands is in its row."""

from collections.abc import Callable
from typing import Any, TypeVar

from celery import Celery

TaskFunction = TypeVar("TaskFunction", bound=Callable[..., None])

app = Celery("reading_room")
# By name, so that Django's settings are read when Celery first needs them and not while they are being built.
app.config_from_object("backend.config.celery_settings")


def task(name: str) -> Callable[[Callable[..., None]], Any]:
    """Register a function as a task that is acknowledged when it has ended and leaves no result behind.

    A task gets ids, may be delivered twice, and must be safe to run twice.
    """
    return app.task(name=name, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
