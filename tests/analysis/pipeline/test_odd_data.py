"""Wrong and odd data through the whole analysis: refused by file and row, or results that say what is undefined."""

import csv
import io
import json
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from backend.analysis.demo import demo_files
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.output import results_json
from backend.analysis.pipeline.run import run_analysis

Files = dict[str, list[dict[str, str]]]
CASES = {"larc-dm": ("cohort", 16), "lln-segmentation": ("center", 12), "cervix-dlrc": ("cohort", 5)}


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


def by_event(files: Files) -> None:
    """Every event has the highest age of those at risk, and no case without one is as old."""
    found = {row["case"]: row for row in files["outcomes.csv"]}
    for row in files["cases.csv"]:
        own = found[row["case"]]
        row["age"] = str(round(300 - float(own["time"])) if own["event"] == "1" else 40)


def by_truth(files: Files) -> None:
    truth = {row["case"]: row["truth"] for row in files["truth.csv"]}
    for row in files["predictions.csv"]:
        row["score"] = row["probability"] = {"1": "0.8", "0": "0.2"}[truth[row["case"]]]


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


def separated(found: Any) -> None:
    age = next(
        one["model"]["terms"][0]
        for one in results_of(found, "survival")["cox/DMFS"]["univariate"]
        if one["covariate"] == "age"
    )
    for name in ("hazard_ratio", "ci", "se", "p"):
        assert undefined(age[name]).endswith("the events are separated along this covariate")


def constant(found: Any) -> None:
    models = {
        one["covariate"]: one["model"] for one in results_of(found, "survival")["cox/DMFS"]["univariate"]
    }
    assert undefined(models["age"]) == "age is the same in every case"


def parted(found: Any) -> None:
    own = results_of(found, "roc")["curve/signature"]["auc"]
    assert (own["auc"], own["se"]) == (1.0, 0.0)
    assert undefined(own["ci"])


def tied(found: Any) -> None:
    own = results_of(found, "roc")["curve/signature"]["auc"]
    assert own["auc"] == 0.5
    assert "tied" in undefined(own["ci"])


def one_class(found: Any) -> None:
    own = results_of(found, "roc")["curve/signature"]["auc"]
    assert undefined(own["auc"])


def alone(found: Any) -> None:
    nri = results_of(found, "models")["nri/clinical to nomogram"]["nri"]
    assert isinstance(nri["estimate"], float)
    assert undefined(nri["p"])


