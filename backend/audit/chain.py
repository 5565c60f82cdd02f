"""The chain of hashes over the audit trail, and its verification. Pure, and of the standard library alone.

`python -m backend.audit.chain FILE` verifies an exported trail: neither the database nor Django is asked. All
of it stands in this one file, so that an auditor can carry it to another computer and read what it does.
`docs/audit-trail.md` gives the rules with a worked example.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain as concatenated
from itertools import pairwise
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
CONTENT_FIELDS = (
    "actor_id",
    "actor_name",
    "actor_role",
    "at",
    "detail",
    "event",
    "new",
    "old",
    "reason",
    "study_id",
    "subject_id",
    "subject_type",
)


class FaultKind(StrEnum):
    """What is wrong at one place of a trail."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding: at which event (its sequence number, where one can be told), of what kind, and in words."""

    sequence: int | None
    kind: FaultKind
    text: str
    place: str = ""

    def __str__(self) -> str:
        where = "" if self.sequence is None else f"event {self.sequence}"
        places = ", ".join(part for part in (self.place, where) if part)
        return f"{places or 'trail'}: {self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its link. `after` is the event that stood before it in an exported file."""

    sequence: int
    previous_sha256: str
    sha256: str
    content_sha256: str
    content: Mapping[str, Any]
    after: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place where an event should stand and none can be read."""

    text: str
    place: str = ""
    sequence: int | None = None


@dataclass(slots=True)
class Report:
    """What a verification found; numbers are 0 where there is no event.

    `gaps` are the events that an extract leaves out, as first and last.
    """

    count: int = 0
    first_sequence: int = 0
    last_sequence: int = 0
    first_sha256: str = GENESIS
    last_sha256: str = GENESIS
    faults: list[Fault] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    head_at: int | None = None

    @property
    def is_intact(self) -> bool:
        return not self.faults


def canonical(value: Any) -> str:
    """The one way in which a value is written as JSON: keys sorted, no spaces, no escapes beyond JSON's own."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(text: str) -> str:
    # A lone surrogate cannot be in a trail, but it can be in what a forger hands to the verification.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def content_sha256(content: Mapping[str, Any]) -> str:
    """The digest of what an event says: its twelve fields as canonical JSON."""
    return sha256_of(canonical(dict(content)))


def link_sha256(*, sequence: int, previous_sha256: str, content_sha256: str) -> str:
    """The hash of an event's place in the chain: over its number, the hash before it and its content's digest."""
    link = {"content_sha256": content_sha256, "previous_sha256": previous_sha256, "sequence": sequence}
    return sha256_of(canonical(link))


BEGINNING = Entry(
    sequence=0, previous_sha256=GENESIS, sha256=GENESIS, content_sha256=content_sha256({}), content={}
)


def verify(
    entries: Iterable[Entry | Unreadable], *, is_extract: bool = False, head: str | None = None
) -> Report:
    """Verify entries as they stand, one after the other; memory does not grow with their number.

    Parameters
    ----------
    entries : iterable
        In the order in which they stand in the file or table.
    is_extract : bool
        Whether events may be left out between them. Each is then verified by itself, and against the one
        before it where that is its neighbor in the whole chain.
    head : str, optional
        A hash that was written down earlier. It must be found in the chain; what follows it came later.
    """
    walk = _Walk(is_extract)
    for entry, following in pairwise(concatenated(entries, [None])):
        if isinstance(entry, Unreadable):
            walk.skip(entry)
        elif entry is not None:
            walk.step(entry, following if isinstance(following, Entry) else None)
            if head is not None and entry.sha256 == head:
                walk.report.head_at = entry.sequence
    return walk.finished(head)


