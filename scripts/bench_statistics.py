"""`python -m scripts.bench_statistics`: how fast the statistics are, and how often their tests reject what is true.

Beside a figure that pROC has too, R computes the same on the same numbers, where R and pROC are installed. The clock
runs inside R, from its vectors to its result: neither its start nor the reading of the file counts. The multi-reader
packages MRMCaov and RJafroc are in neither Debian nor PyPI, so nothing of theirs stands beside the multi-reader rows.
"""

import argparse
import csv
import shutil
import subprocess
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.analysis.errors import NotEstimable
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.inference import Analysis
from backend.analysis.mrmc.obuchowski_rockette import OrResult, obuchowski_rockette
from backend.analysis.mrmc.ratings import mrmc_from_array
from backend.analysis.roc import delong
from backend.analysis.roc_bootstrap import bootstrap_auc
from scripts.bench_report import measure_report
from scripts.bench_rows import Row, machine, table_head, timed

SEED = 20261121
STUDIES = 2000
REPLICATES = 2000
AIM_PERCENT = (4.0, 6.0)
NOT_COMPARED = "MRMCaov and RJafroc are in no package registry that this project uses: not compared."
R_SCRIPT = Path(__file__).with_suffix(".R")

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Null:
    """A hypothesis that holds, the analysis that tests it, and what varies in studies of which it holds.

    Modalities differ for a reader, or on a case, by chance only; over readers that stay as they are even the first
    must not be, over cases that stay as they are the second.
    """

    name: str
    analysis: Callable[[OrResult], Analysis]
    readers_differ: bool
    cases_differ: bool


NULLS = (
    Null(
        "random readers and cases",
        lambda result: result.random_readers_random_cases,
        readers_differ=True,
        cases_differ=True,
    ),
    Null("fixed readers", lambda result: result.fixed_readers, readers_differ=False, cases_differ=True),
    Null("fixed cases", lambda result: result.fixed_cases, readers_differ=True, cases_differ=False),
)


def measure_statistics(*, studies: int = STUDIES) -> Iterator[Row]:
    """Every row of the statistics."""
    for cases in (10_000, 100_000, 1_000_000):
        yield from _delong_rows(cases)
    yield from _bootstrap_rows(1_000, rounds=5, in_r=True)
    yield from _bootstrap_rows(100_000, rounds=1, in_r=False)
    yield from _obuchowski_rockette_rows(readers=5, cases=1_000)
    yield from measure_report()
    for null in NULLS:
        yield null_row(null, studies)


def _delong_rows(cases: int) -> Iterator[Row]:
    truth, scores = _scores(cases)
    as_lists = truth.tolist(), scores.tolist()
    name = f"AUC with DeLong's interval, {cases:,} cases"
    yield Row(name, timed(lambda _: delong(*as_lists), rounds=5))
    yield Row(f"{name}: most memory held", [_peak_megabytes(lambda: delong(*as_lists))], quantity="MB")
    yield from _in_r(name, "delong", truth, scores, rounds=3)


def _bootstrap_rows(cases: int, *, rounds: int, in_r: bool) -> Iterator[Row]:
    truth, scores = _scores(cases)
    as_lists = truth.tolist(), scores.tolist()

    def draw() -> None:
        bootstrap_auc(*as_lists, seed=SEED, replicates=REPLICATES)

    name = f"AUC with {REPLICATES:,} bootstraps, {cases:,} cases"
    yield Row(name, timed(lambda _: draw(), rounds=rounds))
    yield Row(f"{name}: most memory held", [_peak_megabytes(draw)], quantity="MB")
    if in_r:
        yield from _in_r(name, "bootstrap", truth, scores, rounds=1)


