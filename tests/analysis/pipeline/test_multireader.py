"""The multi-reader section: readers who lack an arm, covariances side by side, the margin, a further study."""

import json
from itertools import pairwise

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.figures_of_merit import PartialAuc
from backend.analysis.mrmc.gallas import gallas
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from backend.analysis.mrmc.ratings import RatingRecord, mrmc_data
from backend.analysis.pipeline.multireader import mrmc
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.study import study_of
from backend.analysis.reporting.content import ReportTable
from tests.analysis.pipeline.conftest import RATINGS

TRUTH = {f"C{n:02d}": (n - 1) % 3 == 0 for n in range(1, 31)}


def section_of(files: dict[str, str], *gone: str, plan: dict[str, object] | None = None) -> Section:
    """The section without the reads whose lines begin so."""
    lines = files["reads.csv"].splitlines(keepends=True)
    design = json.loads(files["study.json"]) | {"analysis": plan or {}}
    own = {
        **files,
        "study.json": json.dumps(design),
        "reads.csv": "".join(line for line in lines if not line.startswith(gone or ("-",))),
    }
    return mrmc(study_of(read_dataset(own), level=0.95, seed=3))


def table_of(section: Section, end: str) -> ReportTable:
    """The report's table whose key ends so."""
    tables = [tabled.table for part in section_tables(section, 0.95) for tabled in part.tables]
    return next(table for table in tables if table.key.endswith(end))


def records(*gone: tuple[str, str]) -> list[RatingRecord]:
    return [
        RatingRecord(reader, arm, case, TRUTH[case], float(value))
        for (reader, arm, case), value in RATINGS.items()
        if (reader, arm) not in gone
    ]


def test_a_reader_who_lacks_an_arm_is_named_and_the_others_are_analyzed(small_files: dict[str, str]) -> None:
    section = section_of(small_files, "R2,AIDED")
    taken = section.item("readers").result
    assert taken.taken == ("R1", "R3")
    assert [(one.reader, one.reason) for one in taken.not_taken] == [("R2", "no read under AIDED")]
    expected = obuchowski_rockette(
        estimate_cells(
            mrmc_data([one for one in records() if one.reader != "R2"], modalities=("AIDED", "UNAIDED"))
        )
    )
    item = section.item("or_jackknife/AUC")
    assert item.result.random_readers_random_cases == expected.random_readers_random_cases
    assert "Readers left out: R2 (no read under AIDED)." in item.warnings
    assert section.failures == ()
    every = gallas(mrmc_data(records(("R2", "AIDED")), modalities=("AIDED", "UNAIDED")))
    found = section.item("gallas").result
    assert (found.differences, found.n_readers) == (every.differences, 3)
    captions = [tabled.table.caption for part in section_tables(section, 0.95) for tabled in part.tables]
    assert "Readers in the analysis of variance" in captions
    table = table_of(section, "readers")
    assert table.header[1] == "Obuchowski-Rockette, Dorfman-Berbaum-Metz"
    assert any("Gallas" in note for note in table.notes)


def test_readers_of_one_arm_each_are_nested_and_nobody_is_left_out(small_files: dict[str, str]) -> None:
    section = section_of(small_files, "R1,AIDED", "R2,UNAIDED", "R3,UNAIDED")
    assert section.item("or_jackknife/AUC").result.design == "readers_nested"
    assert "readers" not in {item.key for item in section.items}


def test_with_no_reader_in_every_arm_the_available_cases_remain(small_files: dict[str, str]) -> None:
    third = [
        f"{reader},LATER,3,{case},rating,{value}\n"
        for (reader, arm, case), value in RATINGS.items()
        if arm == "AIDED"
    ]
    files = {
        **small_files,
        "study.json": '{"arms": ["UNAIDED", "AIDED", "LATER"]}',
        "reads.csv": small_files["reads.csv"] + "".join(third),
    }
    section = section_of(files, "R1,LATER", "R2,UNAIDED", "R3,AIDED")
    assert [(one.key, one.code) for one in section.failures] == [("or_jackknife", "design_unknown")]
    assert len(section.item("gallas").result.differences) == 3


def test_each_covariance_is_there_and_the_bootstrap_has_its_seed(small_files: dict[str, str]) -> None:
    section = section_of(small_files)
    drawn = section.item("or_bootstrap/AUC")
    again = obuchowski_rockette(
        estimate_cells(
            mrmc_data(records(), modalities=("AIDED", "UNAIDED")), covariance="bootstrap", seed=drawn.seed
        )
    )
    assert drawn.result.components == again.components
    jackknife = section.item("or_jackknife/AUC").result
    assert drawn.result.components.error == pytest.approx(jackknife.components.error, rel=0.15)
    rows = table_of(section, "covariances").rows
    assert [row[0].split(",")[0] for row in rows] == ["jackknife", "DeLong", "unbiased", "bootstrap"]
    assert section.item("dbm_components").result.largest_difference == pytest.approx(0.0, abs=1e-9)
    assert len(table_of(section, "dbm-components").rows) == 7


