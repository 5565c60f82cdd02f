"""The tasks that the workers know. Their bodies stand in the apps, which know nothing of Celery's set-up."""

from backend.predictions import tasks, wakeup
from backend.reports import analysis_wakeup
from backend.reports import tasks as report_tasks

from .celery import task

run_job = task(tasks.run_job, name=wakeup.RUN_JOB)
run_analysis = task(report_tasks.run_analysis, name=analysis_wakeup.RUN_ANALYSIS)
