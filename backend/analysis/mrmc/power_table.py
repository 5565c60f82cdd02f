"""The power of a further study over numbers of readers and cases, with the pilot that it was computed from."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.analysis.mrmc.dbm import PilotComponents
from backend.analysis.mrmc.generalization import Generalization
from backend.analysis.mrmc.obuchowski_rockette import OrResult
from backend.analysis.mrmc.power import (
    PowerResult,
    SampleSize,
    pilot_components,
    pilot_warnings,
    power,
    sample_size_table,
)
from backend.analysis.results import Result


@dataclass(frozen=True, slots=True)
class PowerTable(Result):
    """What a further study needs, and what it reaches, from the components of a pilot.

    Attributes
    ----------
    pilot
        The components, as they were estimated, and the number of cases behind them.
    pilot_text
        Where they come from.
    sizes
        Cases needed, for each number of readers.
    powers
        Power for each number of readers and of cases.
    """

    method: str
    pilot_text: str
    pilot: PilotComponents
    effect: float
    wanted: float
    alpha: float
    generalizes_to: Generalization
    sizes: tuple[SampleSize, ...]
    powers: tuple[PowerResult, ...]
    warnings: tuple[str, ...]


def power_table(
    pilot: OrResult,
    *,
    readers: Sequence[int],
    cases: Sequence[int],
    effect: float,
    wanted: float = 0.8,
    generalizes_to: Generalization = "readers_and_cases",
    alpha: float = 0.05,
) -> PowerTable:
    """:func:`cases_needed` for each number of readers, :func:`power` for each number of readers and cases.

    Parameters and errors as for those.
    """
    parts = pilot_components(pilot)
    sizes = sample_size_table(
        parts, readers=readers, effect=effect, wanted=wanted, generalizes_to=generalizes_to, alpha=alpha
    )
    powers = tuple(
        power(
            parts,
            n_readers=n_readers,
            n_cases=n_cases,
            effect=effect,
            generalizes_to=generalizes_to,
            alpha=alpha,
        )
        for n_readers in readers
        for n_cases in cases
    )
    covariance = pilot.covariance_method.removeprefix("covariance_")
    text = (
        f"{pilot.figure} of these data as a pilot: {len(pilot.readers)} readers, {pilot.n_positive} positive and "
        f"{pilot.n_negative} negative cases, {' and '.join(pilot.modalities)}; Obuchowski-Rockette, {covariance} "
        "covariance"
    )
    return PowerTable(
        "mrmc_sample_size",
        text,
        parts,
        effect,
        wanted,
        alpha,
        generalizes_to,
        sizes,
        powers,
        pilot_warnings(parts),
    )
