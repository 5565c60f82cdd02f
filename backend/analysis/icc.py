"""Intraclass correlation: the ten forms of McGraw and Wong, with intervals and F tests.

The ten forms are the models (one-way random; two-way random; two-way mixed), for two-way models consistency
or absolute agreement, each for one rater or for the mean of k. A two-way random and a two-way mixed form of
the same kind have the same number; they differ in what they speak of: all raters like these, or these alone.

Conventions. F tests have the degrees of freedom of McGraw and Wong at the tested value: at 0 those of
MSR/MSE, as psych::ICC 2.2.9 has them; irr::icc 0.84.1 takes them at the estimate, so that its p-values of
absolute agreement differ. The interval of ICC(A,k) is that of ICC(A,1) stepped up by Spearman-Brown, which
equals the printed formula of McGraw and Wong and psych; irr multiplies k in twice and differs by up to 9e-3.
Only cases that every rater measured are used; the others are named.
"""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from scipy.special import fdtrc

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.icc_core import DEFINITION_OF, IccForm, MeanSquares, estimates, intervals, mean_squares
from backend.analysis.rater_table import Measurements, measurement_table
from backend.analysis.results import Interval, Result, check_level

IccModel: TypeAlias = Literal["one-way random", "two-way random", "two-way mixed"]
IccUnit: TypeAlias = Literal["single rater", "mean of k raters"]

NO_VARIATION = NotEstimable("all measurements are equal")
NO_RESIDUAL = NotEstimable("the residual variance is 0")
NO_INTERACTION = (
    "Estimable only if no rater favors some cases over others (no interaction of raters and cases)."
)

# Model, form, name of Shrout and Fleiss where they have one.
TEN_FORMS: tuple[tuple[IccModel, IccForm, str | None], ...] = (
    ("one-way random", "ICC(1)", "ICC(1,1)"),
    ("one-way random", "ICC(k)", "ICC(1,k)"),
    ("two-way random", "ICC(C,1)", None),
    ("two-way random", "ICC(C,k)", None),
    ("two-way random", "ICC(A,1)", "ICC(2,1)"),
    ("two-way random", "ICC(A,k)", "ICC(2,k)"),
    ("two-way mixed", "ICC(C,1)", "ICC(3,1)"),
    ("two-way mixed", "ICC(C,k)", "ICC(3,k)"),
    ("two-way mixed", "ICC(A,1)", None),
    ("two-way mixed", "ICC(A,k)", None),
)


@dataclass(frozen=True, slots=True)
class IccEstimate(Result):
    """One form of the intraclass correlation.

    Attributes
    ----------
    mcgraw_wong, shrout_fleiss
        Name in both notations, for example ``"ICC(A,1)"`` and ``"ICC(2,1)"``; Shrout and Fleiss name six.
    model, definition, unit
        In words; a one-way model knows no other definition than absolute agreement.
    icc, ci
        Estimate and confidence interval.
    f, df1, df2, p
        F test of ICC = the tested value against a larger one.
    band
        Poor below 0.50, moderate to 0.75, good to 0.90, excellent above (Koo and Li 2016).
    note
        An assumption of this form, or ``None``.
    """

    mcgraw_wong: IccForm
    shrout_fleiss: str | None
    model: IccModel
    definition: str
    unit: IccUnit
    icc: Estimate
    ci: Interval | NotEstimable
    f: Estimate
    df1: Estimate
    df2: Estimate
    p: Estimate
    band: str | NotEstimable
    note: str | None


@dataclass(frozen=True, slots=True)
class IccResult(Result):
    """All ten forms over the same cases; ``mean_square_*`` are of cases, raters, residual and within cases."""

    method: str
    forms: tuple[IccEstimate, ...]
    raters: tuple[str, ...]
    n: int
    dropped_cases: tuple[str, ...]
    tested_value: float
    mean_square_cases: Estimate
    mean_square_raters: Estimate
    mean_square_residual: Estimate
    mean_square_within: Estimate
    warnings: tuple[str, ...]

    def form(self, name: IccForm, model: IccModel | None = None) -> IccEstimate:
        """The form by its name of McGraw and Wong; without a model the first that has it."""
        for form in self.forms:
            if form.mcgraw_wong == name and model in (None, form.model):
                return form
        raise AnalysisError("unknown_form", f"there is no {name} in a {model} model")


