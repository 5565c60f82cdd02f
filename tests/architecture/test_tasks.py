"""A message names its task by a text, and nothing but a test would tell that the worker knows the name."""

from backend.config.celery import app
from backend.predictions import wakeup
from backend.reports import analysis_wakeup


def own_tasks() -> list[str]:
    app.loader.import_default_modules()
    return [name for name in app.tasks if not name.startswith("celery.")]


def test_every_name_that_is_sent_is_a_task() -> None:
    assert {wakeup.RUN_JOB, analysis_wakeup.RUN_ANALYSIS} == set(own_tasks())


def test_every_task_is_acknowledged_late_and_ends_in_time() -> None:
    for name in own_tasks():
        task = app.tasks[name]
        assert task.acks_late, name
        assert task.reject_on_worker_lost, name
        assert app.conf.task_time_limit, name
