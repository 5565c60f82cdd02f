"""What changed between the arms: changes of mind, reading time, and the order of the arms."""

from collections.abc import Iterator
from itertools import combinations

from backend.analysis.change_of_mind import change_of_mind
from backend.analysis.periods import period_analysis
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Study
from backend.analysis.reading_time import TimedRead, reading_times


def changes(study: Study) -> Section:
    """For each pair of arms, what each reader answered before and after."""
    collector = Collector("change_of_mind", "Change of mind")
    for before, after in _arms(study):
        for model in _shown(study):
            name = f"{before} to {after}" + (f", {model}" if model else "")
            collector.add(
                name,
                name,
                lambda before=before, after=after, model=model: change_of_mind(  # type: ignore[misc]
                    study.study,
                    before=before,
                    after=after,
                    model=model,
                    times=_of_first_reads(study),
                    level=study.level,
                ),
                n=_rated_in_both(study, before, after),
            )
    return collector.section("readers rated no case in two arms")


def _rated_in_both(study: Study, before: str, after: str) -> int:
    """Cases with a reference standard that one reader at least rated in both arms."""
    rated: dict[tuple[str, str], set[str]] = {}
    for read in study.study.reads:
        if read.score is not None and study.study.truth.get(read.case) is not None:
            rated.setdefault((read.reader, read.case), set()).add(read.arm)
    return len({case for (_, case), arms in rated.items() if {before, after} <= arms})


def times(study: Study) -> Section:
    """Reading time by reader and session, and over the order of the reads."""
    collector = Collector("reading_time", "Reading time")
    timed = timed_reads(study)
    if timed:
        collector.add("times", "Reading time", lambda: reading_times(timed, level=study.level))
    return collector.section("reading times were not recorded (position and active_s of reads.csv)")


def periods(study: Study) -> Section:
    """The order of the arms: treatment, period and carry-over where the design can tell them apart."""
    collector = Collector("periods", "Order of the arms")
    for first, second in _arms(study):
        collector.add(
            f"{first} and {second}",
            f"{first} and {second}",
            lambda first=first, second=second: period_analysis(  # type: ignore[misc]
                study.study, first_arm=first, second_arm=second, level=study.level
            ),
            n=_rated_in_both(study, first, second),
        )
    return collector.section("readers rated no case in two arms")


def timed_reads(study: Study) -> list[TimedRead]:
    """The recorded times of the analysis set but those of hidden repeats; whether a read was right, where known."""
    reads = {(read.reader, read.arm, read.session, read.case): read for read in study.study.reads}
    found = []
    for one in study.files.extras.times:
        if one.is_repeat or one.case not in study.study.truth:
            continue
        read = reads.get((one.reader, one.arm, one.session, one.case))
        truth = study.study.truth[one.case]
        is_called = read is not None and read.score is not None and read.score >= study.study.positive_from
        is_known = read is not None and read.score is not None and truth is not None
        found.append(
            TimedRead(
                one.reader,
                one.arm,
                one.session,
                one.position,
                one.case,
                one.seconds,
                is_called is truth if is_known else None,
            )
        )
    return found


def _of_first_reads(study: Study) -> list[TimedRead]:
    """The times without those of re-reads."""
    first = {(read.reader, read.arm, read.session, read.case) for read in study.study.reads}
    return [one for one in timed_reads(study) if (one.reader, one.arm, one.session, one.case) in first]


def _arms(study: Study) -> Iterator[tuple[str, str]]:
    """The pairs of arms, in the order of the design, in which one reader at least rated one case twice."""
    for first, second in combinations(study.study.arms, 2) if study.study.is_rated else ():
        rated = [
            {
                (read.reader, read.case)
                for read in study.study.reads
                if read.arm == arm and read.score is not None
            }
            for arm in (first, second)
        ]
        if any(study.study.truth[case] is not None for _, case in rated[0] & rated[1]):
            yield first, second


def _shown(study: Study) -> list[str | None]:
    """The model that readers saw: the declared one, or the only one there is."""
    if study.plan.shown_model:
        return [study.plan.shown_model]
    return [study.study.models[0].name] if len(study.study.models) == 1 else [None]
