"""A model for tests: a version with a card, and outputs whose every number and word can be recognized."""

import math
from dataclasses import replace
from datetime import datetime

import numpy as np

from backend.accounts.models import User
from backend.cases.models import Case, CaseSeries
from backend.predictions.models import ModelVersion, Prediction
from backend.predictions.services import job_claim, job_finish, job_request, model_register
from inference.contracts import (
    CaseInputs,
    MaskRole,
    ModelCard,
    ModelOutput,
    ModelOverlay,
    ModelPlugin,
    Problem,
    RunContext,
    ScoreDistribution,
)

MODEL_ID = "lpln-radiomics"
CUT_OFF = 0.25
MOST_VOXELS = 2**18
CARD = ModelCard(
    id=MODEL_ID,
    semver="9.0.0",
    title="Node score for tests",
    task="classification",
    sequence_roles=("T2W",),
    mask_roles=(MaskRole(role="index_node", on="T2W", title="Index node"),),
    outputs=("score", "probability"),
    intended_use="Tests.",
    limits=("Not for people.",),
    references=(),
    queue="cpu",
    mem_mb=1,
    timeout_s=60,
    weights_status="untrained-demo",
    cut_off=CUT_OFF,
    positive_rule="score > cut-off",
    probability_note="A number for tests.",
    calibration_note="None.",
    training_data="Nobody.",
    development_scores=ScoreDistribution(
        source="20 cases of the tests",
        bin_edges=(-2.0, 0.0, 0.5, 2.0),
        counts=(8, 4, 8),
        is_demonstration=True,
    ),
)


class TestPlugin:
    """A version that is registered and never run: outputs come from the test."""

    __test__ = False
    card = CARD

    def __init__(self, digest: str = "d" * 64) -> None:
        self._digest = digest

    def version_digest(self) -> str:
        return self._digest

    def check(self, _inputs: CaseInputs) -> list[Problem]:
        raise AssertionError("the version for tests is not run")

    def run(self, _inputs: CaseInputs, _ctx: RunContext) -> ModelOutput:
        raise AssertionError("the version for tests is not run")


def model_registered(*, now: datetime) -> ModelVersion:
    plugin: ModelPlugin = TestPlugin()
    return model_register(plugin=plugin, by=None, now=now)


def model_output(score: float, *, probability: float, mark: str = "") -> ModelOutput:
    """`mark` stands in every word of the output and in the name of a feature."""
    return ModelOutput(
        score=score,
        probability=probability,
        probability_note=f"Probability note {mark}",
        is_positive=score > CUT_OFF,
        cut_off=CUT_OFF,
        near_cut_off=False,
        numeric_uncertainty=0.01,
        features={f"feature_{mark}": score / 3},
        warnings=(f"Warning {mark}",),
        notes=(f"Note {mark}",),
    )


def shown_on(case: Case, output: ModelOutput, *, mark: str) -> ModelOutput:
    """The output with a mask and a map on the case's T2W series; the voxels of the map spell the mark.

    Of a case that has no images, a few voxels stand for the grid.
    """
    series = CaseSeries.objects.filter(case=case, role="T2W").order_by("position")[0]
    shape = (series.slices, series.rows, series.columns)
    if math.prod(shape) > MOST_VOXELS:
        shape = (1, 4, 64)
    region, influence = np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8)
    region[shape[0] // 2, 1:-1, shape[2] // 4 : shape[2] // 2] = 1
    influence[shape[0] // 2, 1:-1, shape[2] // 2 : 3 * shape[2] // 4] = 200
    influence.ravel()[: len(mark)] = np.frombuffer(mark.encode(), dtype=np.uint8)
    told = {"on": "T2W", "note": f"Overlay note {mark}", "method": "tests/1"}
    return replace(
        output,
        overlays=(
            ModelOverlay(name="region", kind="mask", title="Region", array=region, **told),
            ModelOverlay(
                name="influence", kind="heat", title="Map", array=influence, low="low", high="high", **told
            ),
        ),
    )


def predicted(case: Case, output: ModelOutput, *, by: User | None, now: datetime) -> Prediction:
    """The output attached to the case in the steps of a worker."""
    job, _ = job_request(case=case, model_id=MODEL_ID, by=by, now=now)
    assert job_claim(job_id=job.pk, owner="test", now=now) is not None
    prediction = job_finish(job_id=job.pk, owner="test", output=output, now=now)
    assert prediction is not None
    return prediction
