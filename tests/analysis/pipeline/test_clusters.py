"""Several cases of one patient: the pipeline gives what the functions give of the same columns."""

import json

import pytest

from backend.analysis.clustered_roc import clustered_auc, clustered_auc_paired, clustered_proportion
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.run import run_analysis

CASES = [f"C{n:02d}" for n in range(1, 31)]


def with_patients(files: dict[str, str], column: str = "patient") -> DatasetFiles:
    """Three cases a patient, the last one's not known; and a column with a patient for each case."""
    rows = [f"{case},{'' if case == 'C30' else f'P{n // 3}'},own {n}" for n, case in enumerate(CASES)]
    design = json.loads(files["study.json"]) | {"analysis": {"cluster": column}}
    added = {"study.json": json.dumps(design), "cases.csv": "\n".join(["case,patient,own", *rows, ""])}
    return read_dataset({**files, **added})


def test_areas_differences_and_proportions_are_those_of_the_columns(small_files: dict[str, str]) -> None:
    inputs = with_patients(small_files)
    results = run_analysis(inputs)
    assert inputs.study is not None
    cases = CASES[:-1]
    truth = [bool(inputs.study.truth[case]) for case in cases]
    patients = [f"P{n // 3}" for n in range(29)]
    scores = {
        arm: [
            float(read.score or 0)
            for case in cases
            for read in inputs.study.reads
            if (read.reader, read.arm, read.case) == ("R1", arm, case)
        ]
        for arm in inputs.study.arms
    }
    roc = results.section("roc")
    one = roc.item("clustered/R1, UNAIDED")
    assert one.result == clustered_auc(truth, scores["UNAIDED"], patients)
    assert [(gone.case, gone.reason) for gone in one.dropped] == [("C30", "no patient")]
    pair = roc.item("clustered_pair/R1, AIDED - R1, UNAIDED").result
    assert pair == clustered_auc_paired(truth, scores["AIDED"], scores["UNAIDED"], patients)
    found = results.section("operating_points").item("clustered_specificity/R1, UNAIDED").result
    negative = [place for place, is_positive in enumerate(truth) if not is_positive]
    called = [scores["UNAIDED"][place] < inputs.study.positive_from for place in negative]
    expected = clustered_proportion(called, [patients[place] for place in negative])
    assert (found.estimate, found.ci, found.n) == (expected.estimate, expected.ci, expected.n)
    assert {"auc_clustered", "auc_clustered_paired", "clustered_proportion"} <= {
        m.key for m in results.methods
    }


def test_without_a_declared_column_there_is_none_and_an_unknown_one_is_said(
    small_files: dict[str, str],
) -> None:
    plain = run_analysis(read_dataset(small_files)).section("roc")
    assert not [item.key for item in plain.items if item.key.startswith("clustered")]
    section = run_analysis(with_patients(small_files, "person")).section("roc")
    failed = [one for one in section.failures if one.key.startswith("clustered")]
    assert {one.code for one in failed} == {"unknown_column"}
    assert section.item("curve/R1, AIDED").result.n == 30


@pytest.mark.parametrize("measure", ["sensitivity", "specificity"])
def test_each_case_its_own_patient_gives_the_plain_share(small_files: dict[str, str], measure: str) -> None:
    results = run_analysis(with_patients(small_files, "own"))
    found = results.section("operating_points").item(f"clustered_{measure}/net").result
    plain = results.section("operating_points").item("at_cutoff/net").result.rows[0]
    assert found.estimate == getattr(plain, measure).estimate


def test_what_takes_cases_as_independent_is_said(small_files: dict[str, str]) -> None:
    notes = run_analysis(with_patients(small_files)).provenance.notes
    assert any("column patient" in note and "independent" in note for note in notes)
    assert not any("independent" in note for note in run_analysis(read_dataset(small_files)).provenance.notes)
