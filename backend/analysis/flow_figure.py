"""The diagram of a study's flow: cases and readers, exclusions, reads by arm and session, what was analyzed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.analysis.figure_layout import EDGE, PAGE, SMALL, block_inches, rendered, sheet, wrapped
from backend.analysis.figure_style import FileFormat
from backend.analysis.study_flow import FlowCohort, FlowGroup, FlowRater, FlowReason, StudyFlow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FRAME = "#555555"
PAD, GAP = 0.07, 0.28
COLUMNS = 4
KINDS = {"model": "Model", "consensus": "Consensus reading"}
SIDE = 1.95
CASES, READERS = 2.35, PAGE - 2.35


@dataclass(frozen=True, slots=True)
class _Box:
    """A box of the diagram: its bold first lines, the lines below, and its size in inches."""

    head: str
    body: str
    width: float

    @property
    def height(self) -> float:
        return block_inches(self.head, SMALL) + block_inches(self.body, SMALL) + 2 * PAD


def flow_figure(
    flow: StudyFlow,
    *,
    title: str,
    is_synthetic: bool = False,
    file_format: FileFormat = "svg",
    dpi: int = 300,
) -> bytes:
    """The flow as a diagram: enrolled, excluded with reasons, read by arm and session, analyzed."""
    return rendered(
        lambda heading: draw_flow(flow, heading),
        "Study flow",
        title,
        is_synthetic=is_synthetic,
        file_format=file_format,
        dpi=dpi,
    )


def draw_flow(flow: StudyFlow, title: str) -> "Figure":
    """The diagram as matplotlib's figure; parameters as for :func:`flow_figure`."""
    cases = _box(f"Cases enrolled: {flow.cases_enrolled}", [], SIDE)
    lost = _box(*_excluded("Cases excluded", flow.cases_excluded), SIDE)
    readers = _box(f"Readers enrolled: {flow.readers_enrolled}", [], SIDE)
    away = _box(*_excluded("Readers excluded", flow.readers_excluded), SIDE)
    truth = f"; no reference standard: {flow.without_truth}" if flow.without_truth else ""
    named = "" if flow.positive_class == "positive" else f" ({flow.positive_class})"
    reading = f", {_n(flow.readers_included, 'reader')}" if flow.readers_enrolled else ""
    included = _box(
        f"Included: {_n(flow.cases_included, 'case')}{reading}",
        [
            f"Positive{named}: {flow.positive}; negative: {flow.negative}{truth}",
            *(_cohort_line(cohort, is_read=bool(flow.groups)) for cohort in flow.cohorts),
            *_not_read_lines(flow),
        ],
        3.4,
    )
    branches: list[FlowGroup | FlowRater] = [*flow.groups, *flow.raters]
    columns = max(1, min(COLUMNS, len(branches)))
    wide = min(2.3, (PAGE - 4 * EDGE - GAP * (columns - 1)) / columns)
    rows = [branches[first : first + columns] for first in range(0, len(branches), columns)]
    made = [([_read_box(g, wide) for g in row], [_analyzed_box(g, wide) for g in row]) for row in rows]
    tops = [max(box.height for box in read) for read, _ in made]
    ends = [max(box.height for box in analyzed) for _, analyzed in made]
    middle = GAP + max(lost.height, away.height) + GAP
    start = cases.height + middle
    height = (
        start + included.height + sum(2 * GAP + top + GAP + end for top, end in zip(tops, ends, strict=True))
    )
    page = sheet(title, width=PAGE, height=height + EDGE, notes=flow.warnings)
    canvas = page.canvas()
    _intake(canvas, (cases, lost), CASES, (start, middle), is_left=True)
    if flow.readers_enrolled:
        _intake(canvas, (readers, away), READERS, (start, middle), is_left=False)
    _place(canvas, included, PAGE / 2.0, start)
    down = start + included.height
    trunk = trunk_from = 1.0 * EDGE
    for number, (read, analyzed) in enumerate(made):
        bus = down + GAP
        across = [PAGE / 2.0 + (i - (len(read) - 1) / 2.0) * (wide + GAP) for i in range(len(read))]
        left = trunk if len(made) > 1 else min(across[0], PAGE / 2.0)
        above = (PAGE / 2.0, down) if number == 0 else (trunk, trunk_from)
        _stroke(canvas, [above, (above[0], bus)])
        trunk_from = bus
        _stroke(canvas, [(left, bus), (max(across[-1], PAGE / 2.0 if number == 0 else left), bus)])
        for x, first, second in zip(across, read, analyzed, strict=True):
            top = bus + GAP
            _arrow(canvas, (x, bus), (x, top))
            _place(canvas, first, x, top, height=tops[number])
            _arrow(canvas, (x, top + tops[number]), (x, top + tops[number] + GAP))
            _place(canvas, second, x, top + tops[number] + GAP, height=ends[number])
        down = bus + GAP + tops[number] + GAP + ends[number]
    return page.figure


