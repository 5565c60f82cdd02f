"""Power and sample size of a crossed study of two modalities, from the components of a pilot study.

Hillis SL, Obuchowski NA, Berbaum KS. Acad Radiol 2011;18:129-142: with J readers and K cases the F statistic follows a
noncentral F distribution whose error term shrinks the pilot's error covariances by (pilot cases)/K. The share of
diseased cases is that of the pilot. Cov2 - Cov3 and Var(T×R) count as 0 where they are negative.

- readers and cases: noncentral F with Hillis's degrees of freedom;
- cases (fixed readers): noncentral chi-square with 1 degree of freedom;
- readers (fixed cases): noncentral F with 1 and J-1 degrees of freedom.

Components of DBM are turned into those of OR first. ``formulas="dbm_2004"`` takes the older ones (Hillis SL, Berbaum
KS. Acad Radiol 2004;11:1260-1273): they truncate Var(T×C) but leave Var(T×R×C) + error as it is, and use F with K-1
degrees of freedom where readers are fixed. Where Cov2 >= Cov3 both agree but for that. RJafroc offers the same two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from scipy.special import chdtri, chndtr, fdtri, ncfdtr

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.mrmc.arrays import Floats, Ints
from backend.analysis.mrmc.dbm import DbmComponents, PilotComponents, dbm_to_or
from backend.analysis.mrmc.estimates import number, undefined
from backend.analysis.mrmc.generalization import Generalization
from backend.analysis.mrmc.obuchowski_rockette import OrResult
from backend.analysis.reporting.journal_numbers import significant_text
from backend.analysis.results import Result

Formulas: TypeAlias = Literal["or_2011", "dbm_2004"]
NO_VARIATION = NotEstimable("the components leave no variation")
BLOCK = 500
Pilot: TypeAlias = PilotComponents | DbmComponents | OrResult


@dataclass(frozen=True, slots=True)
class PowerResult(Result):
    """Power to find ``effect`` with that many readers and cases; ``df2`` is None with fixed readers."""

    method: str
    formulas: Formulas
    generalizes_to: Generalization
    n_readers: int
    n_cases: int
    effect: float
    alpha: float
    power: Estimate
    noncentrality: Estimate
    df2: Estimate | None
    critical_value: Estimate
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleSize(Result):
    """The fewest cases (or readers) that reach the power wanted; the other number was given."""

    method: str
    formulas: Formulas
    generalizes_to: Generalization
    n_readers: Estimate
    n_cases: Estimate
    effect: float
    alpha: float
    wanted: float
    power: Estimate
    warnings: tuple[str, ...]


def power(
    pilot: Pilot,
    *,
    n_readers: int,
    n_cases: int,
    effect: float,
    generalizes_to: Generalization = "readers_and_cases",
    alpha: float = 0.05,
    formulas: Formulas = "or_2011",
) -> PowerResult:
    """The power of a future study.

    Parameters
    ----------
    pilot
        The components of a pilot: those of OR, those of DBM, or the whole result of an OR analysis of a crossed study.
    n_readers, n_cases
        Of the future study.
    effect
        The difference of the two modalities' figures to be found.
    alpha
        Two-sided level of the test.

    Raises
    ------
    AnalysisError
        ``too_few_readers``, ``too_few_cases``, ``no_effect``, ``alpha_out_of_range``, ``unknown_generalization``,
        ``components_invalid`` (an error variance that is not positive), ``pilot_unfit``.
    """
    parts = pilot_components(pilot)
    _check(effect, alpha, generalizes_to, formulas)
    _check_numbers(n_readers, n_cases, generalizes_to)
    plan = _Plan(parts, effect, generalizes_to, alpha, formulas)
    found = plan.power(np.array([n_readers]), np.array([n_cases]))
    if found is None:
        return PowerResult(
            "mrmc_power",
            formulas,
            generalizes_to,
            n_readers,
            n_cases,
            effect,
            alpha,
            *(NO_VARIATION,) * 4,
            pilot_warnings(parts),
        )
    df2 = None if found.df2 is None else float(found.df2[0])
    return PowerResult(
        "mrmc_power",
        formulas,
        generalizes_to,
        n_readers,
        n_cases,
        effect,
        alpha,
        float(found.power[0]),
        float(found.noncentrality[0]),
        df2,
        float(found.critical[0]),
        pilot_warnings(parts),
    )


def cases_needed(
    pilot: Pilot,
    *,
    n_readers: int,
    effect: float,
    wanted: float = 0.8,
    generalizes_to: Generalization = "readers_and_cases",
    alpha: float = 0.05,
    formulas: Formulas = "or_2011",
    max_cases: int = 10_000,
) -> SampleSize:
    """The fewest cases with which so many readers reach the power; not estimable when ``max_cases`` do not.

    Parameters and errors as for :func:`power`; ``power_out_of_range`` besides.
    """
    parts = pilot_components(pilot)
    _check(effect, alpha, generalizes_to, formulas)
    _check_wanted(wanted)
    _check_numbers(n_readers, max_cases, generalizes_to)
    plan = _Plan(parts, effect, generalizes_to, alpha, formulas)
    number_found, reached = plan.first(2, max_cases, wanted, "cases", n_readers)
    return SampleSize(
        "mrmc_sample_size",
        formulas,
        generalizes_to,
        float(n_readers),
        number_found,
        effect,
        alpha,
        wanted,
        reached,
        pilot_warnings(parts),
    )


def readers_needed(
    pilot: Pilot,
    *,
    n_cases: int,
    effect: float,
    wanted: float = 0.8,
    generalizes_to: Generalization = "readers_and_cases",
    alpha: float = 0.05,
    formulas: Formulas = "or_2011",
    max_readers: int = 100,
) -> SampleSize:
    """The fewest readers with whom so many cases reach the power; not estimable when ``max_readers`` do not.

    Parameters and errors as for :func:`cases_needed`.
    """
    parts = pilot_components(pilot)
    _check(effect, alpha, generalizes_to, formulas)
    _check_wanted(wanted)
    _check_numbers(max_readers, n_cases, generalizes_to)
    plan = _Plan(parts, effect, generalizes_to, alpha, formulas)
    number_found, reached = plan.first(
        1 if generalizes_to == "cases" else 2, max_readers, wanted, "readers", n_cases
    )
    return SampleSize(
        "mrmc_sample_size",
        formulas,
        generalizes_to,
        number_found,
        float(n_cases),
        effect,
        alpha,
        wanted,
        reached,
        pilot_warnings(parts),
    )


def sample_size_table(
    pilot: Pilot,
    *,
    readers: Sequence[int],
    effect: float,
    wanted: float = 0.8,
    generalizes_to: Generalization = "readers_and_cases",
    alpha: float = 0.05,
    formulas: Formulas = "or_2011",
    max_cases: int = 10_000,
) -> tuple[SampleSize, ...]:
    """:func:`cases_needed` for each number of readers."""
    return tuple(
        cases_needed(
            pilot,
            n_readers=n_readers,
            effect=effect,
            wanted=wanted,
            generalizes_to=generalizes_to,
            alpha=alpha,
            formulas=formulas,
            max_cases=max_cases,
        )
        for n_readers in readers
    )


@dataclass(frozen=True, slots=True)
class _Power:
    power: Floats
    noncentrality: Floats
    df2: Floats | None
    critical: Floats


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is fixed while numbers of readers and cases vary."""

    pilot: PilotComponents
    effect: float
    generalizes_to: Generalization
    alpha: float
    formulas: Formulas

    def power(self, readers: Ints, cases: Ints) -> _Power | None:
        """The power for each pair of numbers; ``None`` where nothing varies."""
        j, k = readers.astype(np.float64), cases.astype(np.float64)
        shrink = self.pilot.n_cases / k
        interaction = max(self.pilot.modality_by_reader, 0.0)
        case_part = max(self.pilot.cov2 - self.pilot.cov3, 0.0)
        taken = self.pilot.cov2 - self.pilot.cov3 if self.formulas == "dbm_2004" else case_part
        alone = shrink * (self.pilot.error - self.pilot.cov1 - taken)
        by_case = alone + shrink * j * case_part
        by_reader = interaction + alone
        error = {"readers_and_cases": interaction + by_case, "cases": by_case, "readers": by_reader}
        chosen = error[self.generalizes_to]
        if (chosen <= 0.0).any() or (self.generalizes_to != "cases" and (by_reader <= 0.0).any()):
            return None
        noncentrality = self.effect**2 * j / 2.0 / chosen
        if self.generalizes_to == "cases":
            return self._fixed_readers(noncentrality, k)
        df2 = j - 1 if self.generalizes_to == "readers" else chosen**2 / (by_reader**2 / (j - 1))
        return self._noncentral_f(noncentrality, df2)

    def first(self, low: int, high: int, wanted: float, what: str, other: int) -> tuple[Estimate, Estimate]:
        """The first number of cases (or readers) with the power wanted, and that power."""
        reached = 0.0
        for start in range(low, high + 1, BLOCK):
            numbers = np.arange(start, min(start + BLOCK, high + 1))
            others = np.full_like(numbers, other)
            found = self.power(others, numbers) if what == "cases" else self.power(numbers, others)
            if found is None:
                return NO_VARIATION, NO_VARIATION
            hits = np.flatnonzero(found.power >= wanted)
            if hits.size:
                return float(numbers[hits[0]]), float(found.power[hits[0]])
            reached = float(found.power[-1])
        return NotEstimable(f"even {high} {what} reach a power of {reached:.3f} only"), reached

    def _fixed_readers(self, noncentrality: Floats, k: Floats) -> _Power:
        if self.formulas == "dbm_2004":
            return self._noncentral_f(noncentrality, k - 1)
        limit = np.full_like(k, chdtri(1, self.alpha))
        return _Power(1.0 - chndtr(limit, 1.0, noncentrality), noncentrality, None, limit)

    def _noncentral_f(self, noncentrality: Floats, df2: Floats) -> _Power:
        limit = fdtri(1.0, df2, 1.0 - self.alpha)
        return _Power(1.0 - ncfdtr(1.0, df2, noncentrality, limit), noncentrality, df2, limit)


