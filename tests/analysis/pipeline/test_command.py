"""The command: the files it leaves, the same bytes every time, and what it says of wrong input."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.analysis.__main__ import main
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.formats.imrmc import read_imrmc
from backend.analysis.formats.ratings import read_mapping_csv
from backend.analysis.pipeline.output import analysis_files
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.tables import result_tables

Dataset = Callable[[str], DatasetFiles]
Results = Callable[[str], AnalysisResults]


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_dataset_becomes_a_folder_of_results(
    tmp_path: Path, small_files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = written(tmp_path / "in", small_files), tmp_path / "out"
    assert main([str(source), "--out", str(out), "--figures", "svg"]) == 0
    told = capsys.readouterr().out
    assert "Survival: not applicable: the dataset has no follow-up (outcomes.csv)" in told
    first = contents(out)
    assert {"results.json", "SHA256SUMS", "analysis.zip", "tables/items.csv", "figures/roc.svg"} <= set(first)
    assert {
        f"exports/{name}" for name in ("study.imrmc", "mapping.csv", "rjafroc.xlsx", "mrmcaov.csv")
    } <= set(first)
    assert {
        f"exports/{name}" for name in ("reads-tidy.csv", "data-dictionary.csv", "load.R", "load.py")
    } <= set(first)
    assert main([str(source), "--out", str(out), "--figures", "svg"]) == 0
    assert contents(out) == first
    for line in first["SHA256SUMS"].decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(first[name]).hexdigest() == digest
    with zipfile.ZipFile(io.BytesIO(first["analysis.zip"])) as packed:
        inside = {name: packed.read(name) for name in packed.namelist()}
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert inside == {name: content for name, content in first.items() if name != "analysis.zip"}


def test_files_of_an_earlier_run_go_and_others_stay(tmp_path: Path, small_files: dict[str, str]) -> None:
    source, out = written(tmp_path / "in", small_files), tmp_path / "out"
    assert main([str(source), "--out", str(out), "--figures", "svg"]) == 0
    (out / "my-notes.txt").write_text("keep")
    (out / "tables" / "failures.csv").write_text("edited by hand")
    assert main([str(source), "--out", str(out), "--figures"]) == 0
    assert not (out / "figures" / "roc.svg").exists()
    assert (out / "my-notes.txt").read_text() == "keep"


def test_exports_come_back(tmp_path: Path, small_files: dict[str, str]) -> None:
    source, out = written(tmp_path / "in", small_files), tmp_path / "out"
    assert main([str(source), "--out", str(out), "--figures"]) == 0
    exports = out / "exports"
    ids = read_mapping_csv((exports / "mapping.csv").read_text())
    table = read_imrmc((exports / "study.imrmc").read_text(), ids=ids)
    study = read_dataset(small_files).study
    assert study is not None
    assert {(one.reader, one.modality, one.case): one.rating for one in table.ratings} == {
        (read.reader, read.arm, read.case): read.score for read in study.reads
    }
    again = {**small_files, "reads.csv": (exports / "reads-tidy.csv").read_text()}
    back = read_dataset(again).study
    assert back is not None
    assert back.content_sha256() == study.content_sha256()


def test_one_file_of_ratings_will_do(tmp_path: Path) -> None:
    rows = [
        f"R{r},{m},{c},{c % 2},{(c * r + (m == 'B')) % 5}" for r in (1, 2) for m in "AB" for c in range(9)
    ]
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(["reader,modality,case,truth,rating", *rows, ""]))
    assert main([str(path), "--out", str(tmp_path / "out")]) == 0
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    done = [one["key"] for one in results["sections"] if one["state"] == "done"]
    assert done == ["roc", "mrmc"]
    assert (tmp_path / "out" / "exports" / "mrmcaov.csv").is_file()
    report = (tmp_path / "out" / "report.html").read_text()
    assert "The difference of two modalities is the first minus the second." in report
    assert "later minus the earlier" not in report
    assert "A minus B" in report


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("truth.csv", "case,truth\nC01,2\n", "truth.csv, row 2: truth is '2', neither 0 nor 1"),
        (
            "reads.csv",
            "reader,arm,session,case,question,value\nR1,UNAIDED,1,C01,rating,9\n",
            "row 2: rating 9",
        ),
        (
            "predictions.csv",
            "model,version,case,score,probability,positive\nnet,1,C01,nan,,1\n",
            "row 2: score",
        ),
        (
            "exclusions.csv",
            "case,reader,session,reason,set\nC99,,,motion,all\n",
            "exclusions.csv, row 2: case C99",
        ),
    ],
)
def test_wrong_input_ends_with_2_and_names_file_and_row(
    tmp_path: Path,
    small_files: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str,
    complaint: str,
) -> None:
    source = written(tmp_path / "in", {**small_files, name: text})
    assert main([str(source), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr()
    assert complaint in told.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere"], "nowhere is no folder"),
        ([], "name either a dataset's folder or --demo"),
        (["--demo", "mri"], "no demonstration dataset 'mri'"),
        (["--demo", "larc-dm", "--level", "2"], "the confidence level must lie between 0 and 1"),
    ],
)
def test_wrong_arguments_end_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 2
    assert complaint in capsys.readouterr().err


def test_the_module_runs_without_django_or_matplotlib_until_asked(tmp_path: Path) -> None:
    code = (
        "import sys; from backend.analysis.__main__ import main\n"
        f"main(['nowhere', '--out', {str(tmp_path / 'out')!r}])\n"
        "print(sorted({'django', 'matplotlib', 'pandas', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("study", ["lpln-radiomics", "larc-dm"])
def test_every_result_has_a_row_in_a_table(demo_results: Results, study: str) -> None:
    results = demo_results(study)
    tables = result_tables(results)
    for section in results.sections:
        own = "".join(text for name, text in tables.items() if name.startswith(section.key))
        for item in section.items:
            assert item.key in own or section.key == "table_one", item.key
    timed = {name for name, text in tables.items() if "time_unit" in text.splitlines()[0].split(",")}
    assert timed == {name for name in tables if name.startswith("survival-")}
    assert "nan" not in {cell for text in tables.values() for cell in text.replace("\n", ",").split(",")}


def test_the_same_results_give_the_same_files(small_files: dict[str, str]) -> None:
    inputs = read_dataset(small_files)
    results = run_analysis(inputs)
    assert analysis_files(results, inputs, formats=()) == analysis_files(results, inputs, formats=())
