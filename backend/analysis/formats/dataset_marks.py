"""``lesions.csv`` and ``marks.csv`` of a dataset's folder: free-response reads, with complaints by row.

``lesions.csv``  case,lesion - every lesion of every positive case; optional: weight, x, y, z, radius
``marks.csv``    reader,arm,session,case,mark,rating and either lesion or x,y(,z) - one row a mark; frame may follow

What RJafroc has in its sheets TRUTH, TP and FP. A mark hits the lesion that it names, and none where ``lesion`` is
empty. Where marks have a place instead, a mark hits the nearest of the lesions of the case whose center lies no
farther than the lesion's radius; places and radii are in one unit. Where a case has several frames of reference, a
column ``frame`` in both files says in which of them a place is (empty: 1), and only places of one frame meet.
Weights of a case add up to 1; without them the lesions of a case weigh the same.

Which reads were made, marked or not, is what ``reads.csv`` says; every mark is one of such a read. Without
``reads.csv`` every reader has read every case in each arm in which the reader has a mark, as RJafroc takes it.

Marks with a place may come before the lesions: without ``lesions.csv`` they are checked and kept, and hit nothing.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import Row
from backend.analysis.formats.dataset_design import Design
from backend.analysis.formats.dataset_reads import FileReadKey, read_key
from backend.analysis.formats.marks import Lesion, equal_weights
from backend.analysis.results import Result

LESIONS = ("case", "lesion")
MARKS = ("reader", "arm", "session", "case", "mark", "rating")
FRAME_COLUMN = "frame"
FIRST_FRAME = "1"
LESION_COLUMNS = ("weight", "x", "y", "z", "radius", FRAME_COLUMN)
MARK_COLUMNS = ("lesion", "x", "y", "z", FRAME_COLUMN)
WEIGHTS_WITHIN = 1e-3


@dataclass(frozen=True, slots=True)
class MarkRecord(Result):
    """One mark; ``lesion`` is the lesion that it hits, ``None`` where it hits none."""

    reader: str
    arm: str
    session: int
    case: str
    mark: str
    lesion: str | None
    rating: float


@dataclass(frozen=True, slots=True)
class MarkPlace(Result):
    """One mark whose place is known, and not yet whether a lesion lies there."""

    reader: str
    arm: str
    session: int
    case: str
    mark: str
    center: tuple[float, ...]
    frame: str
    rating: float


@dataclass(frozen=True, slots=True)
class LesionPlace:
    """Where a lesion lies, and how far from there a mark still hits it."""

    key: str
    center: tuple[float, ...]
    radius: float
    frame: str


@dataclass(frozen=True, slots=True)
class LesionsFile:
    """The lesions of each positive case, and their places where the file has them."""

    lesions: Mapping[str, tuple[Lesion, ...]]
    places: Mapping[str, tuple[LesionPlace, ...]]


def read_lesions(rows: Sequence[Row], truth: Mapping[str, bool | None]) -> LesionsFile:
    """The rows of ``lesions.csv``.

    Raises
    ------
    AnalysisError
        Naming the row or the case: ``unknown_case``, ``truth_contradicts``, ``repeated``, ``weights_wrong``,
        ``radius_not_positive``, ``lesion_missing`` (a positive case without one).
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        case, lesion = row.text("case"), row.text("lesion")
        if case not in truth:
            raise AnalysisError("unknown_case", f"{row.where}: case {case} is not in truth.csv")
        if truth[case] is not True:
            said = "negative" if truth[case] is False else "without a reference standard"
            raise AnalysisError("truth_contradicts", f"{row.where}: case {case} is {said} in truth.csv")
        own = found.setdefault(case, [])
        if lesion in {other.cells["lesion"] for other in own}:
            raise AnalysisError("repeated", f"{row.where}: lesion {lesion} of case {case} stands there twice")
        own.append(row)
    without = sorted(case for case, positive in truth.items() if positive and case not in found)
    if without:
        raise AnalysisError("lesion_missing", f"lesions.csv: case {without[0]} is positive and has no lesion")
    has_places = bool(rows) and all(name in rows[0].cells for name in ("x", "y", "radius"))
    return LesionsFile(
        {case: _weighted(case, own) for case, own in sorted(found.items())},
        {case: tuple(map(_place, own)) for case, own in found.items()} if has_places else {},
    )


def read_marks(
    rows: Sequence[Row],
    design: Design,
    truth: Mapping[str, bool | None],
    lesions: LesionsFile,
    reads: Collection[FileReadKey] | None,
) -> tuple[MarkRecord, ...]:
    """The rows of ``marks.csv``; ``reads`` are those of ``reads.csv``, ``None`` where there is no such file.

    Marks of hidden repeats (column ``repeat``) are checked and left out: a reader's first read of a case counts.

    Raises
    ------
    AnalysisError
        Naming the row: ``unknown_reader``, ``unknown_arm``, ``unknown_case``, ``unknown_lesion``, ``unknown_read``
        (a mark of a read that ``reads.csv`` does not have), ``session_ambiguous`` (two reads of a case by a reader in
        an arm, without ``reads.csv`` to tell the first), ``repeated``, ``column_missing``, or a value that is not a
        finite number.
    """
    by_place = bool(rows) and "lesion" not in rows[0].cells
    if by_place and not {"x", "y"} <= set(rows[0].cells):
        raise AnalysisError(
            "column_missing", "marks.csv: the column lesion is missing, or x and y instead of it"
        )
    if by_place and not lesions.places and lesions.lesions:
        raise AnalysisError(
            "column_missing", "lesions.csv: x, y and radius are missing, which marks with x, y need"
        )
    found: dict[tuple[FileReadKey, str], MarkRecord] = {}
    for row, read, mark in _checked(rows, design, truth, reads):
        lesion = _hit(row, read[3], lesions) if by_place else _named(row, read[3], lesions)
        found[read, mark] = MarkRecord(*read[:4], mark, lesion, row.number("rating"))
    return tuple(found[read, mark] for read, mark in sorted(found) if not read[4])


