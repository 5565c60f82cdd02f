"""Prediction models: calibration, decision and impact curves, reclassification, logistic regression, nomogram."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from backend.analysis.calibration import calibration
from backend.analysis.clinical_impact import clinical_impact, roc_components
from backend.analysis.decision_curve import decision_curve
from backend.analysis.errors import AnalysisError
from backend.analysis.hosmer_lemeshow import HosmerLemeshow, hosmer_lemeshow
from backend.analysis.pipeline.apparent import apparent_warnings
from backend.analysis.pipeline.cohorts import (
    by_cohort,
    development_cases,
    dropped_in,
    in_key,
    in_title,
)
from backend.analysis.pipeline.regressions import regressions
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Study
from backend.analysis.reclassification import categorical_nri, continuous_nri, integrated_discrimination
from backend.analysis.study_report import DroppedCase

RESAMPLES = 500
NOT_STATED = (
    "The dataset does not say on which cases the model was made (development in study.json): it is taken as made on "
    "others, with as many degrees of freedom as groups."
)
MADE_ON_OTHERS = "The model was made on other cases: there are as many degrees of freedom as groups."
MADE_HERE = "The model was made on these cases: there are two degrees of freedom fewer than groups."
MADE_ON_SOME = (
    "The model was made on some of these cases ({groups}): the test is done as on a model's own cases, with two "
    "degrees of freedom fewer than groups, and is right for neither part."
)

NO_PAIR = (
    "The plan declares no pair of models (reclassification): {old} is taken as the old model and {new} as the new "
    "one, by the order of their names. The other way round every sign turns."
)


def predictions(study: Study) -> Section:
    """Every model with probabilities, on all cases and on each group of the cohort column."""
    collector = Collector("models", "Prediction models")
    probabilities = _probabilities(study)
    for name, own in probabilities.items():
        for group, cases in by_cohort(study, _usable(study, own)[0]).items():
            _one_model(collector, study, name, own, group, cases)
    if probabilities:
        _decision(collector, study, probabilities)
    for old, new in _pairs(study, probabilities):
        _reclassification(collector, study, probabilities, old, new)
    if study.plan.predictors:
        regressions(collector, study)
    return collector.section("no model gave probabilities, and no predictors are declared")


def _probabilities(study: Study) -> dict[str, dict[str, float]]:
    """Model to case to probability; a model without any is left out."""
    found = {
        model.name: {one.case: one.probability for one in model.predictions if one.probability is not None}
        for model in sorted(study.study.models, key=lambda model: model.name)
    }
    return {name: own for name, own in found.items() if own}


def _usable(study: Study, *models: Mapping[str, float]) -> tuple[list[str], tuple[DroppedCase, ...]]:
    """The cases with truth that every model has a probability for, and the others with the reason."""
    cases, dropped = [], []
    for case in sorted(study.study.truth):
        if study.study.truth[case] is None:
            dropped.append(DroppedCase(case, "no truth"))
        elif not all(case in own for own in models):
            dropped.append(DroppedCase(case, "no probability"))
        else:
            cases.append(case)
    return cases, tuple(dropped)


def _one_model(
    collector: Collector, study: Study, name: str, own: Mapping[str, float], group: str, cases: list[str]
) -> None:
    truth, values = study.truths(cases), [own[case] for case in cases]
    dropped = dropped_in(study, _usable(study, own)[1], group)
    key, label = f"{name}/{group}", f"{name}, {group}"
    apparent = apparent_warnings(study, cases)
    collector.add(
        f"calibration/{key}",
        f"{label}: calibration",
        lambda: calibration(truth, values, cases=cases, level=study.level),
        dropped=dropped,
        warnings=apparent,
    )
    collector.add(
        f"hosmer_lemeshow/{key}",
        f"{label}: Hosmer-Lemeshow",
        lambda: _goodness_of_fit(study, cases, truth, values),
        dropped=dropped,
    )
    collector.add(
        f"impact/{key}",
        f"{label}: clinical impact",
        lambda: clinical_impact(truth, values, level=study.level),
        dropped=dropped,
        warnings=apparent,
    )
    collector.add(
        f"components/{key}",
        f"{label}: ROC components",
        lambda: roc_components(truth, values, level=study.level),
        dropped=dropped,
        warnings=apparent,
    )


def _goodness_of_fit(
    study: Study, cases: Sequence[str], truth: Sequence[bool], values: Sequence[float]
) -> HosmerLemeshow:
    """The test with the degrees of freedom of the model's own cases, or of others, and which of them it is."""
    own = development_cases(study)
    n_own = sum(case in own for case in cases)
    result = hosmer_lemeshow(truth, values, is_external=n_own == 0)
    if not study.plan.development:
        told = NOT_STATED
    elif 0 < n_own < len(cases):
        told = MADE_ON_SOME.format(groups=", ".join(study.plan.development))
    else:
        told = MADE_HERE if n_own else MADE_ON_OTHERS
    return replace(result, warnings=(*result.warnings, told))