ODD = {
    "all censored": (put("outcomes.csv", "event", lambda _, row: "0"), censored),
    "events told by age": (by_event, separated),
    "a constant covariate": (put("cases.csv", "age", lambda _, row: "60"), constant),
    "classes told by the models": (by_truth, parted),
    "all scores equal": (put("predictions.csv", "score", lambda _, row: "1.5"), tied),
    "one class": (put("truth.csv", "truth", lambda _, row: "0"), one_class),
    "one positive": (put("truth.csv", "truth", lambda place, _: str(int(place == 3))), alone),
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


ODD_READERS = {
    "one reader": ("lln-segmentation", "Junior", "Junior"),
    "all readers": ("lln-segmentation", "", "Senior"),
    "all readers of a study with features": ("cervix-dlrc", "", "Reader 1"),
}


@pytest.mark.parametrize("name", ODD_READERS)
def test_a_reader_who_says_the_same_of_every_case_tells_nothing(name: str) -> None:
    demo, changed, seen = ODD_READERS[name]
    files = cut(demo)
    for row in files["reads.csv"]:
        if changed in row["reader"] and row["question"] in ("status", "rating"):
            row["value"] = "0"
    found = analyzed(demo, files)
    assert all(told(found["sections"]))
    assert all(one["text"] for section in found["sections"] for one in section["failures"])
    calls = results_of(found, "operating_points")
    ratio = next(own for key, own in calls.items() if seen in key)["rows"][0]["lr_negative"]
    assert ratio["estimate"] == 1.0
    assert undefined(ratio["ci"])


REFUSED = {
    "no cases": ("truth.csv", None, "", "truth.csv has no case"),
    "a case that is not there": ("predictions.csv", "case", "P-999", "predictions.csv, row 2: case P-999"),
    "a follow-up of nobody": ("outcomes.csv", "case", "P-999", "outcomes.csv, row 2: case P-999"),
    "time below 0": ("outcomes.csv", "time", "-1", "outcomes.csv, row 2: the time is -1"),
    "endless time": ("outcomes.csv", "time", "inf", "outcomes.csv, row 2: time is 'inf'"),
    "a third event": ("outcomes.csv", "event", "2", "outcomes.csv, row 2: event is '2'"),
    "no number": ("predictions.csv", "score", "NaN", "predictions.csv, row 2: score is 'NaN'"),
    "too large a number": ("predictions.csv", "score", "1e999", "predictions.csv, row 2: score is '1e999'"),
    "no probability": ("predictions.csv", "probability", "1.2", "predictions.csv, row 2"),
    "an empty cell": ("predictions.csv", "score", "", "predictions.csv, row 2: score is empty"),
    "a row twice": ("predictions.csv", "case", "again", "predictions.csv, row 3"),
    "no such class": ("truth.csv", "truth", "nan", "truth.csv, row 2: truth is 'nan'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_data_are_refused_with_file_and_row(name: str) -> None:
    file, column, value, text = REFUSED[name]
    files = cut("larc-dm")
    if column is None:
        files[file] = []
    else:
        files[file][0][column] = files[file][1][column] if value == "again" else value
    with pytest.raises(AnalysisError) as refused:
        analyzed("larc-dm", files)
    assert text in refused.value.text


Ratings = list[tuple[str, str, int, int, str]]


def ratings(
    value: Callable[[int, int, int], int],
    *,
    readers: int = 3,
    modalities: int = 2,
    classes: tuple[int, int] = (6, 6),
) -> Ratings:
    """Reader, modality, case, truth, rating of a crossed study; the rating from reader, modality and case."""
    return [
        (f"R{reader}", f"M{modality}", case, int(case < classes[0]), str(value(reader, modality, case)))
        for reader in range(readers)
        for modality in range(modalities)
        for case in range(sum(classes))
    ]


def analyzed_ratings(rows: Ratings) -> Any:
    lines = ["reader,modality,case,truth,rating", *(",".join(map(str, row)) for row in rows)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return json.loads(results_json(run_analysis(read_dataset({"mrmc.csv": "\n".join(lines) + "\n"}))))


def mixed(reader: int, modality: int, case: int) -> int:
    """Ratings from 1 to 5, higher in the first six cases, that differ between readers and modalities."""
    return 1 + (case * 7 + reader * 3 + modality * (case % 3)) % 4 + (case < 6)


def nested(rows: Ratings) -> Ratings:
    return [row for row in rows if (row[0] in ("R0", "R1")) == (row[1] == "M0")]


ODD_RATINGS: dict[str, tuple[Ratings, str]] = {
    "three modalities": (ratings(mixed, modalities=3), "the ratings come without a cut-off"),
    "one modality": (ratings(mixed, modalities=1), "there is only one modality"),
    "one reader": (ratings(mixed, readers=1), "there are too few readers to see how they differ"),
    "one reader, one modality": (ratings(mixed, readers=1, modalities=1), "there is only one modality"),
    "one case": (ratings(mixed, classes=(1, 0)), "there is no negative case"),
    "one class": (ratings(mixed, classes=(0, 6)), "there is no positive case"),
    "one positive": (ratings(mixed, classes=(1, 6)), "the reader has read one positive case"),
    "one of each": (ratings(mixed, classes=(1, 1)), "the reader has read one positive case"),
    "all ratings equal": (ratings(lambda *_: 3), "all scores are tied"),
    "one reader constant": (ratings(lambda r, m, c: mixed(r, m, c) if r else 3), "all scores are tied"),
    "one modality constant": (ratings(lambda r, m, c: mixed(r, m, c) if m else 3), "all scores are tied"),
    "all readers right": (
        ratings(lambda _r, _m, c: 5 if c < 6 else 1),
        "the error term is 0: readers and cases show no variation to judge the difference by",
    ),
    "all readers wrong": (
        ratings(lambda _r, _m, c: 1 if c < 6 else 5),
        "the scores separate the classes perfectly",
    ),
    "all readers alike": (ratings(lambda _r, _m, c: mixed(0, 0, c)), "the variance of the difference is 0"),
    "readers nested": (nested(ratings(mixed, readers=4)), "each reader reads under one modality only"),
    "readers nested, all ratings equal": (
        nested(ratings(lambda *_: 3, readers=4)),
        "all replicates are equal",
    ),
    "cases nested": (
        [row for row in ratings(mixed) if (row[2] % 2 == 0) == (row[1] == "M0")],
        "the design has no two reads of this kind",
    ),
    "reads missing": (ratings(mixed)[1:], "the ratings come without a cut-off"),
    "a reader of one case": (
        [*ratings(mixed), ("R9", "M0", 0, 1, "4")],
        "of the cases that all readers rated: there is no negative case",
    ),
    "one row": (ratings(mixed)[:1], "there is no negative case"),
}


@pytest.mark.parametrize("name", ODD_RATINGS)
def test_odd_ratings_have_results_that_say_what_is_undefined(name: str) -> None:
    rows, reason = ODD_RATINGS[name]
    found = analyzed_ratings(rows)
    assert reason in told(found["sections"])
    assert all(told(found["sections"]))
    assert all(one["text"] for section in found["sections"] for one in section["failures"])


PLAIN = ratings(mixed)
WRONG_RATINGS: dict[str, tuple[Ratings, str]] = {
    "no rating": ([], "there is no rating of a case with a truth"),
    "NaN": ([(*PLAIN[0][:4], "NaN")], "mrmc.csv, row 2: rating is 'NaN', not a finite number"),
    "empty": ([(*PLAIN[0][:4], "")], "mrmc.csv, row 2: rating is empty"),
    "too large": (
        [(*PLAIN[0][:4], "1e60")],
        "mrmc.csv, row 2: rating is '1e60': a number to compute with is 0 or from 1e-50 to 1e+50 in size",
    ),
    "twice": (
        [*PLAIN[:2], PLAIN[0]],
        "mrmc.csv, row 4: case 0 by R0 in M0 stands there already (mrmc.csv, row 2)",
    ),
    "two truths": ([PLAIN[0], ("R1", "M0", 0, 0, "3")], "mrmc.csv, row 3: case 0 has the other truth above"),
    "a third class": ([("R0", "M0", 0, 2, "3")], "mrmc.csv, row 2: truth is '2', neither 0 nor 1"),
    "nobody": ([("", "M0", 0, 1, "3")], "mrmc.csv, row 2: reader is empty"),
}


@pytest.mark.parametrize("name", WRONG_RATINGS)
def test_wrong_ratings_are_refused_with_their_row(name: str) -> None:
    rows, text = WRONG_RATINGS[name]
    with pytest.raises(AnalysisError) as refused:
        analyzed_ratings(rows)
    assert refused.value.text == text
