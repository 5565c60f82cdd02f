"""Moving finished files into place, so that a crash at any moment leaves the old state or the new one.

Files are written under staging. Before they are renamed into place, a journal names their targets; after the
commit it is removed. A journal found later belongs to a write that died: what it names and no row knows is
deleted.
"""

import fcntl
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from .models import CaseMask, CaseSeries
from .paths import media_path, staging_root

JOURNAL = "journal.json"
LOCK = "lock"
_held = threading.local()


@contextmanager
def storage_lock() -> Iterator[None]:
    """One writer of cases at a time; another waits. Released by the system when the process dies.

    A writer that calls another, as a mask stored while its case comes in, does not wait for itself.
    """
    if getattr(_held, "is_held", False):
        yield
        return
    staging_root().mkdir(parents=True, exist_ok=True)
    with (staging_root() / LOCK).open("w") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        _held.is_held = True
        try:
            yield
        finally:
            _held.is_held = False


@dataclass(slots=True)
class Staging:
    """A folder for one write. Use within `storage_lock`."""

    folder: Path
    _moves: list[tuple[Path, str]] = field(default_factory=list)

    def path(self, name: str) -> Path:
        return self.folder / name

    def plan_move(self, staged: Path, target: str) -> None:
        """Have a staged file or folder take its place, relative to the media folder, at `move`."""
        self._moves.append((staged, target))

    def move(self) -> None:
        """Put everything planned into place. Call it last within the transaction that makes the rows."""
        journal = self.path(JOURNAL)
        journal.write_text(json.dumps([target for _, target in self._moves]))
        _sync(journal)
        _sync(self.folder)
        for staged, target in self._moves:
            place = media_path(target)
            _make_synced(place.parent)
            if staged.is_dir():
                _sync(staged)
            staged.rename(place)
            _sync(place.parent)
        self._moves = []


@contextmanager
def staging() -> Iterator[Staging]:
    """A fresh staging folder; what is left of it goes, and what it moved too unless rows know of it."""
    folder = staging_root() / uuid4().hex
    folder.mkdir(parents=True)
    try:
        yield Staging(folder)
    finally:
        _clear(folder)


def sweep_orphans() -> int:
    """Remove what writes that died have left; the number of stored folders and files removed."""
    left = [path for path in staging_root().iterdir() if path.is_dir()] if staging_root().is_dir() else []
    return sum(_clear(folder) for folder in left)


def _clear(folder: Path) -> int:
    journal = folder / JOURNAL
    removed = 0
    if journal.exists():
        for target in _targets(journal):
            place = media_path(target)
            if place.exists() and not _is_known(target):
                _remove(place)
                removed += 1
    shutil.rmtree(folder)
    return removed


def _targets(journal: Path) -> list[str]:
    try:
        targets: list[str] = json.loads(journal.read_text())
    except json.JSONDecodeError:
        # Cut while it was written: nothing had been moved yet.
        return []
    return targets


def _is_known(target: str) -> bool:
    return CaseSeries.objects.filter(folder=target).exists() or CaseMask.objects.filter(file=target).exists()


def _remove(place: Path) -> None:
    remove: Callable[[Path], None] = shutil.rmtree if place.is_dir() else Path.unlink
    remove(place)
    # Folders of a case that has nothing else go with it.
    for parent in (place.parent, place.parent.parent):
        if parent == media_path("") or any(parent.iterdir()):
            break
        parent.rmdir()


def write_synced(path: Path, content: bytes) -> None:
    """Write a file so that it outlives a power cut from here on."""
    with path.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _make_synced(folder: Path) -> None:
    """Make a folder so that its name outlives a power cut, and those of the folders above it."""
    if folder.is_dir():
        return
    _make_synced(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
