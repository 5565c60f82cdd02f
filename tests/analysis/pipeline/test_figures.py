"""Every result that a figure shows is drawn by the command, or the index says why not."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.figure_kinds import figure_kinds
from backend.analysis.pipeline.figures import figure_files
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis

Dataset = Callable[[str], DatasetFiles]
Results = Callable[[str], AnalysisResults]

LPLN = (
    *("flow", "grid_linear/rating:score/AIDED", "bland_altman/short_axis/AIDED/Reader 1/Reader 2", "average"),
    *("curve/Reader 1, UNAIDED", "curve/Reader 1, AIDED", "curve/radiomics", "closest/radiomics"),
    *("partial/radiomics", "groups/cohort", "confusion/radiomics", "or_jackknife/AUC"),
    *("UNAIDED to AIDED, radiomics", "times", "nomogram", "UNAIDED and AIDED"),
    *("between/rating:score/linear/UNAIDED", "between/measurement:short_axis/UNAIDED"),
)
LARC = (
    *("calibration/nomogram/all cases", "decision_curve/DMFS", "cox/DMFS", "cox_nomogram/DMFS"),
    *("impact/nomogram/all cases", "components/nomogram/all cases", "time_roc/DMFS/nomogram"),
    *("logrank/DMFS/signature", "kaplan_meier/DMFS", "decision_curve/all cases"),
)


def only(results: AnalysisResults, keys: tuple[str, ...]) -> AnalysisResults:
    """The same results with these items alone."""
    sections = tuple(
        replace(one, items=tuple(item for item in one.items if item.key in keys)) for one in results.sections
    )
    return replace(results, sections=sections)


def index_of(files: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["index.csv"].decode())))


@pytest.mark.parametrize(("study", "keys"), [("lpln-radiomics", LPLN), ("larc-dm", LARC)])
def test_every_kind_that_fits_draws_its_items(
    demo_results: Results, demo_dataset: Dataset, study: str, keys: tuple[str, ...]
) -> None:
    results = only(demo_results(study), keys)
    files = figure_files(results, demo_dataset(study).study, ["svg"])
    index = index_of(files)
    assert [row["not_drawn"] for row in index] == [""] * len(index)
    # Who chooses one of several figures of an item has its title alone.
    assert len({(row["section"], row["title"]) for row in index}) == len(index)
    assert sorted(f"{row['figure']}.svg" for row in index) == sorted(set(files) - {"index.csv"})
    assert all(b"synthetic" in files[f"{row['figure']}.svg"] for row in index)
    wanted = {
        (section.key, item.key.split("/")[0], kind.name)
        for section in results.sections
        for kind in figure_kinds()
        for item in section.items
        if section.key in kind.sections and kind.fits(item.key)
    }
    assert {(row["section"], row["item"].split("/")[0], row["kind"]) for row in index} == wanted
    for row in index:  # an item, or the part of the key that several items share
        items = results.section(row["section"]).items
        assert any(row["item"] in (item.key, item.key.split("/")[0]) for item in items), row


def test_units_and_times_stand_on_the_axes(demo_results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.analysis import bland_altman_figure, intra_reader_figures
    from backend.analysis.survival import figures

    said: list[str] = []

    def heard(_curves: object, **words: object) -> bytes:
        said.append(str(words.get("time_label") or words.get("unit") or list(_curves)))  # type: ignore[call-overload]
        return b""

    monkeypatch.setattr(figures, "kaplan_meier_figure", heard)
    monkeypatch.setattr(figures, "time_roc_figure", heard)
    monkeypatch.setattr(bland_altman_figure, "bland_altman_figure", heard)
    monkeypatch.setattr(intra_reader_figures, "intra_reader_figure", heard)
    measured = (LPLN[2], "between/measurement:short_axis/UNAIDED")
    figure_files(only(demo_results("lpln-radiomics"), measured), None, ["svg"])
    figure_files(
        only(demo_results("larc-dm"), ("kaplan_meier/DMFS", "time_roc/DMFS/nomogram")), None, ["svg"]
    )
    assert said == ["mm", "mm", "Time (months)", "['12 months', '24 months', '36 months']"]


def test_reads_with_two_weights_are_drawn_once(demo_results: Results) -> None:
    results = demo_results("lpln-radiomics")
    keys = [item.key for item in results.section("intra_reader").items if "rating:score" in item.key]
    assert [key.split("/")[2] for key in keys] == ["linear", "quadratic"]
    index = index_of(figure_files(only(results, tuple(keys)), None, ["svg"]))
    assert [row["item"] for row in index] == keys[:1]


def test_what_cannot_be_drawn_has_its_reason(small_files: dict[str, str]) -> None:
    inputs = read_dataset({**small_files, "truth.csv": small_files["truth.csv"].replace(",1", ",0")})
    results = run_analysis(inputs)
    index = index_of(figure_files(results, inputs.study, ["svg"]))
    reasons = {(row["item"], row["kind"]): row["not_drawn"] for row in index if row["not_drawn"]}
    assert reasons["curve", ""] == "no curve is estimable"
    assert reasons["UNAIDED to AIDED, net", "time"] == "no pair of reads has both reading times"
    drawn = only(results, ("average",)).section("roc").item("average")
    assert all(isinstance(one.result, NotEstimable) for one in drawn.result)


def test_three_arms_give_a_figure_for_each_pair(small_files: dict[str, str]) -> None:
    more = [
        line.replace("AIDED,2", "LATER,3")
        for line in small_files["reads.csv"].splitlines()
        if ",AIDED," in line
    ]
    files = {
        **small_files,
        "study.json": small_files["study.json"].replace('"AIDED"', '"AIDED", "LATER"'),
        "reads.csv": small_files["reads.csv"] + "\n".join([*more, ""]),
    }
    inputs = read_dataset(files)
    results = only(run_analysis(inputs), ("or_jackknife/AUC",))
    names = [row["figure"] for row in index_of(figure_files(results, inputs.study, ["svg"]))]
    assert names == [
        "mrmc-or_jackknife-AUC-differences-LATER-AIDED",
        "mrmc-or_jackknife-AUC-differences-LATER-UNAIDED",
        "mrmc-or_jackknife-AUC-differences-AIDED-UNAIDED",
        "mrmc-or_jackknife-AUC-readers",
    ]
