"""What ``study.json`` says of the analysis and of where the dataset comes from; all of it may be left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from backend.analysis.difference_rules import NORMALITIES
from backend.analysis.errors import AnalysisError
from backend.analysis.formats.plan_values import (
    FILE,
    positive_number,
    read_above_0,
    read_counts,
    read_from_0,
    read_labels,
    read_numbers,
    read_object,
    read_one_of,
    read_share,
    read_text,
    read_texts,
    read_words,
    wrong_type,
)
from backend.analysis.mrmc.generalization import Generalization
from backend.analysis.results import Result

OF_READERS = "readers"
READERS_CONSENSUS = "consensus of the readers"
SOURCES = ("", OF_READERS, "independent")
BOOTSTRAPS = ("differences", "bands")
TableTest: TypeAlias = Literal["chi-square", "yates", "fisher", "welch", "student", "mann-whitney"]
# The tests between which the rules of Table 1 choose by rule; the first is chosen where none is named.
COUNT_TESTS: tuple[str, ...] = ("chi-square", "yates")
MEAN_TESTS: tuple[str, ...] = ("welch", "student")
SurvivalInterval: TypeAlias = Literal["log-log", "log"]


@dataclass(frozen=True, slots=True)
class Measurement(Result):
    """A question whose answer is a number, such as a diameter: readers are compared by ICC and Bland-Altman."""

    key: str
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DatasetOrigin(Result):
    """Where a frozen dataset comes from; empty where the dataset does not say.

    Attributes
    ----------
    truth_source, reference_source
        Whose the truth (``truth.csv``) and the reference standard of questions (``reference.csv``) are:
        ``"readers"`` for a consensus of the study's own readers, ``"independent"`` of them, or not stated.
    """

    dataset_version: str = ""
    dataset_sha256: str = ""
    protocol_version: str = ""
    protocol_sha256: str = ""
    truth_version: str = ""
    truth_source: str = ""
    reference_source: str = ""

    @property
    def is_truth_of_readers(self) -> bool:
        """Whether readers are compared with their own answers; older datasets say it in ``truth_version``."""
        told = self.truth_version.startswith(READERS_CONSENSUS)
        return self.truth_source == OF_READERS or (not self.truth_source and told)


@dataclass(frozen=True, slots=True)
class EventProbability(Result):
    """Models whose probabilities are those of an endpoint's event by a time, in the unit of ``outcomes.csv``."""

    endpoint: str
    models: tuple[str, ...]
    by: float


