"""Logistic regression, backward elimination and nomogram: fitted on development cases, validated on the others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from backend.analysis.calibration import calibration
from backend.analysis.errors import AnalysisError
from backend.analysis.logistic import (
    BackwardElimination,
    LogisticFit,
    backward_elimination,
    linear_predictor,
    logistic_regression,
    predict,
)
from backend.analysis.model_design import Values
from backend.analysis.nomogram import nomogram_of_fit
from backend.analysis.pipeline.cohorts import APPARENT, Fitted, dropped_for, fitted_on
from backend.analysis.pipeline.reference_levels import reference_levels
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Study
from backend.analysis.roc import delong
from backend.analysis.study_report import DroppedCase

Columns = Mapping[str, Mapping[str, str | float | None]]
TITLES = {"logistic": "Logistic regression", "backward": "Logistic regression, backward by AIC"}


def regressions(collector: Collector, study: Study) -> None:
    """The regression of the truth on the declared predictors, what is left of it by AIC, and the nomogram."""
    names = study.plan.predictors
    fitted = collector.attempt("logistic", TITLES["logistic"], lambda: fitted_on(study))
    columns = collector.attempt(
        "logistic", TITLES["logistic"], lambda: {name: study.column(name) for name in names}
    )
    if fitted is None or columns is None:
        return
    cases = [case for case in study.known if case in fitted.cases]
    dropped = (
        *_without_truth(study, fitted.cases),
        *dropped_for(study, cases, names),
        *fitted.without_cohort,
    )
    on = f"fitted on {fitted.label}"
    fits: dict[str, LogisticFit] = {}
    fit = collector.add(
        "logistic",
        f"{TITLES['logistic']}, {on}",
        lambda: logistic_regression(
            study.truths(cases),
            _values(columns, cases),
            reference=_references(study, columns, cases),
            cases=cases,
            level=study.level,
        ),
        method="logistic",
        dropped=dropped,
        warnings=(fitted.told,),
    )
    if isinstance(fit, LogisticFit):
        fits["logistic"] = fit
    if len(names) > 1 and (left := _backward(collector, study, columns, cases, fitted, dropped)):
        fits["backward"] = left
    if isinstance(fit, LogisticFit):
        collector.add(
            "nomogram",
            f"Nomogram, {on}",
            lambda: nomogram_of_fit(fit, outcome=study.study.positive_class),
            method="nomogram",
            n=fit.n,
            dropped=dropped,
            warnings=(fitted.told,),
        )
    for name, one in fits.items():
        if one.predictors:
            _performance(collector, study, columns, fitted, name, one)


def _without_truth(study: Study, cases: Iterable[str]) -> tuple[DroppedCase, ...]:
    return tuple(DroppedCase(case, "no truth") for case in sorted(cases) if study.study.truth[case] is None)


def _values(columns: Columns, cases: Iterable[str]) -> dict[str, Values]:
    own = list(cases)
    return {name: cast(Values, [values[case] for case in own]) for name, values in columns.items()}


def _references(study: Study, columns: Columns, cases: Iterable[str]) -> dict[str, str]:
    """The reference levels among the cases that lack no predictor, which are those fitted."""
    complete = [case for case in cases if all(own[case] is not None for own in columns.values())]
    return reference_levels(study, {name: [own[case] for case in complete] for name, own in columns.items()})


def _backward(
    collector: Collector,
    study: Study,
    columns: Columns,
    cases: list[str],
    fitted: Fitted,
    dropped: Sequence[DroppedCase],
) -> LogisticFit | None:
    title = f"{TITLES['backward']}, fitted on {fitted.label}"
    found = collector.attempt(
        "backward",
        title,
        lambda: backward_elimination(
            study.truths(cases),
            _values(columns, cases),
            reference=_references(study, columns, cases),
            cases=cases,
            level=study.level,
        ),
    )
    if found is None:
        return None
    fit = found.fit if isinstance(found, BackwardElimination) else None
    collector.add(
        "backward",
        title,
        lambda: found,
        method="backward_elimination",
        n=fit.n if fit else None,
        dropped=dropped,
        warnings=(fitted.told,),
    )
    return fit


def _performance(
    collector: Collector, study: Study, columns: Columns, fitted: Fitted, name: str, fit: LogisticFit
) -> None:
    """AUC on the fitted cases and on each other cohort; calibration on the others, where it can be wrong."""
    for group, own in {fitted.label: fitted.cases, **fitted.others}.items():
        cases, dropped = _predictable(study, columns, fit, own)
        is_apparent = group == fitted.label
        role = "the fitted cases" if is_apparent else "not fitted"
        title = f"{TITLES[name]}, fitted on {fitted.label}; {group} ({role})"
        rows = {one.name: _values(columns, cases)[one.name] for one in fit.predictors}
        collector.add(
            f"fitted_auc/{name}/{group}",
            f"{title}: AUC",
            lambda cases=cases, rows=rows: delong(  # type: ignore[misc]
                study.truths(_some(cases)), linear_predictor(fit, rows), level=study.level
            ),
            dropped=dropped,
            warnings=(APPARENT,) if is_apparent else (),
        )
        if not is_apparent:
            collector.add(
                f"fitted_calibration/{name}/{group}",
                f"{title}: calibration",
                lambda cases=cases, rows=rows: calibration(  # type: ignore[misc]
                    study.truths(_some(cases)), predict(fit, rows), cases=cases, level=study.level
                ),
                dropped=dropped,
            )


def _some(cases: list[str]) -> list[str]:
    if not cases:
        raise AnalysisError("no_cases", "no case of the cohort has the truth and all predictors of the model")
    return cases


def _predictable(
    study: Study, columns: Columns, fit: LogisticFit, own: frozenset[str]
) -> tuple[list[str], tuple[DroppedCase, ...]]:
    """The cases of known truth for which the model has a prediction, and why the others are left out."""
    cases, dropped = [], []
    for case in (case for case in study.known if case in own):
        reasons = []
        for one in fit.predictors:
            value = columns[one.name][case]
            if value is None:
                reasons.append(f"no {one.name}")
            elif one.kind == "categorical" and value not in one.categories:
                reasons.append(f"{one.name} {value}, which no fitted case has")
        if reasons:
            dropped.append(DroppedCase(case, "; ".join(reasons)))
        else:
            cases.append(case)
    return cases, (*_without_truth(study, own), *dropped)
