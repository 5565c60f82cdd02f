"""Marks on lesions from the files to the results: RJafroc's published study, refusals by row, exports, figures."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.formats.marks import MarkTable
from backend.analysis.formats.rjafroc_xlsx import read_rjafroc_xlsx
from backend.analysis.froc_figures import FrocKind, draw_froc, froc_figure
from backend.analysis.mrmc.localization import localization_cells
from backend.analysis.mrmc.marks import Mark, localization_data
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from backend.analysis.pipeline.exports import export_files
from backend.analysis.pipeline.figures import figure_files
from backend.analysis.pipeline.free_response import (
    ALL_READ,
    ALL_READ_BUT_EXCLUDED,
    NOTHING_LEFT,
    WITHOUT_LESIONS,
    free_response,
    free_response_of,
)
from backend.analysis.pipeline.provenance import dataset_sha256
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import Study, study_of
from tests.analysis.mrmc.test_localization import TONY

READS = "reader,arm,session,case,question,value"
MARKS = "reader,arm,session,case,mark,lesion,rating"
LESIONS = "case,lesion,weight"
CASES = {"C1": ("a",), "C2": ("a", "b"), "C3": (), "C4": (), "C5": ("a",), "C6": ()}
READERS, ARMS = ("R1", "R2", "R3"), ("PLAIN", "AIDED")


def small(*, with_reads: bool = True) -> dict[str, str]:
    """Three readers, two arms, six cases: three with lesions; R3 marks nothing on C6 in either arm."""
    rng = np.random.default_rng(4)
    marks, reads = [], []
    for reader in READERS:
        for number, arm in enumerate(ARMS, start=1):
            for case, lesions in CASES.items():
                reads.append(f"{reader},{arm},{number},{case},seen,yes")
                found = [
                    one for one in (*lesions, "") if rng.random() < 0.75 and (reader, case) != ("R3", "C6")
                ]
                marks += [
                    f"{reader},{arm},{number},{case},{n},{one},{rng.integers(1, 80)}"
                    for n, one in enumerate(found, start=1)
                ]
    truth = [f"{case},{int(bool(lesions))}" for case, lesions in CASES.items()]
    weighted = ["C1,a,1", "C2,a,0.25", "C2,b,0.75", "C5,a,1"]
    files = {
        "study.json": '{"arms": ["PLAIN", "AIDED"]}',
        "truth.csv": "\n".join(["case,truth", *truth, ""]),
        "lesions.csv": "\n".join([LESIONS, *weighted, ""]),
        "marks.csv": "\n".join([MARKS, *marks, ""]),
    }
    return files | ({"reads.csv": "\n".join([READS, *reads, ""])} if with_reads else {})


def study(files: dict[str, str]) -> Study:
    return study_of(read_dataset(files), level=0.95, seed=1)


def section(files: dict[str, str]) -> Section:
    return free_response(study(files))


def published(shared: Path) -> dict[str, str]:
    """RJafroc's dataset01 as the files of a folder; BT stands first, as the later arm would."""
    with (shared / "tables" / "multireader" / "rjafroc_dataset01_TONY_froc.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    lesions = {row["case"]: int(row["n_lesions"]) for row in rows}
    made = [row for row in rows if row["mark"] != "none"]
    return {
        "study.json": '{"arms": ["DM", "BT"]}',
        "truth.csv": csv_text(("case", "truth"), [(case, int(n > 0)) for case, n in lesions.items()]),
        "lesions.csv": csv_text(
            ("case", "lesion"), [(case, str(k + 1)) for case, n in lesions.items() for k in range(n)]
        ),
        "marks.csv": csv_text(
            MARKS.split(","),
            [
                (
                    row["reader"],
                    row["modality"],
                    1,
                    row["case"],
                    f"m{n}",
                    row["lesion_id"],
                    float(row["rating"]),
                )
                for n, row in enumerate(made)
            ],
        ),
    }


def test_rjafrocs_study_comes_out_of_the_files_as_published(shared_data: Path) -> None:
    """RJafroc 2.1.3, dataset01: UtilFigureOfMerit, and St(FOM = "wAFROC", method = "OR", analysisOption = "RRRC")."""
    found = section(published(shared_data))
    result = found.item("or_jackknife/wAFROC").result
    values = {(one.modality, one.reader): one.estimate for one in result.reader_figures}
    for row, arm in zip(TONY["wAFROC"], ("BT", "DM"), strict=True):
        assert [values[arm, reader] for reader in result.readers] == pytest.approx(row, abs=1e-14)
    overall = result.random_readers_random_cases
    assert overall.test.statistic == pytest.approx(10.298825245686, rel=1e-9)
    assert overall.test.p == pytest.approx(0.003668578390869, rel=1e-9)
    pair = overall.differences[0]
    assert (pair.modality_a, pair.se) == ("BT", pytest.approx(0.03151074406575, rel=1e-9))
    assert (pair.ci.low, pair.ci.high) == pytest.approx((0.0361863845167, 0.1660608064945), rel=1e-9)
    assert found.failures == ()
    curves = {item.key: item.result for item in found.items if item.key.startswith("curve/")}
    assert len(curves) == 10
    for figure in ("HrAUC", "wAFROC1"):
        own = [curves[f"curve/{reader}, BT"].figures[figure] for reader in result.readers]
        assert own == pytest.approx(TONY[figure][0], abs=1e-14)


def test_the_workbook_holds_every_mark_of_the_published_study(shared_data: Path) -> None:
    files = published(shared_data)
    inputs = read_dataset(files)
    results = run_analysis(inputs)
    exported = export_files(results, inputs, study(files))
    table = read_rjafroc_xlsx(exported["rjafroc-froc.xlsx"])
    assert isinstance(table, MarkTable)
    assert len(table.marks) == len(inputs.extras.marks)
    names = {
        (row["kind"], int(row["id"])): row["name"]
        for row in csv.DictReader(exported["mapping-froc.csv"].decode().splitlines())
    }
    marks = [
        Mark(
            names["reader", int(one.reader)],
            names["modality", int(one.modality)],
            names["case", int(one.case)],
            one.rating,
            one.lesion,
        )
        for one in table.marks
    ]
    cases = {names["case", int(case)]: [one.key for one in own] for case, own in table.lesions.items()}
    again = localization_cells(localization_data(cases, marks, modalities=("BT", "DM")), "wAFROC")
    assert again.values == pytest.approx(np.array(TONY["wAFROC"]), abs=1e-14)


def test_every_figure_is_that_of_the_marks_called_by_hand() -> None:
    files = small()
    found = section(files)
    extras = read_dataset(files).extras
    cases = {case: {one.key: one.weight for one in extras.lesions.get(case, ())} for case in CASES}
    assert cases["C2"] == {"a": 0.25, "b": 0.75}
    marks = [Mark(one.reader, one.arm, one.case, one.rating, one.lesion) for one in extras.marks]
    reads = [(reader, arm, case) for reader in READERS for arm in ARMS for case in CASES]
    data = localization_data(cases, marks, reads=reads, modalities=("AIDED", "PLAIN"))
    for figure in ("wAFROC", "AFROC", "LROC", "HrAUC", "FROC"):
        expected = obuchowski_rockette(localization_cells(data, figure))
        result = found.item(f"or_jackknife/{figure}").result
        assert result.random_readers_random_cases == expected.random_readers_random_cases
        assert result.missing == ()
    titles = [part.title for part in section_tables(found, 0.95)]
    assert titles == ["Figures of merit by Obuchowski-Rockette", "Marks and lesions"]


def test_the_bootstrap_stands_beside_the_jackknife_with_its_own_seed() -> None:
    own = study(small())
    found = free_response(own)
    data = free_response_of(own).data()
    seeds = set()
    for figure in ("wAFROC", "AFROC", "LROC", "HrAUC", "FROC"):
        result = found.item(f"or_bootstrap/{figure}").result
        cells = localization_cells(data, figure, covariance="bootstrap", seed=result.seed)
        assert result.random_readers_random_cases == obuchowski_rockette(cells).random_readers_random_cases
        assert (
            result.reader_figures[0].estimate
            == found.item(f"or_jackknife/{figure}").result.reader_figures[0].estimate
        )
        assert (result.covariance_method, result.n_resamples) == ("covariance_bootstrap", 2000)
        seeds.add(result.seed)
    assert len(seeds) == 5
    tables = [one.table for part in section_tables(found, 0.95) for one in part.tables]
    rows = {table.caption: table.rows for table in tables if "-covariances" in table.key}
    assert len(rows) == 5
    assert next(iter(rows)).startswith("wAFROC with each estimate")
    assert [row[0].split(",")[0] for row in rows[next(iter(rows))]] == ["jackknife", "bootstrap"]


def test_of_one_arm_the_means_stand_by_covariance() -> None:
    """An arm alone has no Cov1, no Cov3 and no difference: there are no columns of them."""
    files = small()
    files["study.json"] = '{"arms": ["AIDED"]}'
    for name in ("reads.csv", "marks.csv"):
        lines = files[name].splitlines(keepends=True)
        files[name] = "".join(line for line in lines if ",PLAIN," not in line)
    found = section(files)
    tables = [one.table for part in section_tables(found, 0.95) for one in part.tables]
    table = next(one for one in tables if one.key.endswith("-covariances"))
    assert table.header == ("Covariance", "Error", "Cov2", "Arm", "Mean (95% CI)", "SE", "df")
    for row, kind in zip(table.rows, ("jackknife", "bootstrap"), strict=True):
        mean = found.item(f"or_{kind}/wAFROC").result.random_readers_random_cases.means[0]
        assert row[3] == "AIDED"
        assert row[4].startswith(f"{mean.mean:.3f} (")


def test_marks_by_their_place_hit_the_nearest_lesion_within_its_radius() -> None:
    files = {
        "truth.csv": "case,truth\nC1,1\nC2,0\n",
        "lesions.csv": "case,lesion,x,y,radius\nC1,a,10,10,5\nC1,b,16,10,5\n",
        "marks.csv": "reader,arm,session,case,mark,x,y,rating\n"
        "R1,A,1,C1,1,12,10,5\nR1,A,1,C1,2,13,10,4\nR1,A,1,C1,3,14,10,3\nR1,A,1,C1,4,16,15,2\n"
        "R1,A,1,C1,5,16,15.001,1\nR1,A,1,C2,1,10,10,1\n",
    }
    marks = read_dataset(files).extras.marks
    assert [one.lesion for one in marks] == ["a", "a", "b", "b", None, None]


def placed() -> dict[str, str]:
    """Marks by their place, without the lesions."""
    return {
        "truth.csv": "case,truth\nC1,1\nC2,0\n",
        "reads.csv": "reader,arm,session,case,question,value\nR1,A,1,C1,seen,\nR1,A,1,C2,seen,\n",
        "marks.csv": "reader,arm,session,case,mark,x,y,frame,rating\nR1,A,1,C1,1,12,10,2,5\nR1,A,1,C2,1,10,10,,1\n",
    }


def test_marks_with_a_place_wait_for_the_lesions() -> None:
    inputs = read_dataset(placed())
    assert [(one.case, one.center, one.frame) for one in inputs.extras.places] == [
        ("C1", (12.0, 10.0), "2"),
        ("C2", (10.0, 10.0), "1"),
    ]
    assert inputs.extras.marks == ()
    reason = section(placed()).not_applicable
    assert reason is not None
    assert reason.reason == WITHOUT_LESIONS
    other = {**placed(), "marks.csv": placed()["marks.csv"].replace("12,10", "13,10")}
    assert dataset_sha256(inputs) != dataset_sha256(read_dataset(other))


def test_places_of_two_frames_of_reference_do_not_meet() -> None:
    lesions = "case,lesion,x,y,radius\nC1,a,12,10,5\n"
    assert read_dataset({**placed(), "lesions.csv": lesions}).extras.marks[0].lesion is None
    told = "case,lesion,x,y,radius,frame\nC1,a,12,10,5,2\n"
    assert read_dataset({**placed(), "lesions.csv": told}).extras.marks[0].lesion == "a"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reads.csv": None}, "file_missing"),
        ({"marks.csv": "reader,arm,session,case,mark,rating\nR1,A,1,C1,1,5\n"}, "file_missing"),
        ({"marks.csv": "reader,arm,session,case,mark,x,y,rating\nR1,A,1,C1,1,1,,5\n"}, "cell_empty"),
        ({"marks.csv": "reader,arm,session,case,mark,x,y,rating\nR1,A,2,C1,1,1,2,5\n"}, "unknown_read"),
    ],
)
def test_wrong_marks_are_refused_without_lesions_too(change: dict[str, str | None], code: str) -> None:
    files = {name: text for name, text in {**placed(), **change}.items() if text is not None}
    if "reads.csv" not in files:
        files["predictions.csv"] = "model,version,case,score,probability,positive\nm,1,C1,1,,1\n"
    with pytest.raises(AnalysisError) as caught:
        read_dataset(files)
    assert caught.value.code == code