def read_mark_places(
    rows: Sequence[Row],
    design: Design,
    truth: Mapping[str, bool | None],
    reads: Collection[FileReadKey],
) -> tuple[MarkPlace, ...]:
    """The rows of a ``marks.csv`` with x and y that has no ``lesions.csv`` beside it, but for hidden repeats.

    Raises
    ------
    AnalysisError
        Those of :func:`read_marks` that need no lesions; ``file_missing`` where the marks name lesions.
    """
    if rows and ("lesion" in rows[0].cells or not {"x", "y"} <= set(rows[0].cells)):
        raise AnalysisError(
            "file_missing", "lesions.csv is missing; only marks with x and y may come before it"
        )
    found = {
        (read, mark): MarkPlace(*read[:4], mark, _center(row), _frame(row), row.number("rating"))
        for row, read, mark in _checked(rows, design, truth, reads)
    }
    return tuple(found[read, mark] for read, mark in sorted(found) if not read[4])


def _checked(
    rows: Sequence[Row],
    design: Design,
    truth: Mapping[str, bool | None],
    reads: Collection[FileReadKey] | None,
) -> Iterator[tuple[Row, FileReadKey, str]]:
    """Each row with its read and the name of its mark."""
    seen: set[tuple[FileReadKey, str]] = set()
    sessions: dict[tuple[str, str, str], int] = {}
    for row in rows:
        read = read_key(row, design, truth)
        reader, arm, session, case, is_repeat = read
        if reads is not None and read not in reads:
            raise AnalysisError(
                "unknown_read",
                f"{row.where}: reads.csv has no read of case {case} by {reader} in {arm}, session {session}",
            )
        earlier = session if is_repeat else sessions.setdefault((reader, arm, case), session)
        if reads is None and earlier != session:
            raise AnalysisError(
                "session_ambiguous",
                f"{row.where}: {reader} has marks on case {case} in {arm} in another session above; reads.csv has to "
                "say which read is the first",
            )
        mark = row.text("mark")
        if (read, mark) in seen:
            raise AnalysisError("repeated", f"{row.where}: mark {mark} of this read stands there twice")
        seen.add((read, mark))
        yield row, read, mark


def _weighted(case: str, rows: Sequence[Row]) -> tuple[Lesion, ...]:
    own = sorted(rows, key=lambda row: row.cells["lesion"])
    given = [bool(row.cells.get("weight", "")) for row in own]
    if not any(given):
        return equal_weights(tuple(row.text("lesion") for row in own))
    weights = [row.number("weight") for row in own]
    total = math.fsum(weights)
    if min(weights) <= 0.0 or abs(total - 1.0) > WEIGHTS_WITHIN:
        raise AnalysisError(
            "weights_wrong", f"{own[0].where}: the weights of case {case} are not above 0 with a sum of 1"
        )
    return tuple(Lesion(row.text("lesion"), weight / total) for row, weight in zip(own, weights, strict=True))


def _center(row: Row) -> tuple[float, ...]:
    return tuple(row.number(name) for name in ("x", "y", *(["z"] if row.cells.get("z") else [])))


def _frame(row: Row) -> str:
    return row.cells.get(FRAME_COLUMN, "") or FIRST_FRAME


def _place(row: Row) -> LesionPlace:
    radius = row.number("radius")
    if radius <= 0.0:
        raise AnalysisError("radius_not_positive", f"{row.where}: the radius is {radius:g}")
    return LesionPlace(row.text("lesion"), _center(row), radius, _frame(row))


def _named(row: Row, case: str, lesions: LesionsFile) -> str | None:
    lesion = row.cells["lesion"]
    if lesion and lesion not in {one.key for one in lesions.lesions.get(case, ())}:
        raise AnalysisError(
            "unknown_lesion", f"{row.where}: lesions.csv has no lesion {lesion} of case {case}"
        )
    return lesion or None


def _hit(row: Row, case: str, lesions: LesionsFile) -> str | None:
    """The nearest lesion within whose radius the mark lies; of two at one distance the first by name."""
    center, frame = _center(row), _frame(row)
    near = []
    for one in lesions.places.get(case, ()):
        if one.frame != frame:
            continue
        if len(one.center) != len(center):
            raise AnalysisError(
                "place_incomplete",
                f"{row.where}: the mark has {len(center)} coordinates, lesion {one.key} {len(one.center)}",
            )
        distance = math.dist(center, one.center)
        if distance <= one.radius:
            near.append((distance, one.key))
    return min(near)[1] if near else None
