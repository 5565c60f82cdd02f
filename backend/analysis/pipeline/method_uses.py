"""Which methods made the results, on what, and with which declared choices: what the methods text is written from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.analysis.errors import NotEstimable
from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.pipeline.method_details_models import MODEL_DETAILS
from backend.analysis.pipeline.method_details_readers import READER_DETAILS
from backend.analysis.pipeline.results import AnalysisResults, Item
from backend.analysis.pipeline.wording import Wording, wording_of
from backend.analysis.reporting.analysis_done import MethodUse
from backend.analysis.reporting.words import within_sentence

Detail = Callable[[Sequence[Any], AnalysisPlan, str], str]
"""From the results of a method, the plan and the unit of time: whole sentences on the choices made, or nothing."""

DETAILS: Mapping[str, Detail] = {**READER_DETAILS, **MODEL_DETAILS}
DRAWN = ("replicates", "resamples", "n_resamples")
RANGE = "partial AUC, "
QUESTIONS = {"rating:call": "the call", "rating:score": "the score"}


def method_uses(results: AnalysisResults, plan: AnalysisPlan) -> tuple[MethodUse, ...]:
    """Every method that made a result, with what it was applied to and the choices made for it."""
    plan = _in_words(plan, wording_of(results))
    made: dict[str, list[Any]] = {}
    drawn: set[str] = set()
    for section in results.sections:
        for item in section.items:
            drawn |= {item.method} if item.seed is not None else set()
            for result in _parts(item):
                made.setdefault(item.method, []).append(result)
                for slot in ("figure_method", "covariance_method"):
                    made.setdefault(getattr(result, slot, ""), []).append(result)
    return tuple(
        MethodUse(
            method.key,
            applied_to=_applied_to(method.key, made),
            detail=_detail(method.key, made.get(method.key, []), plan, results.time_unit),
            is_resampled=method.key in drawn,
        )
        for method in results.methods
    )


def _in_words(plan: AnalysisPlan, words: Wording) -> AnalysisPlan:
    """The plan with columns by their labels, for sentences alone: ``CEA, ng/mL`` is ``CEA (ng/mL)`` in a list."""

    def called(name: str) -> str:
        if name not in words.labels:
            return name
        label, _, unit = within_sentence(words.label(name)).partition(", ")
        return f"{label} ({unit})" if unit else label

    def all_called(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(called, names))

    return replace(
        plan,
        cohort=called(plan.cohort),
        cluster=called(plan.cluster),
        strata=called(plan.strata),
        subgroups=all_called(plan.subgroups),
        predictors=all_called(plan.predictors),
        covariates=all_called(plan.covariates),
        clinical=all_called(plan.clinical),
    )


def _parts(item: Item) -> Iterator[Any]:
    """The results of an item that are there: each of several, and what a comparison or a curve holds."""
    for one in item.result if isinstance(item.result, tuple) else (item.result,):
        if not isinstance(one, NotEstimable):
            yield getattr(one, "result", one)


def _detail(key: str, made: Sequence[Any], plan: AnalysisPlan, unit: str) -> str:
    told = DETAILS[key](made, plan, unit) if key in DETAILS and made else ""
    numbers = sorted({n for one in made for slot in DRAWN if isinstance(n := getattr(one, slot, None), int)})
    drew = key == "covariance_bootstrap" or any(getattr(one, "method", "") == key for one in made)
    is_drawn = drew and key != "obuchowski_rockette"
    resampled = f"Resamples drawn: {' or '.join(map(str, numbers))}." if numbers and is_drawn else ""
    return " ".join(text for text in (told, resampled) if text)


def _applied_to(key: str, made: Mapping[str, Sequence[Any]]) -> tuple[str, ...]:
    own = made.get(key, [])
    if key.startswith("kappa_") and key != "kappa_light":
        return tuple(dict.fromkeys(QUESTIONS.get(one.question) or within_sentence(one.label) for one in own))
    if key == "fom_partial_auc":
        return tuple(dict.fromkeys(one.figure.removeprefix(RANGE) for one in own))
    if key in ("fom_sensitivity", "fom_specificity"):
        return tuple(dict.fromkeys(f"a {one.figure.split(', ')[1]}" for one in own))
    if key.startswith("covariance_"):
        figures = tuple(dict.fromkeys(one.figure for one in own))
        every = {one.figure for other, of in made.items() if other.startswith("covariance_") for one in of}
        return () if set(figures) == every else tuple(f"the {figure}" for figure in figures)
    return ()
