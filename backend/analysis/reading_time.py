"""Reading time: per reader and session, against the order of the reads, learning and fatigue.

Times are taken on the log scale throughout, because they are skewed and change by factors: a trend is a
factor for every ten reads later in the session, below 1 when reading gets faster. Nothing is trimmed. A
bound above which a time is no reading time (the reader left the desk) must be declared, and the reads
above it are left out by name.

Learning and fatigue are read off the thirds of a session: learning where the first third takes longer
than the middle one, fatigue where the last third differs from the middle one, in time or in right calls.
The trend alone cannot tell the two apart.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.mixed_model import MixedModelFit, RandomTerm, fit_mixed_model
from backend.analysis.proportions import Proportion, proportion
from backend.analysis.results import Interval, Result, check_level, t_quantile, two_sided_t_p

Part: TypeAlias = Literal["first", "middle", "last"]
PARTS: tuple[Part, Part, Part] = ("first", "middle", "last")
WINDOW = 9


@dataclass(frozen=True, slots=True)
class TimedRead(Result):
    """One read. ``position`` counts the reader's reads of the session from 1; ``correct`` if it is known."""

    reader: str
    arm: str
    session: int
    position: int
    case: str
    seconds: float
    correct: bool | None = None


@dataclass(frozen=True, slots=True)
class LongRead(Result):
    """A read left out because its time is above the declared bound."""

    reader: str
    session: int
    case: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Ratio(Result):
    """A factor between times with its t interval on the log scale; 1 is no difference."""

    estimate: Estimate
    ci: Interval | NotEstimable
    df: Estimate
    p: Estimate


@dataclass(frozen=True, slots=True)
class SessionPart(Result):
    """A third of a session: geometric mean of the times, and right calls where truth is known."""

    part: Part
    n: int
    geometric_mean: Estimate
    right: Proportion


@dataclass(frozen=True, slots=True)
class TimePoint(Result):
    """A read for the plot: its time, the trend line there, and the running median of nine reads."""

    position: int
    case: str
    arm: str
    seconds: float
    trend: Estimate
    running_median: float


@dataclass(frozen=True, slots=True)
class SessionTimes(Result):
    """One reader in one session; seconds, quartiles by linear interpolation (R's type 7)."""

    reader: str
    session: int
    arms: tuple[str, ...]
    n: int
    median: float
    lower_quartile: float
    upper_quartile: float
    geometric_mean: float
    total: float
    per_ten_reads: Ratio
    parts: tuple[SessionPart, ...]
    first_to_middle: Ratio
    last_to_middle: Ratio
    points: tuple[TimePoint, ...]


@dataclass(frozen=True, slots=True)
class ReadingTimes(Result):
    """All sessions, and the trend over readers from one mixed model.

    Attributes
    ----------
    per_ten_reads
        The pooled trend as a factor for ten reads later.
    model
        log(seconds) by position (in tens, centered in its session) and arm, with random intercepts for
        reader in session and for case, and a random trend for each reader.
    left_out
        Reads above the declared bound.
    """

    method: str
    sessions: tuple[SessionTimes, ...]
    per_ten_reads: Ratio
    model: MixedModelFit | NotEstimable
    n: int
    longest: float | None
    left_out: tuple[LongRead, ...]
    warnings: tuple[str, ...]


def reading_times(
    reads: Iterable[TimedRead], *, longest: float | None = None, level: float = 0.95
) -> ReadingTimes:
    """Reading time per reader and session, and its trend over the session.

    Parameters
    ----------
    reads
        One a read, in any order; ``seconds`` above 0.
    longest
        Times above this many seconds are left out, by name. ``None`` leaves out nothing.

    Raises
    ------
    AnalysisError
        ``no_reads``; ``time_not_positive``, ``position_out_of_range``, ``position_repeated`` and
        ``duplicate_read``, which name reader, session and case; ``level_out_of_range``.
    """
    check_level(level)
    ordered = checked_reads(reads)
    kept = [read for read in ordered if longest is None or read.seconds <= longest]
    left_out = tuple(
        LongRead(read.reader, read.session, read.case, read.seconds)
        for read in ordered
        if longest is not None and read.seconds > longest
    )
    if not kept:
        raise AnalysisError("no_reads", "there is no timed read to analyze")
    sessions: dict[tuple[str, int], list[TimedRead]] = {}
    for read in kept:
        sessions.setdefault((read.reader, read.session), []).append(read)
    model = _pooled(list(sessions.values()), level)
    return ReadingTimes(
        method="reading_time",
        sessions=tuple(_session(group, level) for group in sessions.values()),
        per_ten_reads=_pooled_ratio(model, level),
        model=model,
        n=len(kept),
        longest=longest,
        left_out=left_out,
        warnings=() if isinstance(model, NotEstimable) else model.warnings,
    )


