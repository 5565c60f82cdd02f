"""What ``study.json`` says of the analysis and of where the dataset comes from; all of it may be left out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from backend.analysis.errors import AnalysisError
from backend.analysis.mrmc.generalization import Generalization
from backend.analysis.results import Result

FILE = "study.json"
OF_READERS = "readers"
READERS_CONSENSUS = "consensus of the readers"
SOURCES = ("", OF_READERS, "independent")
BOOTSTRAPS = ("differences", "bands")
TableTest: TypeAlias = Literal["chi-square", "yates", "fisher", "welch", "student", "mann-whitney"]
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
    table
        Columns of Table 1; empty: all.
    tests
        Tests of columns of Table 1 that are not chosen by the rules.
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
    table: tuple[str, ...] = ()
    tests: Mapping[str, TableTest] = field(default_factory=dict)
    subgroups: tuple[str, ...] = ()
    positive_answers: Mapping[str, str] = field(default_factory=dict)
    shown_model: str = ""
    reclassification: tuple[tuple[str, str], ...] = ()
    risk_cutoffs: tuple[float, ...] = ()
    prevalences: tuple[float, ...] = ()
    margin: float | None = None
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
    """The ``analysis`` object of ``study.json``; complaints name the key."""
    content = _object(value, "analysis", AnalysisPlan)
    return AnalysisPlan(
        cohort=_text(content, "analysis", "cohort"),
        development=_texts(content, "development"),
        cluster=_text(content, "analysis", "cluster"),
        categorical=_texts(content, "categorical"),
        ordered=_ordered(content.get("ordered", {})),
        reference_levels=_reference_levels(content.get("reference_levels", {})),
        table=_texts(content, "table"),
        tests=_tests(content.get("tests", {})),
        subgroups=_texts(content, "subgroups"),
        positive_answers=_answers(content.get("positive_answers", {})),
        shown_model=_text(content, "analysis", "shown_model"),
        reclassification=_pairs(content.get("reclassification", [])),
        risk_cutoffs=_numbers(content, "risk_cutoffs"),
        prevalences=_numbers(content, "prevalences"),
        margin=_above_0(content, "margin"),
        power_difference=_above_0(content, "power_difference"),
        power=_share(content, "power"),
        power_readers=_counts(content, "power_readers"),
        power_cases=_counts(content, "power_cases"),
        power_alpha=_share(content, "power_alpha"),
        power_generalizes_to=_one_of(content, "power_generalizes_to", get_args(Generalization)),
        predictors=_texts(content, "predictors"),
        covariates=_texts(content, "covariates"),
        clinical=_texts(content, "clinical"),
        nomogram=_texts(content, "nomogram"),
        survival_groups=_texts(content, "survival_groups"),
        strata=_text(content, "analysis", "strata"),
        partial_specificity=_range(content, "partial_specificity"),
        partial_sensitivity=_range(content, "partial_sensitivity"),
        bootstrap=_bootstraps(content),
        times=_numbers(content, "times"),
        time_unit=_text(content, "analysis", "time_unit"),
        tau=_above_0(content, "tau"),
        survival_interval=_survival_interval(content.get("survival_interval", "log-log")),
        event_probabilities=_event_probabilities(content.get("event_probabilities", [])),
        primary=_texts(content, "primary"),
    )


def _range(content: Mapping[str, object], key: str) -> tuple[float, ...]:
    found = _numbers(content, key)
    if found and not (len(found) == 2 and 0.0 <= found[0] < found[1] <= 1.0):
        raise _wrong(f"{key} of analysis", "a low and a higher end from 0 to 1")
    return found


def _bootstraps(content: Mapping[str, object]) -> tuple[str, ...]:
    found = _texts(content, "bootstrap")
    if not set(found) <= set(BOOTSTRAPS):
        raise _wrong("bootstrap of analysis", f"a list of {' and '.join(BOOTSTRAPS)}")
    return found


def read_origin(value: object) -> DatasetOrigin:
    """The ``origin`` object of ``study.json``; complaints name the key."""
    content = _object(value, "origin", DatasetOrigin)
    found = DatasetOrigin(**{key: _text(content, "origin", key) for key in content})
    for key in ("truth_source", "reference_source"):
        if getattr(found, key) not in SOURCES:
            raise _wrong(f"{key} of origin", "readers or independent")
    return found


def read_measurements(value: object) -> tuple[Measurement, ...]:
    """The ``measurements`` of ``study.json``: a list of objects with key, label and unit."""
    if not isinstance(value, list):
        raise _wrong("measurements", "a list")
    found = []
    for number, one in enumerate(value, start=1):
        where = f"measurement {number}"
        content = _object(one, where, Measurement)
        key = _text(content, where, "key")
        if not key:
            raise _wrong(f"key of {where}", "a text")
        found.append(Measurement(key, _text(content, where, "label") or key, _text(content, where, "unit")))
    if len({one.key for one in found}) != len(found):
        raise AnalysisError("repeated", f"{FILE}: measurements names one twice")
    return tuple(found)


def _wrong(key: str, wanted: str) -> AnalysisError:
    return AnalysisError("wrong_type", f"{FILE}: {key} is not {wanted}")


def _object(value: object, name: str, kind: type[Result]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _wrong(name, "an object")
    for key in value:
        if key not in kind.__dataclass_fields__:
            raise AnalysisError("unknown_key", f"{FILE}: {key} is no key of {name}")
    return value


def _text(content: Mapping[str, object], name: str, key: str) -> str:
    value = content.get(key, "")
    if not isinstance(value, str):
        raise _wrong(f"{key} of {name}", "a text")
    return value


def _texts(content: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = content.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise _wrong(f"{key} of analysis", "a list of texts")
    if len(set(value)) != len(value):
        raise AnalysisError("repeated", f"{FILE}: {key} of analysis names one twice")
    return tuple(value)


def _number(value: object, key: str) -> float:
    number = _finite(value)
    if number is None:
        raise _wrong(f"{key} of analysis", "a finite number")
    return number


def _finite(value: object) -> float | None:
    """None for what is no number, not finite, or too large for one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _above_0(content: Mapping[str, object], key: str) -> float | None:
    value = content.get(key)
    return None if value is None else _positive(value, f"{key} of analysis")


