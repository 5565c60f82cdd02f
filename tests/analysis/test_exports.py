"""CSV tables and figures of the report: full precision, words for the undefined, the same bytes twice."""

import csv
import io
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.figures import roc_figure_png, roc_figure_svg
from backend.analysis.results import Interval, to_json_value
from backend.analysis.study_dataset import ReadRecord, StudyDataset
from backend.analysis.study_report import study_report
from backend.analysis.tables import report_tables

MakeDataset = Callable[..., StudyDataset]
ROOT = Path(__file__).parents[2]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def single_reader(scores: dict[str, int], truth: dict[str, bool | None]) -> StudyDataset:
    reads = tuple(ReadRecord("=reader", "UNAIDED", 1, case, score) for case, score in scores.items())
    return StudyDataset("One reader", reads, truth, ("UNAIDED",))


def test_tables_hold_the_report_at_full_precision(make_dataset: MakeDataset) -> None:
    report = study_report(make_dataset())
    tables = {name: rows_of(text) for name, text in report_tables(report).items()}
    assert list(tables) == [
        "kappa.csv",
        "auc.csv",
        "comparisons.csv",
        "roc_points.csv",
        "operating_points.csv",
    ]
    for row, item in zip(tables["auc.csv"], report.curves, strict=True):
        assert float(row["auc"]) == item.auc.auc
        assert float(row["variance"]) == item.auc.variance
        assert not isinstance(item.auc.ci, NotEstimable)
        assert (float(row["ci_low"]), float(row["ci_high"])) == (item.auc.ci.low, item.auc.ci.high)
        assert row["arm"] == (item.curve.arm or "")
    for row, comparison in zip(tables["comparisons.csv"], report.comparisons, strict=True):
        assert float(row["p"]) == comparison.result.p
        assert float(row["difference"]) == comparison.result.difference
        assert int(row["n"]) == comparison.n
        assert all(drop.case in row["dropped_cases"] for drop in comparison.dropped)
    pairs = [pair for table in report.agreement for pair in table.matrix.pairs]
    for row, pair in zip(tables["kappa.csv"], pairs, strict=True):
        assert float(row["kappa"]) == pair.result.kappa
        assert row["dropped_cases"].split() == list(pair.dropped_cases)
    points = sum(len(item.roc.points) for item in report.curves if not isinstance(item.roc, NotEstimable))
    assert len(tables["roc_points.csv"]) == points
    for row, item in zip(tables["operating_points.csv"], report.curves, strict=True):
        assert float(row["sensitivity"]) == item.operating_point.sensitivity.estimate
        assert int(row["false_positives"]) == item.operating_point.false_positives
        assert row["positive_class"] == "metastatic node"


def test_tables_say_in_words_what_is_not_estimable() -> None:
    report = study_report(single_reader({"c1": 3, "c2": 4}, {"c1": False, "c2": None}))
    tables = {name: rows_of(text) for name, text in report_tables(report).items()}
    reason = "not estimable: there is no positive case"
    assert tables["auc.csv"][0]["auc"] == tables["auc.csv"][0]["youden_cutoffs"] == reason
    assert tables["roc_points.csv"][0]["sensitivity"] == reason
    assert tables["operating_points.csv"][0]["sensitivity_wilson_low"] == reason
    assert tables["operating_points.csv"][0]["specificity"] == "0.0"
    assert tables["kappa.csv"] == tables["comparisons.csv"] == []


def test_tables_keep_a_name_from_running_as_a_formula() -> None:
    report = study_report(single_reader({"c1": 3, "c2": 4}, {"c1": False, "c2": True}))
    assert rows_of(report_tables(report)["auc.csv"])[0]["name"] == "'=reader"


def test_svg_is_the_same_bytes_and_names_every_curve(make_dataset: MakeDataset) -> None:
    report = study_report(make_dataset())
    svg = roc_figure_svg(report)
    assert svg == roc_figure_svg(report)
    root = ET.fromstring(svg)  # noqa: S314 (made here)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    text = svg.decode()
    assert "<dc:date>" not in text
    # Text is drawn as outlines; matplotlib leaves the words in a comment before each.
    for item in report.curves:
        assert not isinstance(item.auc.ci, NotEstimable)
        numbers = f"{item.auc.auc:.3f} ({item.auc.ci.low:.3f}–{item.auc.ci.high:.3f})"
        assert f"<!-- {item.curve.label}: {numbers} -->" in text
    assert "synthetic demonstration data" in text


def test_figure_of_an_inestimable_curve_says_so() -> None:
    report = study_report(single_reader({"c1": 3, "c2": 4}, {"c1": False, "c2": False}))
    assert "=reader, UNAIDED: AUC not estimable: there is no positive case" in roc_figure_svg(report).decode()


def test_a_title_with_markup_and_dollars_stays_a_title(make_dataset: MakeDataset) -> None:
    report = replace(study_report(make_dataset()), title="<b>$x_1^$ & co</b>")
    svg = roc_figure_svg(report)
    titles = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")  # noqa: S314 (made here)
    assert "ROC curves: <b>$x_1^$ & co</b>" in [title.text for title in titles]


def test_png_is_print_size_with_square_axes_and_colored_curves(make_dataset: MakeDataset) -> None:
    report = study_report(make_dataset())
    png = roc_figure_png(report, dpi=100)
    assert png == roc_figure_png(report, dpi=100)
    image = Image.open(io.BytesIO(png)).convert("RGB")
    assert image.width == 450
    pixels = np.asarray(image)
    reader_blue = (pixels == (0x00, 0x72, 0xB2)).all(axis=2)
    assert reader_blue.sum() > 50
    dark = pixels.sum(axis=2) < 200
    frame_left = int(dark.sum(axis=0).argmax())
    frame_bottom = int(dark.sum(axis=1).argmax())
    assert frame_left == pytest.approx(60, abs=2)
    assert dark[:, frame_left].sum() == pytest.approx(360, abs=25)
    assert dark[frame_bottom].sum() == pytest.approx(360, abs=25)


def test_importing_the_statistics_loads_neither_matplotlib_nor_statsmodels_nor_django() -> None:
    code = (
        "import sys, backend.analysis.study_report, backend.analysis.tables, backend.analysis.figures;"
        "slow = {'matplotlib', 'statsmodels', 'pandas', 'sklearn', 'django'} & set(sys.modules);"
        "assert not slow, slow"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_json_refuses_nan_and_infinity(value: float) -> None:
    with pytest.raises(AnalysisError, match="no word for"):
        Interval(value, 1.0, 0.95).to_json()


def test_json_carries_the_reason_of_an_undefined_result() -> None:
    assert to_json_value((NotEstimable("one reader only"), 1)) == [{"not_estimable": "one reader only"}, 1]
    with pytest.raises(AnalysisError, match="set"):
        to_json_value({1, 2})