def test_second_reads_do_not_count_and_exclusions_take_marks_away() -> None:
    files = small()
    again = "R1,PLAIN,7,C3,seen,yes\n"
    files["reads.csv"] += again
    files["marks.csv"] += "R1,PLAIN,7,C3,1,,99\n"
    here, there = section(files), section(small())
    assert here.item("curve/R1, PLAIN").result.points == there.item("curve/R1, PLAIN").result.points
    assert "second reads" in here.item("or_jackknife/wAFROC").warnings[0]
    out = "case,reader,session,reason,set\nC1,,,motion,all\nC2,R2,1,late,all\n"
    left = section({**small(), "exclusions.csv": out})
    assert left.item("curve/R1, PLAIN").result.n_lesions == 3
    assert left.item("curve/R2, PLAIN").result.n_lesions == 1
    assert left.item("curve/R2, AIDED").result.n_lesions == 3


def test_where_the_first_read_is_excluded_the_second_does_not_take_its_place() -> None:
    files = small()
    files["reads.csv"] += "R1,PLAIN,7,C3,seen,yes\n"
    files["marks.csv"] += "R1,PLAIN,7,C3,1,,99\n"
    out = "case,reader,session,reason,set\nC3,R1,1,late,all\n"
    found = section({**files, "exclusions.csv": out})
    assert found.failures == ()
    assert found.item("curve/R1, PLAIN").n == 5
    missing = found.item("or_jackknife/wAFROC").result.missing
    assert [(one.reader, one.modality, one.case) for one in missing] == [("R1", "PLAIN", "C3")]


