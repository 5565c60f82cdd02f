"""`lpln-radiomics` as it is installed: the model with what its card tells of the development and what it shows.

It stands apart from the model because the model's digest covers the bytes of its module: a study that froze the
version keeps it whatever is told here.
"""

from dataclasses import replace
from pathlib import Path

from inference.contracts import CaseInputs, ModelOutput, ResourceProblem, RunContext, ScoreDistribution
from inference.models import lpln_radiomics
from inference.models.lpln_radiomics_overlays import before_overlays, with_overlays

PHANTOM_SCORES = Path(__file__).with_name("lpln_radiomics_phantoms.json")
"""Scores of synthetic phantoms; made by `scripts.development_scores`. Those of the patients are not published."""


class LplnRadiomics(lpln_radiomics.LplnRadiomics):
    """The plug-in. See the card."""

    card = replace(
        lpln_radiomics.CARD,
        training_data="Patients of the authors' centers (Yoo et al. 2025). Their single scores are not published.",
        development_scores=ScoreDistribution.read(PHANTOM_SCORES),
    )

    def run(self, inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
        """The score of the index node, with its numerical uncertainty and what is shown on the images."""
        output = super().run(inputs, before_overlays(ctx))
        try:
            return with_overlays(output, inputs, ctx)
        except MemoryError as error:
            raise ResourceProblem("not enough memory for this image") from error


PLUGIN = LplnRadiomics()