def _decision(collector: Collector, study: Study, probabilities: Mapping[str, Mapping[str, float]]) -> None:
    cases, dropped = _usable(study, *probabilities.values())
    for group, own in by_cohort(study, cases).items():
        collector.add(
            f"decision_curve/{group}",
            f"Decision curves, {group}",
            lambda group=group, own=own: decision_curve(  # type: ignore[misc]
                study.truths(own),
                {name: [values[case] for case in own] for name, values in probabilities.items()},
                resamples=RESAMPLES,
                seed=study.seed_of(f"decision_curve/{group}"),
                level=study.level,
            ),
            dropped=dropped_in(study, dropped, group),
            warnings=apparent_warnings(study, own),
        )


def _pairs(study: Study, probabilities: Mapping[str, object]) -> list[tuple[str, str]]:
    if study.plan.reclassification:
        return list(study.plan.reclassification)
    return list(combinations(sorted(probabilities), 2))


def _reclassification(
    collector: Collector,
    study: Study,
    probabilities: Mapping[str, Mapping[str, float]],
    old: str,
    new: str,
) -> None:
    name = f"{old} to {new}"
    if old not in probabilities or new not in probabilities:
        collector.add(f"nri/{name}", name, lambda: _refuse(old if old not in probabilities else new))
        return
    cases, dropped = _usable(study, probabilities[old], probabilities[new])
    for group, own in by_cohort(study, cases).items():
        _reclassified(
            collector,
            study,
            (f"{name}{in_key(group)}", f"{name}{in_title(group)}"),
            (
                study.truths(own),
                [probabilities[old][case] for case in own],
                [probabilities[new][case] for case in own],
            ),
            dropped_in(study, dropped, group),
            (
                *apparent_warnings(study, own),
                *(() if study.plan.reclassification else (NO_PAIR.format(old=old, new=new),)),
            ),
        )


def _reclassified(
    collector: Collector,
    study: Study,
    name: tuple[str, str],
    values: tuple[Sequence[bool], Sequence[float], Sequence[float]],
    dropped: tuple[DroppedCase, ...],
    warnings: tuple[str, ...],
) -> None:
    """The indices of one pair on one group of cases; ``name`` is the end of the key, and of the title."""
    key, title = name
    collector.add(
        f"nri/{key}",
        f"{title}: continuous net reclassification",
        lambda: continuous_nri(*values, level=study.level),
        dropped=dropped,
        warnings=warnings,
    )
    if study.plan.risk_cutoffs:
        collector.add(
            f"nri_categories/{key}",
            f"{title}: net reclassification by risk category",
            lambda: categorical_nri(*values, study.plan.risk_cutoffs, level=study.level),
            dropped=dropped,
            warnings=warnings,
        )
    collector.add(
        f"idi/{key}",
        f"{title}: integrated discrimination improvement",
        lambda: integrated_discrimination(*values, level=study.level),
        dropped=dropped,
        warnings=warnings,
    )


def _refuse(model: str) -> None:
    raise AnalysisError("unknown_model", f"study.json names {model}, no model with probabilities")
