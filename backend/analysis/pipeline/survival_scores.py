"""What the models' scores say of survival, on all cases and in each cohort: concordance and time-dependent ROC."""

from itertools import combinations

from backend.analysis.pipeline.apparent import apparent_warnings
from backend.analysis.pipeline.cohorts import dropped_in, in_key, in_title
from backend.analysis.pipeline.follow_up import FollowUp, without
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Rated
from backend.analysis.study_report import DroppedCase
from backend.analysis.survival.concordance import compare_c, harrell_c, uno_c
from backend.analysis.survival.outcomes import Outcomes
from backend.analysis.survival.time_roc import compare_time_auc, time_dependent_roc


def scores(collector: Collector, follow_up: FollowUp) -> None:
    """Every model that scored a case with follow-up, and every two of them."""
    for group, known in follow_up.by_cohort().items():
        models = [one for one in follow_up.study.models() if set(one.scores) & set(known.cases)]
        for model in models:
            _score(collector, follow_up, known, model, group)
        for a, b in combinations(models, 2):
            _compare(collector, follow_up, known, (a, b), group)


def _score_of(known: Outcomes, model: Rated) -> dict[str, float | None]:
    return {case: model.scores.get(case) for case in known.cases}


def _unscored(known: Outcomes, *models: Rated) -> tuple[DroppedCase, ...]:
    """The cases that one of the models has no score for, each named once."""
    reasons: dict[str, list[str]] = {}
    for model in models:
        for one in without(known, model.scores, f"no score by {model.label}"):
            reasons.setdefault(one.case, []).append(one.reason)
    return tuple(DroppedCase(case, "; ".join(own)) for case, own in sorted(reasons.items()))


def _score(collector: Collector, follow_up: FollowUp, known: Outcomes, model: Rated, group: str) -> None:
    study, endpoint, level = follow_up.study, follow_up.endpoint, follow_up.study.level
    own, dropped = _score_of(known, model), dropped_in(study, _unscored(known, model), group)
    warnings = apparent_warnings(study, known.cases)
    key, title = f"{endpoint}/{model.label}{in_key(group)}", f"{endpoint}: {model.label}{in_title(group)}"
    collector.add(
        f"harrell/{key}",
        f"{title}, concordance (Harrell)",
        lambda: harrell_c(known, own, level=level),
        dropped=dropped,
        warnings=warnings,
    )
    collector.add(
        f"uno/{key}",
        f"{title}, concordance (Uno)",
        lambda: uno_c(known, own, tau=follow_up.tau, level=level),
        dropped=dropped,
        warnings=warnings,
    )
    if follow_up.at:
        collector.add(
            f"time_roc/{key}",
            f"{title}, time-dependent ROC",
            lambda: time_dependent_roc(known, own, at=follow_up.at, level=level),
            dropped=dropped,
            warnings=warnings,
        )


def _compare(
    collector: Collector, follow_up: FollowUp, known: Outcomes, models: tuple[Rated, Rated], group: str
) -> None:
    study, endpoint, level = follow_up.study, follow_up.endpoint, follow_up.study.level
    first, second = (_score_of(known, one) for one in models)
    dropped = dropped_in(study, _unscored(known, *models), group)
    warnings = apparent_warnings(study, known.cases)
    name = " - ".join(one.label for one in models)
    key, title = f"{endpoint}/{name}{in_key(group)}", f"{endpoint}: {name}{in_title(group)}"
    collector.add(
        f"compare_c/{key}",
        f"{title}, Harrell's C",
        lambda: compare_c(known, first, second, level=level),
        dropped=dropped,
        warnings=warnings,
    )
    collector.add(
        f"compare_uno/{key}",
        f"{title}, Uno's C",
        lambda: compare_c(known, first, second, kind="uno", tau=follow_up.tau, level=level),
        dropped=dropped,
        warnings=warnings,
    )
    if follow_up.at:
        collector.add(
            f"compare_time_auc/{key}",
            f"{title}, time-dependent AUC",
            lambda: compare_time_auc(known, first, second, at=follow_up.at, level=level),
            dropped=dropped,
            warnings=warnings,
        )
