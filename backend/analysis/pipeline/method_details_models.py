"""The choices behind models, survival and the comparison of groups, in sentences."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backend.analysis.difference_rules import DifferenceRules
from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.lowess import SPAN
from backend.analysis.pipeline.method_details_readers import each
from backend.analysis.reporting.words import joined, within_sentence

TESTS = {
    "chi_square": "Pearson's chi-square test",
    "chi_square_yates": "the chi-square test with Yates's correction",
    "fisher_exact": "Fisher's exact test",
    "welch_t": "Welch's t test",
    "student_t": "Student's t test",
    "mann_whitney": "the Wilcoxon-Mann-Whitney test",
}
TRANSFORMS = {
    "km": "1 minus the Kaplan-Meier estimate",
    "rank": "the rank of time",
    "identity": "time itself",
}


def _calibration(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    groups = each(len(one.bins) for one in made)
    return f"The lowess span was {SPAN:.2f}; the number of groups was {joined(groups)}."


def _hosmer_lemeshow(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    return f"The number of groups was {joined(each(one.groups_asked for one in made))}."


def _thresholds(points: Sequence[Any]) -> str:
    low, high = points[0].threshold, points[-1].threshold
    step = (high - low) / (len(points) - 1) if len(points) > 1 else 0.0
    return f"Threshold probabilities ran from {low:g} to {high:g} in steps of {step:.3g}."


def _decision_curve(made: Sequence[Any], _plan: AnalysisPlan, unit: str) -> str:
    told = [_thresholds(made[0].models[0].points)] if made[0].models and made[0].models[0].points else []
    horizons = each(f"{one.at:g}{_of(unit)}" for one in made if one.at is not None)
    return " ".join([*told, *([f"The stated time was {joined(horizons)}."] if horizons else [])])


def _impact(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    return f"{_thresholds(made[0].points)} The population was {joined(each(one.population for one in made))}."


def _components(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    return _thresholds(made[0].points)


def _pairs(_made: Sequence[Any], plan: AnalysisPlan, _unit: str) -> str:
    if not plan.reclassification:
        return (
            "No pair was declared: every pair of models was compared, the first by name taken as the old one."
        )
    return f"Compared were {joined([f'{old} (old) with {new} (new)' for old, new in plan.reclassification])}."


def _categories(made: Sequence[Any], plan: AnalysisPlan, unit: str) -> str:
    cuts = joined(each(cut for one in made for cut in one.cutoffs))
    return f"{_pairs(made, plan, unit)} Risk categories were divided at {cuts}."


def _logistic(_made: Sequence[Any], plan: AnalysisPlan, _unit: str) -> str:
    where = f" The development cohort was {joined(plan.development)}." if plan.development else ""
    return f"Predictors were {joined(plan.predictors)}.{where}" if plan.predictors else where.strip()


def _screen(made: Sequence[Any], plan: AnalysisPlan, _unit: str) -> str:
    told = [f"Covariates were {joined(plan.covariates)}."] if plan.covariates else []
    told.append(f"The threshold was P < {joined(each(one.threshold for one in made))}.")
    if plan.clinical:
        told.append(f"Declared clinically relevant: {joined(plan.clinical)}.")
    if plan.development:
        told.append(f"The development cohort was {joined(plan.development)}.")
    return " ".join(told)


def _of(unit: str) -> str:
    return f" {unit}" if unit else ""


def _kaplan_meier(made: Sequence[Any], plan: AnalysisPlan, unit: str) -> str:
    kinds = each(group.curve.ci_kind for one in made for group in one.groups)
    scale = f"Intervals of the curves are on the {joined(kinds)} scale."
    return f"{scale} Survival is given at {_listed(plan.times, unit)}." if plan.times else scale


def _logrank(made: Sequence[Any], plan: AnalysisPlan, _unit: str) -> str:
    told = [f"The stratified test took {plan.strata} as strata."] if plan.strata else []
    found_by = each(own for one in made if (own := getattr(one, "found_by", "")))
    if found_by:
        told.append(
            f"Groups were also those that raters' own calls and answers make ({'; '.join(found_by)})."
        )
    return " ".join(told)


def _listed(times: Sequence[float], unit: str) -> str:
    return f"{joined(each(float(time) for time in times))}{_of(unit)}"


def _times(made: Sequence[Any], _plan: AnalysisPlan, unit: str) -> str:
    found = sorted({time for one in made for time in ([one.time] if hasattr(one, "time") else _at(one))})
    return f"The stated times were {_listed(found, unit)}." if found else ""


def _at(result: Any) -> list[float]:
    return [one.time for one in result.at]


def _horizon(made: Sequence[Any], plan: AnalysisPlan, unit: str) -> str:
    taus = sorted({one.tau for one in made if one.tau is not None})
    if not taus:
        return ""
    if plan.tau is not None:
        chosen = "as declared"
    elif plan.times:
        chosen = "the last of the declared times"
    else:
        chosen = "by rule, until when a tenth of the cases is under observation"
    return f"The horizon was {_listed(taus, unit)}, {chosen}."


def _zph(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    return f"The function of time was {joined(each(TRANSFORMS.get(one.transform, one.transform) for one in made))}."


def _table_one(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    rules = made[0].rules
    equal = "Student's t test" if rules.equal_variances else "Welch's t test"
    normal = {
        "shapiro": f"{equal}, or by rank tests where a group departs from normal (Shapiro-Wilk test at "
        f"{rules.normality_alpha:g})",
        "assumed": f"{equal}, normality being assumed",
        "not_assumed": "rank tests, normality not being assumed",
    }[rules.normality]
    told = f"The rules: numbers by {normal}; categories by {_count_rules(rules)}."
    named = {key: TESTS.get(name, name) for one in made for key, name in one.rules.overrides.items()}
    labels = {row.variable.key: row.variable.label for one in made for row in one.rows}
    asked = "; ".join(
        f"{within_sentence(labels.get(key, key))} by {name}" for key, name in sorted(named.items())
    )
    return f"{told} Declared otherwise: {asked}." if asked else told


def _count_rules(rules: DifferenceRules) -> str:
    plain = TESTS["chi_square"]
    if rules.yates:
        plain = f"{plain} (two-by-two tables by {TESTS['chi_square_yates']})"
    if rules.fisher_below == 0.0:
        return f"{plain}, never by Fisher's exact test"
    where = f"an expected count is below {rules.fisher_below:g}"
    if rules.fisher_share:
        where = (
            f"more than {100 * rules.fisher_share:g}% of the expected counts are below {rules.fisher_below:g}"
        )
    return f"{plain}, or by Fisher's exact test where {where}"


MODEL_DETAILS: Mapping[str, Callable[[Sequence[Any], AnalysisPlan, str], str]] = {
    "calibration": _calibration,
    "hosmer_lemeshow": _hosmer_lemeshow,
    "decision_curve": _decision_curve,
    "decision_curve_survival": _decision_curve,
    "clinical_impact": _impact,
    "roc_components": _components,
    "nri_categorical": _categories,
    "nri_continuous": _pairs,
    "idi": _pairs,
    "logistic": _logistic,
    "cox_screen": _screen,
    "kaplan_meier": _kaplan_meier,
    "logrank": _logrank,
    "rmst": _horizon,
    "concordance_uno": _horizon,
    "concordance_uno_difference": _horizon,
    "time_roc_ipcw": _times,
    "time_auc_difference": _times,
    "brier_ipcw": _times,
    "survival_calibration": _times,
    "cox_zph": _zph,
    "table_one": _table_one,
}