@dataclass(frozen=True, slots=True)
class AnalysisPlan(Result):
    """The choices that no dataset makes for itself. Columns are those of ``cases.csv``.

    Attributes
    ----------
    cohort
        Column whose groups Table 1 compares, and by which models are judged.
    development
        Groups of the cohort column on whose cases the models were made, and on which regressions are fitted, or
        ``"all cases"``; empty: the models were made on other cases, and regressions are fitted on all.
    cluster
        Column that names the patient of each case, where several cases are of one: areas, their differences,
        sensitivity and specificity are given with the variance between patients as well.
    categorical
        Columns whose values are names although they may look like numbers, as those of centers do; cohort and
        cluster are always such.
    ordered
        Columns whose groups have an order, the lowest first: grades in Table 1, and tested for a trend in survival.
    reference_levels
        Column to the group that regressions set its other groups against; else the first of the declared order, or
        by alphabet.
    labels
        Columns or models to what tables and figures call them; others by their name, with spaces for underscores.
    table
        Columns of Table 1; empty: all.
    tests
        Tests of columns of Table 1 that are not chosen by the rules.
    fisher_below
        Fisher's exact test where an expected count lies below this; ``None``: 5. 0 is never.
    fisher_share
        Only where more than this share of the expected counts lies below that; ``None``: 0, any one.
    compare_counts
        Otherwise ``chi-square``, or ``yates``: with the continuity correction in tables of two by two.
    normality
        Whether groups are normal: ``shapiro`` (empty too) tests it, ``assumed`` or ``not_assumed`` do not.
    normality_alpha
        Level of the test of normality; ``None``: 0.05.
    compare_means
        Means of normal groups by ``welch`` (empty too), or by ``student``, which takes their variances as equal.
    subgroups
        Columns by which curves, operating points and survival are repeated.
    positive_answers
        Declared questions and their positive answer, against which readers are compared with ``reference.csv``: one
        of two answers needs it.
    shown_model
        The model whose output readers saw in the later arm; empty: the only one there is.
    reclassification
        Pairs of models, old and new, for NRI and IDI; empty: every pair, in the order of names, which is said.
    risk_cutoffs
        Risk categories of the categorical NRI.
    prevalences
        For predictive values at another prevalence than the dataset's.
    margin
        Non-inferiority margin, on the AUC, of the later arm against the earlier and of a model against the readers.
    margin_sensitivity, margin_specificity
        Non-inferiority margin on the share of right calls of positive (negative) cases: readers at their cut-off,
        models by their own calls.
    margin_partial_specificity, margin_partial_sensitivity
        Non-inferiority margin on the partial area in the declared range of that axis, below its width.
    power_difference, power
        Difference of two arms' AUC that a further study shall find, and with which power.
    power_readers, power_cases
        Numbers of readers and of cases for which its power is computed.
    power_alpha
        Two-sided level of its test.
    power_generalizes_to
        ``readers_and_cases``, ``cases`` (the readers are fixed) or ``readers`` (the cases are).
    predictors
        Columns or models of a logistic regression of the truth, drawn as a nomogram.
    covariates, clinical
        Columns or models of the Cox models; the clinical ones always enter the multivariate model.
    nomogram
        Columns or models of the Cox model that is drawn as a nomogram; empty: what the screen entered.
    survival_groups
        Columns whose groups are compared by Kaplan-Meier and log-rank, beside truth and model calls.
    strata
        Column of a stratified log-rank test.
    partial_specificity, partial_sensitivity
        Range of the partial area on either axis, as low and high. Areas of a declared range are compared between
        curves and by the multi-reader analysis too. Empty: specificity 0.8 to 1 without comparisons, and none on the
        axis of sensitivity.
    bootstrap
        ``"differences"``: the compared areas by the bootstrap beside DeLong's test; ``"bands"``: a pointwise band of
        every curve.
    times, time_unit
        Times of survival estimates and time-dependent curves, in the unit of ``outcomes.csv``.
    tau
        Horizon of Uno's C and of restricted mean survival; ``None``: by rule
        (:func:`~backend.analysis.pipeline.follow_up.horizon`).
    survival_interval
        Scale of the intervals of Kaplan-Meier curves.
    event_probabilities
        Which models' probabilities are those of an endpoint: the others have no part in its decision curves.
    primary
        Results that answer the study's question, as ``section/key`` of the results, declared beforehand.
    """

    cohort: str = ""
    development: tuple[str, ...] = ()
    cluster: str = ""
    categorical: tuple[str, ...] = ()
    ordered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reference_levels: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    table: tuple[str, ...] = ()
    tests: Mapping[str, TableTest] = field(default_factory=dict)
    fisher_below: float | None = None
    fisher_share: float | None = None
    compare_counts: str = ""
    normality: str = ""
    normality_alpha: float | None = None
    compare_means: str = ""
    subgroups: tuple[str, ...] = ()
    positive_answers: Mapping[str, str] = field(default_factory=dict)
    shown_model: str = ""
    reclassification: tuple[tuple[str, str], ...] = ()
    risk_cutoffs: tuple[float, ...] = ()
    prevalences: tuple[float, ...] = ()
    margin: float | None = None
    margin_sensitivity: float | None = None
    margin_specificity: float | None = None
    margin_partial_specificity: float | None = None
    margin_partial_sensitivity: float | None = None
    power_difference: float | None = None
    power: float | None = None
    power_readers: tuple[float, ...] = ()
    power_cases: tuple[float, ...] = ()
    power_alpha: float | None = None
    power_generalizes_to: str = ""
    predictors: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    clinical: tuple[str, ...] = ()
    nomogram: tuple[str, ...] = ()
    survival_groups: tuple[str, ...] = ()
    strata: str = ""
    partial_specificity: tuple[float, ...] = ()
    partial_sensitivity: tuple[float, ...] = ()
    bootstrap: tuple[str, ...] = ()
    times: tuple[float, ...] = ()
    time_unit: str = ""
    tau: float | None = None
    survival_interval: SurvivalInterval = "log-log"
    event_probabilities: tuple[EventProbability, ...] = ()
    primary: tuple[str, ...] = ()