@pytest.mark.parametrize("with_reads", [True, False])
def test_an_excluded_read_is_missing_and_no_read_without_marks(*, with_reads: bool) -> None:
    """By hand: the marks of all other reads, with the excluded one declared as not made."""
    out = "case,reader,session,reason,set\nC5,R2,1,late,per-protocol\nC6,R3,1,late,per-protocol\n"
    files = {**small(with_reads=with_reads), "exclusions.csv": out}
    gone = {("R2", "PLAIN", "C5"), ("R3", "PLAIN", "C6")}
    extras = read_dataset(files).extras
    reads = [(r, arm, case) for r in READERS for arm in ARMS for case in CASES if (r, arm, case) not in gone]
    marks = [
        Mark(one.reader, one.arm, one.case, one.rating, one.lesion)
        for one in extras.marks
        if (one.reader, one.arm, one.case) not in gone
    ]
    cases = {case: {one.key: one.weight for one in extras.lesions.get(case, ())} for case in CASES}
    data = localization_data(cases, marks, reads=reads, modalities=("AIDED", "PLAIN"))
    strict = run_analysis(read_dataset(files), analysis_set="per-protocol").section("free_response")
    again = run_analysis(read_dataset(files)).section("per_protocol")
    for figure in ("wAFROC", "LROC", "FROC"):
        expected = obuchowski_rockette(localization_cells(data, figure))
        for found in (
            strict.item(f"or_jackknife/{figure}"),
            again.item(f"free_response_or_jackknife/{figure}"),
        ):
            assert found.result.random_readers_random_cases == expected.random_readers_random_cases
            missing = {(one.reader, one.modality, one.case) for one in found.result.missing}
            assert missing == gone
    assert strict.item("curve/R2, PLAIN").n == 5