def test_the_plans_partial_areas_are_analyzed_on_both_axes(small_files: dict[str, str]) -> None:
    """Called by hand with the plan's ranges; readers' areas besides by the trapezoids of the curve, point by point."""
    plan: dict[str, object] = {"partial_specificity": [0.6, 0.95], "partial_sensitivity": [0.7, 1]}
    section = section_of(small_files, plan=plan)
    data = mrmc_data(records(), modalities=("AIDED", "UNAIDED"))
    for axis, low, high in (("specificity", 0.6, 0.95), ("sensitivity", 0.7, 1.0)):
        figure = PartialAuc(axis, low, high)  # type: ignore[arg-type]
        name = f"partial AUC, {axis} {low:g} to {high:g}"
        jackknife = section.item(f"or_jackknife/{name}").result
        expected = obuchowski_rockette(estimate_cells(data, figure))
        assert jackknife.random_readers_random_cases == expected.random_readers_random_cases
        for one in jackknife.reader_figures:
            assert one.estimate == pytest.approx(
                _slow_area(one.reader, one.modality, axis, low, high), abs=1e-12
            )
        drawn = section.item(f"or_bootstrap/{name}")
        again = estimate_cells(data, figure, covariance="bootstrap", seed=drawn.seed)
        assert drawn.result.components == obuchowski_rockette(again).components
        assert drawn.result.components.error == pytest.approx(jackknife.components.error, rel=0.25)
        test = section.item(f"dbm/{name}").result.random_readers_random_cases
        own = jackknife.random_readers_random_cases.test
        assert (test.statistic, test.df2, test.p) == pytest.approx((own.statistic, own.df2, own.p), rel=1e-8)
    keys = {item.key for item in section.items}
    assert "or_jackknife/partial AUC, specificity 0.8 to 1" not in keys
    captions = [tabled.table.caption for part in section_tables(section, 0.95) for tabled in part.tables]
    assert (
        "Partial AUC, sensitivity 0.7 to 1 with each estimate of the covariance over cases, readers and cases random"
        in captions
    )
    tables = [tabled.table.key for part in section_tables(section, 0.95) for tabled in part.tables]
    assert len(set(tables)) == len(tables)
    unplanned = {item.key for item in section_of(small_files).items}
    assert "or_jackknife/partial AUC, specificity 0.8 to 1" in unplanned
    assert not any("sensitivity 0" in key or key.startswith("or_bootstrap/partial") for key in unplanned)


def _slow_area(reader: str, arm: str, axis: str, low: float, high: float) -> float:
    """Trapezoid by trapezoid along the empirical curve, each cut at the ends of the range."""
    own = {
        case: value for (name, its_arm, case), value in RATINGS.items() if (name, its_arm) == (reader, arm)
    }
    points = [(0.0, 0.0)]
    for cut in sorted(set(own.values()), reverse=True):
        called = [case for case, value in own.items() if value >= cut]
        positives = sum(TRUTH[case] for case in called)
        points.append(((len(called) - positives) / 20, positives / 10))
    area = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        # The axis integrated along, from the point on, and the height above it.
        start, end, y_start, y_end = (
            (x0, x1, y0, y1) if axis == "specificity" else (y0, y1, 1.0 - x0, 1.0 - x1)
        )
        left, right = (1.0 - high, 1.0 - low) if axis == "specificity" else (low, high)
        a, b = max(start, left), min(end, right)
        if b > a:
            slope = (y_end - y_start) / (end - start)
            area += (b - a) * (y_start + slope * ((a + b) / 2 - start))
    return area


def test_a_margin_is_asked_of_the_arms_as_of_the_model(small_files: dict[str, str]) -> None:
    assert "margin/AUC" not in {item.key for item in section_of(small_files).items}
    section = section_of(small_files, plan={"margin": 0.1})
    tests = section.item("margin/AUC").result.tests
    assert {(one.modality_a, one.modality_b) for one in tests} == {("AIDED", "UNAIDED")}
    assert section.item("panel/net/AIDED").result.margin == 0.1
    table = table_of(section, "margin")
    assert [row[-1] for row in table.rows] == [one.conclusion for one in tests]


