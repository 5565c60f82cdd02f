"""The curves of ``mrmc.csv`` alone are those of the same ratings as reads, and those of pairs counted by hand."""

import csv
import io
from itertools import product

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.output import analysis_files
from backend.analysis.pipeline.report_methods import methods_of
from backend.analysis.pipeline.run import run_analysis

HEADER = ("reader", "modality", "case", "truth", "rating")
Rows = list[tuple[str, str, str, str, str]]


def rows_of(files: dict[str, str]) -> Rows:
    truth = {row["case"]: row["truth"] for row in csv.DictReader(io.StringIO(files["truth.csv"]))}
    return [
        (row["reader"], row["arm"], row["case"], truth[row["case"]], row["value"])
        for row in csv.DictReader(io.StringIO(files["reads.csv"]))
        if row["question"] == "rating"
    ]


def only_ratings(rows: Rows) -> dict[str, str]:
    return {"mrmc.csv": csv_text(HEADER, rows)}


def test_curves_areas_and_tests_are_those_of_the_same_reads(small_files: dict[str, str]) -> None:
    of_reads = run_analysis(read_dataset(small_files)).section("roc")
    inputs = read_dataset(only_ratings(rows_of(small_files)))
    results = run_analysis(inputs)
    found = results.section("roc")
    assert found.state == "done"
    assert found.failures == ()
    for reader, arm in product(("R1", "R2", "R3"), ("UNAIDED", "AIDED")):
        one, other = (section.item(f"curve/{reader}, {arm}").result for section in (found, of_reads))
        assert (one.auc, one.roc, one.youden, one.n) == (other.auc, other.roc, other.youden, other.n)
        assert isinstance(one.operating_point.sensitivity.estimate, NotEstimable)
        assert (
            found.item(f"intervals/{reader}, {arm}").result
            == of_reads.item(f"intervals/{reader}, {arm}").result
        )
    # Modalities stand by name, so the first minus the second is here the later arm minus the earlier one.
    pair = "delong/R1, AIDED - R1, UNAIDED"
    assert found.item(pair).result.result == of_reads.item(pair).result.result
    mine = {one.arm: one.result.auc for one in found.item("average").result}
    theirs = {one.arm: one.result.auc for one in of_reads.item("average").result}
    assert mine == pytest.approx(theirs, abs=1e-12)
    assert "operating_point" not in {method.key for method in results.methods}


def test_an_area_is_the_share_of_pairs_ranked_rightly_and_unrated_cases_are_named(
    small_files: dict[str, str],
) -> None:
    rows = [row for row in rows_of(small_files) if row[:3] != ("R1", "AIDED", "C02")]
    section = run_analysis(read_dataset(only_ratings(rows))).section("roc")
    own = [(row[3] == "1", float(row[4])) for row in rows if row[:2] == ("R1", "AIDED")]
    pairs = [
        (a > b) + 0.5 * (a == b) for (positive, a), (other, b) in product(own, own) if positive and not other
    ]
    result = section.item("curve/R1, AIDED").result
    assert result.auc.auc == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)
    assert [(one.case, one.reason) for one in result.dropped] == [("C02", "no score by R1, AIDED")]
    dropped = section.item("delong/R1, AIDED - R1, UNAIDED").dropped
    assert [(one.case, one.reason) for one in dropped] == [("C02", "no score by R1, AIDED")]


def test_the_report_draws_the_curves_and_names_readers_and_modalities(small_files: dict[str, str]) -> None:
    inputs = read_dataset(only_ratings(rows_of(small_files)))
    results = run_analysis(inputs)
    files = analysis_files(results, inputs, formats=("svg",))
    assert {"figures/roc.svg", "figures/roc-readers.svg", "figures/roc-average.svg"} <= set(files)
    said = methods_of(results, inputs, None).plain
    assert said.startswith(
        "Study data. The analysis covers 30 cases (10 positive, 20 negative) read by 3 readers in 2 arms (AIDED and "
        "UNAIDED)."
    )


def test_one_class_gives_a_reason_and_no_number(small_files: dict[str, str]) -> None:
    rows = [row for row in rows_of(small_files) if row[3] == "0"]
    section = run_analysis(read_dataset(only_ratings(rows))).section("roc")
    areas = [item.result.auc.auc for item in section.items if item.key.startswith("curve/")]
    assert len(areas) == 6
    assert all(isinstance(area, NotEstimable) for area in areas)
