"""What a further study needs: the plan's keys where it has them, and defaults where it has not."""

from typing import cast

from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.mrmc.generalization import Generalization
from backend.analysis.mrmc.obuchowski_rockette import OrResult
from backend.analysis.mrmc.power_table import PowerTable, power_table
from backend.analysis.pipeline.results import Collector

EFFECT, WANTED, ALPHA = 0.05, 0.8, 0.05
READERS = (4, 6, 8, 10, 12)
CASES = (50, 100, 200, 400, 800)


def add_power(collector: Collector, pilot: OrResult, plan: AnalysisPlan) -> None:
    """Cases needed by number of readers, and power by numbers of readers and cases, for the difference planned."""
    effect = EFFECT if plan.power_difference is None else plan.power_difference

    def compute() -> PowerTable:
        return power_table(
            pilot,
            readers=tuple(map(int, plan.power_readers)) or READERS,
            cases=tuple(map(int, plan.power_cases)) or CASES,
            effect=effect,
            wanted=WANTED if plan.power is None else plan.power,
            alpha=ALPHA if plan.power_alpha is None else plan.power_alpha,
            generalizes_to=cast(Generalization, plan.power_generalizes_to or "readers_and_cases"),
        )

    collector.add(
        "sample_size",
        f"Readers and cases needed to see a difference of {effect:g} in {pilot.figure}",
        compute,
        n=pilot.n_positive + pilot.n_negative,
    )
