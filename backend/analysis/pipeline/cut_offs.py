"""Cut-offs found on curves; where models have development cases, found on those alone and judged in other cohorts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backend.analysis.cutoffs import Cutoffs, at_sensitivity, at_specificity, closest_to_top_left, youden
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.formats.cohort_names import ALL_CASES
from backend.analysis.operating_table import AT_THESE_DATA, OperatingRow, operating_row
from backend.analysis.pipeline.apparent import apparent_of
from backend.analysis.pipeline.cohorts import Fitted, fitted_on
from backend.analysis.pipeline.results import Collector, key_part
from backend.analysis.pipeline.study import Rated, Study
from backend.analysis.results import Result
from backend.analysis.roc import RocCurve, YoudenCutoffs, roc_curve, youden_cutoffs
from backend.analysis.study_report import Curve, DroppedCase

TARGET = 0.9
OF_DEVELOPMENT = NotEstimable("the model's cut-offs are found on its development cases alone")
FOUND_THERE = "The cut-offs were found on {label} alone; the cases of {cohort} had no part in them."
RULES: Mapping[str, tuple[str, Callable[[RocCurve], Cutoffs]]] = {
    "closest": ("cut-off closest to the top left corner", closest_to_top_left),
    "sensitivity": (
        f"cut-off with sensitivity {TARGET:.0%} or more",
        lambda curve: at_sensitivity(curve, TARGET),
    ),
    "specificity": (
        f"cut-off with specificity {TARGET:.0%} or more",
        lambda curve: at_specificity(curve, TARGET),
    ),
}
RULES_OF_DEVELOPMENT = {"youden": ("cut-off with the largest Youden index", youden), **RULES}
METHODS = {
    "youden": "youden",
    "closest": "closest_top_left",
    "sensitivity": "fixed_sensitivity",
    "specificity": "fixed_specificity",
}


@dataclass(frozen=True, slots=True)
class CarriedCutoff(Result):
    """One cut-off of the development cases, and what it does in another cohort.

    Attributes
    ----------
    rule
        ``"youden"``, ``"closest"``, ``"sensitivity"`` or ``"specificity"``: the kind of the item that found it.
    found_sensitivity, found_specificity
        On the development cases, where they are optimistic.
    row
        Counts and proportions in the other cohort; its threshold is the cut-off.
    """

    rule: str
    found_sensitivity: float
    found_specificity: float
    row: OperatingRow


@dataclass(frozen=True, slots=True)
class CarriedCutoffs(Result):
    """Every cut-off of the cases ``found_on``, ties each by itself, applied to the cases of one other cohort."""

    method: str
    curve: Curve
    positive_class: str
    found_on: str
    cohort: str
    rows: tuple[CarriedCutoff, ...]
    n_positive: int
    n_negative: int
    warnings: tuple[str, ...]


def own_development(study: Study, one: Rated) -> Fitted | None:
    """The development cases on which cut-offs are found: of models, where the plan leaves cases of other cohorts.

    Raises
    ------
    AnalysisError
        ``unknown_group``, ``unknown_column``.
    """
    if one.curve.kind != "model":
        return None
    fitted = fitted_on(study)
    return None if fitted.label == ALL_CASES else fitted


def largest_youden(study: Study, one: Rated, curve: RocCurve | NotEstimable) -> YoudenCutoffs | NotEstimable:
    """That of the curve; of a model with development cases it is an item of its own (:func:`cut_offs`)."""
    if isinstance(curve, NotEstimable):
        return curve
    try:
        fitted = own_development(study, one)
    except AnalysisError as error:
        # The areas stand without the cohorts; the items of the cut-offs are refused.
        return NotEstimable(error.text)
    return youden_cutoffs(curve) if fitted is None else OF_DEVELOPMENT


def cut_offs(collector: Collector, study: Study, one: Rated, curve: RocCurve | NotEstimable) -> None:
    """The cut-offs of the curve, or of the model's development cases, which have their own curve."""
    found = collector.attempt(
        f"youden/{one.label}", f"{one.label}: cut-offs", lambda: (own_development(study, one),)
    )
    if found is None:
        return
    (fitted,) = found
    if fitted is not None:
        cases, dropped = _of_development(study, one, fitted)
        own, told = _curve_of(study, one, fitted, cases), apparent_of(study, [one], cases)
        _found(collector, one.label, own, RULES_OF_DEVELOPMENT, f", found on {fitted.label}", dropped, told)
    elif isinstance(curve, RocCurve):
        told = apparent_of(study, [one], study.complete(one)[0])
        _found(collector, one.label, curve, RULES, "", (), told)


