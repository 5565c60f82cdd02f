"""Areas by group and tests between groups against the functions that they stand on."""

import csv
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from backend.analysis.auc_tests import (
    EqualAreasTest,
    delong_unpaired,
    equal_areas_paired,
    equal_areas_unpaired,
)
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.roc import delong, delong_paired
from backend.analysis.roc_groups import RocRecord, holm, roc_by_group


def study(seed: int = 5, n: int = 60) -> list[RocRecord]:
    """Two readers, two arms, three centers; every reader reads every case in every arm."""
    rng = random.Random(seed)
    records = []
    for number in range(n):
        truth, center = rng.random() < 0.4, "ABC"[number % 3]
        for reader in ("r1", "r2"):
            for arm, gain in (("AIDED", 1.6), ("UNAIDED", 0.8)):
                score = round(gain * truth + rng.gauss(0, 1), 1)
                factors = {"reader": reader, "arm": arm, "center": center}
                records.append(RocRecord(f"case-{number:03d}", truth, score, factors))
    return records


def columns(records: list[RocRecord], **wanted: str) -> tuple[list[bool], list[float]]:
    chosen = sorted(
        (r for r in records if all(r.factors[name] == value for name, value in wanted.items())),
        key=lambda r: r.case,
    )
    return [bool(r.truth) for r in chosen], [float(r.score or 0.0) for r in chosen]


def test_arms_are_compared_within_each_reader_by_the_paired_test() -> None:
    records = study()
    result = roc_by_group(records, by=("reader", "arm"), compare="arm")
    assert [tuple(g.labels.values()) for g in result.groups] == [
        ("r1", "AIDED"),
        ("r1", "UNAIDED"),
        ("r2", "AIDED"),
        ("r2", "UNAIDED"),
    ]
    for group in result.groups:
        assert group.result.plain == delong(*columns(records, **group.labels)).ci
    assert len(result.comparisons) == 2
    for found in result.comparisons:
        truth, a = columns(records, arm="AIDED", **found.stratum)
        expected = delong_paired(truth, a, columns(records, arm="UNAIDED", **found.stratum)[1])
        assert (found.method, found.level_a, found.level_b) == ("delong_paired", "AIDED", "UNAIDED")
        assert (found.difference, found.se, found.statistic, found.p, found.ci) == (
            expected.difference,
            expected.se,
            expected.z,
            expected.p,
            expected.ci,
        )
        assert found.df is None
    assert result.equality == ()
    result.to_json()


@pytest.mark.parametrize("name", ["dataset08_PENEDO", "dataset10_RUSCHIN", "dataset14_FEDERICA"])
def test_published_readers_match_proc(reference: Callable[[str], Any], shared_data: Path, name: str) -> None:
    """Every reader of three published studies, first two modalities: areas and paired z of pROC 1.18.0."""
    expected = reference("proc/expected.json")["rjafroc"][name]
    with (shared_data / f"tables/multireader/rjafroc_{name}_roc.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    records = [
        RocRecord(
            row["case"],
            row["truth"] == "1",
            float(row["rating"]),
            {"reader": row["reader"], "modality": row["modality"]},
        )
        for row in rows
    ]
    result = roc_by_group(records, by=("modality", "reader"), compare="modality")
    areas = {tuple(group.labels.values()): group.result for group in result.groups}
    found = {(c.stratum["reader"], c.level_a, c.level_b): c for c in result.comparisons}
    for reader, entry in expected.items():
        first, second = (str(modality) for modality in entry["modalities"])
        assert areas[first, reader].auc == pytest.approx(entry["auc_a"], abs=1e-13)
        assert areas[second, reader].auc == pytest.approx(entry["auc_b"], abs=1e-13)
        low, high = sorted((first, second))
        sign = 1 if low == first else -1
        assert found[reader, low, high].statistic == pytest.approx(sign * entry["z"], abs=1e-11)
        assert found[reader, low, high].p == pytest.approx(entry["p"], abs=1e-12)


def test_the_order_of_levels_says_which_is_subtracted() -> None:
    records = study()
    by_name = roc_by_group(records, by=("reader", "arm"), compare="arm")
    turned = roc_by_group(records, by=("reader", "arm"), compare="arm", order=["UNAIDED"])
    for first, second in zip(by_name.comparisons, turned.comparisons, strict=True):
        assert (second.level_a, second.level_b) == ("UNAIDED", "AIDED")
        assert (second.auc_a, second.auc_b) == (first.auc_b, first.auc_a)
        assert second.difference == pytest.approx(-first.difference, abs=1e-15)
        assert second.p_holm == pytest.approx(first.p_holm, rel=1e-12)
    assert turned.groups == by_name.groups


def test_centers_are_compared_by_the_unpaired_test_and_all_at_once() -> None:
    records = [r for r in study(n=90) if r.factors["reader"] == "r1" and r.factors["arm"] == "AIDED"]
    result = roc_by_group(records, by=["center"], compare="center")
    assert [(c.level_a, c.level_b) for c in result.comparisons] == [("A", "B"), ("A", "C"), ("B", "C")]
    for found in result.comparisons:
        expected = delong_unpaired(
            *columns(records, center=found.level_a), *columns(records, center=found.level_b)
        )
        assert (found.method, found.statistic, found.df, found.p) == (
            "delong_unpaired",
            expected.t,
            expected.df,
            expected.p,
        )
    theirs = multipletests([c.p for c in result.comparisons], method="holm")[1]
    assert [c.p_holm for c in result.comparisons] == pytest.approx(list(theirs), rel=1e-12)
    together = equal_areas_unpaired({c: columns(records, center=c) for c in "ABC"})
    assert [e.test for e in result.equality] == [together]


