"""The whole default report of a study of five readers, two arms and 200 cases: time, processor and memory.

`python -m scripts.bench_report` makes one report in this process, from the texts of the dataset to every file with
its archive, and prints what it took. The bench calls it in a process of its own, so that memory and the loading of
modules are those of one report.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from scripts.bench_rows import Row

READERS, CASES, POSITIVE = 5, 200, 80
ARMS = ("UNAIDED", "AIDED")
CUTS = (-0.5, 0.2, 0.9, 1.6)
SEED = 20261121


def study_files() -> dict[str, str]:
    """A dataset of readers who score all cases in both arms, name a side, and measure; and of a model."""
    from backend.analysis.demo import drawing

    draw = np.random.default_rng(SEED)
    cases = drawing.case_names("A", CASES)
    truth = drawing.classes(draw, CASES, POSITIVE)
    model = 1.4 * truth + draw.standard_normal(CASES)
    odds = drawing.log_odds(model, 1.4, POSITIVE / CASES)
    table = drawing.ReadTable(draw)
    sides = drawing.dealt(draw, {"left": CASES // 2, "right": CASES - CASES // 2})
    size = np.round(6.0 + 1.5 * truth + draw.random(CASES), 1)
    for reader in range(1, READERS + 1):
        unaided = 1.1 * truth + 0.5 * draw.standard_normal(CASES) + 0.6 * draw.standard_normal(CASES)
        for session, arm in enumerate(ARMS, start=1):
            latent = unaided if arm == "UNAIDED" else 0.7 * unaided + 0.4 * model
            ratings = drawing.rated(latent, CUTS)
            measured = np.round(size + 0.4 * draw.standard_normal(CASES), 1)
            answers: dict[str, list[tuple[str, Any]]] = {
                case: [
                    ("rating", ratings[index]),
                    ("side", sides[index]),
                    ("short_axis", float(measured[index])),
                ]
                for index, case in enumerate(cases)
            }
            table.session(f"Reader {reader}", arm, session, answers, 60.0)
    return {
        "study.json": drawing.study_json(_design(), "bench"),
        "truth.csv": drawing.truth_csv(dict(zip(cases, truth.tolist(), strict=True))),
        "predictions.csv": drawing.predictions_csv({"net": (odds, drawing.probability(odds), 0.0)}, cases),
        "cases.csv": drawing.columns_csv(
            cases, {"center": drawing.dealt(draw, {"A": CASES // 2, "B": CASES - CASES // 2})}
        ),
        "reads.csv": table.text(),
    }


def _design() -> dict[str, object]:
    return {
        "title": "Five readers, two arms, 200 cases",
        "positive_class": "metastatic node",
        "readers": [f"Reader {number}" for number in range(1, READERS + 1)],
        "arms": list(ARMS),
        "scale": {"from": 1, "to": 5},
        "positive_from": 3,
        "questions": [{"key": "side", "label": "Side", "categories": ["left", "right"]}],
        "measurements": [{"key": "short_axis", "label": "Short axis", "unit": "mm"}],
    }


def one_report() -> dict[str, Any]:
    """What a report took in this process, whose modules it loads too, and how the time was spent."""
    from backend.analysis.formats.dataset_csv import read_dataset
    from backend.analysis.pipeline.output import analysis_files
    from backend.analysis.pipeline.run import run_analysis

    texts = study_files()
    steps: list[tuple[str, float]] = []

    def on_section(_number: int, _steps: int, title: str) -> None:
        steps.append((title, time.process_time()))

    wall, processor = time.perf_counter(), time.process_time()
    inputs = read_dataset(texts)
    results = run_analysis(inputs, on_section=on_section)
    files = analysis_files(results, inputs, on_section=on_section)
    steps.append(("", time.process_time()))
    return {
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "files": len(files),
        "figures": sum(name.endswith(".png") for name in files),
        "steps": {title: after - before for (title, before), (_, after) in pairwise(steps)},
    }


def measure_report() -> Iterator[Row]:
    """The rows of the bench, from three reports, each in a process of its own.

    One more goes before them and does not count: it compiles the modules, which an installation has done.
    """
    # Python would else compile them in every process.
    compiling = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "scripts.bench_report"]
    _, *taken = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=compiling).stdout)
        for _ in range(4)
    ]
    one = taken[0]
    name = f"whole default report, {READERS} readers × {len(ARMS)} arms × {CASES} cases, {one['figures']} figures"
    yield Row(name, [float(each["wall"]) for each in taken], note="aim below 10 s")
    yield Row(f"{name}: processor", [float(each["processor"]) for each in taken])
    yield Row(f"{name}: most memory held", [float(each["megabytes"]) for each in taken], quantity="MB")


if __name__ == "__main__":
    print(json.dumps(one_report()))