def pilot_components(pilot: Pilot) -> PilotComponents:
    """The OR components of any kind of pilot.

    Raises
    ------
    AnalysisError
        ``components_invalid``, ``pilot_unfit``.
    """
    if isinstance(pilot, OrResult):
        parts = _of_result(pilot)
    elif isinstance(pilot, DbmComponents):
        turned = dbm_to_or(pilot)
        if isinstance(turned, NotEstimable):
            raise AnalysisError("pilot_unfit", f"the pilot's components are {turned}")
        parts = turned
    else:
        parts = pilot
    if parts.n_cases < 2 or not parts.error > 0.0:
        raise AnalysisError(
            "components_invalid", f"an error variance of {parts.error} from {parts.n_cases} cases is no pilot"
        )
    return parts


def _of_result(result: OrResult) -> PilotComponents:
    if result.design != "fully_crossed":
        raise AnalysisError("pilot_unfit", f"a pilot is a crossed study, not one where {result.design_text}")
    parts = result.components
    if none := undefined(parts.modality_by_reader, parts.error, parts.cov1, parts.cov2, parts.cov3):
        raise AnalysisError("pilot_unfit", f"the pilot's components are {none}")
    return PilotComponents(
        number(parts.modality_by_reader),
        number(parts.error),
        number(parts.cov1),
        number(parts.cov2),
        number(parts.cov3),
        result.n_positive + result.n_negative,
    )


