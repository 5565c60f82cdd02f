"""The report shows how many answers are those of the reference standard, whatever the class."""

import json

import pytest
from scipy.stats import beta  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.study import study_of

REGIONS = ("none", "obturator", "iliac")
CASES, RIGHT = 480, 415


def section_of(right: int) -> Section:
    """A model that names the region of as many of 480 cases rightly, and of the others wrongly."""
    cases = [f"C{number:03d}" for number in range(CASES)]
    reference = [REGIONS[number % 3] for number in range(CASES)]
    answers = [REGIONS[(number + (number >= right)) % 3] for number in range(CASES)]
    design = {
        "title": "Regions",
        "arms": ["INDEPENDENT"],
        "questions": [{"key": "region", "label": "Region", "categories": list(REGIONS)}],
    }
    files = {
        "study.json": json.dumps(design),
        "truth.csv": csv_text(("case", "truth"), [(case, number % 2) for number, case in enumerate(cases)]),
        "reads.csv": csv_text(
            ("reader", "arm", "session", "case", "question", "value"),
            [
                ("R1", "INDEPENDENT", 1, case, "region", own)
                for case, own in zip(cases, reference, strict=True)
            ],
        ),
        "predictions.csv": csv_text(
            ("model", "version", "case", "score", "probability", "positive"),
            [("net", "1", case, 0.5, 0.5, 1) for case in cases],
        ),
        "reference.csv": csv_text(
            ("case", "question", "value"),
            [(case, "region", own) for case, own in zip(cases, reference, strict=True)],
        ),
        "model-answers.csv": csv_text(
            ("model", "case", "question", "value"),
            [("net", case, "region", own) for case, own in zip(cases, answers, strict=True)],
        ),
    }
    return agreement(study_of(read_dataset(files), level=0.95, seed=1))


def test_overall_accuracy_with_its_exact_interval_stands_in_the_report() -> None:
    tables = [one for part in section_tables(section_of(RIGHT), 0.95) for one in part.tables]
    table = next(one.table for one in tables if one.table.caption == "Answers: overall accuracy")
    lines = {row[1]: row for row in table.rows}
    low, high = beta.ppf(0.025, RIGHT, CASES - RIGHT + 1), beta.ppf(0.975, RIGHT + 1, CASES - RIGHT)
    shown = f"{100 * RIGHT / CASES:.1f} ({100 * low:.1f}, {100 * high:.1f}) [{RIGHT}/{CASES}]"
    assert lines["net"] == ("Region", "net", f"{RIGHT}/{CASES}", shown)
    assert lines["R1, INDEPENDENT"][3].startswith("100.0 ")


@pytest.mark.parametrize("right", [0, 480])
def test_none_or_all_right_has_its_one_sided_end(right: int) -> None:
    tables = [one for part in section_tables(section_of(right), 0.95) for one in part.tables]
    table = next(one.table for one in tables if one.table.caption == "Answers: overall accuracy")
    (line,) = [row for row in table.rows if row[1] == "net"]
    assert line[2] == f"{right}/480"
    assert ("(0.0, " in line[3]) == (right == 0)
