"""`lpln-radiomics` as it is installed: the model with what its card tells of the development.

It stands apart from the model because the model's digest covers the bytes of its module: a study that froze the
version keeps it whatever is told here.
"""

from dataclasses import replace
from pathlib import Path

from inference.contracts import ScoreDistribution
from inference.models import lpln_radiomics

PHANTOM_SCORES = Path(__file__).with_name("lpln_radiomics_phantoms.json")
"""Scores of synthetic phantoms; made by `scripts.development_scores`. Those of the patients are not published."""


class LplnRadiomics(lpln_radiomics.LplnRadiomics):
    """The plug-in. See the card."""

    card = replace(
        lpln_radiomics.CARD,
        training_data="Patients of the authors' centers (Yoo et al. 2025). Their single scores are not published.",
        development_scores=ScoreDistribution.read(PHANTOM_SCORES),
    )


PLUGIN = LplnRadiomics()
