"""Measured values: readers are compared with each other by first reads alone, with themselves from the first on."""

import json

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.icc import icc
from backend.analysis.krippendorff import krippendorff_alpha
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import study_of

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
    for scale in ("interval", "ratio"):
        alpha = section.item(f"alpha/axis/UNAIDED/{scale}")
        assert alpha.result == krippendorff_alpha(first, scale)  # type: ignore[arg-type]
        # Two readers suffice: the case that R2 left open counts by the others, and is named.
        assert (alpha.n, [one.case for one in alpha.dropped]) == (30, ["C01"])
    tables = [tabled.table for part in section_tables(section, 0.95) for tabled in part.tables]
    (table,) = (one for one in tables if one.caption == "Krippendorff's alpha of the measurements")
    assert [row[1] for row in table.rows] == ["interval", "ratio"]


def test_values_below_zero_are_on_no_ratio_scale(small_files: dict[str, str]) -> None:
    files, _ = with_axes(small_files)
    files["reads.csv"] = files["reads.csv"].replace("R1,UNAIDED,1,C02,axis,", "R1,UNAIDED,1,C02,axis,-")
    section = agreement(study_of(read_dataset(files), level=0.95, seed=1))
    keys = {item.key for item in section.items}
    assert "alpha/axis/UNAIDED/interval" in keys
    assert "alpha/axis/UNAIDED/ratio" not in keys
    assert section.failures == ()


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