class _Walk:
    """The state of one pass: what was seen last, and the gaps that may still be filled."""

    def __init__(self, is_extract: bool) -> None:  # noqa: FBT001  (one caller)
        self.report = Report()
        self._is_extract = is_extract
        self._before: Entry = BEGINNING
        self._before_is_sound = True
        self._highest = 0
        self._unreadable = 0

    def skip(self, place: Unreadable) -> None:
        expected = place.sequence or (None if self._is_extract else self._highest + self._unreadable + 1)
        self._fault(expected, FaultKind.UNREADABLE, place.text, place.place)
        self._unreadable += 1

    def step(self, entry: Entry, following: Entry | None) -> None:
        report = self.report
        report.count += 1
        if report.count == 1:
            report.first_sequence, report.first_sha256 = entry.sequence, entry.sha256
        report.last_sequence, report.last_sha256 = entry.sequence, entry.sha256
        altered = altered_part(entry, self._before, following)
        if altered:
            self._fault(entry.sequence, FaultKind.ALTERED, altered, entry.place)
        is_sound = not altered
        # An altered number says nothing of the event's place: it is taken to stand where it is found.
        found_at = self._highest + self._unreadable + 1
        place = found_at if altered == ALTERED_SEQUENCE else entry.sequence
        self._check_place(entry, place, is_sound=is_sound)
        if is_sound and self._before_is_sound and self._is_neighbor(entry):
            self._check_link(entry)
        self._before, self._before_is_sound = entry, is_sound
        self._highest = max(self._highest, place)
        self._unreadable = 0

    def finished(self, head: str | None) -> Report:
        report = self.report
        if head is not None and report.head_at is None:
            if head == GENESIS and not self._is_extract:
                report.head_at = 0
            else:
                self._fault(
                    None,
                    FaultKind.TRUNCATED,
                    f"the given hash {head} is not in it: its end is missing, or it was written anew",
                )
        if self._is_extract:
            return report
        for first, last in report.gaps:
            self._fault(first, FaultKind.MISSING, _missing(first, last))
        report.gaps = []
        return report

    def _is_neighbor(self, entry: Entry) -> bool:
        return entry.sequence == self._before.sequence + 1

    def _check_place(self, entry: Entry, place: int, *, is_sound: bool) -> None:
        if place > self._highest:
            # A line that cannot be read stands for the event that should be there.
            first = self._highest + 1 + self._unreadable
            if place > first:
                self.report.gaps.append((first, place - 1))
        elif self._fill(place):
            self._fault(
                place, FaultKind.REORDERED, f"it stands after event {self._before.sequence}", entry.place
            )
        else:
            self._fault(place, FaultKind.INSERTED, "this number has been seen before", entry.place)
        if entry.after is not None and is_sound and self._before_is_sound and not self._unreadable:
            self._check_after(entry)

    def _check_after(self, entry: Entry) -> None:
        """In an extract alone: elsewhere the numbers themselves show what is missing."""
        stands_after, told = self._before.sequence, entry.after or 0
        if told == stands_after:
            return
        if not self._is_extract:
            if told != entry.sequence - 1:
                text = f"its field 'after' says {told} where {entry.sequence - 1} belongs"
                self._fault(entry.sequence, FaultKind.ALTERED, text, entry.place)
        elif told > stands_after:
            text = f"it was left out between event {stands_after} and event {entry.sequence}"
            self._fault(told, FaultKind.MISSING, text, entry.place)
        else:
            text = f"event {entry.sequence} says that it follows event {told}, not event {stands_after}"
            self._fault(stands_after, FaultKind.INSERTED, text, entry.place)

    def _check_link(self, entry: Entry) -> None:
        if entry.previous_sha256 == self._before.sha256:
            return
        if self._before is BEGINNING:
            text = "the first event does not begin the chain"
            self._fault(entry.sequence, FaultKind.ALTERED, text, entry.place)
            return
        text = f"it was rewritten with its hashes: event {entry.sequence} was linked to another hash"
        self._fault(self._before.sequence, FaultKind.ALTERED, text, self._before.place)

    def _fill(self, sequence: int) -> bool:
        """Take a number out of the gaps; False when it is in none."""
        for index, (first, last) in enumerate(self.report.gaps):
            if first <= sequence <= last:
                rest = [(first, sequence - 1), (sequence + 1, last)]
                self.report.gaps[index : index + 1] = [(a, b) for a, b in rest if a <= b]
                return True
        return False

    def _fault(self, sequence: int | None, kind: FaultKind, text: str, place: str = "") -> None:
        self.report.faults.append(Fault(sequence, kind, text, place))


