"""The ROC figure as SVG and PNG, the same bytes for the same report.

Matplotlib is imported inside the functions: a web process that draws nothing need not load it.
"""

from typing import TYPE_CHECKING

from backend.analysis.errors import NotEstimable
from backend.analysis.figure_layout import headed
from backend.analysis.figure_style import BLACK, COLORS, GRAY, LINES, MARKERS, FileFormat, render
from backend.analysis.results import format_estimate
from backend.analysis.roc_panels import RocCurves
from backend.analysis.study_report import CurveResult, StudyReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

READER_COLORS = COLORS
MODEL_COLOR = BLACK
ARM_LINES = ("--", "-", ":", "-.")
MODEL_LINES = LINES

WIDTH_INCHES = 4.5
AXES_INCHES = 3.6
MARGIN_INCHES = (0.6, 0.3, 0.55)  # left, top, below the axes for their label
LEGEND_ROW_INCHES = 0.17


def roc_figure_svg(report: StudyReport | RocCurves) -> bytes:
    """The ROC curves of all readers, arms and models as SVG, text as outlines, without a date."""
    return _render(report, "svg", dpi=72)


def roc_figure_png(report: StudyReport | RocCurves, *, dpi: int = 300) -> bytes:
    """The same figure as PNG at print resolution."""
    return _render(report, "png", dpi=dpi)


def _render(report: StudyReport | RocCurves, file_format: FileFormat, *, dpi: int) -> bytes:
    title = f"ROC curves: {report.title}"
    return render(lambda: _roc_figure(report), title=title, file_format=file_format, dpi=dpi)


def _roc_figure(report: StudyReport | RocCurves) -> "Figure":
    from matplotlib.figure import Figure

    left, top, below = MARGIN_INCHES
    legend = LEGEND_ROW_INCHES * (len(report.curves) + 1.5)
    note = " (synthetic demonstration data)" if report.is_synthetic else ""
    heading, more = headed(f"{report.title}{note}", WIDTH_INCHES - left - 0.1)
    height = top + more + AXES_INCHES + below + legend
    figure = Figure(figsize=(WIDTH_INCHES, height))
    bottom = below + legend
    axes = figure.add_axes(
        (left / WIDTH_INCHES, bottom / height, AXES_INCHES / WIDTH_INCHES, AXES_INCHES / height)
    )
    axes.plot([0, 1], [0, 1], color=GRAY, linewidth=0.8)
    for item in report.curves:
        _draw_curve(axes, report, item)
    _dress(axes, heading)
    figure.legend(
        loc="lower left",
        bbox_to_anchor=(left / WIDTH_INCHES, 0.05 / height),
        frameon=False,
        handlelength=2.6,
        borderaxespad=0.0,
        title=f"AUC ({100 * report.level:g}% CI, DeLong){_marker_text(report)}",
        alignment="left",
    )
    return figure


def _marker_text(report: StudyReport | RocCurves) -> str:
    """What the markers are, where there is one: ratings alone come without a threshold."""
    shares = [one.operating_point.sensitivity.estimate for one in report.curves]
    return "; marker: declared threshold" if any(not isinstance(one, NotEstimable) for one in shares) else ""


def _draw_curve(axes: "Axes", report: StudyReport | RocCurves, item: CurveResult) -> None:
    color, line, marker = _look(report, item)
    label = f"{item.curve.label}: {_auc_text(item)}"
    if isinstance(item.roc, NotEstimable):
        axes.plot([], [], color=color, linestyle="none", marker="x", label=label)
        return
    axes.plot(
        [1.0 - point.specificity for point in item.roc.points],
        [point.sensitivity for point in item.roc.points],
        color=color,
        linestyle=line,
        linewidth=1.4,
        clip_on=False,
        label=label,
    )
    at = item.operating_point
    if not isinstance(at.sensitivity.estimate, NotEstimable) and not isinstance(
        at.specificity.estimate, NotEstimable
    ):
        filled = "white" if line == "--" else color
        axes.plot(
            [1.0 - at.specificity.estimate],
            [at.sensitivity.estimate],
            color=color,
            marker=marker,
            markersize=5,
            markerfacecolor=filled,
            clip_on=False,
        )


def _look(report: StudyReport | RocCurves, item: CurveResult) -> tuple[str, str, str]:
    """Color and marker by reader, line by arm; models are black."""
    if item.curve.arm is None:
        position = report.models.index(item.curve.name)
        return MODEL_COLOR, MODEL_LINES[position % len(MODEL_LINES)], "*"
    position = report.readers.index(item.curve.name)
    # One arm alone needs no dashes to tell it from another.
    arm = report.arms.index(item.curve.arm) if len(report.arms) > 1 else 1
    marker = MARKERS[(position // len(READER_COLORS) + position) % len(MARKERS)]
    return READER_COLORS[position % len(READER_COLORS)], ARM_LINES[arm % len(ARM_LINES)], marker


def _auc_text(item: CurveResult) -> str:
    if isinstance(item.auc.auc, NotEstimable):
        return f"AUC {item.auc.auc}"
    value = format_estimate(item.auc.auc)
    if isinstance(item.auc.ci, NotEstimable):
        return f"{value} (CI {item.auc.ci})"
    return f"{value} ({item.auc.ci.low:.3f}\N{EN DASH}{item.auc.ci.high:.3f})"


def _dress(axes: "Axes", heading: str) -> None:
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    axes.set_aspect("equal")
    axes.set_xlabel("1 \N{MINUS SIGN} specificity")
    axes.set_ylabel("Sensitivity")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(heading, fontsize=8.0, loc="left")
