"""The figures of merit that a plan names, and the margin that it declares for each."""

from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.mrmc.figures_of_merit import (
    Auc,
    Axis,
    FigureOfMerit,
    PartialAuc,
    Sensitivity,
    Specificity,
)


def planned_partial_areas(plan: AnalysisPlan) -> tuple[PartialAuc, ...]:
    """The partial areas in the ranges that the plan names, on either axis."""
    ranges: tuple[tuple[Axis, tuple[float, ...]], ...] = (
        ("specificity", plan.partial_specificity),
        ("sensitivity", plan.partial_sensitivity),
    )
    return tuple(PartialAuc(axis=axis, low=own[0], high=own[1]) for axis, own in ranges if own)


def margin_of(plan: AnalysisPlan, figure: FigureOfMerit) -> float | None:
    """The margin of a figure; ``None`` where none is declared, and of a partial area in a range that is not."""
    if isinstance(figure, Auc):
        return plan.margin
    if isinstance(figure, Sensitivity):
        return plan.margin_sensitivity
    if isinstance(figure, Specificity):
        return plan.margin_specificity
    if isinstance(figure, PartialAuc) and figure in planned_partial_areas(plan):
        return getattr(plan, f"margin_partial_{figure.axis}")  # type: ignore[no-any-return]
    return None


def any_margin(plan: AnalysisPlan) -> bool:
    """Whether a margin of any figure of ratings is declared."""
    return any(
        margin is not None
        for margin in (
            plan.margin,
            plan.margin_sensitivity,
            plan.margin_specificity,
            plan.margin_partial_specificity,
            plan.margin_partial_sensitivity,
        )
    )