def test_without_reads_a_reader_whose_marks_in_an_arm_are_all_excluded_stays() -> None:
    rows = "".join(f"{case},R2,1,late,per-protocol\n" for case in ("C1", "C2", "C3", "C4", "C6"))
    files = small(with_reads=False)
    files["marks.csv"] = "".join(
        line for line in files["marks.csv"].splitlines(keepends=True) if not line.startswith("R2,PLAIN,1,C5")
    )
    strict = study_of(
        read_dataset({**files, "exclusions.csv": "case,reader,session,reason,set\n" + rows}),
        level=0.95,
        seed=1,
        analysis_set="per-protocol",
    )
    found = free_response(strict)
    assert found.item("curve/R2, PLAIN").result.lesions_marked == 0
    assert [(one.reader, one.reason) for one in found.item("readers").result.not_taken] == [
        ("R2", "no read of a negative case under PLAIN")
    ]


def test_without_reads_a_reader_all_of_whose_reads_are_excluded_is_named() -> None:
    rows = "".join(f"{case},R2,,late,per-protocol\n" for case in CASES)
    files = {**small(with_reads=False), "exclusions.csv": "case,reader,session,reason,set\n" + rows}
    found = free_response(study_of(read_dataset(files), level=0.95, seed=1, analysis_set="per-protocol"))
    left = [(one.reader, one.reason) for one in found.item("readers").result.not_taken]
    assert left == [("R2", NOTHING_LEFT)]
    assert found.item("curve/R1, PLAIN").warnings[0] == ALL_READ_BUT_EXCLUDED


