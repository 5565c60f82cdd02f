"""The choices behind agreement, curves and multi-reader analyses, in sentences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.pipeline.report_tables_mrmc import GENERALIZED
from backend.analysis.reporting.words import joined


def each(values: Iterable[object]) -> list[str]:
    """Every value once, as text, in the order met."""
    return list(dict.fromkeys(f"{one:g}" if isinstance(one, float) else str(one) for one in values))


def _partial(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    ranges = each(f"{one.focus} {one.low:g} to {one.high:g}" for one in made)
    return f"The range was {joined(ranges)}."


def _target(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    return f"The target was {joined(each(one.target for one in made))}."


def _prevalences(_made: Sequence[Any], plan: AnalysisPlan, _unit: str) -> str:
    stated = each(plan.prevalences)
    return f"The stated prevalence was {joined(stated)}." if stated else "No other prevalence was stated."


def _clusters(_made: Sequence[Any], plan: AnalysisPlan, _unit: str) -> str:
    return f"Units of one patient are those alike in {plan.cluster}." if plan.cluster else ""


def _by_group(_made: Sequence[Any], plan: AnalysisPlan, _unit: str) -> str:
    columns = each(name for name in (plan.cohort, *plan.subgroups) if name)
    return f"Groups were those of {joined(columns)}." if columns else ""


def _margin(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    return _margins_told(made)


def _panel(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    told = _margins_told(made)
    without = each(one.figure for one in made if one.margin is None)
    if not told:
        return "No margin was declared, so non-inferiority was not tested."
    rest = f" No margin was declared for {'; '.join(without)}, whose non-inferiority was not tested."
    return f"{told}{rest if without else ''}"


def _margins_told(made: Sequence[Any]) -> str:
    told = each(f"{one.margin:g} in {one.figure}" for one in made if one.margin is not None)
    return f"The margin was {'; '.join(told)}." if told else ""


def _power(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    told = each(
        f"a difference in AUC of {one.effect:g}, a power of {one.wanted:g} and a two-sided level of {one.alpha:g}, "
        f"generalized to {GENERALIZED[one.generalizes_to]}"
        for one in made
    )
    return f"It was computed for {'; '.join(told)}."


def _alpha(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    return f"Values were taken as {joined(each(one.measurement for one in made))}."


def _features(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    bounds = each(f"{one.form} above {one.keep_above:g} by its {_rule(one.rule)}" for one in made)
    return f"Kept were features with {joined(bounds)}."


def _rule(rule: str) -> str:
    return "estimate" if rule == "estimate" else "lower confidence limit"


def _change(made: Sequence[Any], _plan: AnalysisPlan, _unit: str) -> str:
    pairs = each(
        f"{one.before} then {one.after}" + (f", with the model {one.model}" if one.model else "")
        for one in made
    )
    return f"The conditions were {'; '.join(pairs)}."


READER_DETAILS: Mapping[str, Callable[[Sequence[Any], AnalysisPlan, str], str]] = {
    "partial_auc": _partial,
    "fixed_sensitivity": _target,
    "fixed_specificity": _target,
    "operating_table": _prevalences,
    "auc_clustered": _clusters,
    "roc_by_group": _by_group,
    "mrmc_margin": _margin,
    "model_against_readers": _panel,
    "mrmc_sample_size": _power,
    "krippendorff_alpha": _alpha,
    "feature_icc": _features,
    "change_of_mind": _change,
}