def _intake(
    canvas: "Axes", boxes: tuple[_Box, _Box], x: float, steps: tuple[float, float], *, is_left: bool
) -> None:
    """Enrolled above, excluded to the outer side of the arrow down to what was included."""
    enrolled, excluded = boxes
    start, middle = steps
    down = start - middle
    _place(canvas, enrolled, x, 0.0)
    _arrow(canvas, (x, down), (x, start))
    beside = x + (-1 if is_left else 1) * (0.15 + excluded.width / 2.0)
    side = down + middle / 2.0
    _place(canvas, excluded, beside, side - excluded.height / 2.0)
    edge = beside + (1 if is_left else -1) * excluded.width / 2.0
    _arrow(canvas, (x, side), (edge, side))


def _cohort_line(cohort: FlowCohort, *, is_read: bool) -> str:
    lacking = f", {cohort.without_truth} without a reference standard" if cohort.without_truth else ""
    read = f"; read: {cohort.read}" if is_read else ""
    return f"{cohort.label}: {cohort.cases} ({cohort.positive} positive{lacking}){read}"


def _not_read_lines(flow: StudyFlow) -> list[str]:
    if not flow.cases_not_read:
        return []
    return [f"Cases with a read: {flow.cases_read}", *_reason_lines(flow.cases_not_read)]


def _read_box(group: FlowGroup | FlowRater, width: float) -> _Box:
    if isinstance(group, FlowRater):
        lines = [f"Cases with a score: {group.scored} of {group.cases}"]
        return _box(f"{KINDS[group.kind]} {group.label}", lines, width)
    lines = [f"{_n(group.readers, 'reader')}, {_n(group.cases, 'case')}"]
    if group.planned is not None:
        lines.append(f"Reads planned: {group.planned}")
    lines.append(f"Reads made: {group.read}")
    if group.planned is not None:
        lines.append(f"Not made: {group.planned - group.read}")
        lines += _reason_lines(group.not_read)
    return _box(f"{group.arm}, session {group.session}", lines, width)


def _analyzed_box(group: FlowGroup | FlowRater, width: float) -> _Box:
    lost = sum(reason.n for reason in group.not_analyzed)
    lines = [f"Not analyzed: {lost}", *_reason_lines(group.not_analyzed)]
    what = "Cases" if isinstance(group, FlowRater) else "Reads"
    return _box(f"{what} analyzed: {group.analyzed}", lines, width)


def _excluded(head: str, reasons: Sequence[FlowReason]) -> tuple[str, list[str]]:
    return f"{head}: {sum(reason.n for reason in reasons)}", _reason_lines(reasons)


def _reason_lines(reasons: Sequence[FlowReason]) -> list[str]:
    return [f"– {reason.text}: {reason.n}" for reason in reasons]


def _n(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _box(head: str, lines: Sequence[str], width: float) -> _Box:
    room = width - 2 * PAD
    # Bold letters are about a tenth wider than those that are measured.
    return _Box(
        wrapped(head, room / 1.13, SMALL), "\n".join(wrapped(line, room, SMALL) for line in lines), width
    )


def _place(canvas: "Axes", box: _Box, x: float, down: float, *, height: float | None = None) -> None:
    """The box with its upper edge at ``down`` and its middle at ``x``."""
    from matplotlib.patches import Rectangle

    left = x - box.width / 2.0
    tall = box.height if height is None else height
    canvas.add_artist(
        Rectangle((left, down), box.width, tall, facecolor="white", edgecolor=FRAME, linewidth=0.8, zorder=2)
    )
    head = block_inches(box.head, SMALL)
    canvas.text(
        left + PAD, down + PAD, box.head, fontsize=SMALL, va="top", weight="bold", linespacing=1.25, zorder=3
    )
    if box.body:
        canvas.text(
            left + PAD, down + PAD + head, box.body, fontsize=SMALL, va="top", linespacing=1.25, zorder=3
        )


def _stroke(canvas: "Axes", points: Sequence[tuple[float, float]]) -> None:
    canvas.plot([x for x, _ in points], [y for _, y in points], color=FRAME, linewidth=0.8, zorder=1)


def _arrow(canvas: "Axes", start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas.annotate(
        "",
        end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "linewidth": 0.8,
            "color": FRAME,
            "shrinkA": 0.0,
            "shrinkB": 0.0,
            "mutation_scale": 7,
        },
    )
