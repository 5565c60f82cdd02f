"""What a worker is asked to do. The bodies only unpack; `backend.config.tasks` makes Celery tasks of them."""

import os
import socket
import uuid

from .runner import run


def run_job(job_id: str) -> None:
    """Run one inference job, if it is still to be had."""
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex}"
    run(job_id=uuid.UUID(job_id), owner=owner)