def test_the_per_protocol_section_repeats_the_free_response_results() -> None:
    """Item for item those of a run on that set, with tables and figures of their own beside the ratings'."""
    files = small()
    rows = [line for line in files["reads.csv"].splitlines() if line]
    files["reads.csv"] = "\n".join(
        [
            rows[0],
            *(f"{row}\n{row.replace(',seen,yes', f',rating,{1 + n % 5}')}" for n, row in enumerate(rows[1:])),
            "",
        ]
    )
    out = "case,reader,session,reason,set\nC5,R2,1,late,per-protocol\n"
    inputs = read_dataset({**files, "exclusions.csv": out})
    results = run_analysis(inputs)
    strict = run_analysis(inputs, analysis_set="per-protocol")
    section = results.section("per_protocol")
    again = {one.key: one for one in section.items if one.key.startswith("free_response_")}
    expected = {f"free_response_{one.key}": one for one in strict.section("free_response").items}
    assert list(again) == list(expected)
    assert all(one.result == expected[key].result for key, one in again.items())
    assert (
        again["free_response_or_jackknife/wAFROC"].result
        != results.section("free_response").item("or_jackknife/wAFROC").result
    )
    assert section.item("or_jackknife/AUC").result == strict.section("mrmc").item("or_jackknife/AUC").result
    titles = [part.title for part in section_tables(section, 0.95)]
    assert titles[-2:] == [
        "Free response: figures of merit by Obuchowski-Rockette",
        "Free response: marks and lesions",
    ]
    captions = [tabled.table.caption for part in section_tables(section, 0.95) for tabled in part.tables]
    assert len(set(captions)) == len(captions)
    assert "Free response: Marks and lesions by reader and arm, per-protocol set" in captions
    drawn = figure_files(results, inputs.study, ("svg",))
    shared = {name for name in drawn if name.startswith("per_protocol-")}
    assert {"per_protocol-froc.svg", "per_protocol-afroc.svg"} <= shared
    assert any(
        name.startswith("per_protocol-free_response_or_jackknife-wAFROC-differences") for name in shared
    )


def test_a_reader_without_an_arm_is_left_out_by_name_and_keeps_the_curve() -> None:
    files = small()
    for name in ("reads.csv", "marks.csv"):
        lines = files[name].splitlines(keepends=True)
        files[name] = "".join(line for line in lines if not line.startswith("R2,AIDED"))
    found = section(files)
    assert [one.reader for one in found.item("readers").result.not_taken] == ["R2"]
    assert found.item("or_jackknife/wAFROC").result.readers == ("R1", "R3")
    assert found.item("curve/R2, PLAIN").n == 6
    table = section_tables(found, 0.95)[0].tables[0].table
    assert table.header == ("Reader", "Obuchowski-Rockette", "Reason")
    assert not any("Gallas" in note for note in table.notes)
    notes = export_files(run_analysis(read_dataset(files)), read_dataset(files), study(files))[
        "notes.csv"
    ].decode()
    assert "fully crossed data only: 6 reads are missing, the first of case C1 by R2 in AIDED" in notes


