"""Cox models of an endpoint, fitted on the development cases: screen, assumption, baseline, nomogram, validation."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backend.analysis.errors import NotEstimable
from backend.analysis.nomogram import (
    Baseline,
    CategoricalTerm,
    Nomogram,
    NumericTerm,
    cox_nomogram,
    numeric_term,
)
from backend.analysis.pipeline.cohorts import APPARENT, Fitted, dropped_for, fitted_on
from backend.analysis.pipeline.follow_up import FollowUp, only
from backend.analysis.pipeline.reference_levels import planned_reference
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Study
from backend.analysis.study_report import DroppedCase
from backend.analysis.survival.calibration import survival_calibration
from backend.analysis.survival.concordance import harrell_c
from backend.analysis.survival.covariates import Covariate, levels_of
from backend.analysis.survival.cox import CoxModel
from backend.analysis.survival.cox_baseline import (
    CoxBaseline,
    PredictedSurvival,
    cox_baseline,
    predicted_survival,
)
from backend.analysis.survival.cox_hazards import proportional_hazards
from backend.analysis.survival.cox_screen import cox_screen
from backend.analysis.survival.outcomes import Outcomes


@dataclass(frozen=True, slots=True)
class FittedCox:
    """The Cox model that is drawn as a nomogram, and where it was fitted."""

    baseline: CoxBaseline
    fitted: Fitted

    def covariates(self) -> tuple[str, ...]:
        """The columns it needs."""
        return tuple(dict.fromkeys(column.covariate for column in self.baseline.model.columns()))

    def times(self, at: Iterable[float]) -> tuple[float, ...]:
        """Those of the times that the follow-up of the fitted cases reaches, after its first event."""
        return tuple(time for time in at if self.baseline.times[0] <= time <= self.baseline.last_time)

    def predictable(self, study: Study, cases: Iterable[str]) -> tuple[list[str], tuple[DroppedCase, ...]]:
        """The cases for which it has a prediction, and why it has none for the others."""
        columns = self.baseline.model.columns()
        levels = {name: levels_of(name, columns) for name in self.covariates()}
        values = {name: study.column(name) for name in levels}
        found, dropped = [], []
        for case in sorted(cases):
            reasons = []
            for name, known in levels.items():
                value = values[name].get(case)
                if value is None:
                    reasons.append(f"no {name}")
                elif known and value not in known:
                    reasons.append(f"{name} {value}, which no fitted case has")
            if reasons:
                dropped.append(DroppedCase(case, "; ".join(reasons)))
            else:
                found.append(case)
        return found, tuple(dropped)

    def predict(self, study: Study, cases: Sequence[str], times: Sequence[float]) -> PredictedSurvival:
        """Linear predictor and survival of these cases."""
        values = {name: study.column(name) for name in self.covariates()}
        profiles = {case: {name: own[case] for name, own in values.items()} for case in cases}
        return predicted_survival(self.baseline, profiles, times)


def cox_models(collector: Collector, follow_up: FollowUp) -> FittedCox | None:
    """The screen of the declared covariates, and the model of the nomogram with its performance elsewhere."""
    study, endpoint = follow_up.study, follow_up.endpoint
    names = tuple(dict.fromkeys((*study.plan.covariates, *study.plan.clinical)))
    if not names and not study.plan.nomogram:
        return None
    found = collector.attempt(f"cox/{endpoint}", f"{endpoint}: Cox models", lambda: _to_fit(follow_up))
    if found is None:
        return None
    fitted, known = found
    entered = _screen(collector, follow_up, fitted, known, names) if names else ()
    if entered:
        collector.add(
            f"hazards/{endpoint}",
            f"{endpoint}: test of proportional hazards, fitted on {fitted.label}",
            lambda: proportional_hazards(known, [_covariate(study, known, name) for name in entered]),
            method="cox_zph",
            dropped=_dropped(follow_up, fitted, known, entered),
            warnings=(fitted.told,),
        )
    drawn = study.plan.nomogram or entered
    return _drawn(collector, follow_up, fitted, known, drawn) if drawn else None


def _to_fit(follow_up: FollowUp) -> tuple[Fitted, Outcomes]:
    fitted = fitted_on(follow_up.study)
    return fitted, only(follow_up.known, fitted.cases)


def _covariate(study: Study, known: Outcomes, name: str) -> Covariate:
    column = study.column(name)
    values = {case: column.get(case) for case in known.cases}
    return Covariate(
        name,
        values,
        reference=planned_reference(study, name, values.values()),
        order=study.plan.ordered.get(name, ()),
        clinical=name in study.plan.clinical,
    )


def _dropped(
    follow_up: FollowUp, fitted: Fitted, known: Outcomes, names: Iterable[str]
) -> tuple[DroppedCase, ...]:
    """The cases that were to be fitted and lack follow-up or a covariate, and those that no cohort has."""
    lost = [
        DroppedCase(case, f"no follow-up of {follow_up.endpoint}")
        for case in sorted(fitted.cases - set(known.cases))
    ]
    return (*lost, *dropped_for(follow_up.study, known.cases, names), *fitted.without_cohort)


def _screen(
    collector: Collector, follow_up: FollowUp, fitted: Fitted, known: Outcomes, names: Sequence[str]
) -> tuple[str, ...]:
    """The screen; its n and its dropped cases are those of the multivariate model."""
    study, endpoint = follow_up.study, follow_up.endpoint
    key = f"cox/{endpoint}"
    title = f"{endpoint}: univariate Cox models and the multivariate model, fitted on {fitted.label}"
    screen = collector.attempt(
        key,
        title,
        lambda: cox_screen(known, [_covariate(study, known, name) for name in names], level=study.level),
    )
    if screen is None:
        return ()
    several = screen.multivariate
    collector.add(
        key,
        title,
        lambda: screen,
        n=several.n if isinstance(several, CoxModel) else None,
        dropped=_dropped(follow_up, fitted, known, screen.entered),
        warnings=(*(several.warnings if isinstance(several, CoxModel) else ()), fitted.told),
    )
    return screen.entered


def _drawn(
    collector: Collector, follow_up: FollowUp, fitted: Fitted, known: Outcomes, names: Sequence[str]
) -> FittedCox | None:
    """The model with baseline survival, its nomogram, and how it does on the fitted cases and on the others."""
    study, endpoint = follow_up.study, follow_up.endpoint
    title = f"{endpoint}: Cox model with baseline survival, fitted on {fitted.label}"
    baseline = collector.attempt(
        f"cox_baseline/{endpoint}",
        title,
        lambda: cox_baseline(known, [_covariate(study, known, name) for name in names], level=study.level),
    )
    if baseline is None:
        return None
    dropped = _dropped(follow_up, fitted, known, names)
    model = baseline.model if isinstance(baseline, CoxBaseline) else None
    collector.add(
        f"cox_baseline/{endpoint}",
        title,
        lambda: baseline,
        method="cox_baseline_efron",
        n=model.n if model else known.n - len({one.case for one in dropped} & set(known.cases)),
        dropped=dropped,
        warnings=(*(model.warnings if model else ()), fitted.told),
    )
    if not isinstance(baseline, CoxBaseline):
        return None
    found = FittedCox(baseline, fitted)
    complete = set(known.cases) - {one.case for one in dropped}
    collector.add(
        f"cox_nomogram/{endpoint}",
        f"{endpoint}: nomogram, fitted on {fitted.label}",
        lambda: _nomogram(follow_up, found, sorted(complete)),
        method="nomogram",
        n=baseline.model.n,
        dropped=dropped,
        warnings=(fitted.told,),
    )
    _performance(collector, follow_up, found)
    return found


def _nomogram(follow_up: FollowUp, found: FittedCox, cases: Sequence[str]) -> Nomogram | NotEstimable:
    """Survival at the times: baseline survival is that of the center, which the terms are measured from.

    The axes cover ``cases``, those that the model was fitted on.
    """
    study, baseline = follow_up.study, found.baseline
    terms: dict[str, NumericTerm | CategoricalTerm] = {}
    coefficients = dict(zip(baseline.model.columns(), baseline.coefficients, strict=True))
    for column, coefficient in coefficients.items():
        if column.level is None:
            own = study.column(column.covariate)
            values = [float(value) for case in cases if (value := own[case]) is not None]
            terms[column.covariate] = numeric_term(column.covariate, coefficient, min(values), max(values))
        else:
            levels = {column.reference or "": 0.0} | {
                other.level or "": own
                for other, own in coefficients.items()
                if other.covariate == column.covariate
            }
            terms[column.covariate] = CategoricalTerm(column.covariate, levels)
    survival_at = []
    for time in found.times(follow_up.at):
        steps = [h for t, h in zip(baseline.times, baseline.cumulative_hazard, strict=True) if t <= time]
        survival_at.append(Baseline(time, math.exp(-steps[-1])))
    if not survival_at:
        return NotEstimable("no event had happened by any of the times, or follow-up ends before them")
    center = sum(b * c for b, c in zip(baseline.coefficients, baseline.center, strict=True))
    return cox_nomogram(
        list(terms.values()), center=center, baselines=survival_at, time_unit=study.plan.time_unit
    )


def _performance(collector: Collector, follow_up: FollowUp, found: FittedCox) -> None:
    """Harrell's C on the fitted cases and on each other cohort; calibration on the others."""
    study, endpoint, fitted = follow_up.study, follow_up.endpoint, found.fitted
    times = found.times(follow_up.at)
    for group, own in {fitted.label: fitted.cases, **fitted.others}.items():
        followed = [case for case in follow_up.known.cases if case in own]
        cases, dropped = found.predictable(study, followed)
        is_apparent = group == fitted.label
        role = "the fitted cases" if is_apparent else "not fitted"
        title = f"{endpoint}: Cox model fitted on {fitted.label}; {group} ({role})"

        def predicted(cases: list[str] = cases) -> PredictedSurvival:
            return found.predict(study, cases, times)

        collector.add(
            f"cox_c/{endpoint}/{group}",
            f"{title}, concordance (Harrell)",
            lambda cases=cases, predicted=predicted: harrell_c(  # type: ignore[misc]
                only(follow_up.known, cases),
                {one.case: one.linear_predictor for one in predicted().cases},
                level=study.level,
            ),
            dropped=dropped,
            warnings=(APPARENT,) if is_apparent else (),
        )
        if not is_apparent:
            collector.add(
                f"cox_calibration/{endpoint}/{group}",
                f"{title}: calibration",
                lambda cases=cases, predicted=predicted: survival_calibration(  # type: ignore[misc]
                    only(follow_up.known, cases),
                    predicted(),
                    ci=study.plan.survival_interval,
                    level=study.level,
                ),
                dropped=dropped,
            )
