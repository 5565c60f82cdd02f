"""Wrong and odd data through the whole analysis: results that say what is undefined."""

import csv
import io
import json
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from backend.analysis.demo import demo_files
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.output import results_json
from backend.analysis.pipeline.run import run_analysis

Files = dict[str, list[dict[str, str]]]
CASES = {"larc-dm": ("cohort", 16)}


def cut(demo: str) -> Files:
    """The rows of a demonstration, with a few cases of every value of a column."""
    column, most = CASES[demo]
    texts = demo_files(demo)
    files = {
        name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items() if name.endswith(".csv")
    }
    groups: dict[str, list[str]] = {}
    for row in files["cases.csv"]:
        groups.setdefault(row[column], []).append(row["case"])
    kept = {case for cases in groups.values() for case in cases[:most]}
    return {name: [row for row in rows if row["case"] in kept] for name, rows in files.items()}


def analyzed(demo: str, files: Files) -> Any:
    """The results as JSON, computed without a warning of Python's; a number that JSON lacks is an error."""
    texts = {"study.json": demo_files(demo)["study.json"]}
    for name, rows in files.items():
        text = io.StringIO()
        writer = csv.DictWriter(
            text, demo_files(demo)[name].split("\n", 1)[0].split(","), lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)
        texts[name] = text.getvalue()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return json.loads(results_json(run_analysis(read_dataset(texts))))


def put(name: str, column: str, value: Callable[[int, dict[str, str]], str]) -> Callable[[Files], None]:
    """A change that writes a column of a file anew, from the place and the row."""

    def change(files: Files) -> None:
        for place, row in enumerate(files[name]):
            row[column] = value(place, row)

    return change


def results_of(found: Any, key: str) -> dict[str, Any]:
    """Item key to result of one section."""
    section = next(section for section in found["sections"] if section["key"] == key)
    return {item["key"]: item["result"] for item in section["items"]}


def undefined(value: Any) -> str:
    """The reason why a number is not estimable."""
    assert set(value) == {"not_estimable"}
    return str(value["not_estimable"])


def told(found: Any) -> list[str]:
    """Every reason that the results give."""
    if isinstance(found, dict):
        own = [found["not_estimable"]] if "not_estimable" in found else []
        return own + [text for value in found.values() for text in told(value)]
    return [text for value in found for text in told(value)] if isinstance(found, list) else []


def censored(found: Any) -> None:
    own = results_of(found, "survival")
    assert "event" in undefined(own["cox_baseline/DMFS"])
    assert "event" in undefined(own["harrell/DMFS/signature"]["c"])


def constant(found: Any) -> None:
    models = {
        one["covariate"]: one["model"] for one in results_of(found, "survival")["cox/DMFS"]["univariate"]
    }
    assert undefined(models["age"]) == "age is the same in every case"


ODD = {
    "all censored": (put("outcomes.csv", "event", lambda _, row: "0"), censored),
    "a constant covariate": (put("cases.csv", "age", lambda _, row: "60"), constant),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_data_have_results_that_say_what_is_undefined(name: str) -> None:
    change, check = ODD[name]
    files = cut("larc-dm")
    change(files)
    found = analyzed("larc-dm", files)
    assert all(told(found["sections"]))
    assert all(one["text"] for section in found["sections"] for one in section["failures"])
    check(found)