ALTERED_CONTENT = "what the event says (its content) does not match its digest"
ALTERED_DIGEST = "its content_sha256 is not the digest of its content"
ALTERED_PREVIOUS = "its previous_sha256 is not the hash of the event before it"
ALTERED_SHA256 = "its sha256 is not the hash that the next event is linked to"
ALTERED_SEQUENCE = "its sequence number is not the one that its hash was made with"
ALTERED_SEVERAL = "its content together with its digest, or several parts, do not match its hash"

NUMBERS_TRIED = 5_000


def altered_part(entry: Entry, before: Entry, following: Entry | None) -> str:
    """Which part of an event does not fit its hashes, in words; empty when all fit.

    A part is known for the altered one when the hash fits with the value that its neighbors have for it.
    """
    digest = content_sha256(entry.content)
    is_content_sound = digest == entry.content_sha256
    if _hash_of(entry) == entry.sha256:
        return "" if is_content_sound else ALTERED_CONTENT
    if not is_content_sound:
        return ALTERED_DIGEST if _hash_of(entry, content=digest) == entry.sha256 else ALTERED_SEVERAL
    if _hash_of(entry, previous=before.sha256) == entry.sha256:
        return ALTERED_PREVIOUS
    if following is not None and _hash_of(entry) == following.previous_sha256:
        return ALTERED_SHA256
    candidates = (entry.sequence - 1, entry.sequence + 1, *_numbers_between(before, following))
    if any(_hash_of(entry, sequence=candidate) == entry.sha256 for candidate in candidates):
        return ALTERED_SEQUENCE
    return ALTERED_SEVERAL


def _hash_of(
    entry: Entry, *, sequence: int | None = None, previous: str | None = None, content: str | None = None
) -> str:
    return link_sha256(
        sequence=entry.sequence if sequence is None else sequence,
        previous_sha256=entry.previous_sha256 if previous is None else previous,
        content_sha256=entry.content_sha256 if content is None else content,
    )


def _numbers_between(before: Entry, following: Entry | None) -> range:
    """The numbers that an event between two others can have had; some thousands at most are tried."""
    first, end = before.sequence + 1, before.sequence + 1 + NUMBERS_TRIED
    return range(first, min(end, following.sequence) if following is not None else end)


def _missing(first: int, last: int) -> str:
    return "it is not there" if first == last else f"events {first} to {last} are not there"


# ------------------------------------------------------------------------------------------------ exported files
FORMAT = "reading-room-audit-1"
WHOLE_CHAIN = "installation"
EXTRACT = "study"
HEAD_FIELDS = {
    "count": int,
    "exported_at": str,
    "first_sequence": int,
    "first_sha256": str,
    "format": str,
    "last_sequence": int,
    "last_sha256": str,
    "scope": str,
    "sha256": str,
    "study": str,
}
LINE_FIELDS = {
    "after": int,
    "content": dict,
    "content_sha256": str,
    "previous_sha256": str,
    "sequence": int,
    "sha256": str,
}


class NotATrail(Exception):
    """The file is no exported audit trail."""


def head_line(head: Mapping[str, Any]) -> str:
    """The first line of an exported file, with its own digest over the rest of it."""
    bare = {"format": FORMAT, **head}
    return canonical({**bare, "sha256": sha256_of(canonical(bare))})


def event_line(entry: Entry, *, after: int) -> str:
    """The line of one event; `after` is the number of the event whose line stands before it, or 0."""
    values = {name: getattr(entry, name) for name in LINE_FIELDS}
    return canonical({**values, "content": dict(entry.content), "after": after})


def verify_file(path: Path, *, head: str | None = None) -> Report:
    """Verify an exported file: the whole chain, or the extract of a study.

    Raises
    ------
    NotATrail
        If neither its first line nor any other can be read as an exported trail's.
    OSError
        If the file cannot be read at all.
    """
    with path.open("rb") as lines:
        first = next(iter(lines), b"")
        told, problem = _read_head(first)
        # What stands under a head that cannot be believed is verified as far as it goes by itself.
        is_extract = told is None or told["scope"] != WHOLE_CHAIN
        report = verify(_entries(lines), is_extract=is_extract, head=head)
    if told is None:
        if not report.count:
            raise NotATrail(f"{path.name} is not an exported audit trail ({problem}).")
        report.faults.insert(0, Fault(None, FaultKind.ALTERED, f"the head line: {problem}", "line 1"))
    else:
        report.faults += _against_head(report, told)
    return report


