from inference.contracts import ScoreDistribution
from inference.models.lpln_radiomics_card import PHANTOM_SCORES
from inference.phantom.centers import CENTERS
from scripts.development_scores import PER_CENTER


def test_the_kept_scores_are_of_as_many_phantoms_as_the_script_draws() -> None:
    kept = ScoreDistribution.read(PHANTOM_SCORES)
    assert sum(kept.counts) == PER_CENTER * len(CENTERS)
    assert kept.source == f"{sum(kept.counts)} synthetic phantoms, not patients"