def icc(raters: Measurements, *, tested_value: float = 0.0, level: float = 0.95) -> IccResult:
    """The ten intraclass correlations of measurements by two raters or more.

    Parameters
    ----------
    raters
        Rater -> case -> measurement, ``None`` or no entry where the rater gave none.
    tested_value
        The correlation under the null hypothesis of the F tests, from 0 to below 1.
    level
        Confidence level.

    Returns
    -------
    IccResult
        Fewer than two complete cases, or all measurements equal: not estimable. Raters in full agreement:
        1 without interval. An estimate below 0 stands as it is, with a warning.

    Raises
    ------
    AnalysisError
        Fewer than two raters, a measurement that is not a finite number (names rater and case), a tested
        value or a level out of range.

    References
    ----------
    McGraw KO, Wong SP. Psychol Methods 1996;1:30-46, with the correction 1996;1:390.
    Shrout PE, Fleiss JL. Psychol Bull 1979;86:420-428. Koo TK, Li MY. J Chiropr Med 2016;15:155-163.
    """
    check_level(level)
    if not 0.0 <= tested_value < 1.0:
        raise AnalysisError("tested_value_out_of_range", f"0 <= tested value < 1, not {tested_value}")
    table = measurement_table(raters)
    n = len(table.cases)
    if n < 2:
        few = NotEstimable(f"{n} case was measured by every rater; two are needed")
        forms = tuple(_undefined(*names, few) for names in TEN_FORMS)
        squares: tuple[Estimate, ...] = (few,) * 4
    else:
        mean = mean_squares(table.values[:, :, None])
        forms = tuple(_form(*names, mean, tested_value, level) for names in TEN_FORMS)
        squares = tuple(float(part[0]) for part in (mean.cases, mean.raters, mean.residual, mean.within))
    cases, between_raters, residual, within = squares
    return IccResult(
        method="icc",
        forms=forms,
        raters=table.raters,
        n=n,
        dropped_cases=table.dropped_cases,
        tested_value=tested_value,
        mean_square_cases=cases,
        mean_square_raters=between_raters,
        mean_square_residual=residual,
        mean_square_within=within,
        warnings=_warnings(forms),
    )


def _warnings(forms: tuple[IccEstimate, ...]) -> tuple[str, ...]:
    if any(isinstance(form.icc, float) and form.icc < 0.0 for form in forms):
        return ("A correlation below 0 says that cases differ less than ratings of one case do.",)
    return ()


def icc_band(value: float) -> str:
    """The words of Koo and Li for an intraclass correlation; a bound belongs to the band above it."""
    bounds = ((0.5, "poor"), (0.75, "moderate"), (0.9, "good"))
    return next((band for bound, band in bounds if value < bound), "excellent")


def _words(name: IccForm) -> tuple[str, IccUnit]:
    return DEFINITION_OF[name], "mean of k raters" if name.endswith("k)") else "single rater"


def _undefined(model: IccModel, name: IccForm, shrout: str | None, reason: NotEstimable) -> IccEstimate:
    definition, unit = _words(name)
    missing = (reason,) * 7
    return IccEstimate(name, shrout, model, definition, unit, *missing, None)


def _form(
    model: IccModel, name: IccForm, shrout: str | None, mean: MeanSquares, tested: float, level: float
) -> IccEstimate:
    definition, unit = _words(name)
    value = float(estimates(mean, name)[0])
    if math.isnan(value):
        flat = float(mean.cases[0]) == float(mean.within[0]) == 0.0
        return _undefined(
            model,
            name,
            shrout,
            NO_VARIATION if flat else NotEstimable("the total variance is estimated as 0"),
        )
    low, high = (float(bound[0]) for bound in intervals(mean, name, level=level))
    ci: Interval | NotEstimable = Interval(low, high, level)
    if math.isnan(low) or math.isnan(high):
        ci = NO_RESIDUAL if value == 1.0 else NotEstimable("the bounds are undefined for these variances")
    f, df1, df2, p = _f_test(mean, name, tested)
    note = NO_INTERACTION if name == "ICC(C,k)" and model == "two-way mixed" else None
    if name == "ICC(A,k)" and model == "two-way mixed":
        note = NO_INTERACTION
    return IccEstimate(
        name, shrout, model, definition, unit, value, ci, f, df1, df2, p, icc_band(value), note
    )


def _f_test(mean: MeanSquares, name: IccForm, tested: float) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """F, both degrees of freedom and the upper tail, of ICC = tested."""
    n, k = mean.n, mean.k
    cases, raters, residual, within = (
        float(part[0]) for part in (mean.cases, mean.raters, mean.residual, mean.within)
    )
    # An average of k correlates as tested if a single one correlates as this (Spearman-Brown).
    single = tested / (k - (k - 1) * tested) if name.endswith("k)") else tested
    if DEFINITION_OF[name] == "consistency" or name in ("ICC(1)", "ICC(k)"):
        error = within if name in ("ICC(1)", "ICC(k)") else residual
        df2 = float(n * (k - 1)) if name in ("ICC(1)", "ICC(k)") else float((n - 1) * (k - 1))
        denominator = error * (1.0 + (k - 1) * single) / (1.0 - single)
    else:
        a = k * single / (n * (1.0 - single))
        b = 1.0 + k * single * (n - 1) / (n * (1.0 - single))
        denominator = a * raters + b * residual
        spread = (a * raters) ** 2 / (k - 1) + (b * residual) ** 2 / ((n - 1) * (k - 1))
        df2 = denominator**2 / spread if spread > 0.0 else 0.0
    if denominator <= 0.0:
        return (NO_RESIDUAL,) * 4
    f = cases / denominator
    return f, float(n - 1), df2, float(fdtrc(n - 1, df2, f))
