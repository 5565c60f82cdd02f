"""Model plug-ins that end in every way a run can end; they need no image."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from backend.predictions import services
from backend.predictions.models import InferenceJob
from inference.contracts import (
    CaseInputs,
    InputProblem,
    ModelCard,
    ModelOutput,
    ModelOverlay,
    Problem,
    ResourceProblem,
    RunContext,
)

from .bare import CUT_OFF, T0, digest, make_output

# In a variable: a trace quotes lines of code, and this must come from nowhere but a value.
SECRET = "PATIENT-SECRET"

CARD = ModelCard(
    id="test-model",
    semver="1.0.0",
    title="A model for tests",
    task="none",
    sequence_roles=(),
    mask_roles=(),
    outputs=("score",),
    intended_use="Tests.",
    limits=(),
    references=(),
    queue="cpu",
    mem_mb=1,
    timeout_s=60,
    weights_status="untrained-demo",
    cut_off=CUT_OFF,
    positive_rule="score >= cut-off",
    probability_note="None.",
    calibration_note="None.",
)


class Plugin:
    """One version of a model whose run is the given function."""

    def __init__(
        self,
        run: Callable[[CaseInputs, RunContext], ModelOutput],
        *,
        problems: tuple[Problem, ...] = (),
        semver: str = "1.0.0",
    ) -> None:
        self.card = replace(CARD, semver=semver)
        self._run = run
        self._problems = problems

    def version_digest(self) -> str:
        return digest(f"test-model {self.card.semver}")

    def check(self, inputs: CaseInputs) -> list[Problem]:  # noqa: ARG002  (the contract's name)
        return list(self._problems)

    def run(self, inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
        return self._run(inputs, ctx)


def _succeed(inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
    ctx.step(0.25, "first half")
    ctx.step(0.75, "second half")
    return make_output(0.5)


def _refuse(inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
    raise InputProblem("node_gone", "The node lies outside of the image.")


def _run_short(inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
    raise ResourceProblem(SECRET)


def _break(inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
    raise KeyError(SECRET)


def _be_cancelled(inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
    ctx.step(0.25, "first half")
    services.job_cancel(job_id=InferenceJob.objects.get().pk, by=None, now=T0)
    ctx.step(0.5, "middle")
    ctx.step(0.75, "after the cancellation was noticed")
    raise AssertionError("a cancelled run went on")


def _show_elsewhere(inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
    voxels = np.ones((1, 2, 2), dtype=np.uint8)
    overlay = ModelOverlay(
        "region", "mask", "Region", "T2W", voxels, "On a series it was not given.", "tests/1"
    )
    return replace(make_output(0.5), overlays=(overlay,))


SUCCEEDS = Plugin(_succeed)
SHOWS_ELSEWHERE = Plugin(_show_elsewhere)
OTHER_VERSION = Plugin(_succeed, semver="2.0.0")
WARNS = Plugin(_succeed, problems=(Problem("few_voxels", "Few voxels.", is_blocking=False),))
BLOCKED = Plugin(
    _break,
    problems=(Problem("mask_missing", "No node is drawn."), Problem("spacing", "The slices are far apart.")),
)
REFUSES = Plugin(_refuse)
RUNS_SHORT = Plugin(_run_short)
BREAKS = Plugin(_break)
CANCELLED = Plugin(_be_cancelled)