def _curve_of(study: Study, one: Rated, fitted: Fitted, cases: Sequence[str]) -> RocCurve | NotEstimable:
    if not cases:
        return NotEstimable(f"no case of {fitted.label} has the truth and a score of {one.label}")
    return roc_curve(study.truths(cases), [one.scores[case] for case in cases])


def _found(
    collector: Collector,
    label: str,
    curve: RocCurve | NotEstimable,
    rules: Mapping[str, tuple[str, Callable[[RocCurve], Cutoffs]]],
    where: str,
    dropped: Sequence[DroppedCase],
    warnings: Sequence[str],
) -> None:
    for rule, (name, find) in rules.items():
        collector.add(
            f"{rule}/{label}",
            f"{label}: {name}{where}",
            lambda find=find: curve if isinstance(curve, NotEstimable) else find(curve),  # type: ignore[misc]
            method=METHODS[rule],
            dropped=dropped,
            warnings=warnings,
        )


def _of_development(study: Study, one: Rated, fitted: Fitted) -> tuple[list[str], tuple[DroppedCase, ...]]:
    cases, dropped = study.complete(one)
    return [case for case in cases if case in fitted.cases], tuple(
        lost for lost in dropped if lost.case in fitted.cases
    )


def carried(collector: Collector, study: Study, one: Rated) -> None:
    """What the cut-offs of the development cases do in each other cohort."""
    found = collector.attempt(
        f"carried/{key_part(one.label)}",
        f"{one.label}: cut-offs of the development cases",
        lambda: (own_development(study, one),),
    )
    if found is None or (fitted := found[0]) is None:
        return
    cases, dropped = study.complete(one)
    for cohort, members in fitted.others.items():
        collector.add(
            f"carried/{key_part(one.label)}/{key_part(cohort)}",
            f"{one.label}: cut-offs found on {fitted.label}, applied to {cohort}",
            lambda cohort=cohort, members=members: _applied(  # type: ignore[misc]
                study, one, fitted, cohort, [case for case in cases if case in members]
            ),
            method="carried_cutoffs",
            dropped=[lost for lost in dropped if lost.case in members],
        )


def _applied(
    study: Study, one: Rated, fitted: Fitted, cohort: str, cases: Sequence[str]
) -> CarriedCutoffs | NotEstimable:
    if not cases:
        raise AnalysisError("no_cases", f"no case of {cohort} has the truth and a score of {one.label}")
    own, _ = _of_development(study, one, fitted)
    curve = _curve_of(study, one, fitted, own)
    if isinstance(curve, NotEstimable):
        return NotEstimable(f"no cut-off can be found on {fitted.label}: {curve.reason}")
    positive = [one.scores[case] for case in cases if study.is_positive(case)]
    negative = [one.scores[case] for case in cases if not study.is_positive(case)]
    return CarriedCutoffs(
        "carried_cutoffs",
        one.curve,
        study.study.positive_class,
        fitted.label,
        cohort,
        tuple(_rows(study, curve, positive, negative)),
        len(positive),
        len(negative),
        (FOUND_THERE.format(label=fitted.label, cohort=cohort), AT_THESE_DATA),
    )


def _rows(
    study: Study, curve: RocCurve, positive: Sequence[float], negative: Sequence[float]
) -> Iterator[CarriedCutoff]:
    for rule, (_, find) in RULES_OF_DEVELOPMENT.items():
        for point in find(curve).points:
            hits = _reached(positive, point.threshold)
            alarms = _reached(negative, point.threshold)
            yield CarriedCutoff(
                rule,
                point.sensitivity,
                point.specificity,
                operating_row(
                    hits,
                    len(positive) - hits,
                    len(negative) - alarms,
                    alarms,
                    threshold=point.threshold,
                    prevalences=study.plan.prevalences,
                    level=study.level,
                ),
            )


def _reached(scores: Sequence[float], threshold: float | None) -> int:
    """How many are called positive; none where the cut-off is above every score."""
    return 0 if threshold is None else sum(score >= threshold for score in scores)
