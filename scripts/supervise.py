"""Runs several programs as one: their output labelled, and when one ends, all end. Standard library only."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from scripts.signals import StopRequested, kill_group

POLL_S = 0.1
ROUTINE = re.compile(r"\b(DEBUG|INFO)\b|^\s*$")


@dataclass(frozen=True)
class Service:
    """One program. `ready_line`: a text in its output that says it is ready, where it has one."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_line: str = ""


class Supervisor:
    """Starts services, each in a process group of its own, and ends every process of them.

    Parameters
    ----------
    cwd : Path
        Working folder of the services.
    grace_s : float
        Seconds between asking a service to stop and ending it by force.
    inherit_environment : bool
        Whether a service sees this program's variables beside its own.
    log_dir : Path or None
        Folder for everything that the services say, one file each; the file of the last start is kept beside.
    """

    def __init__(
        self,
        cwd: Path,
        *,
        grace_s: float = 20.0,
        inherit_environment: bool = True,
        log_dir: Path | None = None,
    ) -> None:
        self.cwd = cwd
        self.log_dir = log_dir
        self.is_quiet = False
        self.grace_s = grace_s
        self.inherited = dict(os.environ) if inherit_environment else {}
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.ready: dict[str, threading.Event] = {}
        self._readers: list[threading.Thread] = []
        self._print_lock = threading.Lock()

    def start(self, service: Service) -> None:
        process = subprocess.Popen(
            service.command,
            cwd=self.cwd,
            env={**self.inherited, "PYTHONUNBUFFERED": "1", **service.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # A terminal's Ctrl-C then reaches the supervisor alone, which stops the services in order.
            start_new_session=True,
        )
        self.processes[service.name] = process
        self.ready[service.name] = threading.Event()
        if not service.ready_line:
            self.ready[service.name].set()
        reader = threading.Thread(target=self._relay, args=(service, process), daemon=True)
        reader.start()
        self._readers.append(reader)

    def _relay(self, service: Service, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None  # noqa: S101  (for the type checker: PIPE was asked for)
        with process.stdout as lines, self._log_of(service) as log:
            for line in lines:
                log.write(line)
                log.flush()
                if not (self.is_quiet and ROUTINE.search(line)):
                    with self._print_lock:
                        print(f"{service.name:>6} | {line.rstrip()}", flush=True)
                if service.ready_line and service.ready_line in line:
                    self.ready[service.name].set()

    def _log_of(self, service: Service) -> TextIO:
        if self.log_dir is None:
            return Path(os.devnull).open("w")
        self.log_dir.mkdir(parents=True, exist_ok=True)
        log = self.log_dir / f"{service.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        return log.open("w")

    def quiet(self) -> None:
        """From now on routine lines go to the log files alone; warnings and errors are still shown."""
        self.is_quiet = True

    def ended(self) -> tuple[str, int] | None:
        """Name and exit status of a service that has ended, or None while all run."""
        for name, process in self.processes.items():
            code = process.poll()
            if code is not None:
                return name, code
        return None

    def wait_for_end(self) -> tuple[str, int]:
        """Blocks until one service ends."""
        while True:
            ended = self.ended()
            if ended is not None:
                return ended
            time.sleep(POLL_S)

    def stop_all(self) -> None:
        """Asks every service to stop, waits, and ends whatever is left of their process groups."""
        running = [process for process in self.processes.values() if process.poll() is None]
        for process in running:
            # The leader alone: asked, a Celery worker finishes its task; its pool processes would just die.
            process.terminate()
        deadline = time.monotonic() + self.grace_s
        try:
            while any(process.poll() is None for process in running) and time.monotonic() < deadline:
                time.sleep(POLL_S)
        except StopRequested:
            print("Stopping at once.", file=sys.stderr, flush=True)
        finally:
            for process in self.processes.values():
                kill_group(process.pid)
                process.wait()
            for reader in self._readers:
                reader.join(timeout=5)