def _read_head(raw: bytes) -> tuple[dict[str, Any] | None, str]:
    head, problem = _read_line(raw, HEAD_FIELDS)
    if head is None:
        return None, problem
    bare = {name: value for name, value in head.items() if name != "sha256"}
    if sha256_of(canonical(bare)) != head["sha256"]:
        return None, "it does not match its own digest"
    if head["format"] != FORMAT:
        return None, f"its format is {head['format']!r}, not {FORMAT!r}"
    return head, ""


def _entries(lines: Iterable[bytes]) -> Iterator[Entry | Unreadable]:
    for number, raw in enumerate(lines, start=2):
        place = f"line {number}"
        values, problem = _read_line(raw, LINE_FIELDS)
        if values is None:
            yield Unreadable(problem, place)
        elif set(values["content"]) != set(CONTENT_FIELDS):
            yield Unreadable("its content has not the twelve fields of an event", place, values["sequence"])
        else:
            yield Entry(**values, place=place)


def _read_line(raw: bytes, fields: Mapping[str, type]) -> tuple[dict[str, Any] | None, str]:
    """The values of a line, or what keeps them from being read; only the canonical form is accepted."""
    if not raw.endswith(b"\n"):
        return None, "the line has no end"
    try:
        text = raw[:-1].decode()
        values = json.loads(text)
        is_canonical = canonical(values) == text
    except (ValueError, RecursionError) as error:
        return None, f"it is not JSON in UTF-8 ({error})"
    if not isinstance(values, dict):
        return None, "it is not an object"
    wrong = sorted(set(values) ^ set(fields)) or sorted(
        name for name, kind in fields.items() if type(values[name]) is not kind
    )
    if wrong:
        return None, f"its field {wrong[0]!r} is not as it must be"
    if not is_canonical:
        return None, "it is not in the form in which it was written (order, spaces or numbers)"
    return values, ""


def _against_head(report: Report, told: Mapping[str, Any]) -> Iterator[Fault]:
    last = report.last_sequence
    if last < told["last_sequence"]:
        text = f"the file ends at event {last}; its head line says {told['last_sequence']}"
        yield Fault(last + 1, FaultKind.TRUNCATED, text)
    elif report.faults:
        return
    elif last > told["last_sequence"]:
        text = f"the file goes on to event {last}; its head line says {told['last_sequence']}"
        yield Fault(told["last_sequence"] + 1, FaultKind.INSERTED, text)
    else:
        for name in ("count", "first_sequence", "first_sha256", "last_sha256"):
            found = getattr(report, name)
            if found != told[name]:
                text = f"the head line says {name} {told[name]}; the events say {found}"
                yield Fault(None, FaultKind.ALTERED, text, "line 1")


def summary(report: Report) -> Iterator[str]:
    """A report in lines for people."""
    yield from map(str, report.faults)
    for first, last in report.gaps:
        yield f"not in this extract: event {first}" + (f" to {last}" if last > first else "")
    if report.head_at is not None:
        yield f"The given hash is that of event {report.head_at}."
    if report.is_intact:
        yield f"{report.count} events verified, the last one is event {report.last_sequence}."
        yield f"sha256 {report.last_sha256}"
    else:
        yield f"{report.count} events read, {len(report.faults)} faults found."


def main(arguments: list[str] | None = None) -> int:
    """0: intact; 1: faults were found; 2: there is no trail to verify."""
    parser = argparse.ArgumentParser(
        prog="backend.audit.chain", description="Verify an exported audit trail."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--head", help="a hash that was written down earlier and must be found in the chain")
    given = parser.parse_args(arguments)
    try:
        report = verify_file(given.file, head=given.head)
    except (OSError, NotATrail) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in summary(report))
    return 0 if report.is_intact else 1


if __name__ == "__main__":
    sys.exit(main())
