"""The demonstration datasets and their results, computed once."""

from collections.abc import Callable
from functools import cache

import pytest

from backend.analysis.demo import demo_files
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis


@cache
def _dataset(name: str) -> DatasetFiles:
    return read_dataset(demo_files(name))


@cache
def _results(name: str) -> AnalysisResults:
    return run_analysis(_dataset(name))


@pytest.fixture(scope="session")
def demo_dataset() -> Callable[[str], DatasetFiles]:
    """The dataset of a study by its handle."""
    return _dataset


@pytest.fixture(scope="session")
def demo_results() -> Callable[[str], AnalysisResults]:
    """The results of a study's dataset by its handle."""
    return _results


RATINGS = {
    (reader, arm, case): 1 + (7 * number + 3 * place + 5 * (arm == "AIDED")) % 4 + (number % 3 == 0)
    for place, reader in enumerate(("R1", "R2", "R3"))
    for arm in ("UNAIDED", "AIDED")
    for number, case in enumerate(f"C{n:02d}" for n in range(1, 31))
}


@pytest.fixture
def small_files() -> dict[str, str]:
    """Three readers, two arms, thirty cases (ten positive), one model: the files of a folder."""
    cases = [f"C{n:02d}" for n in range(1, 31)]
    reads = [
        f"{reader},{arm},{1 if arm == 'UNAIDED' else 2},{case},rating,{value}"
        for (reader, arm, case), value in RATINGS.items()
    ]
    truth = [f"{case},{int(number % 3 == 0)}" for number, case in enumerate(cases)]
    outputs = []
    for number, case in enumerate(cases):
        chance = ((11 * number) % 17 + 6 * (number % 3 == 0)) / 24
        outputs.append(f"net,1,{case},{chance!r},{chance!r},{int(chance >= 0.5)}")
    return {
        "study.json": '{"arms": ["UNAIDED", "AIDED"], "title": "Small study"}',
        "reads.csv": "\n".join(["reader,arm,session,case,question,value", *reads, ""]),
        "truth.csv": "\n".join(["case,truth", *truth, ""]),
        "predictions.csv": "\n".join(["model,version,case,score,probability,positive", *outputs, ""]),
    }
