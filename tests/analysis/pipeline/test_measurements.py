"""Measured values: readers are compared with each other by first reads alone, with themselves from the first on."""

import json

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.icc import icc
from backend.analysis.pipeline.run import run_analysis

CASES = [f"C{n:02d}" for n in range(1, 31)]


def with_axes(files: dict[str, str]) -> tuple[dict[str, str], dict[str, dict[str, float]]]:
    """A short axis in every unaided read; the second reader leaves the first case open, and measures it when it
    comes back, as all readers do with three cases.
    """
    design = {**json.loads(files["study.json"]), "measurements": [{"key": "axis", "label": "Short axis"}]}
    first = {
        reader: {case: 4 + (5 * n + 2 * place) % 7 + 0.25 * n for n, case in enumerate(CASES)}
        for place, reader in enumerate(("R1", "R2", "R3"))
    }
    del first["R2"]["C01"]
    rows = [
        f"{reader},UNAIDED,1,{case},axis,{value}"
        for reader, own in first.items()
        for case, value in own.items()
    ]
    again = [
        f"{reader},UNAIDED,101,{case},{question},{value}"
        for reader in first
        for case in CASES[:3]
        for question, value in (("rating", 3), ("axis", 50.5))
    ]
    reads = files["reads.csv"] + "\n".join([*rows, *again, ""])
    return {**files, "study.json": json.dumps(design), "reads.csv": reads}, first


def test_what_is_measured_again_takes_no_part_between_readers(small_files: dict[str, str]) -> None:
    files, first = with_axes(small_files)
    section = run_analysis(read_dataset(files)).section("agreement")
    expected = icc({reader: {case: own.get(case) for case in CASES} for reader, own in first.items()})
    assert section.item("icc/axis/UNAIDED").result.to_json() == expected.to_json()


def test_only_a_case_measured_at_first_is_compared_with_itself(small_files: dict[str, str]) -> None:
    files, _ = with_axes(small_files)
    item = run_analysis(read_dataset(files)).section("intra_reader").item("within/measurement:axis/UNAIDED")
    assert item.n == 3
    cases = {one.reader: one.n for one in item.result}
    assert cases == {"R1": 3, "R2": 2, "R3": 3}


def test_a_read_that_is_left_out_is_not_replaced_by_its_repeat(small_files: dict[str, str]) -> None:
    files, first = with_axes(small_files)
    files["exclusions.csv"] = "case,reader,session,reason,set\nC02,R1,1,washout overridden,per-protocol\n"
    results = run_analysis(read_dataset(files), analysis_set="per-protocol")
    del first["R1"]["C02"]
    expected = icc({reader: {case: own.get(case) for case in CASES} for reader, own in first.items()})
    assert results.section("agreement").item("icc/axis/UNAIDED").result.to_json() == expected.to_json()