def read_plan(value: object) -> AnalysisPlan:
    """The ``analysis`` object of ``study.json``; complaints name the key.

    Raises
    ------
    AnalysisError
        ``wrong_type``, ``unknown_key``, ``repeated``.
    """
    content = read_object(value, "analysis", AnalysisPlan)
    return AnalysisPlan(
        cohort=read_text(content, "analysis", "cohort"),
        development=read_texts(content, "development"),
        cluster=read_text(content, "analysis", "cluster"),
        categorical=read_texts(content, "categorical"),
        ordered=_ordered(content.get("ordered", {})),
        reference_levels=read_words(content, "reference_levels", "columns and their reference groups"),
        labels=read_labels(content),
        table=read_texts(content, "table"),
        tests=_tests(content.get("tests", {})),
        fisher_below=read_from_0(content, "fisher_below"),
        fisher_share=read_from_0(content, "fisher_share", below=1.0),
        compare_counts=read_one_of(content, "compare_counts", COUNT_TESTS),
        normality=read_one_of(content, "normality", NORMALITIES),
        normality_alpha=read_share(content, "normality_alpha"),
        compare_means=read_one_of(content, "compare_means", MEAN_TESTS),
        subgroups=read_texts(content, "subgroups"),
        positive_answers=_answers(content.get("positive_answers", {})),
        shown_model=read_text(content, "analysis", "shown_model"),
        reclassification=_pairs(content.get("reclassification", [])),
        risk_cutoffs=read_numbers(content, "risk_cutoffs"),
        prevalences=read_numbers(content, "prevalences"),
        margin=read_above_0(content, "margin"),
        margin_sensitivity=read_share(content, "margin_sensitivity"),
        margin_specificity=read_share(content, "margin_specificity"),
        margin_partial_specificity=read_above_0(content, "margin_partial_specificity"),
        margin_partial_sensitivity=read_above_0(content, "margin_partial_sensitivity"),
        power_difference=read_above_0(content, "power_difference"),
        power=read_share(content, "power"),
        power_readers=read_counts(content, "power_readers"),
        power_cases=read_counts(content, "power_cases"),
        power_alpha=read_share(content, "power_alpha"),
        power_generalizes_to=read_one_of(content, "power_generalizes_to", get_args(Generalization)),
        predictors=read_texts(content, "predictors"),
        covariates=read_texts(content, "covariates"),
        clinical=read_texts(content, "clinical"),
        nomogram=read_texts(content, "nomogram"),
        survival_groups=read_texts(content, "survival_groups"),
        strata=read_text(content, "analysis", "strata"),
        partial_specificity=_range(content, "partial_specificity"),
        partial_sensitivity=_range(content, "partial_sensitivity"),
        bootstrap=_bootstraps(content),
        times=read_numbers(content, "times"),
        time_unit=read_text(content, "analysis", "time_unit"),
        tau=read_above_0(content, "tau"),
        survival_interval=_survival_interval(content.get("survival_interval", "log-log")),
        event_probabilities=_event_probabilities(content.get("event_probabilities", [])),
        primary=read_texts(content, "primary"),
    )


def check_partial_margins(plan: AnalysisPlan) -> None:
    """Refuse a margin that no difference of the partial area could reach, or without its range.

    Raises
    ------
    AnalysisError
        ``margin_out_of_range``.
    """
    _check_partial_margin("partial_specificity", plan.margin_partial_specificity, plan.partial_specificity)
    _check_partial_margin("partial_sensitivity", plan.margin_partial_sensitivity, plan.partial_sensitivity)


def _check_partial_margin(key: str, margin: float | None, ends: tuple[float, ...]) -> None:
    if margin is None:
        return
    if not ends:
        text = f"{FILE}: margin_{key} of analysis needs the range {key}"
        raise AnalysisError("margin_out_of_range", text)
    if margin >= ends[1] - ends[0]:
        text = f"{FILE}: margin_{key} of analysis is {margin:g}, not below the width of {key}"
        raise AnalysisError("margin_out_of_range", text)


def _range(content: Mapping[str, object], key: str) -> tuple[float, ...]:
    found = read_numbers(content, key)
    if found and not (len(found) == 2 and 0.0 <= found[0] < found[1] <= 1.0):
        raise wrong_type(f"{key} of analysis", "a low and a higher end from 0 to 1")
    return found


