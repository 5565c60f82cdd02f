"""What the desk may know of reads: progress and time, never an answer."""

import statistics
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.studies.models import ReaderStudy

from .access import readers_of, sitting_of
from .models import Read, ReadStatus
from .progress import SessionProgress, progress_of


@dataclass(frozen=True)
class SittingProgress:
    """A session's progress with the times that the blinded dashboard shows."""

    progress: SessionProgress
    last_submitted_at: datetime | None
    median_active_s: float | None


@dataclass(frozen=True)
class ReaderProgress:
    """One reader's sessions, under the name that the coordinator knows."""

    name: str
    sessions: list[SittingProgress]
    is_withdrawn: bool = False


def study_progress(study: ReaderStudy, *, now: datetime) -> list[ReaderProgress]:
    """Every reader's progress."""
    times = _times(study)
    rows = []
    for member in readers_of(study):
        sitting = sitting_of(member)
        turn = sitting.next_turn(now)
        sessions = [
            _with_times(progress, times.get(session.pk, []))
            for progress, session in zip(progress_of(sitting.views, turn), sitting.sessions, strict=True)
        ]
        rows.append(ReaderProgress(member.user.shown_name, sessions, member.withdrawn_at is not None))
    return rows


def missing_reads(study: ReaderStudy, *, now: datetime) -> int:
    """How many cases of the design are not read; training is none, and of a reader who left none is awaited."""
    return sum(
        one.progress.total - one.progress.submitted
        for reader in study_progress(study, now=now)
        if not reader.is_withdrawn
        for one in reader.sessions
        if one.progress.ordinal > 0
    )


def _times(study: ReaderStudy) -> dict[UUID, list[tuple[datetime, float | None]]]:
    times: dict[UUID, list[tuple[datetime, float | None]]] = {}
    submitted = Read.objects.filter(assignment__study_case__study=study, status=ReadStatus.SUBMITTED)
    for session, at, timing in submitted.values_list("assignment__reading_session", "submitted_at", "timing"):
        if at is not None:
            times.setdefault(session, []).append((at, timing.get("active_ms")))
    return times


def _with_times(progress: SessionProgress, times: list[tuple[datetime, float | None]]) -> SittingProgress:
    active = [ms / 1000 for _, ms in times if ms is not None]
    return SittingProgress(
        progress=progress,
        last_submitted_at=max((at for at, _ in times), default=None),
        median_active_s=statistics.median(active) if active else None,
    )
