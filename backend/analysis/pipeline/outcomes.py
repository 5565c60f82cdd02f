"""Survival: curves by group with log-rank, Cox models, concordance, time-dependent curves, nomogram."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backend.analysis.decision_curve import survival_decision_curve
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.nomogram import (
    Baseline,
    CategoricalTerm,
    Nomogram,
    NumericTerm,
    cox_nomogram,
    numeric_term,
)
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import TRUTH_COLUMN, Rated, Study
from backend.analysis.results import Result
from backend.analysis.study_report import DroppedCase
from backend.analysis.survival.concordance import compare_c, harrell_c, uno_c
from backend.analysis.survival.covariates import Covariate
from backend.analysis.survival.cox_baseline import CoxBaseline, cox_baseline
from backend.analysis.survival.cox_hazards import proportional_hazards
from backend.analysis.survival.cox_screen import CoxScreen, cox_screen
from backend.analysis.survival.kaplan_meier import KaplanMeier, kaplan_meier
from backend.analysis.survival.logrank import LogrankResult, logrank
from backend.analysis.survival.outcomes import Outcomes, outcomes
from backend.analysis.survival.time_roc import compare_time_auc, time_dependent_roc

QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class SurvivalGroup(Result):
    """The curve of one group."""

    label: str
    curve: KaplanMeier


@dataclass(frozen=True, slots=True)
class SurvivalByGroup(Result):
    """Kaplan-Meier curves of the groups of a column, and their log-rank test."""

    method: str
    endpoint: str
    column: str
    subgroup: str
    groups: tuple[SurvivalGroup, ...]
    test: LogrankResult | None
    n: int
    warnings: tuple[str, ...]


def survival(study: Study) -> Section:
    """Every endpoint of ``outcomes.csv``."""
    collector = Collector("survival", "Survival")
    for endpoint in sorted({one.endpoint for one in study.files.outcomes}):
        own = [one for one in study.files.outcomes if one.endpoint == endpoint]
        known = outcomes(
            [one.time for one in own], [one.event for one in own], cases=[one.case for one in own]
        )
        at = study.plan.times or _event_quartiles(known)
        _curves(collector, study, endpoint, known, at)
        _cox(collector, study, endpoint, known, at)
        _scores(collector, study, endpoint, known, at)
    return collector.section("the dataset has no follow-up (outcomes.csv)")


def _event_quartiles(known: Outcomes) -> tuple[float, ...]:
    """The observed event times at the quartiles of all event times: the times where none are declared."""
    times = sorted(time for time, event in zip(known.times, known.events, strict=True) if event)
    return tuple(sorted({times[math.ceil(share * len(times)) - 1] for share in QUARTILES})) if times else ()


def _labels(study: Study) -> dict[str, dict[str, str | None]]:
    """What survival is compared by: the truth, the calls of models, and the declared columns."""
    positive = study.study.positive_class
    found: dict[str, dict[str, str | None]] = {
        TRUTH_COLUMN: {
            case: None if truth is None else (positive if truth else f"no {positive}")
            for case, truth in study.study.truth.items()
        }
    }
    for model in study.models():
        found[model.label] = {
            case: "called positive" if call else "called negative" for case, call in model.calls.items()
        }
    return found


def _curves(collector: Collector, study: Study, endpoint: str, known: Outcomes, at: Sequence[float]) -> None:
    collector.add(
        f"kaplan_meier/{endpoint}",
        f"{endpoint}: all cases",
        lambda: _by_group(study, endpoint, known, "", "", dict.fromkeys(known.cases, "all cases"), at),
    )
    tables = _labels(study)
    for column in study.plan.survival_groups:
        labels_of_column = collector.attempt(
            f"logrank/{endpoint}/{column}",
            f"{endpoint} by {column}",
            lambda c=column: study.groups(c),  # type: ignore[misc]
        )
        if labels_of_column is not None:
            tables[column] = labels_of_column
    for column, labels in tables.items():
        collector.add(
            f"logrank/{endpoint}/{column}",
            f"{endpoint} by {column}",
            lambda column=column, labels=labels: _by_group(  # type: ignore[misc]
                study, endpoint, known, column, "", labels, at
            ),
            dropped=_without_label(known, labels, column),
        )
        if study.plan.strata:
            collector.add(
                f"stratified/{endpoint}/{column}",
                f"{endpoint} by {column}, stratified by {study.plan.strata}",
                lambda labels=labels: logrank(  # type: ignore[misc]
                    known, _of(known, labels), strata=_of(known, study.groups(study.plan.strata))
                ),
            )
        for by in study.plan.subgroups:
            _subgroups(collector, study, endpoint, known, column, labels, by, at)


def _subgroups(
    collector: Collector,
    study: Study,
    endpoint: str,
    known: Outcomes,
    column: str,
    labels: Mapping[str, str | None],
    by: str,
    at: Sequence[float],
) -> None:
    if by not in study.columns() or by == column:
        return
    groups = study.groups(by)
    for group in sorted({label for case in known.cases if (label := groups.get(case)) is not None}):
        own = known.only({case for case in known.cases if groups.get(case) == group})
        collector.add(
            f"logrank/{endpoint}/{column}/{by}/{group}",
            f"{endpoint} by {column}, {by} {group}",
            lambda own=own, group=group: _by_group(  # type: ignore[misc]
                study, endpoint, own, column, f"{by} {group}", labels, at
            ),
        )


def _by_group(
    study: Study,
    endpoint: str,
    known: Outcomes,
    column: str,
    subgroup: str,
    labels: Mapping[str, str | None],
    at: Sequence[float],
) -> SurvivalByGroup:
    found = sorted({label for case in known.cases if (label := labels.get(case)) is not None})
    groups = []
    for label in found:
        own = known.only({case for case in known.cases if labels.get(case) == label})
        groups.append(SurvivalGroup(label, kaplan_meier(own, at=at, level=study.level)))
    test = logrank(known, _of(known, labels)) if column else None
    warnings = dict.fromkeys(text for group in groups for text in group.curve.warnings)
    return SurvivalByGroup(
        "logrank" if column else "kaplan_meier",
        endpoint,
        column,
        subgroup,
        tuple(groups),
        test,
        sum(group.curve.n for group in groups),
        tuple(dict.fromkeys((*warnings, *(test.warnings if test else ())))),
    )


def _of(known: Outcomes, labels: Mapping[str, str | None]) -> dict[str, str | None]:
    return {case: labels.get(case) for case in known.cases}


def _without_label(known: Outcomes, labels: Mapping[str, str | None], column: str) -> tuple[DroppedCase, ...]:
    return tuple(DroppedCase(case, f"no {column}") for case in known.cases if labels.get(case) is None)


def _covariate(study: Study, known: Outcomes, name: str) -> Covariate:
    values = study.column(name)
    return Covariate(
        name, {case: values.get(case) for case in known.cases}, clinical=name in study.plan.clinical
    )


def _cox(collector: Collector, study: Study, endpoint: str, known: Outcomes, at: Sequence[float]) -> None:
    names = tuple(dict.fromkeys((*study.plan.covariates, *study.plan.clinical)))
    entered: tuple[str, ...] = ()
    if names:
        screen = collector.add(
            f"cox/{endpoint}",
            f"{endpoint}: univariate Cox models and the multivariate model",
            lambda: cox_screen(known, [_covariate(study, known, name) for name in names], level=study.level),
            n=known.n,
        )
        entered = screen.entered if isinstance(screen, CoxScreen) else ()
    if entered:
        collector.add(
            f"hazards/{endpoint}",
            f"{endpoint}: test of proportional hazards",
            lambda: proportional_hazards(known, [_covariate(study, known, name) for name in entered]),
            method="cox_zph",
        )
    drawn = study.plan.nomogram or entered
    if drawn:
        baseline = collector.add(
            f"cox_baseline/{endpoint}",
            f"{endpoint}: Cox model with baseline survival",
            lambda: cox_baseline(
                known, [_covariate(study, known, name) for name in drawn], level=study.level
            ),
            method="cox_baseline_efron",
        )
        if isinstance(baseline, CoxBaseline):
            collector.add(
                f"cox_nomogram/{endpoint}",
                f"{endpoint}: nomogram",
                lambda: _nomogram(study, known, baseline, at),
                method="nomogram",
                n=baseline.model.n,
            )


def _nomogram(
    study: Study, known: Outcomes, baseline: CoxBaseline, at: Sequence[float]
) -> Nomogram | NotEstimable:
    """Survival at the times: baseline survival is that of the center, which the terms are measured from."""
    terms: dict[str, NumericTerm | CategoricalTerm] = {}
    coefficients = dict(zip(baseline.model.columns(), baseline.coefficients, strict=True))
    for column, coefficient in coefficients.items():
        if column.level is None:
            values = [
                float(value)
                for case in known.cases
                if isinstance(value := study.column(column.covariate).get(case), float)
            ]
            terms[column.covariate] = numeric_term(column.covariate, coefficient, min(values), max(values))
        else:
            levels = {column.reference or "": 0.0} | {
                other.level or "": own
                for other, own in coefficients.items()
                if other.covariate == column.covariate
            }
            terms[column.covariate] = CategoricalTerm(column.covariate, levels)
    survival_at = []
    for time in at:
        steps = [h for t, h in zip(baseline.times, baseline.cumulative_hazard, strict=True) if t <= time]
        if steps and time <= baseline.last_time:
            survival_at.append(Baseline(time, math.exp(-steps[-1])))
    if not survival_at:
        return NotEstimable("no event had happened by any of the times, or follow-up ends before them")
    center = sum(b * c for b, c in zip(baseline.coefficients, baseline.center, strict=True))
    return cox_nomogram(
        list(terms.values()), center=center, baselines=survival_at, time_unit=study.plan.time_unit
    )


def _scores(collector: Collector, study: Study, endpoint: str, known: Outcomes, at: Sequence[float]) -> None:
    models = [one for one in study.models() if set(one.scores) & set(known.cases)]
    for model in models:
        scores = _score_of(known, model)
        for kind, function in (("harrell", harrell_c), ("uno", uno_c)):
            collector.add(
                f"{kind}/{endpoint}/{model.label}",
                f"{endpoint}: {model.label}, concordance ({kind.capitalize()})",
                lambda f=function, scores=scores: f(known, scores, level=study.level),  # type: ignore[misc]
            )
        if at:
            collector.add(
                f"time_roc/{endpoint}/{model.label}",
                f"{endpoint}: {model.label}, time-dependent ROC",
                lambda scores=scores: time_dependent_roc(  # type: ignore[misc]
                    known, scores, at=at, level=study.level
                ),
            )
    for a, b in combinations(models, 2):
        _compare(collector, study, endpoint, known, a, b, at)
    _survival_decision(collector, study, endpoint, known, at)


def _score_of(known: Outcomes, model: Rated) -> dict[str, float | None]:
    return {case: model.scores.get(case) for case in known.cases}


def _compare(
    collector: Collector,
    study: Study,
    endpoint: str,
    known: Outcomes,
    a: Rated,
    b: Rated,
    at: Sequence[float],
) -> None:
    scores_a, scores_b = _score_of(known, a), _score_of(known, b)
    name = f"{endpoint}/{a.label} - {b.label}"
    collector.add(
        f"compare_c/{name}",
        f"{endpoint}: {a.label} - {b.label}, Harrell's C",
        lambda: compare_c(known, scores_a, scores_b, level=study.level),
    )
    if at:
        collector.add(
            f"compare_time_auc/{name}",
            f"{endpoint}: {a.label} - {b.label}, time-dependent AUC",
            lambda: compare_time_auc(known, scores_a, scores_b, at=at, level=study.level),
        )


def _survival_decision(
    collector: Collector, study: Study, endpoint: str, known: Outcomes, at: Sequence[float]
) -> None:
    """At the last of the times, on the cases to which every model with probabilities gave one."""
    probabilities = {
        model.name: {one.case: one.probability for one in model.predictions if one.probability is not None}
        for model in study.study.models
    }
    models = {name: own for name, own in sorted(probabilities.items()) if own}
    if not models or not at:
        return
    shared = known.only({case for case in known.cases if all(case in own for own in models.values())})

    def compute() -> object:
        if not shared.cases:
            raise AnalysisError("no_cases", "no case has an outcome and the probabilities of all models")
        return survival_decision_curve(
            shared.times,
            shared.events,
            {name: [own[case] for case in shared.cases] for name, own in models.items()},
            at=at[-1],
            level=study.level,
        )

    collector.add(
        f"decision_curve/{endpoint}",
        f"{endpoint}: decision curves at {f'{at[-1]:g} {study.plan.time_unit}'.strip()}",
        compute,
        n=shared.n,
    )
