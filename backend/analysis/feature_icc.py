"""Which radiomic features two readers, or one reader twice, reproduce: an intraclass correlation for each.

The rule of the radiomics literature keeps a feature whose correlation is above 0.75 between readers and within
a reader. The form has to be said, since papers seldom do; the default is ICC(A,1), absolute agreement of a
single reader, which Koo and Li 2016 advise for both. ``rule="lower bound"`` asks that the whole confidence
interval lie above, which at 30 cases many features fail.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.icc_core import Array, IccForm, estimates, intervals, mean_squares
from backend.analysis.rater_table import check_rater_count
from backend.analysis.results import Interval, Result, check_level

Features: TypeAlias = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Reader, or occasion of one reader -> case -> feature -> value."""

KeepRule: TypeAlias = Literal["estimate", "lower bound"]
KEEP_ABOVE = 0.75


@dataclass(frozen=True, slots=True)
class FeatureCorrelation(Result):
    """One feature; ``reason`` says in words why it is not kept, ``None`` where it is."""

    feature: str
    icc: Estimate
    ci: Interval | NotEstimable
    is_kept: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class FeatureIcc(Result):
    """All features, sorted by name; ``dropped_cases`` were not drawn by every reader or at every occasion."""

    method: str
    form: IccForm
    keep_above: float
    rule: KeepRule
    raters: tuple[str, ...]
    n: int
    dropped_cases: tuple[str, ...]
    features: tuple[FeatureCorrelation, ...]
    kept: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeatureSelection(Result):
    """Features that pass between readers and within each reader who drew twice."""

    method: str
    inter: FeatureIcc
    intra: tuple[FeatureIcc, ...]
    kept: tuple[str, ...]
    n_features: int


def feature_icc(
    features: Features,
    *,
    form: IccForm = "ICC(A,1)",
    keep_above: float = KEEP_ABOVE,
    rule: KeepRule = "estimate",
    level: float = 0.95,
) -> FeatureIcc:
    """The intraclass correlation of every feature, and which are kept.

    Parameters
    ----------
    features
        Reader -> case -> feature -> value; for one reader's repeats, occasion -> case -> feature -> value.
    form
        Form of the correlation, in the notation of McGraw and Wong.
    keep_above
        A feature is kept if its correlation, or the lower bound of it, is strictly above.

    Returns
    -------
    FeatureIcc
        A feature that is not finite somewhere, or does not vary, has no correlation and is not kept.

    Raises
    ------
    AnalysisError
        Fewer than two readers, a feature that one case has and another lacks (named), an unknown form or
        rule, a threshold or level out of range.

    References
    ----------
    McGraw KO, Wong SP. Psychol Methods 1996;1:30-46. Koo TK, Li MY. J Chiropr Med 2016;15:155-163.
    """
    check_level(level)
    _check_rule(form, keep_above, rule)
    check_rater_count(features)
    raters = tuple(sorted(features))
    named = sorted({case for cases in features.values() for case in cases})
    complete = [case for case in named if all(case in features[rater] for rater in raters)]
    have = set(complete)
    names = _feature_names(features, raters, named)
    values = np.array(
        [[[features[r][c][f] for f in names] for r in raters] for c in complete], dtype=np.float64
    ).reshape(len(complete), len(raters), len(names))
    found = _correlations(values, names, complete, raters, form, level)
    judged = tuple(
        _judged(name, icc, ci, keep_above, rule) for name, (icc, ci) in zip(names, found, strict=True)
    )
    broken = [name for i, name in enumerate(names) if not np.isfinite(values[:, :, i]).all()]
    return FeatureIcc(
        method="feature_icc",
        form=form,
        keep_above=keep_above,
        rule=rule,
        raters=raters,
        n=len(complete),
        dropped_cases=tuple(case for case in named if case not in have),
        features=judged,
        kept=tuple(item.feature for item in judged if item.is_kept),
        warnings=(f"Not finite in some case: {', '.join(broken)}.",) if broken else (),
    )


