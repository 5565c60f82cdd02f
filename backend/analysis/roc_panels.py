"""What ROC figures show: curves with their areas, in panels by reader, of averages, and by group."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.analysis.average_roc import AverageRoc
from backend.analysis.cutoffs import Cutoffs
from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.partial_auc import PartialAuc
from backend.analysis.results import NO_LABELS, Interval, Result
from backend.analysis.roc import OperatingPoint, RocCurve, YoudenCutoffs
from backend.analysis.roc_bootstrap import BootstrapBand
from backend.analysis.roc_groups import RocByGroup
from backend.analysis.study_report import CurveResult, StudyReport

CURVE_FACTOR = "curve"
"""Factor whose levels name curves."""


@dataclass(frozen=True, slots=True)
class RocCurves(Result):
    """The curves of a study without its other results: what a :class:`StudyReport` has of the same names."""

    title: str
    is_synthetic: bool
    level: float
    readers: tuple[str, ...]
    arms: tuple[str, ...]
    models: tuple[str, ...]
    curves: tuple[CurveResult, ...]


@dataclass(frozen=True, slots=True)
class RocTrace:
    """One curve of a panel.

    Attributes
    ----------
    curve
        The empirical or the average curve, or why there is none.
    auc, ci
        The area that stands in the legend.
    band
        Pointwise band of an empirical curve; an average curve has its own.
    cut_offs, at
        Chosen cut-offs and observed calls, marked on the curve.
    partial
        Partial area, shaded.
    is_model
        Drawn in black, as models are everywhere.
    place
        Decides color and dash, so that a curve looks the same in every panel; its place in the panel when not given.
    """

    label: str
    curve: RocCurve | AverageRoc | NotEstimable
    auc: Estimate
    ci: Interval | NotEstimable
    band: BootstrapBand | NotEstimable | None = None
    cut_offs: tuple[Cutoffs | YoudenCutoffs, ...] = ()
    at: OperatingPoint | None = None
    partial: PartialAuc | None = None
    is_model: bool = False
    place: int | None = None


@dataclass(frozen=True, slots=True)
class RocPanel:
    """One of the small multiples; the same place in every panel has the same color."""

    title: str
    traces: tuple[RocTrace, ...]


def reader_panels(report: StudyReport | RocCurves) -> tuple[RocPanel, ...]:
    """A panel for every reader with the arms as curves, then one for the models, calls at the declared threshold."""
    panels = []
    for reader in (*report.readers, None):
        chosen = [item for item in report.curves if (item.curve.name if item.curve.arm else None) == reader]
        traces = tuple(
            RocTrace(
                item.curve.arm or item.curve.name,
                item.roc,
                item.auc.auc,
                item.auc.ci,
                at=item.operating_point,
                is_model=item.curve.arm is None,
            )
            for item in chosen
        )
        if traces:
            panels.append(RocPanel(reader or ("Models" if len(traces) > 1 else "Model"), traces))
    return tuple(panels)


def average_panel(
    averages: Mapping[str, AverageRoc | NotEstimable],
    *,
    partial: Mapping[str, PartialAuc] | None = None,
    title: str = "",
) -> RocPanel:
    """One panel with the average curve of every arm and its band, in the order given."""
    return RocPanel(
        title,
        tuple(
            RocTrace(arm, curve, curve, curve, partial=(partial or {}).get(arm))
            if isinstance(curve, NotEstimable)
            else RocTrace(arm, curve, curve.auc, curve.auc_ci, partial=(partial or {}).get(arm))
            for arm, curve in averages.items()
        ),
    )


def group_panels(
    result: RocByGroup, *, inner: str | None = None, labels: Mapping[str, str] = NO_LABELS
) -> tuple[RocPanel, ...]:
    """The curves of all groups, the levels of one factor in one panel, the others apart.

    Parameters
    ----------
    result
        Made with ``has_curves``.
    inner
        The factor whose levels share a panel; the compared (or last) one when not given.
    labels
        What factors are called, where not by their names.

    Raises
    ------
    AnalysisError
        ``no_curves`` where the result was made without them; ``unknown_factor``.
    """
    shared = inner or result.compare or result.by[-1]
    if shared not in result.by:
        raise AnalysisError("unknown_factor", f"{shared} makes no groups; {', '.join(result.by)} do")
    levels = sorted({group.labels[shared] for group in result.groups})
    panels: dict[str, list[RocTrace]] = {}
    for group in result.groups:
        if group.curve is None:
            raise AnalysisError("no_curves", "the groups were analyzed without their curves")
        area = group.result
        outer = ", ".join(
            _level(name, level, labels) for name, level in group.labels.items() if name != shared
        )
        panels.setdefault(outer, []).append(
            RocTrace(
                f"{group.labels[shared]} ({area.n_positive}+/{area.n_negative}\N{MINUS SIGN})",
                group.curve,
                area.auc,
                area.plain,
                place=levels.index(group.labels[shared]),
            )
        )
    return tuple(RocPanel(name, tuple(panels[name])) for name in sorted(panels))


def _level(factor: str, level: str, labels: Mapping[str, str]) -> str:
    """``center North``; a curve, and a level that begins with its factor (``Reader 1``), by its label alone."""
    is_named = factor == CURVE_FACTOR or level.lower().startswith(f"{factor.lower()} ")
    return level if is_named else f"{labels.get(factor, factor)} {level}"
