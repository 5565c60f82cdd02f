"""Predicted risks of an endpoint: Brier score and decision curves, on all cases and in each cohort.

A model's probability is that of the truth unless the plan says that it is one of the endpoint's event by a time
(``event_probabilities``): only such a probability, and the risk by the Cox model of the nomogram, has a part here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.analysis.decision_curve import DecisionCurve, survival_decision_curve
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.pipeline.apparent import apparent_warnings
from backend.analysis.pipeline.cohorts import dropped_in, in_key, in_title
from backend.analysis.pipeline.cox_models import FittedCox
from backend.analysis.pipeline.follow_up import FollowUp, only, without
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Study
from backend.analysis.study_report import DroppedCase
from backend.analysis.survival.brier import brier_at
from backend.analysis.survival.outcomes import Outcomes

RESAMPLES = 500
COX = "Cox model"
NO_RISK = (
    "no probability of this endpoint: the plan declares none of a model (event_probabilities), and no Cox model with "
    "a baseline is fitted whose follow-up reaches the times"
)
FITTED_HERE = (
    "The Cox model was fitted on cases that are among these ({label}): its result here is optimistic, and the "
    "intervals do not account for the fit."
)
NOT_REACHED = (
    "The Cox model has no part: the follow-up of its cases has no event by {time:g}, or ends before."
)


@dataclass(frozen=True, slots=True)
class DeclaredRisks:
    """Risk of the event by ``time``, by model and case, as the plan declares it; ``time`` is None where it does not."""

    time: float | None
    by_model: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class _Risks:
    """Risk of the event by ``time``, by model and case, and the cases that a model has none for."""

    time: float
    by_model: Mapping[str, Mapping[str, float]]
    dropped: tuple[DroppedCase, ...]
    warnings: tuple[str, ...]


def brier_scores(
    collector: Collector, follow_up: FollowUp, declared: DeclaredRisks, cox: FittedCox | None
) -> None:
    """Of the Cox model at every time, and of the declared models at theirs."""
    endpoint, level = follow_up.endpoint, follow_up.study.level
    for group, known in follow_up.by_cohort().items():
        for name, own in declared.by_model.items() if declared.time is not None else ():
            collector.add(
                f"brier/{endpoint}/{name}{in_key(group)}",
                f"{endpoint}: {name}{in_title(group)}, Brier score",
                lambda known=known, own=own, time=declared.time: (  # type: ignore[misc]
                    brier_at(known, _survival(known, own), time=time, level=level),
                ),
                method="brier_ipcw",
                dropped=dropped_in(follow_up.study, without(known, own, f"no probability by {name}"), group),
                warnings=apparent_warnings(follow_up.study, known.cases),
            )
        times = cox.times(follow_up.at) if cox else ()
        if cox and times:
            cases, dropped = cox.predictable(follow_up.study, known.cases)
            collector.add(
                f"brier/{endpoint}/{COX}{in_key(group)}",
                f"{endpoint}: {COX}, fitted on {cox.fitted.label}{in_title(group)}, Brier score",
                lambda known=known, cases=cases, times=times: tuple(  # type: ignore[misc]
                    brier_at(
                        only(known, cases),
                        _survival(known, _cox_risk(cox, follow_up, cases, time)),
                        time=time,
                        level=level,
                    )
                    for time in times
                ),
                method="brier_ipcw",
                dropped=dropped_in(follow_up.study, dropped, group),
                warnings=_optimistic(cox, group),
            )


def decisions(
    collector: Collector, follow_up: FollowUp, declared: DeclaredRisks, cox: FittedCox | None
) -> None:
    """Decision curves of the declared models and of the Cox model at one time."""
    endpoint = follow_up.endpoint
    for group, known in follow_up.by_cohort().items():
        key = f"decision_curve/{endpoint}{in_key(group)}"
        title = f"{endpoint}{in_title(group)}: decision curves"
        risks = collector.attempt(key, title, lambda known=known: _risks(follow_up, known, declared, cox))  # type: ignore[misc]
        if risks is None:
            continue
        if not risks.by_model:
            nothing = NotEstimable(NO_RISK)
            collector.add(key, title, lambda nothing=nothing: nothing, method="decision_curve_survival", n=0)  # type: ignore[misc]
            return
        collector.add(
            key,
            f"{title} at {f'{risks.time:g} {follow_up.study.plan.time_unit}'.strip()}",
            lambda known=known, risks=risks, key=key: _curves(follow_up, known, risks, key),  # type: ignore[misc]
            method="decision_curve_survival",
            dropped=dropped_in(follow_up.study, risks.dropped, group),
            warnings=(*risks.warnings, *_apparent(follow_up, known, cox, group, risks.by_model)),
        )


def declared_risks(collector: Collector, follow_up: FollowUp) -> DeclaredRisks:
    """What ``event_probabilities`` declares of the endpoint; nothing where it does not name it.

    A model without probabilities is refused by itself (``unknown_model``); the others, and the Cox model, stay.
    """
    study = follow_up.study
    for one in study.plan.event_probabilities:
        if one.endpoint != follow_up.endpoint:
            continue
        found = {
            model.name: {
                own.case: own.probability for own in model.predictions if own.probability is not None
            }
            for model in study.study.models
        }
        for name in sorted(one.models):
            if not found.get(name):
                collector.attempt(
                    f"decision_curve/{one.endpoint}/{name}",
                    f"{one.endpoint}: {name}, Brier score and decision curves",
                    lambda name=name: _refuse(name),  # type: ignore[misc]
                )
        return DeclaredRisks(one.by, {name: found[name] for name in sorted(one.models) if found.get(name)})
    return DeclaredRisks(None, {})


def _refuse(model: str) -> None:
    raise AnalysisError("unknown_model", f"study.json names {model}, no model with probabilities")


def check_endpoints(study: Study) -> None:
    """Refuse declared probabilities of an endpoint that ``outcomes.csv`` does not have (``unknown_endpoint``)."""
    known = {one.endpoint for one in study.files.outcomes}
    for one in study.plan.event_probabilities:
        if one.endpoint not in known:
            raise AnalysisError(
                "unknown_endpoint",
                f"study.json names {one.endpoint} in event_probabilities, no endpoint of outcomes.csv",
            )


def _survival(known: Outcomes, risks: Mapping[str, float]) -> dict[str, float | None]:
    return {case: 1.0 - risks[case] if case in risks else None for case in known.cases}


def _cox_risk(cox: FittedCox, follow_up: FollowUp, cases: list[str], time: float) -> dict[str, float]:
    risks = {}
    for one in cox.predict(follow_up.study, cases, (time,)).cases:
        survival = one.survival[0]
        if not isinstance(survival, NotEstimable):
            risks[one.case] = 1.0 - survival
    return risks


def _risks(follow_up: FollowUp, known: Outcomes, declared: DeclaredRisks, cox: FittedCox | None) -> _Risks:
    """At the declared time; where none is declared, at the last one that the Cox model reaches."""
    study = follow_up.study
    models = dict(declared.by_model)
    reasons: dict[str, list[str]] = {}
    for name, own in declared.by_model.items():
        for one in without(known, own, f"no probability by {name}"):
            reasons.setdefault(one.case, []).append(one.reason)
    warnings: tuple[str, ...] = ()
    wanted = follow_up.at if declared.time is None else (declared.time,)
    reached = cox.times(wanted) if cox else ()
    time = reached[-1] if reached else (declared.time or 0.0)
    if cox and reached:
        if COX in models:
            raise AnalysisError("name_reserved", f"a model cannot be called {COX}")
        cases, dropped = cox.predictable(study, known.cases)
        models[COX] = _cox_risk(cox, follow_up, cases, time)
        for one in dropped:
            reasons.setdefault(one.case, []).append(one.reason)
    elif cox and models:
        warnings = (NOT_REACHED.format(time=time),)
    dropped_cases = tuple(DroppedCase(case, "; ".join(own)) for case, own in sorted(reasons.items()))
    return _Risks(time, models, dropped_cases, warnings)


def _optimistic(cox: FittedCox, group: str) -> tuple[str, ...]:
    return () if group in cox.fitted.others else (FITTED_HERE.format(label=cox.fitted.label),)


def _apparent(
    follow_up: FollowUp, known: Outcomes, cox: FittedCox | None, group: str, names: Iterable[str]
) -> tuple[str, ...]:
    """What is optimistic of these decision curves: the Cox model's, and those of models on their own cases."""
    shown = set(names)
    of_cox = _optimistic(cox, group) if cox and COX in shown else ()
    return (*of_cox, *(apparent_warnings(follow_up.study, known.cases) if shown - {COX} else ()))


def _curves(follow_up: FollowUp, known: Outcomes, risks: _Risks, key: str) -> DecisionCurve:
    left_out = {one.case for one in risks.dropped}
    shared = only(known, {case for case in known.cases if case not in left_out})
    return survival_decision_curve(
        shared.times,
        shared.events,
        {name: [own[case] for case in shared.cases] for name, own in risks.by_model.items()},
        at=risks.time,
        resamples=RESAMPLES,
        seed=follow_up.study.seed_of(key),
        level=follow_up.study.level,
    )