def _obuchowski_rockette_rows(*, readers: int, cases: int) -> Iterator[Row]:
    truth, ratings = simulated_study(np.random.default_rng(SEED), readers=readers, cases=cases)
    data = mrmc_from_array(ratings, truth.tolist())

    def analyze() -> None:
        obuchowski_rockette(estimate_cells(data))

    name = (
        f"Obuchowski-Rockette by jackknife, {readers} readers × {len(ratings)} modalities × {cases:,} cases"
    )
    yield Row(name, timed(lambda _: analyze(), rounds=9), note="aim: tens of milliseconds")
    yield Row(f"{name}: most memory held", [_peak_megabytes(analyze)], quantity="MB")


def null_row(null: Null, studies: int) -> Row:
    """How many of so many simulated studies a test at 5 % calls different; their areas are the same."""
    draw = np.random.default_rng(SEED)
    rejected = 0
    for _ in range(studies):
        truth, ratings = simulated_study(
            draw, readers_differ=null.readers_differ, cases_differ=null.cases_differ
        )
        test = null.analysis(
            obuchowski_rockette(estimate_cells(mrmc_from_array(ratings, truth.tolist())))
        ).test
        rejected += (
            not isinstance(test, NotEstimable) and not isinstance(test.p, NotEstimable) and test.p < 0.05
        )
    percent = 100.0 * rejected / studies
    low, high = AIM_PERCENT
    return Row(
        f"Obuchowski-Rockette, {null.name}: {studies:,} studies without a difference called different at P < 0.05",
        [percent],
        quantity="%",
        note=f"aim {low:g} to {high:g} %: {'met' if low <= percent <= high else 'missed'}",
    )


def simulated_study(
    draw: np.random.Generator,
    *,
    readers: int = 5,
    cases: int = 100,
    readers_differ: bool = True,
    cases_differ: bool = True,
) -> tuple[Bools, Floats]:
    """Truth, shape (cases,), and ratings, shape (2, readers, cases): an area of about 0.85 under both modalities.

    The model of Roe CA, Metz CE. Acad Radiol 1997;4:298-303: independent normal effects of reader, case and their
    products with modality. Those of readers are drawn for either class; the variances of the others add up to 1.
    """
    truth = np.arange(cases) < cases // 2
    by_class = truth.astype(int)

    def effect(variance: float, *shape: int) -> Floats:
        return draw.normal(0.0, variance**0.5, size=shape)

    ratings = 1.5 * truth + effect(0.3, 1, 1, cases) + effect(0.03, 1, readers, 2)[:, :, by_class]
    ratings = ratings + effect(0.2, 1, readers, cases) + effect(0.2, 2, readers, cases)
    if readers_differ:
        ratings = ratings + effect(0.03, 2, readers, 2)[:, :, by_class]
    # Where the modalities are alike on every case, its variance belongs to the case.
    ratings = ratings + effect(0.3, 2 if cases_differ else 1, 1, cases)
    return truth, ratings


def _scores(cases: int) -> tuple[Bools, Floats]:
    draw = np.random.default_rng(SEED)
    truth = draw.random(cases) < 0.3
    return truth, draw.normal(truth.astype(float), 1.0)


def _in_r(name: str, what: str, truth: Bools, scores: Floats, *, rounds: int) -> Iterator[Row]:
    """The row of pROC on the same scores; none where R or pROC is absent."""
    program = shutil.which("Rscript")
    if program is None:
        return
    with tempfile.TemporaryDirectory(prefix="reading-room-bench-") as folder:
        path = Path(folder) / "scores.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([("truth", "score"), *zip(truth.astype(int), scores, strict=True)])
        command = [program, str(R_SCRIPT), what, str(path), str(rounds), str(REPLICATES)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    if answer:
        version, *seconds = answer
        yield Row(f"pROC {version}: {name}", [float(value) for value in seconds])


def _peak_megabytes(action: Callable[[], object]) -> float:
    tracemalloc.start()
    action()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=STUDIES, help="simulated studies of each hypothesis")
    studies = parser.parse_args().studies
    print(machine())
    print(NOT_COMPARED)
    print(table_head())
    for row in measure_statistics(studies=studies):
        print(row, flush=True)


if __name__ == "__main__":
    main()
