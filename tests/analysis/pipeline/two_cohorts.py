"""A drawn dataset of two cohorts with columns, follow-up and two models, as the files of a folder."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from backend.analysis.formats.cells import csv_text
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.study import Study, study_of

DEVELOPMENT, VALIDATION = 70, 50
CASES = [
    *(f"D{number:02d}" for number in range(DEVELOPMENT)),
    *(f"V{number:02d}" for number in range(VALIDATION)),
]
Rows = dict[str, dict[str, Any]]


def two_cohorts() -> Rows:
    """Case to its columns, truth, probabilities and follow-up."""
    rng = np.random.default_rng(20)
    rows: Rows = {}
    for case in CASES:
        age = round(float(rng.normal(60, 9)), 1)
        stage = ("T2", "T3", "T4")[int(rng.integers(3))]
        risk = 0.07 * (age - 60) + 0.5 * ("T2", "T3", "T4").index(stage) + rng.normal()
        event = float(rng.exponential(40 * np.exp(-0.6 * risk)))
        end = float(rng.uniform(10, 70))
        rows[case] = {
            "cohort": "development" if case.startswith("D") else "validation",
            "age": age,
            "stage": stage,
            "truth": int(risk + rng.logistic() > 0.8),
            "net": round(float(1 / (1 + np.exp(0.8 - 0.9 * risk - 0.5 * rng.normal()))), 4),
            "old": round(float(1 / (1 + np.exp(0.8 - 0.4 * risk - 0.8 * rng.normal()))), 4),
            "time": max(0.1, round(min(event, end), 1)),
            "event": int(event <= end),
        }
    return rows


def study_of_rows(rows: Rows, analysis: Mapping[str, object], *, settled: str = "") -> Study:
    """The dataset of these rows with this plan; ``settled`` is a column that ``reference.csv`` has instead."""
    found = next(iter(rows.values()))
    columns = tuple(
        name for name in ("cohort", "age", "stage", "center", "patient") if name != settled and name in found
    )
    predictions = [
        (model, "1", case, row[model], row[model], int(row[model] >= 0.5))
        for model in ("net", "old")
        for case, row in rows.items()
        if row[model] is not None
    ]
    files = {
        "study.json": json.dumps({"title": "Two cohorts", "analysis": analysis}),
        "truth.csv": csv_text(("case", "truth"), [(case, row["truth"]) for case, row in rows.items()]),
        "cases.csv": csv_text(
            ("case", *columns), [(case, *(row[name] for name in columns)) for case, row in rows.items()]
        ),
        "predictions.csv": csv_text(
            ("model", "version", "case", "score", "probability", "positive"), predictions
        ),
        "outcomes.csv": csv_text(
            ("case", "endpoint", "time", "event"),
            [
                (case, "OS", row["time"], row["event"])
                for case, row in rows.items()
                if row["time"] is not None
            ],
        ),
    }
    if settled:
        values = sorted({str(row[settled]) for row in rows.values()})
        question = {"key": settled, "label": settled, "categories": values}
        files["study.json"] = json.dumps({**json.loads(files["study.json"]), "questions": [question]})
        answers = [(case, settled, row[settled]) for case, row in rows.items() if row[settled] is not None]
        files["reference.csv"] = csv_text(("case", "question", "value"), answers)
    return study_of(read_dataset(files), level=0.95, seed=7)


def only_cohort(rows: Rows, cohort: str) -> Rows:
    """The rows of one cohort."""
    return {case: row for case, row in rows.items() if row["cohort"] == cohort}