def test_a_reader_of_no_case_with_a_truth_is_named() -> None:
    files = small()
    files["truth.csv"] += "C7,\n"
    files["reads.csv"] += "R4,PLAIN,1,C7,seen,yes\nR4,AIDED,2,C7,seen,yes\n"
    item = section(files).item("or_jackknife/wAFROC")
    assert "Readers left out: R4 (no read of a case with a reference standard)." in item.warnings
    assert item.result.reader_figures == section(small()).item("or_jackknife/wAFROC").result.reader_figures


def test_without_reads_every_case_counts_as_read_and_it_is_said() -> None:
    here, there = section(small(with_reads=False)), section(small())
    for key in ("or_jackknife/wAFROC", "or_jackknife/FROC"):
        assert here.item(key).result.reader_figures == there.item(key).result.reader_figures
        assert here.item(key).warnings[0] == ALL_READ


def test_without_negative_cases_the_figures_that_need_none_remain() -> None:
    files = small()
    for name in ("truth.csv", "reads.csv", "marks.csv"):
        lines = files[name].splitlines(keepends=True)
        files[name] = "".join(line for line in lines if not any(f"C{n}," in line for n in (3, 4, 6)))
    found = section(files)
    assert [item.key for item in found.items if item.key.startswith("or_")] == [
        "or_jackknife/AFROC1",
        "or_jackknife/wAFROC1",
        "or_jackknife/FROC",
        "or_bootstrap/AFROC1",
        "or_bootstrap/wAFROC1",
        "or_bootstrap/FROC",
    ]
    assert "AFROC" not in found.item("curve/R1, PLAIN").result.figures
    for name in ("reads.csv", "marks.csv"):
        lines = files[name].splitlines(keepends=True)
        files[name] = "".join(line for line in lines if not line.startswith("R2,AIDED"))
    partly = section(files)
    assert partly.failures == ()
    assert partly.item("or_jackknife/wAFROC1").result.readers == ("R1", "R3")


def test_a_dataset_without_marks_says_so(small_files: dict[str, str]) -> None:
    reason = section(small_files).not_applicable
    assert reason is not None
    assert reason.reason == "the dataset has no marks (marks.csv, lesions.csv)"


@pytest.mark.parametrize(
    ("name", "row", "code", "complaint"),
    [
        ("lesions.csv", "C9,a,1", "unknown_case", "lesions.csv, row 6: case C9"),
        ("lesions.csv", "C3,a,1", "truth_contradicts", "lesions.csv, row 6: case C3 is negative"),
        ("lesions.csv", "C1,a,1", "repeated", "lesions.csv, row 6: lesion a of case C1"),
        ("lesions.csv", "C1,b,0.5", "weights_wrong", "row 2: the weights of case C1"),
        ("marks.csv", "R1,PLAIN,1,C9,9,,5", "unknown_case", "case C9"),
        ("marks.csv", "R1,OTHER,1,C1,9,,5", "unknown_arm", "arm OTHER"),
        ("marks.csv", "R9,PLAIN,1,C1,9,,5", "unknown_read", "no read of case C1 by R9 in PLAIN, session 1"),
        ("marks.csv", "R1,PLAIN,1,C1,9,z,5", "unknown_lesion", "no lesion z of case C1"),
        ("marks.csv", "R1,PLAIN,1,C3,9,a,5", "unknown_lesion", "no lesion a of case C3"),
        ("marks.csv", "R1,PLAIN,1,C1,9,,high", "not_number", "rating is 'high'"),
        ("marks.csv", "R1,PLAIN,1,C1,9,,nan", "value_not_finite", "rating is 'nan'"),
        ("marks.csv", "R1,PLAIN,1,C1,,,5", "cell_empty", "mark is empty"),
        ("marks.csv", "R1,PLAIN,1,C1,9,,5\nR1,PLAIN,1,C1,9,,5", "repeated", "mark 9 of this read"),
    ],
)
def test_wrong_rows_are_refused(name: str, row: str, code: str, complaint: str) -> None:
    files = small()
    with pytest.raises(AnalysisError, match=complaint) as caught:
        read_dataset({**files, name: files[name] + row + "\n"})
    assert caught.value.code == code
    assert name in caught.value.text


