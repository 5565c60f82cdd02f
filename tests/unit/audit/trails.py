"""Trails to verify: made entry by entry with the formulas written out, not with the functions under test."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.audit.chain import Entry, event_line, head_line

SIZE = 12


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def content(number: int, **other: Any) -> dict[str, Any]:
    made = {
        "actor_id": "00000000-0000-0000-0000-00000000000a",
        "actor_name": "ada",
        "actor_role": "COORDINATOR",
        "at": f"2026-03-02T09:00:{number:02d}.000001Z",
        "detail": {"version": number, "note": "Größe ≥ 5 mm"},
        "event": "protocol_amended",
        "new": {"days": number},
        "old": None,
        "reason": "The scanner was replaced.",
        "study_id": None,
        "subject_id": str(number),
        "subject_type": "studies.readerstudy",
    }
    return made | other


def entry(number: int, previous: str, **other: Any) -> Entry:
    said = content(number, **other)
    said_digest = digest(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    link = f'{{"content_sha256":"{said_digest}","previous_sha256":"{previous}","sequence":{number}}}'
    return Entry(
        sequence=number,
        previous_sha256=previous,
        sha256=digest(link),
        content_sha256=said_digest,
        content=said,
    )


def trail(size: int = SIZE, **other: Any) -> list[Entry]:
    made: list[Entry] = []
    for number in range(1, size + 1):
        made.append(entry(number, made[-1].sha256 if made else "0" * 64, **other))
    return made


def relinked(entries: list[Entry], start: int) -> list[Entry]:
    """The entries with number, previous hash and hash made anew from the place `start` on: a forger's work."""
    made = list(entries[:start])
    for one in entries[start:]:
        previous = made[-1].sha256 if made else "0" * 64
        number = len(made) + 1
        link = (
            f'{{"content_sha256":"{one.content_sha256}","previous_sha256":"{previous}","sequence":{number}}}'
        )
        made.append(replace(one, sequence=number, previous_sha256=previous, sha256=digest(link)))
    return made


def write(path: Path, entries: list[Entry], *, scope: str = "installation", **head: Any) -> Path:
    """An exported file of these entries, with a head line that fits them unless told otherwise."""
    told = {
        "count": len(entries),
        "exported_at": "2026-03-02T10:00:00Z",
        "first_sequence": entries[0].sequence if entries else 0,
        "first_sha256": entries[0].sha256 if entries else "0" * 64,
        "last_sequence": entries[-1].sequence if entries else 0,
        "last_sha256": entries[-1].sha256 if entries else "0" * 64,
        "scope": scope,
        "study": "" if scope == "installation" else "alfa",
    } | head
    before = [0, *(one.sequence for one in entries)]
    lines = [event_line(one, after=after) for one, after in zip(entries, before, strict=False)]
    path.write_text("".join(f"{line}\n" for line in [head_line(told), *lines]), encoding="utf-8")
    return path
