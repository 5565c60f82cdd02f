"""What the four generators share: names, latent scores, ratings, tables as text."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_csv import OUTCOMES, PREDICTIONS, READS, TRUTH
from backend.analysis.formats.dataset_extras import TIME_COLUMNS
from backend.analysis.formats.dataset_reads import REPEAT_COLUMN

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class ReadTable:
    """Rows of ``reads.csv`` with the order and the time of each read."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._rows: list[list[Cell]] = []
        self._has_repeats = False

    def session(
        self,
        reader: str,
        arm: str,
        session: int,
        answers: Mapping[str, Sequence[tuple[str, Cell]]],
        seconds: float,
    ) -> None:
        """One session: the cases in an order of their own, a read a little faster as the session goes on."""
        self._add(self._rng, (reader, arm, session), answers, seconds, first=1, is_repeat=False)

    def repeats(
        self,
        rng: np.random.Generator,
        reader: str,
        arm: str,
        session: int,
        answers: Mapping[str, Sequence[tuple[str, Cell]]],
        seconds: float,
        *,
        first: int,
    ) -> None:
        """Cases of a session that came back unannounced, from this position on.

        Their generator is another, so that repeats change nothing else of a dataset.
        """
        self._has_repeats = True
        self._add(rng, (reader, arm, session), answers, seconds, first=first, is_repeat=True)

    def _add(
        self,
        rng: np.random.Generator,
        place: tuple[str, str, int],
        answers: Mapping[str, Sequence[tuple[str, Cell]]],
        seconds: float,
        *,
        first: int,
        is_repeat: bool,
    ) -> None:
        cases = sorted(answers)
        order = rng.permutation(len(cases))
        for position, index in enumerate(order, start=first):
            case = cases[int(index)]
            trend = math.exp(-0.002 * position + 0.3 * rng.standard_normal())
            time = round(max(5.0, seconds * trend), 1)
            self._rows += [
                [*place, case, question, value, position, time, int(is_repeat)]
                for question, value in answers[case]
            ]

    def text(self) -> str:
        """The file; without hidden repeats it has no column for them."""
        columns = (*READS, *TIME_COLUMNS, REPEAT_COLUMN)
        if self._has_repeats:
            return csv_text(columns, self._rows)
        return csv_text(columns[:-1], [row[:-1] for row in self._rows])


def case_names(prefix: str, n: int) -> list[str]:
    """``A-001`` and so on."""
    return [f"{prefix}-{number:03d}" for number in range(1, n + 1)]


def classes(rng: np.random.Generator, n: int, n_positive: int) -> Flags:
    """As many positive cases as said, in random places."""
    flags = np.zeros(n, dtype=np.bool_)
    flags[rng.choice(n, n_positive, replace=False)] = True
    return flags


def dealt(rng: np.random.Generator, counts: Mapping[str, int]) -> list[str]:
    """Labels in random order, each as often as said."""
    labels = [label for label, count in counts.items() for _ in range(count)]
    return [labels[int(index)] for index in rng.permutation(len(labels))]


def log_odds(latent: Floats, separation: float, prevalence: float) -> Floats:
    """Calibrated log-odds of a latent score that is normal in both classes, ``separation`` apart."""
    return separation * latent - separation**2 / 2 + math.log(prevalence / (1 - prevalence))


def probability(odds: Floats) -> Floats:
    """The probabilities of log-odds."""
    return 1.0 / (1.0 + np.exp(-odds))


def rated(latent: Floats, cuts: Sequence[float]) -> list[int]:
    """Ratings from 1: how many cut points lie at or below the latent score."""
    return [int(one) for one in 1 + np.searchsorted(np.asarray(cuts), latent, side="right")]


def truth_csv(truth: Mapping[str, bool]) -> str:
    """``truth.csv``."""
    return csv_text(TRUTH, [[case, int(truth[case])] for case in sorted(truth)])


def predictions_csv(models: Mapping[str, tuple[Floats, Floats | None, float]], cases: Sequence[str]) -> str:
    """``predictions.csv`` of model to scores, probabilities and cut-off."""
    rows: list[list[Cell]] = []
    for model, (scores, probabilities, cut) in models.items():
        for index, case in enumerate(cases):
            score = round(float(scores[index]), 6)
            chance = None if probabilities is None else round(float(probabilities[index]), 6)
            rows.append([model, "synthetic 1.0", case, score, chance, int(score >= cut)])
    return csv_text(PREDICTIONS, rows)


def outcomes_csv(endpoints: Mapping[str, tuple[Floats, Flags]], cases: Sequence[str]) -> str:
    """``outcomes.csv`` of endpoint to times and events."""
    return csv_text(
        OUTCOMES,
        [
            [case, endpoint, round(float(times[index]), 1), int(events[index])]
            for endpoint, (times, events) in endpoints.items()
            for index, case in enumerate(cases)
        ],
    )


def followed(
    rng: np.random.Generator, hazard: Floats, *, months: tuple[float, float]
) -> tuple[Floats, Flags]:
    """Exponential times to the event, censored at the end of a follow-up drawn between the two months."""
    event = rng.exponential(1.0 / hazard)
    end = rng.uniform(*months, len(hazard))
    return np.maximum(np.minimum(event, end), 0.1), event <= end


def columns_csv(cases: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> str:
    """``cases.csv``."""
    rows = [[case, *(column[index] for column in columns.values())] for index, case in enumerate(cases)]
    return csv_text(("case", *columns), rows)


def study_json(content: Mapping[str, object], handle: str) -> str:
    """``study.json``, labelled synthetic."""
    origin = {
        "dataset_version": "demonstration 1",
        "protocol_version": f"template {handle}",
        "truth_version": "synthetic",
    }
    return json.dumps({**content, "is_synthetic": True, "origin": origin}, indent=2) + "\n"