def checked_reads(reads: Iterable[TimedRead]) -> list[TimedRead]:
    """The reads by reader, session and position; every inconsistency is refused by name."""
    ordered = sorted(reads, key=lambda read: (read.reader, read.session, read.position, read.case))
    seen: set[tuple[str, int, object]] = set()
    cases: set[tuple[str, int, str, str]] = set()
    for read in ordered:
        where = f"{read.reader}, session {read.session}, case {read.case}"
        if isinstance(read.seconds, bool) or not (math.isfinite(read.seconds) and read.seconds > 0.0):
            raise AnalysisError("time_not_positive", f"{where}: {read.seconds!r} is no time in seconds")
        if read.position < 1:
            raise AnalysisError("position_out_of_range", f"{where}: position {read.position}, counted from 1")
        if (read.reader, read.session, read.position) in seen:
            raise AnalysisError("position_repeated", f"{where}: position {read.position} is taken")
        if (read.reader, read.session, read.case, read.arm) in cases:
            raise AnalysisError("duplicate_read", f"{where}: timed twice in {read.arm}")
        seen.add((read.reader, read.session, read.position))
        cases.add((read.reader, read.session, read.case, read.arm))
    return ordered


def seconds_by_read(reads: Iterable[TimedRead]) -> dict[tuple[str, str, str], float]:
    """Seconds by reader, arm and case; a read timed in two sessions is refused as ``duplicate_read``."""
    seconds: dict[tuple[str, str, str], float] = {}
    for read in checked_reads(reads):
        key = (read.reader, read.arm, read.case)
        if key in seconds:
            raise AnalysisError("duplicate_read", f"{read.reader}, {read.arm}, case {read.case}: timed twice")
        seconds[key] = read.seconds
    return seconds


def mean_ratio(over: Sequence[float], under: Sequence[float], *, level: float = 0.95) -> Ratio:
    """The ratio of two independent geometric means, by Welch's t test of the logs.

    Parameters
    ----------
    over, under
        Times in seconds, two or more each; fewer, or none that differ, leave the interval undefined.
    """
    if not over or not under:
        return _no_ratio(NotEstimable("there is no read in one of the parts"))
    a, b = np.log(np.asarray(over, dtype=np.float64)), np.log(np.asarray(under, dtype=np.float64))
    ratio = math.exp(float(a.mean() - b.mean()))
    if min(len(a), len(b)) < 2:
        return _no_ratio(NotEstimable("a part has fewer than two reads"), ratio)
    parts = [float(x.var(ddof=1)) / len(x) for x in (a, b)]
    if not sum(parts) > 1e-28:
        return _no_ratio(NotEstimable("the times do not vary"), ratio)
    df = sum(parts) ** 2 / sum(v**2 / (len(x) - 1) for v, x in zip(parts, (a, b), strict=True))
    return log_ratio(math.log(ratio), math.sqrt(sum(parts)), df, level)


def log_ratio(log: float, se: float, df: float, level: float) -> Ratio:
    """The ratio, interval and test of a log with its standard error and degrees of freedom."""
    margin = t_quantile(level, df) * se
    p = two_sided_t_p(log / se, df)
    return Ratio(math.exp(log), Interval(math.exp(log - margin), math.exp(log + margin), level), df, p)


def _no_ratio(reason: NotEstimable, estimate: float | None = None) -> Ratio:
    return Ratio(reason if estimate is None else estimate, reason, reason, reason)


