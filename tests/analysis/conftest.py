"""Reference values and a small study for the tests of the statistics."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.analysis.study_dataset import ModelOutputs, PredictionRecord, Question, ReadRecord, StudyDataset
from tests.analysis.r_program import InR, said_by_r

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="session")
def reference() -> Callable[[str], Any]:
    """Reads ``tests/reference/<path>`` as JSON."""
    return lambda path: json.loads((REFERENCE / path).read_text())


@pytest.fixture
def in_r(tmp_path: Path) -> InR:
    """Writes files, loads those that `load.R` knows, runs more R, and gives the lines that it prints."""
    return lambda files, script: said_by_r(tmp_path, files, script)


@pytest.fixture
def make_dataset() -> Callable[..., StudyDataset]:
    """Builds a seeded study: 2 readers x 2 arms x n cases, one model, one case without truth, some unread."""

    def make(n: int = 40, seed: int = 7) -> StudyDataset:
        rng = random.Random(seed)
        cases = [f"A-{number:04d}" for number in range(1, n + 1)]
        truth: dict[str, bool | None] = {case: rng.random() < 0.4 for case in cases}
        lean = {case: 1.0 if truth[case] else 0.0 for case in cases}
        truth[cases[4]] = None
        reads = tuple(
            ReadRecord(reader, arm, session, case, score, {"side": rng.choice(["left", "right", None])})
            for reader in ("reader1", "reader2")
            for session, (arm, gain) in enumerate((("UNAIDED", 1.0), ("AIDED", 1.8)), start=1)
            for case in cases
            if rng.random() > 0.06
            and (score := max(1, min(5, round(2.2 + gain * lean[case] + rng.gauss(0, 1)))))
        )
        scores = {case: round(rng.gauss(1.2 * lean[case] - 1, 1), 6) for case in cases[1:]}
        outputs = tuple(PredictionRecord(case, score, None, score >= -0.47) for case, score in scores.items())
        return StudyDataset(
            title="Seeded study",
            reads=reads,
            truth=truth,
            arms=("UNAIDED", "AIDED"),
            models=(ModelOutputs("model", "1.0.0", outputs),),
            questions=(Question("side", "Side", ("left", "right")),),
            positive_class="metastatic node",
            is_synthetic=True,
        )

    return make
