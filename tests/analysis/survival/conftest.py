"""Data of the survival tests: the simulated cases that R analyzed, and the Freireich trial."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.outcomes import Outcomes, outcomes

REFERENCE = Path(__file__).parents[2] / "reference/survival"

# Freireich EJ et al. Blood 1963;21:699-716, weeks of remission, as in R's MASS::gehan; censored ones are negative.
SIX_MP = (6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)
PLACEBO = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)


@dataclass(frozen=True)
class Table:
    """Rows of one data set by case."""

    rows: dict[str, dict[str, str]]

    def outcomes(self, time: str = "month") -> Outcomes:
        return outcomes(
            [float(row[time]) for row in self.rows.values()],
            [row["event"] == "1" for row in self.rows.values()],
            cases=list(self.rows),
        )

    def numbers(self, name: str) -> dict[str, float]:
        return {case: float(row[name]) for case, row in self.rows.items()}

    def labels(self, name: str) -> dict[str, str]:
        return {case: row[name] for case, row in self.rows.items()}

    def covariates(self) -> list[Covariate]:
        numbers = [Covariate(name, self.numbers(name)) for name in ("age", "ulcer", "cea")]
        return [*numbers, Covariate("stage", self.labels("stage"))]


@pytest.fixture(scope="session")
def simulated() -> Table:
    with (REFERENCE / "simulated.csv").open(newline="") as file:
        return Table({row["case"]: row for row in csv.DictReader(file)})


@pytest.fixture(scope="session")
def gehan() -> Table:
    arms = [("6-MP", time) for time in SIX_MP] + [("control", time) for time in PLACEBO]
    return Table(
        {
            f"P{number:02d}": {"arm": arm, "month": str(abs(time)), "event": "1" if time > 0 else "0"}
            for number, (arm, time) in enumerate(arms, start=1)
        }
    )


@pytest.fixture(scope="session")
def expected(reference: Callable[[str], Any]) -> Any:
    return reference("survival/expected.json")


@pytest.fixture
def make_outcomes() -> Callable[..., Outcomes]:
    """Outcomes from signed times: a negative one is censored; cases are a, b, c, …."""

    def make(*signed: float) -> Outcomes:
        return outcomes(
            [abs(time) for time in signed],
            [time > 0 for time in signed],
            cases=[chr(ord("a") + number) for number in range(len(signed))],
        )

    return make