def _session(reads: list[TimedRead], level: float) -> SessionTimes:
    seconds = np.array([read.seconds for read in reads])
    logs = np.log(seconds)
    positions = np.array([float(read.position) for read in reads])
    slope, trend = _trend(positions, logs, level)
    thirds = _thirds(reads)
    times = {part: [read.seconds for read in group] for part, group in thirds.items()}
    lower, median, upper = (float(q) for q in np.quantile(seconds, [0.25, 0.5, 0.75]))
    return SessionTimes(
        reader=reads[0].reader,
        session=reads[0].session,
        arms=tuple(sorted({read.arm for read in reads})),
        n=len(reads),
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        geometric_mean=math.exp(float(logs.mean())),
        total=math.fsum(seconds),
        per_ten_reads=slope,
        parts=tuple(_part(part, thirds[part]) for part in PARTS),
        first_to_middle=mean_ratio(times["first"], times["middle"], level=level),
        last_to_middle=mean_ratio(times["last"], times["middle"], level=level),
        points=tuple(
            TimePoint(
                read.position,
                read.case,
                read.arm,
                read.seconds,
                trend if isinstance(trend, NotEstimable) else math.exp(trend[0] + trend[1] * read.position),
                float(np.median(seconds[max(0, i - WINDOW // 2) : i + WINDOW // 2 + 1])),
            )
            for i, read in enumerate(reads)
        ),
    )


def _trend(
    positions: np.ndarray[tuple[int], np.dtype[np.float64]],
    logs: np.ndarray[tuple[int], np.dtype[np.float64]],
    level: float,
) -> tuple[Ratio, tuple[float, float] | NotEstimable]:
    """Least squares of the logs on position: the factor for ten reads, and the line."""
    n = len(logs)
    if n < 3:
        reason = NotEstimable("a trend needs three reads or more")
        return _no_ratio(reason), reason
    centered = positions - positions.mean()
    spread = float(centered @ centered)
    slope = float(centered @ logs) / spread
    intercept = float(logs.mean()) - slope * float(positions.mean())
    rests = logs - intercept - slope * positions
    variance = float(rests @ rests) / (n - 2) / spread
    line = (intercept, slope)
    if not variance > 1e-28:
        return _no_ratio(NotEstimable("the times do not vary around the trend"), math.exp(10 * slope)), line
    return log_ratio(10.0 * slope, 10.0 * math.sqrt(variance), n - 2, level), line


def _thirds(reads: list[TimedRead]) -> Mapping[Part, list[TimedRead]]:
    """The session in three equal parts by order; what does not divide falls to the middle."""
    size = len(reads) // 3
    return {
        "first": reads[:size],
        "middle": reads[size : len(reads) - size],
        "last": reads[len(reads) - size :] if size else [],
    }


def _part(part: Part, reads: list[TimedRead]) -> SessionPart:
    known = [read.correct for read in reads if read.correct is not None]
    mean: Estimate = NotEstimable("there is no read in this part")
    if reads:
        mean = math.exp(math.fsum(math.log(read.seconds) for read in reads) / len(reads))
    return SessionPart(part, len(reads), mean, proportion(sum(known), len(known), of_what="read with truth"))


def _pooled(sessions: list[list[TimedRead]], level: float) -> MixedModelFit | NotEstimable:
    reads = [read for session in sessions for read in session]
    if len({read.reader for read in reads}) < 2:
        return NotEstimable("one reader is no sample of readers")
    means = [math.fsum(read.position for read in session) / len(session) for session in sessions]
    tens = [
        (read.position - mean) / 10.0
        for session, mean in zip(sessions, means, strict=True)
        for read in session
    ]
    arms = sorted({read.arm for read in reads})
    fixed: dict[str, Sequence[float]] = {"intercept": [1.0] * len(reads), "ten reads": tens}
    fixed |= {f"arm {arm}": [float(read.arm == arm) for read in reads] for arm in arms[1:]}
    random = [
        RandomTerm("reader in session", [f"{read.reader}\n{read.session}" for read in reads]),
        RandomTerm("case", [read.case for read in reads]),
        RandomTerm("trend of a reader", [read.reader for read in reads], tens),
    ]
    return fit_mixed_model([math.log(read.seconds) for read in reads], fixed, random, level=level)


def _pooled_ratio(model: MixedModelFit | NotEstimable, level: float) -> Ratio:
    if isinstance(model, NotEstimable):
        return _no_ratio(model)
    trend = model.coefficient("ten reads")
    return log_ratio(trend.estimate, trend.se, trend.df, level)
