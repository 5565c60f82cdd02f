"""Reading time against R's lm, t.test and quantile, and the trend over readers against nlme."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.analysis.change_of_time import TWO_READERS, pooled_time_change, time_change
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mixed_model import MixedModelFit
from backend.analysis.reading_time import Ratio, TimedRead, mean_ratio, reading_times

DESIGNS = Path(__file__).parents[1] / "reference" / "designs"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DESIGNS / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reads() -> list[TimedRead]:
    return [
        TimedRead(
            row["reader"],
            row["arm"],
            int(row["session"]),
            int(row["position"]),
            row["case"],
            float(row["seconds"]),
        )
        for row in rows_of("times.csv")
    ]


def assert_ratio(found: Ratio, expected: dict[str, Any]) -> None:
    assert found.estimate == pytest.approx(expected["ratio"], rel=1e-10)
    assert not isinstance(found.ci, NotEstimable)
    assert [found.ci.low, found.ci.high] == pytest.approx(expected["ci"], rel=1e-9)
    assert found.p == pytest.approx(expected["p"], rel=1e-8)


def test_sessions_match_r(reference: Callable[[str], Any], reads: list[TimedRead]) -> None:
    expected = reference("designs/expected.json")["sessions"]
    result = reading_times(reads)
    assert len(result.sessions) == len(expected) == 6
    for session in result.sessions:
        theirs = expected[f"{session.reader}.{session.session}"]
        quartiles = [session.lower_quartile, session.median, session.upper_quartile]
        assert quartiles == pytest.approx(theirs["quartiles"], rel=1e-12)
        assert_ratio(session.per_ten_reads, theirs)
        assert_ratio(session.first_to_middle, theirs["first"])
        assert_ratio(session.last_to_middle, theirs["last"])
        assert session.first_to_middle.df == pytest.approx(theirs["first"]["df"], rel=1e-10)
        assert [part.n for part in session.parts] == [13, 14, 13]
        assert [point.position for point in session.points] == list(range(1, 41))


def test_the_trend_over_readers_matches_nlme(reference: Callable[[str], Any], reads: list[TimedRead]) -> None:
    expected = reference("designs/expected.json")["trend"]
    result = reading_times(reads)
    assert isinstance(result.model, MixedModelFit)
    assert result.model.reml_criterion == pytest.approx(expected["criterion"], abs=1e-6)
    assert [c.estimate for c in result.model.coefficients] == pytest.approx(expected["estimates"], rel=1e-5)
    assert [c.se for c in result.model.coefficients] == pytest.approx(expected["se"], rel=1e-5)
    found = [result.model.variances[name] for name in ("reader in session", "case", "trend of a reader")]
    assert found == pytest.approx(expected["variances"], rel=1e-4)
    assert result.per_ten_reads.estimate == pytest.approx(math.exp(expected["estimates"][1]), rel=1e-5)


def test_order_changes_nothing_and_json_has_no_nan(reads: list[TimedRead]) -> None:
    assert reading_times(reads[::-1]).to_json() == reading_times(reads).to_json()


def test_units_of_time_leave_every_ratio(reads: list[TimedRead]) -> None:
    minutes = [
        TimedRead(r.reader, r.arm, r.session, r.position, r.case, r.seconds / 60.0, r.correct) for r in reads
    ]
    before, after = reading_times(reads).sessions[0], reading_times(minutes).sessions[0]
    assert after.per_ten_reads.estimate == pytest.approx(before.per_ten_reads.estimate, rel=1e-12)
    assert after.median == pytest.approx(before.median / 60.0)


def test_a_constant_rate_gives_the_factor_without_an_interval() -> None:
    reads = [TimedRead("r", "A", 1, n, f"c{n}", 60.0 * 0.9 ** (n / 10)) for n in range(1, 10)]
    session = reading_times(reads).sessions[0]
    assert session.per_ten_reads.estimate == pytest.approx(0.9)
    assert session.per_ten_reads.ci == NotEstimable("the times do not vary around the trend")
    assert session.points[3].trend == pytest.approx(session.points[3].seconds)
    assert reading_times(reads).model == NotEstimable("one reader is no sample of readers")


def test_right_calls_are_counted_by_third_and_long_reads_left_out_by_name() -> None:
    reads = [TimedRead("r", "A", 1, n, f"c{n}", 30.0 + n, n % 3 != 0) for n in range(1, 10)]
    reads.append(TimedRead("r", "A", 1, 10, "c10", 4000.0))
    result = reading_times(reads, longest=600.0)
    assert [read.case for read in result.left_out] == ["c10"]
    assert [(p.n, p.right.successes, p.right.n) for p in result.sessions[0].parts] == [(3, 2, 3)] * 3
    assert result.n == 9
    assert len(reading_times(reads).left_out) == 0


def test_few_reads_say_what_is_not_estimable() -> None:
    one = reading_times([TimedRead("r", "A", 1, 1, "c", 30.0)]).sessions[0]
    assert one.per_ten_reads.estimate == NotEstimable("a trend needs three reads or more")
    assert one.first_to_middle.estimate == NotEstimable("there is no read in one of the parts")
    assert one.parts[0].right.estimate == NotEstimable("there is no read with truth")
    assert mean_ratio([3.0], [2.0, 4.0]).ci == NotEstimable("a part has fewer than two reads")
    still = mean_ratio([3.0, 3.0, 3.0], [2.0, 2.0])
    assert (still.estimate, still.ci) == (pytest.approx(1.5), NotEstimable("the times do not vary"))


@pytest.mark.parametrize(
    ("reads", "code", "named"),
    [
        ([], "no_reads", "no timed read"),
        ([TimedRead("r", "A", 1, 1, "c", 0.0)], "time_not_positive", "r, session 1, case c"),
        ([TimedRead("r", "A", 1, 1, "c", math.nan)], "time_not_positive", "nan"),
        ([TimedRead("r", "A", 1, 1, "c", math.inf)], "time_not_positive", "inf"),
        ([TimedRead("r", "A", 1, 0, "c", 1.0)], "position_out_of_range", "position 0"),
        (
            [TimedRead("r", "A", 1, 1, "c", 1.0), TimedRead("r", "A", 1, 1, "d", 1.0)],
            "position_repeated",
            "case d: position 1",
        ),
        (
            [TimedRead("r", "A", 1, 1, "c", 1.0), TimedRead("r", "A", 1, 2, "c", 1.0)],
            "duplicate_read",
            "case c: timed twice in A",
        ),
    ],
)
def test_wrong_times_are_refused_by_name(reads: list[TimedRead], code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        reading_times(reads)
    assert refused.value.code == code


def test_paired_ratios_match_r(reference: Callable[[str], Any]) -> None:
    rows = rows_of("pairs.csv")
    for reader, expected in reference("designs/expected.json")["paired_t"].items():
        times = [
            (float(row["seconds_before"]), float(row["seconds_after"]))
            for row in rows
            if row["reader"] == reader
        ]
        assert_ratio(time_change(times).ratio, expected)


def test_paired_ratios_swap_and_say_what_is_missing() -> None:
    times = [(30.0, 20.0), (40.0, 41.0), (25.0, None), (None, None), (50.0, 33.0)]
    result = time_change(times)
    assert (result.n, result.without_times) == (3, 2)
    assert result.mean_difference == pytest.approx(-26.0 / 3)
    swapped = time_change([(after, before) for before, after in times])
    assert swapped.ratio.estimate == pytest.approx(1 / result.ratio.estimate)
    assert swapped.ratio.p == pytest.approx(result.ratio.p)
    assert time_change([(None, 1.0)]).ratio.estimate == NotEstimable("no pair has both times")
    assert time_change([(1.0, 2.0)]).ratio.ci == NotEstimable("there is only one pair with both times")
    assert time_change([(1.0, 2.0), (2.0, 4.0)]).ratio.p == NotEstimable("the ratios do not vary")
    assert pooled_time_change([]).ratio.estimate == NotEstimable("no pair has both times")
    alone = pooled_time_change([("r", "c", 1.0, 2.0), ("r", "d", 1.0, 3.0)])
    assert alone.ratio.estimate == NotEstimable("one reader is no sample of readers")
    rows = [(reader, f"c{k}", 10.0 + k, 9.0 + k * k % 7) for reader in ("r", "s") for k in range(8)]
    two = [
        (reader, case, before, after + (reader == "s") * len(case)) for reader, case, before, after in rows
    ]
    two[3] = ("r", "c3", 13.0, 20.0)
    assert TWO_READERS in pooled_time_change(two).warnings