def _check(effect: float, alpha: float, generalizes_to: Generalization, formulas: Formulas) -> None:
    if formulas not in get_args(Formulas):
        raise AnalysisError(
            "unknown_formulas", f"the formulas are {', '.join(get_args(Formulas))}, not {formulas!r}"
        )
    if generalizes_to not in get_args(Generalization):
        raise AnalysisError(
            "unknown_generalization",
            f"it generalizes to {', '.join(get_args(Generalization))}, not {generalizes_to!r}",
        )
    if not np.isfinite(effect) or effect == 0.0:
        raise AnalysisError("no_effect", f"a difference of {effect} cannot be planned for")
    if not 0.0 < alpha < 1.0:
        raise AnalysisError("alpha_out_of_range", f"alpha lies between 0 and 1, not {alpha}")


def _check_wanted(wanted: float) -> None:
    if not 0.0 < wanted < 1.0:
        raise AnalysisError("power_out_of_range", f"the power lies between 0 and 1, not {wanted}")


def _check_numbers(n_readers: int, n_cases: int, generalizes_to: Generalization) -> None:
    fewest = 1 if generalizes_to == "cases" else 2
    if n_readers < fewest:
        raise AnalysisError("too_few_readers", f"{fewest} readers or more, not {n_readers}")
    if n_cases < 2:
        raise AnalysisError("too_few_cases", f"two cases or more, not {n_cases}")


def pilot_warnings(pilot: PilotComponents) -> tuple[str, ...]:
    """What counts as 0 although it was estimated below."""
    said = []
    if pilot.modality_by_reader < 0.0:
        shown = significant_text(pilot.modality_by_reader)
        said.append(f"Var(T×R) of the pilot is negative ({shown}) and counts as 0.")
    if pilot.cov2 < pilot.cov3:
        shown = significant_text(pilot.cov2 - pilot.cov3)
        said.append(f"Cov2 - Cov3 of the pilot is negative ({shown}) and counts as 0.")
    return tuple(said)
