"""The simulated cases of ``tests/reference/models`` and R's answers for them.

Source of every value in ``expected.json``: ``tests/reference/models/models.R`` with R 4.2.2, rms 6.5.0,
Hmisc 4.8.0, MASS 7.3-58.2, survival 3.5-3; the calls are in the script.
"""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "reference/models"
PREDICTORS = ("marker", "age", "stage", "male")


@cache
def rows() -> list[dict[str, str]]:
    with (FOLDER / "simulated.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def expected() -> dict[str, Any]:
    values: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text())
    return values


def numbers(name: str) -> list[float]:
    return [float(row[name]) for row in rows()]


def flags(name: str) -> list[bool]:
    return [row[name] == "1" for row in rows()]


def predictors() -> dict[str, Any]:
    """Two numbers, a factor with three levels and a yes or no, as the regression takes them."""
    return {
        "marker": numbers("marker"),
        "age": numbers("age"),
        "stage": [row["stage"] for row in rows()],
        "male": flags("male"),
    }


# Few distinct probabilities, 0 and 1 among them, so that ties and the ends are met often.
probability = st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 0.6, 0.75, 0.9, 1.0])
case_lists = st.lists(st.tuples(st.booleans(), probability, probability), min_size=1, max_size=30)