def test_three_readers_of_the_same_cases_are_tested_together() -> None:
    records = [r for r in study() if r.factors["arm"] == "AIDED"]
    third = [
        RocRecord(r.case, r.truth, -r.score, {"reader": "r3"}) for r in records[::2] if r.score is not None
    ]
    result = roc_by_group([*records, *third], by=["reader"], compare="reader")
    truth, one = columns(records, reader="r1")
    expected = equal_areas_paired(
        truth, {"r1": one, "r2": columns(records, reader="r2")[1], "r3": [-score for score in one]}
    )
    assert isinstance(result.equality[0].test, EqualAreasTest)
    assert result.equality[0].test == expected
    assert len(result.comparisons) == 3


def test_cases_of_one_group_alone_are_left_out_and_named() -> None:
    records = [r for r in study() if r.factors["reader"] == "r1"]
    short = [r for r in records if not (r.factors["arm"] == "AIDED" and r.case in ("case-003", "case-007"))]
    found = roc_by_group(short, by=["arm"], compare="arm").comparisons[0]
    assert found.left_out == ("case-003", "case-007")
    assert "58 cases" in found.warnings[0]
    assert sum(found.n_positive) + sum(found.n_negative) == 58


def test_missing_truth_and_score_are_counted_by_name() -> None:
    records = [r for r in study() if r.factors["reader"] == "r1" and r.factors["arm"] == "AIDED"]
    records[3] = RocRecord(records[3].case, None, records[3].score, records[3].factors)
    records[5] = RocRecord(records[5].case, records[5].truth, None, records[5].factors)
    result = roc_by_group(records, by=["reader"])
    assert result.groups[0].without_truth == ("case-003",)
    assert result.groups[0].without_score == ("case-005",)
    assert result.groups[0].result.n_positive + result.groups[0].result.n_negative == 58
    assert len(result.warnings) == 2
    assert result.comparisons == ()


def test_a_group_of_one_class_is_not_estimable_and_spoils_no_other() -> None:
    records = [r for r in study() if r.factors["reader"] == "r1" and r.factors["arm"] == "AIDED"]
    kept = [r for r in records if r.factors["center"] != "B" or not r.truth]
    result = roc_by_group(kept, by=["center"], compare="center")
    assert result.groups[1].result.auc == NotEstimable("there is no positive case")
    by_levels = {(c.level_a, c.level_b): c for c in result.comparisons}
    assert isinstance(by_levels["A", "B"].p, NotEstimable)
    assert by_levels["A", "B"].p_holm == by_levels["A", "B"].p
    assert by_levels["A", "C"].p_holm == by_levels["A", "C"].p
    test = result.equality[0].test
    assert isinstance(test, EqualAreasTest)
    assert test.p == NotEstimable("B: there is no positive case")


def test_levels_that_share_cases_in_pieces_have_no_common_test() -> None:
    def record(case: str, level: str, *, truth: bool, score: float) -> RocRecord:
        return RocRecord(case, truth, score, {"arm": level})

    records = [
        record("a", "1", truth=True, score=2),
        record("b", "1", truth=False, score=1),
        record("b", "2", truth=False, score=1),
        record("c", "2", truth=True, score=1),
        record("c", "3", truth=True, score=1),
        record("d", "3", truth=False, score=2),
    ]
    result = roc_by_group(records, by=["arm"], compare="arm")
    assert isinstance(result.equality[0].test, NotEstimable)


@settings(derandomize=True, max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_changes_no_bit(rng: random.Random) -> None:
    records = study(n=24)
    expected = roc_by_group(records, by=("reader", "arm", "center"), compare="center")
    mixed = rng.sample(records, len(records))
    assert roc_by_group(mixed, by=("reader", "arm", "center"), compare="center") == expected


def test_holm_matches_statsmodels_and_skips_the_undefined() -> None:
    values = [0.01, 0.04, 0.03, 0.5, 0.01]
    assert holm(values) == pytest.approx(tuple(multipletests(values, method="holm")[1]), rel=1e-14)
    gap = NotEstimable("no reason")
    assert holm([0.02, gap, 0.03]) == (0.04, gap, 0.04)
    assert holm([]) == ()


@pytest.mark.parametrize(
    ("change", "arguments", "code", "named"),
    [
        ({}, {"by": []}, "no_factor", "name one factor"),
        ({}, {"by": ["arm"], "compare": "reader"}, "unknown_factor", "reader is compared"),
        ({}, {"by": ["scanner"]}, "factor_missing", "case x has no scanner"),
        ({"case": "y"}, {"by": ["arm"]}, "duplicate_read", "case y stands twice in the group arm AIDED"),
        ({"truth": False}, {"by": ["arm"]}, "truth_conflict", "case x is positive and negative"),
        ({"case": "z", "score": math.nan}, {"by": ["arm"]}, "score_not_finite", "arm AIDED: row 2"),
    ],
)
def test_bad_records_are_refused_by_name(
    change: dict[str, Any], arguments: dict[str, Any], code: str, named: str
) -> None:
    third = {"case": "x", "truth": True, "score": 1.0, "factors": {"arm": "AIDED"}, **change}
    records = [
        RocRecord("x", truth=True, score=2.0, factors={"arm": "UNAIDED" if change == {} else "AIDED"}),
        RocRecord("y", truth=True, score=2.0, factors={"arm": "AIDED"}),
        RocRecord(**third),
    ]
    with pytest.raises(AnalysisError, match=named) as refused:
        roc_by_group(records, **arguments)
    assert refused.value.code == code


def test_no_record_is_refused() -> None:
    with pytest.raises(AnalysisError, match="no record"):
        roc_by_group([], by=["arm"])
