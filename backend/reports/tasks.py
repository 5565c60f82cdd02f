"""What a worker is asked to do. The bodies only unpack; `backend.config.tasks` makes Celery tasks of them."""

import os
import socket
import uuid

from .analysis_runner import run


def run_analysis(run_id: str) -> None:
    """Run one analysis, if it is still to be had."""
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex}"
    run(run_id=uuid.UUID(run_id), owner=owner)
