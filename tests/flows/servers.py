"""Web servers as an installation starts them, on the test's database and data folder; a test may kill one."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from .workers import ROOT, installation_environment, wait_until

READY_WITHIN_S = 90


class WebServer:
    """One address, at which a server is started, killed, and started again."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Resolves once it answers."""
        command = [sys.executable, "-m", "gunicorn", "backend.config.wsgi:application"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "8"]
        command += ["--log-level", "warning", "--no-control-socket"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={
                    **installation_environment(),
                    # Sessions begun in the test's own process hold in the server's.
                    "SECRET_KEY": settings.SECRET_KEY,
                    "SIGN_IN_RATE": "1000/min",
                    "SIGN_IN_ACCOUNT_RATE": "1000/min",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._answers, within_s=READY_WITHIN_S, what="the web server answers")

    def kill(self) -> None:
        """As a power cut would: every process at once, in the middle of whatever they do."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the web server ended:\n{self.log.read_text()}"
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def running_server(log: Path) -> Iterator[WebServer]:
    server = WebServer(log)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
