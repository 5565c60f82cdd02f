"""Numbered steps with visible progress, and stamps that let a later start skip what is current."""

import contextlib
import hashlib
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scripts.signals import kill_group
from scripts.toolchain import Problem

LINE_EVERY_S = 5.0


class Steps:
    """Prints `[2/6] Title` for each step and streams what a long command says beneath it."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0

    def begin(self, title: str) -> None:
        self.number += 1
        print(f"[{self.number}/{self.total}] {title}", flush=True)

    def run(self, command: list[str], *, cwd: Path, environment: Mapping[str, str] | None = None) -> None:
        """Runs one command; its lines are shown condensed, its last lines in full when it fails."""
        started = time.monotonic()
        tail: deque[str] = deque(maxlen=40)
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        assert process.stdout is not None  # noqa: S101  (for the type checker: PIPE was asked for)
        with process.stdout, ending_with_this_program(process):
            progress = Progress()
            for line in process.stdout:
                if line.strip():
                    tail.append(line.rstrip())
                    progress.show(line.strip())
            progress.clear()
            code = process.wait()
        if code != 0:
            raise Problem(f"`{' '.join(command)}` failed (exit {code}):\n" + "\n".join(tail))
        print(f"      done in {time.monotonic() - started:.0f} s", flush=True)


class Progress:
    """The latest line of a command: rewritten in place on a terminal, else one line every few seconds."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdout.isatty()
        self.last = time.monotonic()

    def show(self, line: str) -> None:
        if self.is_terminal:
            sys.stdout.write(f"\r\033[K      {line[:90]}")
            sys.stdout.flush()
        elif time.monotonic() - self.last >= LINE_EVERY_S:
            self.last = time.monotonic()
            print(f"      {line[:110]}", flush=True)

    def clear(self) -> None:
        if self.is_terminal:
            sys.stdout.write("\r\033[K")
            sys.stdout.flush()


@contextlib.contextmanager
def ending_with_this_program(process: "subprocess.Popen[str]") -> Iterator[None]:
    """On any way out, the command and what it started are ended."""
    try:
        yield
    finally:
        if process.poll() is None:
            kill_group(process.pid)
            process.wait()


def digest_of(paths: Iterable[Path], *extra: str) -> str:
    """One hash over the names and contents of files, folders taken whole."""
    digest = hashlib.sha256("\0".join(extra).encode())
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(f"\0{file.relative_to(path.parent)}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text() == digest


def write_stamp(stamp: Path, digest: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
