"""The order of the arms: every reader from the first to the second period, a panel a measure and order.

In black the mean of the readers with Student's interval over readers, which speaks of these cases alone; what
treatment, period and carry-over come to, where the design tells them apart, stands below.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backend.analysis.crossover import CrossoverEffects, Effect, SequenceName
from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.figure_layout import (
    COLUMN,
    EDGE,
    INK,
    PAGE,
    SMALL,
    TINY,
    bare,
    block_inches,
    p_text,
    range_text,
    reasons,
    rendered,
    sheet,
    signed,
    spread,
    text_inches,
    wrapped,
)
from backend.analysis.figure_style import BLACK, COLORS, LINES, MARKERS, FileFormat
from backend.analysis.periods import PeriodAnalysis, PeriodMean, PeriodMeasure
from backend.analysis.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEASURE_NAMES: dict[PeriodMeasure, str] = {"auc": "AUC", "right": "Right calls, %"}
LEFT, HEAD = 0.55, 0.22
ASIDE = 0.08


def period_figure(
    periods: PeriodAnalysis,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """AUC and right calls of every reader by period, the two orders of the arms apart, with means and intervals."""
    return rendered(
        lambda heading: draw_periods(periods, heading),
        "Order of the arms",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_periods(periods: PeriodAnalysis, title: str) -> "Figure":
    """The panels as matplotlib's figure; parameters as for :func:`period_figure`."""
    orders: list[SequenceName] = sorted({mean.sequence for mean in periods.means})
    readers = list(dict.fromkeys(cell.reader for cell in periods.cells))
    names = {reader: wrapped(reader, 0.9, SMALL).split("\n")[0] for reader in readers}
    width = COLUMN if len(orders) == 1 else PAGE
    cell = width / len(orders)
    right = max(text_inches(name, SMALL) for name in names.values()) + 0.2
    wide, high = cell - LEFT - right - EDGE, max(1.5, 0.14 * len(readers))
    texts = {
        (measure, order): wrapped(_mean_words(periods, measure, order), cell - 2 * EDGE, TINY)
        for measure in MEASURE_NAMES
        for order in orders
    }
    under = max(block_inches(text, TINY) for text in texts.values())
    step = HEAD + high + 0.42 + under + 0.14
    page = sheet(title, width=width, height=len(MEASURE_NAMES) * step, notes=_notes(periods))
    canvas = page.canvas()
    for row, measure in enumerate(MEASURE_NAMES):
        limits = _limits(periods, measure)
        for column, order in enumerate(orders):
            x, y = column * cell + LEFT, row * step + HEAD
            heading = wrapped(f"{MEASURE_NAMES[measure]}, {_order_name(periods, order)}", cell - LEFT, SMALL)
            canvas.text(x, y - 0.06, heading.split("\n")[0], fontsize=SMALL, weight="bold", va="bottom")
            axes = page.axes(x, y, wide, high)
            _frame(axes, [_of(periods, measure, order, period) for period in (1, 2)], limits)
            _readers(axes, periods, (measure, order), names, high)
            _means(axes, [_of(periods, measure, order, period) for period in (1, 2)])
            below = y + high + 0.42
            canvas.text(
                x - LEFT + EDGE, below, texts[measure, order], fontsize=TINY, va="top", linespacing=1.25
            )
    return page.figure


def _of(periods: PeriodAnalysis, measure: PeriodMeasure, order: SequenceName, period: int) -> PeriodMean:
    return next(
        one for one in periods.means if (one.measure, one.sequence, one.period) == (measure, order, period)
    )


def _order_name(periods: PeriodAnalysis, order: SequenceName) -> str:
    if periods.design == "sequential reveal":
        return "in one session"
    return f"{periods.first_arm if order == 'AB' else periods.second_arm} first"


def _values(
    periods: PeriodAnalysis, measure: PeriodMeasure, order: SequenceName
) -> dict[str, list[Estimate]]:
    """Reader to the values of both periods, right calls in percent."""
    found: dict[str, list[Estimate]] = {}
    for cell in periods.cells:
        if cell.sequence == order:
            found.setdefault(cell.reader, []).append(
                _shown(measure, cell.auc if measure == "auc" else cell.right)
            )
    return found


def _shown(measure: PeriodMeasure, value: Estimate) -> Estimate:
    return value if isinstance(value, NotEstimable) or measure == "auc" else 100.0 * value


def _bounds(mean: PeriodMean) -> tuple[float, float] | None:
    factor = 1.0 if mean.measure == "auc" else 100.0
    return (factor * mean.ci.low, factor * mean.ci.high) if isinstance(mean.ci, Interval) else None


def _limits(periods: PeriodAnalysis, measure: PeriodMeasure) -> tuple[float, float]:
    """Of the vertical axis, alike for both orders."""
    found = [
        value
        for order in ("AB", "BA")
        for pair in _values(periods, measure, order).values()
        for value in pair
        if not isinstance(value, NotEstimable)
    ]
    for mean in periods.means:
        if mean.measure == measure:
            found += _bounds(mean) or ()
    if not found:
        return 0.0, 1.0
    room = 0.07 * (max(found) - min(found)) or 0.05 * (1.0 if measure == "auc" else 100.0)
    return min(found) - room, max(found) + room


