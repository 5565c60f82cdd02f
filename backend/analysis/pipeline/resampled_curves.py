"""What the plan asks of a curve or a pair by resampling: partial areas on either axis, bands, bootstrap differences."""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.analysis.partial_auc import Focus, PartialAucDifference, partial_auc, partial_auc_paired
from backend.analysis.pipeline.apparent import apparent_of
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Rated, Study
from backend.analysis.results import Result
from backend.analysis.roc_bootstrap import BootstrapDifference, bootstrap_band, bootstrap_difference
from backend.analysis.study_report import Curve

PARTIAL_FROM = 0.8
BAND_AT = tuple(step / 20 for step in range(21))


@dataclass(frozen=True, slots=True)
class ResampledPair(Result):
    """Two curves on the cases that both have; the difference is a minus b."""

    a: Curve
    b: Curve
    result: BootstrapDifference | PartialAucDifference


def partial_areas(collector: Collector, study: Study, one: Rated) -> None:
    """The partial area over specificity, and over sensitivity where the plan names a range."""
    cases, dropped = study.complete(one)
    low, high = study.plan.partial_specificity or (PARTIAL_FROM, 1.0)
    ranges: list[tuple[str, Focus, float, float]] = [("partial", "specificity", low, high)]
    if study.plan.partial_sensitivity:
        ranges.append(("partial_sensitivity", "sensitivity", *study.plan.partial_sensitivity))  # type: ignore[arg-type]
    for kind, focus, start, end in ranges:
        collector.add(
            f"{kind}/{one.label}",
            f"{one.label}: partial AUC, {focus} {start:g} to {end:g}",
            lambda kind=kind, focus=focus, start=start, end=end: partial_auc(  # type: ignore[misc]
                study.truths(cases),
                [one.scores[case] for case in cases],
                low=start,
                high=end,
                focus=focus,
                seed=study.seed_of(f"{kind}/{one.label}"),
                level=study.level,
            ),
            dropped=dropped,
            warnings=apparent_of(study, [one], cases),
        )


def band(collector: Collector, study: Study, one: Rated) -> None:
    """A pointwise band of the curve, where the plan asks for bands."""
    if "bands" not in study.plan.bootstrap:
        return
    cases, dropped = study.complete(one)
    key = f"band/{one.label}"
    collector.add(
        key,
        f"{one.label}: pointwise band of the ROC curve",
        lambda: bootstrap_band(
            study.truths(cases),
            [one.scores[case] for case in cases],
            specificities=BAND_AT,
            seed=study.seed_of(key),
            level=study.level,
        ),
        method="roc_band_bootstrap",
        dropped=dropped,
        warnings=apparent_of(study, [one], cases),
    )


def resampled_pair(collector: Collector, study: Study, a: Rated, b: Rated) -> None:
    """The bootstrap difference of two areas, and of two partial areas in the ranges that the plan names."""
    cases, dropped = study.complete(a, b)
    truth, told = study.truths(cases), apparent_of(study, [a, b], cases)
    scores = [[one.scores[case] for case in cases] for one in (a, b)]
    name = f"{a.label} - {b.label}"
    if "differences" in study.plan.bootstrap:
        key = f"bootstrap_pair/{name}"
        collector.add(
            key,
            f"{name}, bootstrap",
            lambda: ResampledPair(
                a.curve,
                b.curve,
                bootstrap_difference(truth, *scores, seed=study.seed_of(key), level=study.level),
            ),
            dropped=dropped,
            warnings=told,
        )
    for focus, low, high in _declared(study):
        own = f"partial_pair_{focus}/{name}"
        collector.add(
            own,
            f"{name}: partial AUC, {focus} {low:g} to {high:g}",
            lambda own=own, focus=focus, low=low, high=high: ResampledPair(  # type: ignore[misc]
                a.curve,
                b.curve,
                partial_auc_paired(
                    truth,
                    *scores,
                    low=low,
                    high=high,
                    seed=study.seed_of(own),
                    focus=focus,
                    level=study.level,
                ),
            ),
            dropped=dropped,
            warnings=told,
        )


def _declared(study: Study) -> Iterator[tuple[Focus, float, float]]:
    if study.plan.partial_specificity:
        yield ("specificity", *study.plan.partial_specificity)  # type: ignore[misc]
    if study.plan.partial_sensitivity:
        yield ("sensitivity", *study.plan.partial_sensitivity)  # type: ignore[misc]
