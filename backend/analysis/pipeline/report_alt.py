"""The main numbers of a result in one line, for the text of its figure."""

from typing import Any

from backend.analysis.average_roc import AverageRoc
from backend.analysis.bland_altman import BlandAltman
from backend.analysis.calibration import Calibration
from backend.analysis.change_of_mind import ChangeOfMind
from backend.analysis.clinical_impact import ClinicalImpact, RocComponents
from backend.analysis.confusion import ConfusionMatrix
from backend.analysis.decision_curve import DecisionCurve
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.intra_reader import IntraReaderCategories, IntraReaderMeasurements
from backend.analysis.kappa_grid import KappaGrid
from backend.analysis.mrmc.localization import FrocCurve
from backend.analysis.mrmc.obuchowski_rockette import OrResult
from backend.analysis.nomogram import Nomogram
from backend.analysis.periods import PeriodAnalysis
from backend.analysis.pipeline.survival_groups import SurvivalByGroup
from backend.analysis.pipeline.wording import NO_WORDS, Wording
from backend.analysis.reading_time import ReadingTimes
from backend.analysis.reporting.journal_numbers import number_text, p_statement
from backend.analysis.reporting.words import count
from backend.analysis.results import Interval
from backend.analysis.roc_groups import RocByGroup
from backend.analysis.study_flow import StudyFlow
from backend.analysis.study_report import CurveResult
from backend.analysis.survival.cox_screen import CoxScreen
from backend.analysis.survival.time_roc import TimeRoc

MOST = 6


def main_numbers(result: Any, words: Wording = NO_WORDS) -> str:
    """The numbers that a reader would take from the figure; empty for a kind of result that has no line here."""
    if isinstance(result, tuple):
        return "; ".join(filter(None, (main_numbers(one, words) for one in result)))
    for kind, tell_in_words in _WORDED:
        if isinstance(result, kind):
            return str(tell_in_words(result, words))
    for kind, tell in _KINDS:
        if isinstance(result, kind):
            return str(tell(result))
    inner = getattr(result, "result", None)
    if inner is None or isinstance(inner, NotEstimable):
        return ""
    return f"{getattr(result, 'arm', '')} {main_numbers(inner, words)}".strip()


def _number(value: Estimate | None, digits: int = 2) -> str:
    return "not estimable" if value is None or isinstance(value, NotEstimable) else number_text(value, digits)


def _with_ci(value: Estimate, ci: Interval | NotEstimable | None, digits: int = 2) -> str:
    if isinstance(value, NotEstimable) or not isinstance(ci, Interval):
        return _number(value, digits)
    return f"{number_text(value, digits)} ({number_text(ci.low, digits)} to {number_text(ci.high, digits)})"


def _curve(one: CurveResult) -> str:
    return f"AUC {_with_ci(one.auc.auc, one.auc.ci, 3)}"


def _froc(one: FrocCurve) -> str:
    found = f"{one.lesions_marked} of {one.n_lesions} lesions and {one.false_marks} false marks"
    return f"{one.reader}, {one.modality} {found}"


def _average(one: AverageRoc) -> str:
    return f"mean AUC {_with_ci(one.auc, one.auc_ci, 3)} of {len(one.readers)} readers"


def _groups(one: RocByGroup) -> str:
    told = [f"{', '.join(group.labels.values())} AUC {_number(group.result.auc, 3)}" for group in one.groups]
    return "; ".join(told[: 2 * MOST])


def _grid(one: KappaGrid) -> str:
    mean = f"mean kappa of {count(one.among_readers.n_pairs, 'pair')} of readers {_number(one.among_readers.mean)}"
    models = [
        f"{other.model} with readers {_number(other.with_readers.mean)}" for other in one.models_with_readers
    ]
    return "; ".join((mean, *models))


def _bland_altman(one: BlandAltman) -> str:
    low, high = one.lower.value, one.upper.value
    return f"bias {_number(one.bias)}, limits of agreement {_number(low)} to {_number(high)}, n = {one.n}"


def _categories_again(one: IntraReaderCategories) -> str:
    same = sum(row[place] for place, row in enumerate(one.kappa.table))
    return f"{one.reader} {same} of {one.n} alike, kappa {_with_ci(one.kappa.kappa, one.kappa.ci)}"


def _measured_again(one: IntraReaderMeasurements) -> str:
    return f"{one.reader} {main_numbers(one.bland_altman) or 'not estimable'}"


def _periods(one: PeriodAnalysis) -> str:
    told = [
        f"{mean.arm} in period {mean.period} mean AUC {_with_ci(mean.mean, mean.ci, 3)} of "
        f"{count(len(mean.readers), 'reader')}"
        for mean in one.means
        if mean.measure == "auc"
    ]
    return "; ".join(told)


def _confusion(one: ConfusionMatrix) -> str:
    right = sum(row[place] for place, row in enumerate(one.table))
    return f"{one.rater}: {right} of {one.n} agree with the reference standard"


