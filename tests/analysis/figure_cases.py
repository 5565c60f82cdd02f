"""Results that the tests of the figures draw: an ordinary study and odd ones, all from fixed seeds."""

import random
from collections.abc import Mapping, Sequence

from backend.analysis.agreement import kappa_matrix
from backend.analysis.average_roc import AverageRoc, average_roc
from backend.analysis.change_of_mind import ChangeOfMind, change_of_mind
from backend.analysis.errors import NotEstimable
from backend.analysis.kappa_grid import KappaGrid, kappa_grid
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.obuchowski_rockette import OrResult, obuchowski_rockette
from backend.analysis.mrmc.ratings import RatingRecord, mrmc_data
from backend.analysis.reading_time import TimedRead
from backend.analysis.roc_groups import RocRecord
from backend.analysis.study_dataset import ModelOutputs, PredictionRecord, ReadRecord, StudyDataset

ARMS = ("UNAIDED", "AIDED")
SCALE = (1, 2, 3, 4, 5)


def study(readers: int = 5, n: int = 80, seed: int = 11) -> StudyDataset:
    """Readers x 2 arms x n cases with a model, one case without truth and some reads not made."""
    rng = random.Random(seed)
    cases = [f"A-{number:04d}" for number in range(1, n + 1)]
    truth: dict[str, bool | None] = {case: rng.random() < 0.4 for case in cases}
    truth[cases[4]] = None
    scores = {case: rng.gauss(1.3 if truth[case] else 0.0, 1.0) for case in cases}
    reads = tuple(
        ReadRecord(f"Reader {number}", arm, session, case, max(1, min(5, round(mean + rng.gauss(0.0, 1.0)))))
        for number in range(1, readers + 1)
        for session, (arm, weight) in enumerate(zip(ARMS, (0.3, 0.8), strict=True), start=1)
        for case in cases
        if rng.random() > 0.03
        for mean in [2.3 + 0.9 * bool(truth[case]) + weight * (scores[case] - 0.5)]
    )
    outputs = tuple(PredictionRecord(case, value, None, value >= 0.6) for case, value in scores.items())
    return StudyDataset(
        title="Seeded study",
        reads=reads,
        truth=truth,
        arms=ARMS,
        models=(ModelOutputs("NodeNet", "1.0.0", outputs),),
        positive_class="metastatic node",
        is_synthetic=True,
    )


def one_class(data: StudyDataset) -> StudyDataset:
    """The same study with negative cases alone."""
    kept = {case: value for case, value in data.truth.items() if value is False}
    return StudyDataset(
        title=data.title,
        reads=tuple(read for read in data.reads if read.case in kept),
        truth=kept,
        arms=data.arms,
        models=(
            ModelOutputs(
                data.models[0].name, "1", tuple(p for p in data.models[0].predictions if p.case in kept)
            ),
        ),
    )


def timed(data: StudyDataset, seed: int = 3) -> list[TimedRead]:
    """A time for every read, shorter later in the session and in the second arm."""
    rng = random.Random(seed)
    counts: dict[tuple[str, int], int] = {}
    reads = []
    for read in data.reads:
        place = counts[read.reader, read.session] = counts.get((read.reader, read.session), 0) + 1
        seconds = (
            (70.0 if read.arm == ARMS[0] else 55.0) * 0.97 ** (place / 10.0) * rng.lognormvariate(0.0, 0.4)
        )
        reads.append(TimedRead(read.reader, read.arm, read.session, place, read.case, seconds))
    return reads


def changes(data: StudyDataset, *, model: str | None = "NodeNet", has_times: bool = True) -> ChangeOfMind:
    times = timed(data) if has_times else ()
    return change_of_mind(data, before=ARMS[0], after=ARMS[1], model=model, times=times)


def grid(raters: int = 4, *, seed: int = 5, is_odd: bool = False) -> KappaGrid:
    """Kappas of readers and a model; an odd one has two readers who say nothing but 1."""
    rng = random.Random(seed)
    true = [rng.randint(1, 4) for _ in range(60)]
    ratings: dict[str, dict[str, int]] = {}
    for number in range(1, raters + 1):
        name = "Model" if number == raters else f"Reader {number}"
        error = 0.15 * number
        ratings[name] = {
            f"c{i:02d}": rng.randint(1, 4) if rng.random() < error else value for i, value in enumerate(true)
        }
    if is_odd:
        for name in ("Reader 1", "Reader 2"):
            ratings[name] = dict.fromkeys(ratings[name], 1)
    return kappa_grid(kappa_matrix(ratings, (1, 2, 3, 4), weights="quadratic"), models=["Model"])


def reader_scores(data: StudyDataset, arm: str) -> Mapping[str, Mapping[str, float | None]]:
    return {
        reader: {read.case: read.score for read in data.reads if (read.reader, read.arm) == (reader, arm)}
        for reader in data.readers
    }


def averages(data: StudyDataset, replicates: int = 200) -> dict[str, AverageRoc | NotEstimable]:
    return {
        arm: average_roc(data.truth, reader_scores(data, arm), seed=1, replicates=replicates) for arm in ARMS
    }


def center_records(data: StudyDataset, *, empty_center: bool = False) -> list[RocRecord]:
    """Reads of the second arm by reader and center; of an empty center all cases are negative."""
    centers = {case: ("North", "South", "West")[i % 3] for i, case in enumerate(sorted(data.truth))}
    return [
        RocRecord(
            read.case,
            data.truth[read.case],
            read.score,
            {"reader": read.reader, "center": centers[read.case]},
        )
        for read in data.reads
        if read.arm == ARMS[1]
        and not (empty_center and centers[read.case] == "West" and data.truth[read.case])
    ]


def mrmc(data: StudyDataset, readers: Sequence[str] | None = None) -> OrResult:
    """Obuchowski-Rockette on the cases that every reader read in both arms."""
    chosen = tuple(readers or data.readers)
    scores = {(r.reader, r.arm, r.case): r.score for r in data.reads}
    common = [
        case
        for case, truth in data.truth.items()
        if truth is not None and all((name, arm, case) in scores for name in chosen for arm in ARMS)
    ]
    records = [
        RatingRecord(name, arm, case, bool(data.truth[case]), float(scores[name, arm, case] or 0))
        for name in chosen
        for arm in ARMS
        for case in common
    ]
    cells = estimate_cells(mrmc_data(records, modalities=("AIDED", "UNAIDED")), covariance="jackknife")
    return obuchowski_rockette(cells)
