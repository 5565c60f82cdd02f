"""What stands below tables and beside files is said once, and in the right number."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.exports import export_files
from backend.analysis.pipeline.report import all_tables, report_content
from backend.analysis.pipeline.report_alt import main_numbers
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import study_of

Datasets = Callable[[str], DatasetFiles]
Results = Callable[[str], AnalysisResults]


@pytest.mark.parametrize("name", ["lpln-radiomics", "larc-dm"])
def test_no_note_of_a_table_repeats_another_behind_a_title(
    name: str, demo_dataset: Datasets, demo_results: Results
) -> None:
    content = report_content(demo_results(name), demo_dataset(name), {}, ())
    twice = [
        (table.caption, note)
        for table in all_tables(content.sections)
        for note in table.notes
        for other in table.notes
        if other != note and len(note) > 40 and other.endswith(f": {note}")
    ]
    assert twice == []


def test_what_a_file_leaves_out_is_one_note_a_reason(small_files: dict[str, str]) -> None:
    unread = [f"X{number}" for number in range(1, 4)]
    truth = "".join(f"{case},1\n" for case in unread)
    inputs = read_dataset({**small_files, "truth.csv": f"{small_files['truth.csv']}{truth}"})
    results = run_analysis(inputs)
    study = study_of(inputs, level=0.95, seed=results.seed)
    rows = list(csv.DictReader(io.StringIO(export_files(results, inputs, study)["notes.csv"].decode())))
    told = [row["note"] for row in rows if "no rating of the case" in row["note"]]
    assert told == ["no rating of the case (3): case X1; case X2; case X3"]


def test_one_pair_is_no_pairs(demo_results: Results) -> None:
    item = demo_results("lpln-radiomics").section("agreement").item("grid_linear/rating:score/UNAIDED")
    assert "mean kappa of 1 pair of readers" in main_numbers(item.result)
    several = replace(item.result, among_readers=replace(item.result.among_readers, n_pairs=3))
    assert "mean kappa of 3 pairs of readers" in main_numbers(several)