def _share(content: Mapping[str, object], key: str) -> float | None:
    value = _above_0(content, key)
    if value is not None and value >= 1.0:
        raise _wrong(f"{key} of analysis", "a number between 0 and 1")
    return value


def _counts(content: Mapping[str, object], key: str) -> tuple[float, ...]:
    values = _numbers(content, key)
    if any(value < 2 or value != int(value) for value in values):
        raise _wrong(f"{key} of analysis", "a list of whole numbers from 2 on")
    return values


def _one_of(content: Mapping[str, object], key: str, known: tuple[str, ...]) -> str:
    value = _text(content, "analysis", key)
    if value and value not in known:
        raise _wrong(f"{key} of analysis", f"one of {', '.join(known)}")
    return value


def _numbers(content: Mapping[str, object], key: str) -> tuple[float, ...]:
    value = content.get(key, [])
    if not isinstance(value, list):
        raise _wrong(f"{key} of analysis", "a list of numbers")
    numbers = tuple(_number(one, key) for one in value)
    if list(numbers) != sorted(set(numbers)):
        raise _wrong(f"{key} of analysis", "an ascending list")
    return numbers


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise _wrong("reclassification of analysis", "a list of pairs")
    pairs = []
    for one in value:
        if not isinstance(one, list) or len(one) != 2 or not all(isinstance(name, str) for name in one):
            raise _wrong("reclassification of analysis", "a list of pairs of models, old and new")
        pairs.append((one[0], one[1]))
    return tuple(pairs)


def _positive(value: object, key: str) -> float:
    number = _finite(value)
    if number is None or number <= 0.0:
        raise _wrong(key, "a number above 0")
    return number


def _survival_interval(value: object) -> SurvivalInterval:
    for known in get_args(SurvivalInterval):
        if value == known:
            return known  # type: ignore[no-any-return]
    raise _wrong("survival_interval of analysis", "log-log or log")


def _ordered(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _wrong("ordered of analysis", "an object of columns and their groups")
    found = {}
    for column, groups in value.items():
        if not isinstance(groups, list) or not all(isinstance(one, str) and one for one in groups):
            raise _wrong(f"{column} of ordered", "a list of groups, the lowest first")
        if len(groups) < 2 or len(set(groups)) != len(groups):
            raise _wrong(f"{column} of ordered", "a list of two or more different groups")
        found[column] = tuple(groups)
    return found


def _reference_levels(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _wrong("reference_levels of analysis", "an object of columns and their reference groups")
    for column, group in value.items():
        if not isinstance(group, str) or not group:
            raise _wrong(f"{column} of reference_levels", "a text")
    return dict(value)


def _tests(value: object) -> dict[str, TableTest]:
    if not isinstance(value, dict):
        raise _wrong("tests of analysis", "an object of columns and their tests")
    for column, name in value.items():
        if name not in get_args(TableTest):
            raise _wrong(f"{column} of tests", f"one of {', '.join(get_args(TableTest))}")
    return dict(value)


def _answers(value: object) -> dict[str, str]:
    """Questions and answers; an answer that is a whole number is compared by its digits."""
    if not isinstance(value, dict):
        raise _wrong("positive_answers of analysis", "an object of questions and answers")
    for question, answer in value.items():
        if isinstance(answer, bool) or not isinstance(answer, (str, int)) or answer == "":
            raise _wrong(f"{question} of positive_answers", "a text or a whole number")
    return {question: str(answer) for question, answer in value.items()}


def _event_probabilities(value: object) -> tuple[EventProbability, ...]:
    where = "event_probabilities"
    if not isinstance(value, list):
        raise _wrong(f"{where} of analysis", "a list of objects with endpoint, models and by")
    found = []
    for number, one in enumerate(value, start=1):
        content = _object(one, f"{where} {number}", EventProbability)
        endpoint = _text(content, f"{where} {number}", "endpoint")
        models = _texts(content, "models")
        if not endpoint or not models:
            raise _wrong(f"{where} {number}", "an object with endpoint, models and by")
        found.append(
            EventProbability(endpoint, models, _positive(content.get("by"), f"by of {where} {number}"))
        )
    if len({one.endpoint for one in found}) != len(found):
        raise AnalysisError("repeated", f"{FILE}: {where} names an endpoint twice")
    return tuple(found)
