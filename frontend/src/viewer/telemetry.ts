import type { ViewerSeries, ViewerTelemetry, ViewerTool, ViewState } from "./types";

const SAME_ZOOM = 0.005;
const SAME_PAN_MM = 0.5;

/** Counts what a reader does in the viewer. */
export class ViewerCounts {
  private readonly series: readonly ViewerSeries[];
  private readonly seen = new Map<number, Set<number>>();
  private readonly tools = new Map<string, number>();
  private shown: { series: number; frame: number } | null = null;
  /** The view of each pane, by its place. */
  private readonly settled = new Map<number, ViewState>();
  private scrolls = 0;
  private windowChanges = 0;
  private zooms = 0;
  private pans = 0;

  constructor(series: readonly ViewerSeries[]) {
    this.series = series;
  }

  /** A slice is on the screen; `frame` is 1-based. A pane that follows another one is seen, not scrolled. */
  sliceShown(series: number, frame: number, isActive = true): void {
    const frames = this.seen.get(series) ?? new Set<number>();
    this.seen.set(series, frames.add(frame));
    if (!isActive) return;
    if (this.shown?.series === series && this.shown.frame !== frame) this.scrolls += 1;
    this.shown = { series, frame };
  }

  toolTaken(tool: ViewerTool): void {
    this.tools.set(tool, (this.tools.get(tool) ?? 0) + 1);
  }

  /** A pane's view came to rest: what changed since it last did counts once. The first view counts nothing. */
  viewSettled(view: ViewState, pane = 0): void {
    const before = this.settled.get(pane);
    this.settled.set(pane, view);
    if (before === undefined || before.series !== view.series) return;
    if (before.window && view.window && !isSameWindow(before.window, view.window)) this.windowChanges += 1;
    if (Math.abs(view.zoom / before.zoom - 1) > SAME_ZOOM) this.zooms += 1;
    else if (Math.hypot(view.pan[0] - before.pan[0], view.pan[1] - before.pan[1]) > SAME_PAN_MM)
      this.pans += 1;
  }

  report(): ViewerTelemetry {
    return {
      series: this.series.map(({ index, slices }) => {
        const seen = this.seen.get(index)?.size ?? 0;
        return { series: index, slices, seen, seen_share: slices > 0 ? seen / slices : 0 };
      }),
      scrolls: this.scrolls,
      window_changes: this.windowChanges,
      zooms: this.zooms,
      pans: this.pans,
      tools: Object.fromEntries(this.tools),
    };
  }
}

function isSameWindow(a: NonNullable<ViewState["window"]>, b: NonNullable<ViewState["window"]>): boolean {
  return a.center === b.center && a.width === b.width;
}
