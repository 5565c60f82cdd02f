"""Worker processes as an installation starts them, on the test's database, broker and data folder."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 90
LEASE_S = 3
SWEEP_S = 1


def wait_until(condition: Callable[[], object], *, within_s: float, what: str) -> None:
    """Return as soon as the condition holds; fail when it does not hold in time."""
    deadline = monotonic() + within_s
    pause = threading.Event()
    while not condition():
        assert monotonic() < deadline, f"{what}: not within {within_s} s"
        pause.wait(0.05)


class Worker:
    """A started worker: its process group and what it wrote."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log

    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"the worker ended:\n{self.output()}"
        return " ready." in self.output()

    def output(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        """As a power cut would: main process and pool at once, nothing is finished or handed back."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As an operator would: the running task ends first."""
        self.process.terminate()
        return self.process.wait(timeout=60)


def spawn(log: Path, *, queues: str = "default,cpu", **environment: str) -> Worker:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "backend.config.celery",
        "worker",
        "-Q",
        queues,
        "-l",
        "INFO",
    ]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**installation_environment(), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Worker(process, log)


@contextmanager
def running_worker(log: Path, **options: str) -> Iterator[Worker]:
    worker = spawn(log, **options)
    try:
        wait_until(worker.is_ready, within_s=READY_WITHIN_S, what="the worker is ready")
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.kill()


def installation_environment() -> dict[str, str]:
    """What a process of an installation is told, so that it serves the data of this test."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "backend.config.settings.dev",
        "DATA_DIR": str(settings.DATA_DIR),
        "JOB_LEASE_SECONDS": str(LEASE_S),
        "JOB_SWEEP_SECONDS": str(SWEEP_S),
    }
    name = str(connection.settings_dict["NAME"])
    if "DATABASE_URL" in os.environ:
        environment["DATABASE_URL"] = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    else:
        environment["SQLITE_FILE"] = name
    return environment