def _bootstraps(content: Mapping[str, object]) -> tuple[str, ...]:
    found = read_texts(content, "bootstrap")
    if not set(found) <= set(BOOTSTRAPS):
        raise wrong_type("bootstrap of analysis", f"a list of {' and '.join(BOOTSTRAPS)}")
    return found


def read_origin(value: object) -> DatasetOrigin:
    """The ``origin`` object of ``study.json``; complaints name the key."""
    content = read_object(value, "origin", DatasetOrigin)
    found = DatasetOrigin(**{key: read_text(content, "origin", key) for key in content})
    for key in ("truth_source", "reference_source"):
        if getattr(found, key) not in SOURCES:
            raise wrong_type(f"{key} of origin", "readers or independent")
    return found


def read_measurements(value: object) -> tuple[Measurement, ...]:
    """The ``measurements`` of ``study.json``: a list of objects with key, label and unit."""
    if not isinstance(value, list):
        raise wrong_type("measurements", "a list")
    found = []
    for number, one in enumerate(value, start=1):
        where = f"measurement {number}"
        content = read_object(one, where, Measurement)
        key = read_text(content, where, "key")
        if not key:
            raise wrong_type(f"key of {where}", "a text")
        found.append(
            Measurement(key, read_text(content, where, "label") or key, read_text(content, where, "unit"))
        )
    if len({one.key for one in found}) != len(found):
        raise AnalysisError("repeated", f"{FILE}: measurements names one twice")
    return tuple(found)


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise wrong_type("reclassification of analysis", "a list of pairs")
    pairs = []
    for one in value:
        if not isinstance(one, list) or len(one) != 2 or not all(isinstance(name, str) for name in one):
            raise wrong_type("reclassification of analysis", "a list of pairs of models, old and new")
        pairs.append((one[0], one[1]))
    return tuple(pairs)


def _survival_interval(value: object) -> SurvivalInterval:
    for known in get_args(SurvivalInterval):
        if value == known:
            return known  # type: ignore[no-any-return]
    raise wrong_type("survival_interval of analysis", "log-log or log")


def _ordered(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise wrong_type("ordered of analysis", "an object of columns and their groups")
    found = {}
    for column, groups in value.items():
        if not isinstance(groups, list) or not all(isinstance(one, str) and one for one in groups):
            raise wrong_type(f"{column} of ordered", "a list of groups, the lowest first")
        if len(groups) < 2 or len(set(groups)) != len(groups):
            raise wrong_type(f"{column} of ordered", "a list of two or more different groups")
        found[column] = tuple(groups)
    return found


def _tests(value: object) -> dict[str, TableTest]:
    if not isinstance(value, dict):
        raise wrong_type("tests of analysis", "an object of columns and their tests")
    for column, name in value.items():
        if name not in get_args(TableTest):
            raise wrong_type(f"{column} of tests", f"one of {', '.join(get_args(TableTest))}")
    return dict(value)


def _answers(value: object) -> dict[str, str]:
    """Questions and answers; an answer that is a whole number is compared by its digits."""
    if not isinstance(value, dict):
        raise wrong_type("positive_answers of analysis", "an object of questions and answers")
    for question, answer in value.items():
        if isinstance(answer, bool) or not isinstance(answer, (str, int)) or answer == "":
            raise wrong_type(f"{question} of positive_answers", "a text or a whole number")
    return {question: str(answer) for question, answer in value.items()}


def _event_probabilities(value: object) -> tuple[EventProbability, ...]:
    where = "event_probabilities"
    if not isinstance(value, list):
        raise wrong_type(f"{where} of analysis", "a list of objects with endpoint, models and by")
    found = []
    for number, one in enumerate(value, start=1):
        content = read_object(one, f"{where} {number}", EventProbability)
        endpoint = read_text(content, f"{where} {number}", "endpoint")
        models = read_texts(content, "models")
        if not endpoint or not models:
            raise wrong_type(f"{where} {number}", "an object with endpoint, models and by")
        found.append(
            EventProbability(endpoint, models, positive_number(content.get("by"), f"by of {where} {number}"))
        )
    if len({one.endpoint for one in found}) != len(found):
        raise AnalysisError("repeated", f"{FILE}: {where} names an endpoint twice")
    return tuple(found)