def _or(one: OrResult) -> str:
    analysis = one.random_readers_random_cases
    told = [f"mean {one.figure} {mean.modality} {_number(mean.mean, 3)}" for mean in analysis.means]
    told += [
        f"{other.modality_a} minus {other.modality_b} {_with_ci(other.difference, other.ci, 3)}"
        for other in analysis.differences
    ]
    return "; ".join(told)


def _change(one: ChangeOfMind) -> str:
    moves = one.pooled.moves
    return (
        f"of {one.pooled.n} pairs {moves.moved_right} moved right, {moves.moved_wrong} moved wrong, "
        f"{moves.stayed_right} stayed right, {moves.stayed_wrong} stayed wrong"
    )


def _times(one: ReadingTimes) -> str:
    told = [f"{own.reader} session {own.session} median {_number(own.median, 0)} s" for own in one.sessions]
    return "; ".join(told[: 2 * MOST])


def _calibration(one: Calibration) -> str:
    found = one.recalibration
    slope, intercept = found.slope, found.intercept
    told = (f"slope {_number(slope.estimate)}", f"intercept {_number(intercept.estimate)}")
    return f"{', '.join(told)}, Brier score {_number(one.brier, 3)}, n = {one.n}"


def _decision(one: DecisionCurve) -> str:
    told = []
    for curve in one.models:
        point = min(curve.points, key=lambda point: abs(point.threshold - one_third(one)))
        told.append(f"{curve.name} net benefit {_number(point.net_benefit, 3)} at {point.threshold:.0%}")
    return "; ".join(told[:MOST])


def one_third(one: DecisionCurve) -> float:
    """The prevalence, at which a threshold is of interest; one third where there is none."""
    return one.prevalence if isinstance(one.prevalence, float) else 1 / 3


def _impact(one: ClinicalImpact) -> str:
    point = min(one.points, key=lambda point: abs(point.threshold - 0.5))
    called, right = _number(point.high_risk_number, 0), _number(point.true_high_risk_number, 0)
    return (
        f"at {point.threshold:.0%}, {called} of {one.population} called high risk, {right} of them positive"
    )


def _components(one: RocComponents) -> str:
    point = min(one.points, key=lambda point: abs(point.threshold - 0.5))
    sensitivity, false = (_number(share.estimate) for share in (point.sensitivity, point.false_positive_rate))
    return f"at {point.threshold:.0%}, sensitivity {sensitivity}, false positive rate {false}"


def _nomogram(one: Nomogram, words: Wording) -> str:
    told = []
    for axis in one.axes:
        points = [tick.points for tick in axis.ticks]
        told.append(
            f"{words.label(axis.name)} {number_text(min(points), 0)} to {number_text(max(points), 0)} points"
        )
    return "; ".join(told)


def _survival(one: SurvivalByGroup) -> str:
    told = [f"{group.label}: {group.curve.n_events} events in {group.curve.n}" for group in one.groups]
    if one.test is not None and not isinstance(one.test.p, NotEstimable):
        told.append(f"log-rank P {p_statement(one.test.p)}")
    return "; ".join(told)


def _cox(one: CoxScreen, words: Wording) -> str:
    if isinstance(one.multivariate, NotEstimable):
        return ""
    return "; ".join(
        f"{words.label(term.covariate)}{f' {term.level}' if term.level else ''} "
        f"{_with_ci(term.hazard_ratio, term.ci)}"
        for term in one.multivariate.terms
    )


def _time_roc(one: TimeRoc, words: Wording) -> str:
    return f"at time {words.time(one.time)}, AUC {_with_ci(one.auc, one.ci, 3)}"


def _flow(one: StudyFlow) -> str:
    groups = [
        f"{group.arm}, session {group.session}: {group.analyzed} reads analyzed" for group in one.groups
    ]
    cases = f"{one.cases_enrolled} cases enrolled, {one.cases_included} included ({one.positive} positive)"
    return "; ".join((cases, *groups))


_KINDS: tuple[tuple[type, Any], ...] = (
    (CurveResult, _curve),
    (FrocCurve, _froc),
    (AverageRoc, _average),
    (RocByGroup, _groups),
    (KappaGrid, _grid),
    (BlandAltman, _bland_altman),
    (IntraReaderCategories, _categories_again),
    (IntraReaderMeasurements, _measured_again),
    (ConfusionMatrix, _confusion),
    (OrResult, _or),
    (ChangeOfMind, _change),
    (ReadingTimes, _times),
    (PeriodAnalysis, _periods),
    (Calibration, _calibration),
    (DecisionCurve, _decision),
    (ClinicalImpact, _impact),
    (RocComponents, _components),
    (SurvivalByGroup, _survival),
    (StudyFlow, _flow),
)
_WORDED: tuple[tuple[type, Any], ...] = (
    (Nomogram, _nomogram),
    (CoxScreen, _cox),
    (TimeRoc, _time_roc),
)
