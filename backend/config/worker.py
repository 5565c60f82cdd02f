"""What a worker does besides its tasks: prove itself, make its models known, and sweep for lost jobs."""

import logging
import subprocess
import sys
import threading
from typing import Any

from celery.signals import celeryd_after_setup, worker_ready, worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from backend.predictions.services import models_register
from backend.predictions.sweep import Swept, jobs_sweep
from backend.reports.analysis_sweep import analyses_sweep

from .environment import ROOT

log = logging.getLogger(__name__)

INFERENCE_QUEUES = ("cpu", "gpu")
SELFTEST_SECONDS = 120

_stopping = threading.Event()


def prove_and_register(instance: Any, **kwargs: Any) -> None:
    """Before the first task: a worker that would compute wrong numbers ends here with the reason."""
    queues = [queue for queue in INFERENCE_QUEUES if queue in instance.app.amqp.queues.consume_from]
    if queues:
        # The last asks for all that those before it ask for, and more.
        _selftest(queues[-1])
        _register()


def _selftest(queue: str) -> None:
    # In a process of its own: the pool forks from this one, and the engines' threads do not survive a fork.
    program = f"from inference.selftest import selftest; selftest({queue!r})"
    command = [sys.executable, "-c", program]
    try:
        result = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=SELFTEST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        sys.exit(
            f"The self-test of the {queue} queue ran over {SELFTEST_SECONDS} s: this worker takes no jobs."
        )
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        sys.exit(f"The self-test of the {queue} queue failed: this worker takes no jobs. {reason}")
    log.info("The self-test of the %s queue passed.", queue)


def _register() -> None:
    """Write the versions of this worker's models into the register."""
    for version in models_register(by=None, now=timezone.now()):
        log.info("Model %s", version)
    connections.close_all()


def start_sweeping(**kwargs: Any) -> None:
    threading.Thread(target=_sweep_until_stopped, name="sweeper", daemon=True).start()


def stop_sweeping(**kwargs: Any) -> None:
    _stopping.set()


def _sweep_until_stopped() -> None:
    while True:
        _sweep()
        if _stopping.wait(settings.JOB_SWEEP_SECONDS):
            return


def _sweep() -> None:
    try:
        found = [("jobs", jobs_sweep(now=timezone.now())), ("analyses", analyses_sweep(now=timezone.now()))]
    except DatabaseError:
        log.warning("The sweep could not reach the database and is tried again.", exc_info=True)
    else:
        for what, swept in found:
            _log_swept(what, swept)
    finally:
        # A pool process forks from this one at any time and must not inherit an open connection.
        connections.close_all()


def _log_swept(what: str, swept: Swept) -> None:
    if swept.woken or swept.given_up:
        log.info("Sweep: %d %s woken, %d given up.", swept.woken, what, swept.given_up)


celeryd_after_setup.connect(prove_and_register)
worker_ready.connect(start_sweeping)
worker_shutting_down.connect(stop_sweeping)
