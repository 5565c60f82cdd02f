"""The tasks that the workers know. Their bodies stand in the apps, which know nothing of Celery's set-up."""

from backend.predictions import tasks, wakeup

from .celery import task

run_job = task(tasks.run_job, name=wakeup.RUN_JOB)
