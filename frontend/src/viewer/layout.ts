import type { DisplayWindow, MprPlane, PaneKind, ViewerSeries, ViewState } from "./types";

/** Panes of the viewer, in rows. */
export interface Layout {
  rows: number;
  columns: number;
}

export const ONE_PANE: Layout = { rows: 1, columns: 1 };

/** The layouts to choose from. */
export const LAYOUTS: readonly Layout[] = [
  ONE_PANE,
  { rows: 1, columns: 2 },
  { rows: 1, columns: 3 },
  { rows: 2, columns: 1 },
  { rows: 2, columns: 2 },
  { rows: 2, columns: 3 },
];

/** What one pane shows to begin with, as the study's hanging protocol says it. */
export interface HangingPane {
  /** Role of the series; null for the next one that no other pane shows. */
  role: string | null;
  kind: PaneKind;
  /** Of a reformatted pane; null for the acquired one. */
  plane: MprPlane | null;
  start: "first" | "middle" | "last" | null;
  /** A window, or the percentiles (0 to 100) of the middle slice; null for the series' own. */
  window: DisplayWindow | { low: number; high: number } | null;
}

export interface Hanging extends Layout {
  panes: readonly HangingPane[];
  /** Whether panes follow each other by position to begin with. */
  linked: boolean;
}

/** What a pane shows. Without a series it is empty, for the reason given. */
export interface PaneContent {
  series: number | null;
  kind: PaneKind;
  plane: MprPlane | null;
  /** 1-based; null for the series' own. */
  slice: number | null;
  window: HangingPane["window"];
  emptyText: string | null;
}

export interface Workspace {
  layout: Layout;
  contents: readonly PaneContent[];
  active: number;
  isLinked: boolean;
  /** Whether the active slice is drawn as a line in the other panes. */
  hasLines: boolean;
}

const NOTHING_LEFT = "Choose a series for this pane.";

export const paneCount = ({ rows, columns }: Layout): number => rows * columns;

export const isSameLayout = (a: Layout, b: Layout): boolean => a.rows === b.rows && a.columns === b.columns;

export function stackOf(series: number | null, emptyText: string | null = null): PaneContent {
  return { series, kind: "stack", plane: null, slice: null, window: null, emptyText };
}

export function planeOf(series: number, plane: MprPlane): PaneContent {
  return { ...stackOf(series), kind: "mpr", plane };
}

/**
 * The panes to begin with: those of the hanging protocol, or one pane with the series given.
 *
 * A view that the reader left is found again: its pane is active, or the first pane shows its series.
 */
export function initialWorkspace(
  hanging: Hanging | null,
  series: readonly ViewerSeries[],
  activeSeries: number,
  view: ViewState | null,
): Workspace {
  if (!hanging) {
    return {
      layout: ONE_PANE,
      contents: [stackOf(activeSeries)],
      active: 0,
      isLinked: false,
      hasLines: true,
    };
  }
  const layout = { rows: hanging.rows, columns: hanging.columns };
  const contents = hung(hanging, series);
  const isOfView = ({ series: shown, kind }: PaneContent) => kind === "stack" && shown === activeSeries;
  const found = contents.findIndex(isOfView);
  const active = Math.max(found, 0);
  if (view) contents[active] = { ...(contents[found] ?? stackOf(activeSeries)), slice: view.slice };
  return { layout, contents, active, isLinked: hanging.linked, hasLines: true };
}

/** The panes of another layout: those that are there stay, and new ones take the series that none shows yet. */
export function contentsFor(
  layout: Layout,
  shown: readonly PaneContent[],
  series: readonly ViewerSeries[],
): PaneContent[] {
  const contents = shown.slice(0, paneCount(layout));
  while (contents.length < paneCount(layout)) {
    const next = nextSeries(contents, series);
    contents.push(stackOf(next, next === null ? NOTHING_LEFT : null));
  }
  return contents;
}

function hung(hanging: Hanging, series: readonly ViewerSeries[]): PaneContent[] {
  const contents: PaneContent[] = [];
  // Panes with a role choose first, whatever their place.
  const taken = hanging.panes.map(({ role }) => series.find((one) => role !== null && one.role === role));
  for (let place = 0; place < paneCount(hanging); place++) {
    const pane = hanging.panes[place];
    const others = taken.map((one) => stackOf(one?.index ?? null));
    const index = pane?.role == null ? nextSeries([...others, ...contents], series) : taken[place]?.index;
    const shown = series.find((one) => one.index === index);
    const emptyText = pane?.role == null ? NOTHING_LEFT : `This case has no ${pane.role} images.`;
    contents.push({
      series: shown?.index ?? null,
      kind: pane?.kind ?? "stack",
      plane: pane?.kind === "mpr" ? (pane.plane ?? "acquired") : null,
      // Other planes have another number of slices; they begin in their middle.
      slice: shown && pane?.kind === "stack" ? startSlice(pane, shown) : null,
      window: pane?.window ?? null,
      emptyText: shown ? null : emptyText,
    });
  }
  return contents;
}

function startSlice({ start }: HangingPane, { slices }: ViewerSeries): number | null {
  switch (start) {
    case "first":
      return 1;
    case "middle":
      return Math.floor(slices / 2) + 1;
    case "last":
      return slices;
    case null:
      return null;
  }
}

function nextSeries(contents: readonly PaneContent[], series: readonly ViewerSeries[]): number | null {
  return series.find(({ index }) => !contents.some((one) => one.series === index))?.index ?? null;
}