def test_what_is_missing_is_refused() -> None:
    files = small(with_reads=False)
    for change, code in (
        ({"lesions.csv": f"{LESIONS}\nC1,a,1\nC5,a,1\n"}, "lesion_missing"),
        ({"marks.csv": files["marks.csv"] + "R1,PLAIN,5,C1,9,,5\n"}, "session_ambiguous"),
        ({"marks.csv": "reader,arm,session,case,mark,rating\nR1,PLAIN,1,C1,1,5\n"}, "column_missing"),
        ({"marks.csv": "reader,arm,session,case,mark,x,y,rating\nR1,PLAIN,1,C1,1,2,2,5\n"}, "column_missing"),
    ):
        with pytest.raises(AnalysisError) as caught:
            read_dataset({**files, **change})
        assert caught.value.code == code
    for name in ("marks.csv", "lesions.csv"):
        with pytest.raises(AnalysisError) as caught:
            read_dataset({key: text for key, text in small().items() if key != name})
        assert caught.value.code == "file_missing"


def test_a_lesion_without_a_radius_or_a_coordinate_is_refused() -> None:
    files = {
        "truth.csv": "case,truth\nC1,1\nC2,0\n",
        "lesions.csv": "case,lesion,x,y,z,radius\nC1,a,10,10,,5\n",
        "marks.csv": "reader,arm,session,case,mark,x,y,z,rating\nR1,A,1,C1,1,12,10,3,5\n",
    }
    with pytest.raises(AnalysisError, match="the mark has 3 coordinates, lesion a 2") as caught:
        read_dataset(files)
    assert caught.value.code == "place_incomplete"
    files["lesions.csv"] = "case,lesion,x,y,radius\nC1,a,10,10,0\n"
    with pytest.raises(AnalysisError, match="row 2: the radius is 0") as caught:
        read_dataset(files)
    assert caught.value.code == "radius_not_positive"


def test_marks_are_part_of_the_hash() -> None:
    marks, other = small(), small()
    other["marks.csv"] = other["marks.csv"].rsplit("\n", 2)[0] + "\n"
    hashes = [run_analysis(read_dataset(one)).provenance.dataset_sha256 for one in (marks, other)]
    assert hashes[0] != hashes[1]


def test_curves_end_where_the_marks_end_and_figures_are_the_same_bytes() -> None:
    curves = [item.result for item in section(small()).items if item.key.startswith("curve/")]
    for one in curves:
        first, last = one.points[0], one.points[-1]
        assert (first.false_marks, first.lesions) == (0.0, 0.0)
        assert last.false_marks == pytest.approx(one.false_marks / 6)
        assert last.lesions == pytest.approx(one.lesions_marked / one.n_lesions)
        x, y = ([getattr(p, name) for p in one.points] for name in ("false_marks", "lesions"))
        assert math.isclose(float(np.trapezoid(y, x)), one.figures["FROC"], abs_tol=1e-12)
        for name, heights, end in (
            ("wAFROC", [p.weighted_lesions for p in one.points], 1.0),
            ("LROC", [p.localized for p in one.points], last.localized),
        ):
            x = [p.false_cases for p in one.points]
            area = np.trapezoid([*heights, end], [*x, 1.0])
            assert math.isclose(float(area), one.figures[name], abs_tol=1e-12)
    kinds: tuple[FrocKind, ...] = ("froc", "afroc", "lroc")
    for kind in kinds:
        figure = draw_froc(curves, "Curves", kind=kind)
        panels = [axes for axes in figure.axes if axes.get_xlabel()]
        assert len(panels) == 2
        assert froc_figure(curves, kind=kind, title="T") == froc_figure(curves, kind=kind, title="T")
    with pytest.raises(AnalysisError) as caught:
        froc_figure([], title="T")
    assert caught.value.code == "no_curves"