def _frame(axes: "Axes", means: Sequence[PeriodMean], limits: tuple[float, float]) -> None:
    bare(axes)
    axes.set_xlim(-0.2, 1.2)
    axes.set_ylim(*limits)
    axes.set_xticks([0.0, 1.0], [f"Period {mean.period}\n{mean.arm}" for mean in means])
    axes.tick_params(axis="x", length=0, pad=3.0)


def _readers(
    axes: "Axes",
    periods: PeriodAnalysis,
    panel: tuple[PeriodMeasure, SequenceName],
    names: Mapping[str, str],
    tall: float,
) -> None:
    drawn: list[tuple[int, str, tuple[float, float]]] = []
    for reader, (one, two) in _values(periods, *panel).items():
        if not isinstance(one, NotEstimable) and not isinstance(two, NotEstimable):
            drawn.append((list(names).index(reader), names[reader], (one, two)))
    if not drawn:
        axes.text(
            0.5, 0.5, "No reader has both values", fontsize=SMALL, transform=axes.transAxes, ha="center"
        )
        return
    low, high = axes.get_ylim()
    inch = (high - low) / tall
    ends = spread([pair[1] for _, _, pair in drawn], 0.125 * inch)
    for (place, name, pair), at in zip(drawn, ends, strict=True):
        color = COLORS[place % len(COLORS)]
        axes.plot(
            [0.0, 1.0],
            pair,
            color=color,
            linestyle=LINES[place // len(COLORS) % len(LINES)],
            marker=MARKERS[place % len(MARKERS)],
            linewidth=0.9,
            markersize=3.2,
        )
        axes.annotate(
            name,
            (1.0, pair[1]),
            xytext=(20.0, (at - pair[1]) / inch * 72.0),
            textcoords="offset points",
            fontsize=SMALL,
            va="center",
            color=INK,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": color, "shrinkA": 0.0, "shrinkB": 3.0},
        )


def _means(axes: "Axes", means: Sequence[PeriodMean]) -> None:
    """Beside the readers' points, so that neither hides the other."""
    for x, mean in zip((-ASIDE, 1.0 + ASIDE), means, strict=True):
        value, bounds = _shown(mean.measure, mean.mean), _bounds(mean)
        if isinstance(value, NotEstimable):
            continue
        if bounds is not None:
            axes.plot([x, x], bounds, color=BLACK, linewidth=1.4)
        axes.plot([x], [value], color=BLACK, marker="D", markersize=4.5, linestyle="none")


def _mean_words(periods: PeriodAnalysis, measure: PeriodMeasure, order: SequenceName) -> str:
    digits = 3 if measure == "auc" else 1
    told = []
    for period in (1, 2):
        mean = _of(periods, measure, order, period)
        value, bounds = _shown(measure, mean.mean), _bounds(mean)
        number = "not estimable" if isinstance(value, NotEstimable) else f"{value:.{digits}f}"
        between = "" if bounds is None else f" ({range_text(*bounds, digits)})"
        of = "1 reader" if len(mean.readers) == 1 else f"{len(mean.readers)} readers"
        told.append(f"Period {period}: {number}{between}, {of}")
    return "\n".join(told)


def _notes(periods: PeriodAnalysis) -> list[str]:
    levels = [mean.ci.level for mean in periods.means if isinstance(mean.ci, Interval)]
    interval = f", with {100 * levels[0]:g}% CI over readers (Student's t), for these cases" if levels else ""
    notes = [periods.design_text, f"Black: mean of the readers{interval}."]
    named = [
        (f"{MEASURE_NAMES[measure].partition(',')[0]}, {reader}", value)
        for measure in MEASURE_NAMES
        for order in ("AB", "BA")
        for reader, pair in _values(periods, measure, order).items()
        for value in pair
        if isinstance(value, NotEstimable)
    ]
    notes += reasons(list(dict.fromkeys(named)))
    for label, found in (("Readers' AUC", periods.by_reader), ("Share of right calls", periods.by_case)):
        if isinstance(found, CrossoverEffects):
            notes.append(f"{label}: {_effect_words(found, periods)}.")
        elif found.reason != periods.design_text:
            notes.append(f"{label}: {found}.")
    return [*notes, *periods.warnings]


def _effect_words(found: CrossoverEffects, periods: PeriodAnalysis) -> str:
    treatment = f"treatment ({periods.second_arm} minus {periods.first_arm})"
    effects = (
        (treatment, found.treatment),
        ("period (second minus first)", found.period),
        ("carry-over", found.carry_over),
    )
    return "; ".join(f"{name} {_one_effect(effect)}" for name, effect in effects)


def _one_effect(effect: Effect) -> str:
    if isinstance(effect.estimate, NotEstimable):
        return str(effect.estimate)
    if isinstance(effect.ci, NotEstimable):
        return f"{signed(effect.estimate, 3)} (CI {effect.ci})"
    p = p_text(effect.p)
    sign = "" if p.startswith("<") else "="
    return f"{signed(effect.estimate, 3)} ({range_text(effect.ci.low, effect.ci.high, 3)}, P{sign}{p})"