def test_the_plan_says_what_a_further_study_is_asked(small_files: dict[str, str]) -> None:
    plan: dict[str, object] = {
        "power_difference": 0.2,
        "power": 0.9,
        "power_readers": [3, 5],
        "power_cases": [60, 120, 240],
        "power_alpha": 0.1,
        "power_generalizes_to": "readers",
    }
    found = section_of(small_files, plan=plan).item("sample_size").result
    assert (found.effect, found.wanted, found.alpha, found.generalizes_to) == (0.2, 0.9, 0.1, "readers")
    assert [(one.n_readers, one.n_cases) for one in found.powers] == [
        (readers, cases) for readers in (3, 5) for cases in (60, 120, 240)
    ]
    assert table_of(section_of(small_files, plan=plan), "power").header[2:] == (
        "Power, 60 cases",
        "Power, 120 cases",
        "Power, 240 cases",
    )
    default = section_of(small_files).item("sample_size").result
    assert (default.effect, default.wanted, default.alpha) == (0.05, 0.8, 0.05)
    assert "3 readers, 10 positive and 20 negative cases" in default.pilot_text


def test_a_reader_without_positive_cases_is_left_out_of_the_panel_by_name(
    small_files: dict[str, str],
) -> None:
    gone = [f"R2,AIDED,2,{case}," for case, is_positive in TRUTH.items() if is_positive]
    item = section_of(small_files, *gone).item("panel/net/AIDED")
    assert item.warnings[0] == "Readers left out: R2 (no read of a positive case under AIDED)."
    alone = section_of(small_files, "R2,AIDED").item("panel/net/AIDED")
    assert [one.reader for one in item.result.readers] == ["R1", "R3"]
    assert item.result.random_readers_random_cases == alone.result.random_readers_random_cases
    assert alone.warnings == alone.result.warnings == item.warnings[1:]


def test_readers_without_a_scored_case_are_named_everywhere(small_files: dict[str, str]) -> None:
    """R4 rated nothing, R5 only a case without a reference standard, R2 no case that the model scored."""
    files = dict(small_files)
    files["truth.csv"] += "C31,\n"
    files["reads.csv"] += "".join(
        f"{reader},{arm},{session},{case},rating,{value}\n"
        for arm, session in (("UNAIDED", 1), ("AIDED", 2))
        for reader, case, value in (("R4", "C01", ""), ("R5", "C31", "4"))
    )
    named = "R4 (no rating of a case with a reference standard); R5 (no rating of a case with a reference standard)"
    section = section_of(files)
    assert section.item("readers").result.taken == ("R1", "R2", "R3")
    assert [one.reader for one in section.item("readers").result.not_taken] == ["R4", "R5"]
    plain = section_of(small_files)
    for key in ("or_jackknife/AUC", "or_bootstrap/AUC", "gallas"):
        item = section.item(key)
        assert f"Readers left out: {named}." in item.warnings
        assert item.result.readers == plain.item(key).result.readers
    panel = section.item("panel/net/AIDED")
    reason = "no rating under AIDED of a case with a reference standard and a score by net"
    assert panel.warnings[0] == f"Readers left out: R4 ({reason}); R5 ({reason})."
    scored = files | {"predictions.csv": _only_cases(small_files["predictions.csv"], 20)}
    few = section_of(scored, *(f"R2,AIDED,2,C{n:02d}," for n in range(1, 21))).item("panel/net/AIDED")
    assert few.warnings[0] == f"Readers left out: R2 ({reason}); R4 ({reason}); R5 ({reason})."
    assert [one.reader for one in few.result.readers] == ["R1", "R3"]


def test_a_model_without_a_case_of_an_arm_is_said_not_to_be_comparable(small_files: dict[str, str]) -> None:
    files = small_files | {"predictions.csv": _only_cases(small_files["predictions.csv"], 20)}
    gone = [f"R{reader},AIDED,2,C{case:02d}," for reader in (1, 2, 3) for case in range(1, 21)]
    section = section_of(files, *gone)
    assert section.item("panel/net/AIDED").result == NotEstimable(
        "net scored no rated case of AIDED with a reference standard"
    )
    assert section.item("panel/net/UNAIDED").result.figure == "AUC"
    rows = [row for part in section_tables(section, 0.95) for one in part.tables for row in one.table.rows]
    reason = "net scored no rated case of AIDED with a reference standard"
    assert ("net against the readers, AIDED", reason) in rows


def _only_cases(text: str, number: int) -> str:
    """The predictions of the first cases."""
    return "".join(text.splitlines(keepends=True)[: number + 1])