def feature_selection(
    inter: Features,
    intra: Mapping[str, Features],
    *,
    form: IccForm = "ICC(A,1)",
    keep_above: float = KEEP_ABOVE,
    rule: KeepRule = "estimate",
    level: float = 0.95,
) -> FeatureSelection:
    """Features that are kept between readers and within every reader who drew twice.

    Parameters
    ----------
    inter
        Reader -> case -> feature -> value.
    intra
        Reader -> occasion -> case -> feature -> value.

    Raises
    ------
    AnalysisError
        As :func:`feature_icc`; other features within than between readers; no reader who drew twice.
    """
    if not intra:
        raise AnalysisError("no_repeats", "no reader drew twice, so nothing shows agreement within a reader")
    between = feature_icc(inter, form=form, keep_above=keep_above, rule=rule, level=level)
    within = tuple(
        feature_icc(intra[reader], form=form, keep_above=keep_above, rule=rule, level=level)
        for reader in sorted(intra)
    )
    names = {item.feature for item in between.features}
    for reader, result in zip(sorted(intra), within, strict=True):
        odd = sorted(names ^ {item.feature for item in result.features})
        if odd:
            raise AnalysisError("features_differ", f"{reader}: feature {odd[0]} is not in both comparisons")
    kept = set(between.kept).intersection(*(result.kept for result in within))
    return FeatureSelection("feature_selection", between, within, tuple(sorted(kept)), len(names))


def _check_rule(form: IccForm, keep_above: float, rule: KeepRule) -> None:
    if form not in get_args(IccForm):
        raise AnalysisError("unknown_form", f"forms are {', '.join(get_args(IccForm))}, not {form!r}")
    if rule not in get_args(KeepRule):
        raise AnalysisError("unknown_rule", f"rules are {', '.join(get_args(KeepRule))}, not {rule!r}")
    if not -1.0 <= keep_above < 1.0:
        raise AnalysisError("threshold_out_of_range", f"-1 <= keep above < 1, not {keep_above}")


def _feature_names(features: Features, raters: tuple[str, ...], named: list[str]) -> tuple[str, ...]:
    """The features, which every case of every reader has."""
    expected: set[str] | None = None
    for rater in raters:
        for case in named:
            if case not in features[rater]:
                continue
            names = set(features[rater][case])
            expected = names if expected is None else expected
            if names != expected:
                odd = min(names ^ expected)
                raise AnalysisError(
                    "feature_missing", f"feature {odd}: {rater}, case {case} differs from the other rows"
                )
    return tuple(sorted(expected or ()))


def _correlations(
    values: Array,
    names: tuple[str, ...],
    cases: list[str],
    raters: tuple[str, ...],
    form: IccForm,
    level: float,
) -> list[tuple[Estimate, Interval | NotEstimable]]:
    if len(cases) < 2:
        few = NotEstimable(f"{len(cases)} case has every reader; two are needed")
        return [(few, few)] * len(names)
    finite = np.isfinite(values)
    mean = mean_squares(np.where(finite.all(axis=(0, 1)), values, 0.0))
    icc = estimates(mean, form)
    low, high = intervals(mean, form, level=level)
    found: list[tuple[Estimate, Interval | NotEstimable]] = []
    for position in range(len(names)):
        if not finite[:, :, position].all():
            case, rater = np.argwhere(~finite[:, :, position])[0]
            value = values[case, rater, position]
            reason = NotEstimable(f"{raters[rater]}, case {cases[case]}: the value is {value}")
            found.append((reason, reason))
        elif math.isnan(icc[position]):
            flat = NotEstimable("the feature does not vary between cases")
            found.append((flat, flat))
        else:
            bounds = float(low[position]), float(high[position])
            ci: Interval | NotEstimable = Interval(*bounds, level)
            if math.isnan(bounds[0]):
                ci = NotEstimable("the residual variance is 0")
            found.append((float(icc[position]), ci))
    return found


def _judged(
    name: str, icc: Estimate, ci: Interval | NotEstimable, keep_above: float, rule: KeepRule
) -> FeatureCorrelation:
    judged: Estimate = icc
    if rule == "lower bound" and icc != 1.0:
        judged = ci if isinstance(ci, NotEstimable) else ci.low
    if isinstance(judged, NotEstimable):
        return FeatureCorrelation(name, icc, ci, is_kept=False, reason=judged.reason)
    is_kept = judged > keep_above
    what = "the correlation" if rule == "estimate" else "the lower bound"
    reason = None if is_kept else f"{what} is {judged:.3f}, not above {keep_above:g}"
    return FeatureCorrelation(name, icc, ci, is_kept=is_kept, reason=reason)
