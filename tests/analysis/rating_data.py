"""Ratings that several tests of agreement share."""

import csv
import random
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "reference/agreement"
Ratings = dict[str, dict[str, Any]]

# Gwet KL, Handbook of Inter-Rater Reliability, 4th ed. (2014): 4 raters x 12 units; irrCAC::cac.raw4raters.
GWET = {
    "rater1": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "rater2": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, None],
    "rater3": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
    "rater4": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}


def by_case(columns: dict[str, list[Any]]) -> Ratings:
    return {name: {f"u{i:02d}": value for i, value in enumerate(row)} for name, row in columns.items()}


def read_ratings(name: str) -> Ratings:
    with (FOLDER / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    readers = [key for key in rows[0] if key != "case"]
    return {r: {row["case"]: int(row[r]) if row[r] else None for row in rows} for r in readers}


def number(value: object) -> float:
    assert isinstance(value, float)
    return value


def random_ratings(seed: int, n: int = 25, r: int = 4, gap: float = 0.2) -> Ratings:
    rng = random.Random(seed)
    true = [rng.randint(1, 4) for _ in range(n)]
    return {
        f"r{j}": {
            f"c{i:02d}": None
            if rng.random() < gap
            else min(4, max(1, true[i] + rng.choice([0, 0, 0, 1, -1])))
            for i in range(n)
        }
        for j in range(r)
    }


def read_measurements(name: str) -> dict[str, dict[str, float | None]]:
    with (FOLDER / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {r: {row["case"]: float(row[r]) for row in rows} for r in rows[0] if r != "case"}


def read_replicates() -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = {"a": {}, "b": {}}
    with (FOLDER / "replicates.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found[row["method"]].setdefault(row["case"], []).append(float(row["y"]))
    return found
