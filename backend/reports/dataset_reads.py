"""The reads of the frozen document as the analysis files have them, and which are left out of what. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.analysis.formats.dataset_extras import ExclusionSet

Content = Mapping[str, Any]
WITHDRAWN = "the reader left the study before its end"
ONLY_REPEAT = "a hidden repeat without the read that it repeats"
OVERRIDDEN = "the washout was overridden"
UNBLINDED = "the case was unblinded before the read"
CORRECTED = "the answers were corrected after the submission"


@dataclass(frozen=True)
class FileRead:
    """One read as `reads.csv` has it, with the reasons for which it is left out.

    Attributes
    ----------
    is_repeat
        Whether it is a hidden repeat, in the session of the read that it repeats.
    position
        Place among the reader's commits of the session, from 1: a case that is read in two steps takes two places.
        None, and no time, for a hidden repeat.
    marks
        The marks of the read; a document before format 5 names none.
    left_out, deviates
        Why the read is in no set, and why it is not in the per-protocol set.
    """

    reader: str
    arm: str
    session: int
    case: str
    answers: Mapping[str, Any]
    position: int | None
    active_s: float | None
    left_out: tuple[str, ...]
    deviates: tuple[str, ...]
    is_repeat: bool
    marks: Sequence[Mapping[str, Any]]


def arms_of_content(content: Content) -> Sequence[Mapping[str, Any]]:
    """The arms in the order of the design; format 1 had one arm a session."""
    if "arms" in content:
        arms: Sequence[Mapping[str, Any]] = content["arms"]
        return arms
    by_key = {one["arm"]: {"key": one["arm"], "model_id": one["model_id"]} for one in content["sessions"]}
    return list(by_key.values())


def file_reads(content: Content) -> list[FileRead]:
    """The committed reads in the document's order."""
    reads: Sequence[Mapping[str, Any]] = content["reads"]
    first = {_read_at(read) for read in reads if not read.get("is_hidden_repeat", False)}
    places = _places(reads)
    return [
        _file_read(read, place, has_first=_read_at(read) in first)
        for read, place in zip(reads, places, strict=True)
    ]


def _read_at(read: Mapping[str, Any]) -> tuple[str, str, str, int]:
    """What a hidden repeat shares with the read that it repeats."""
    return read["reader"], read["arm"], read["case"], read["session"]


def _places(reads: Sequence[Mapping[str, Any]]) -> list[int]:
    order = sorted(range(len(reads)), key=lambda index: (*_session(reads[index]), *_step(reads[index])))
    places = [0] * len(reads)
    count: dict[tuple[str, int], int] = {}
    for index in order:
        session = _session(reads[index])
        count[session] = count.get(session, 0) + 1
        places[index] = count[session]
    return places


def _session(read: Mapping[str, Any]) -> tuple[str, int]:
    return read["reader"], read["session"]


def _step(read: Mapping[str, Any]) -> tuple[int, int]:
    return read["position"], read.get("step", 1)


def _file_read(read: Mapping[str, Any], place: int, *, has_first: bool) -> FileRead:
    is_repeat = read.get("is_hidden_repeat", False)
    active_ms = read["timing"].get("active_ms")
    is_timed = bool(active_ms) and not is_repeat
    return FileRead(
        reader=read["reader"],
        arm=read["arm"],
        session=read["session"],
        case=read["case"],
        answers=read["answers"],
        position=place if is_timed else None,
        active_s=active_ms / 1000 if is_timed else None,
        left_out=_reasons(
            (WITHDRAWN, read.get("is_withdrawn", False)), (ONLY_REPEAT, is_repeat and not has_first)
        ),
        deviates=_reasons(
            (OVERRIDDEN, read.get("is_washout_overridden", False)),
            (UNBLINDED, read.get("is_unblinded", False)),
            # A correction that came too late to count changed nothing.
            (CORRECTED, read.get("corrections", 0) > read.get("late_corrections", 0)),
        ),
        is_repeat=is_repeat,
        marks=read.get("marks", []),
    )


def _reasons(*marks: tuple[str, bool]) -> tuple[str, ...]:
    return tuple(reason for reason, holds in marks if holds)


def exclusions_of(reads: Sequence[FileRead]) -> list[tuple[str, str, int, str, ExclusionSet, int]]:
    """The rows of `exclusions.csv`: case, reader, session, reason, set, repeat.

    A session's reads of a case go together, but for its hidden repeat, which has a row of its own.
    """
    reasons: dict[tuple[str, str, int, bool, ExclusionSet], list[str]] = {}
    for read in reads:
        # What is in no set need not be left out of one of them again.
        which: ExclusionSet = "all" if read.left_out else "per-protocol"
        for reason in read.left_out or read.deviates:
            own = reasons.setdefault((read.case, read.reader, read.session, read.is_repeat, which), [])
            if reason not in own:
                own.append(reason)
    return [
        (case, reader, session, "; ".join(own), which, int(is_repeat))
        for (case, reader, session, is_repeat, which), own in sorted(reasons.items())
    ]
