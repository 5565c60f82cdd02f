"""The Celery application: messages that wake workers, and nothing else. Where a job stands is in its row."""

import os
from collections.abc import Callable
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings.dev")

app = Celery("reading_room")
# By name, so that Django's settings are read when Celery first needs them and not while they are being built.
app.config_from_object("backend.config.celery_settings")


def task(function: Callable[..., None], *, name: str) -> Any:
    """Register a function as a task that is acknowledged when it has ended and leaves no result behind.

    A task gets ids, may be delivered twice, and must be safe to run twice.
    """
    return app.task(function, name=name, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
