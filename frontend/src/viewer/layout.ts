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
  /** The plane of a reformatted pane; of a stack, the plane in which it must have been taken, or null for any. */
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

/** Of a place that the protocol does not speak of. */
const ANY_PANE: HangingPane = { role: null, kind: "stack", plane: null, start: null, window: null };
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
  const panes = Array.from({ length: paneCount(hanging) }, (_, place) => hanging.panes[place] ?? ANY_PANE);
  const shown = hungSeries(panes, series);
  return panes.map((pane, place) => {
    const one = shown[place];
    return {
      series: one?.index ?? null,
      kind: pane.kind,
      plane: pane.kind === "mpr" ? (pane.plane ?? "acquired") : null,
      // Other planes have another number of slices; they begin in their middle.
      slice: one && pane.kind === "stack" ? startSlice(pane, one) : null,
      window: pane.window,
      emptyText: one ? null : lackingText(pane),
    };
  });
}

/**
 * The series of each pane, as the server hangs them when it leaves panes out.
 *
 * Panes choose in turn, those that ask for most first. A series is shown twice in the same way only where no other fits,
 * and never in a pane for any series.
 */
function hungSeries(
  panes: readonly HangingPane[],
  series: readonly ViewerSeries[],
): readonly (ViewerSeries | undefined)[] {
  const shown: (ViewerSeries | undefined)[] = panes.map(() => undefined);
  const looks = new Set<string>();
  const turns = panes
    .map((pane, place) => ({ pane, place }))
    .sort((a, b) => openness(a.pane) - openness(b.pane));
  for (const { pane, place } of turns) {
    const look = ({ index }: ViewerSeries) => `${index}:${pane.kind === "mpr" ? pane.plane : "taken"}`;
    const fitting = series.filter((one) => fits(pane, one) && (pane.role !== null || !shown.includes(one)));
    const chosen = fitting.find((one) => !looks.has(look(one))) ?? fitting[0];
    shown[place] = chosen;
    if (chosen) looks.add(look(chosen));
  }
  return shown;
}

/** The plane in which the slices of a pane must have been taken; null for any. */
export const takenPlane = ({ kind, plane }: HangingPane): MprPlane | null =>
  kind === "stack" ? plane : null;

const openness = (pane: HangingPane): number =>
  (pane.role === null ? 2 : 0) + (takenPlane(pane) === null ? 1 : 0);

function fits(pane: HangingPane, { role, plane }: ViewerSeries): boolean {
  const asked = takenPlane(pane);
  return (pane.role === null || pane.role === role) && (asked === null || asked === plane);
}

function lackingText(pane: HangingPane): string {
  const asked = [takenPlane(pane), pane.role].filter((word) => word !== null).join(" ");
  if (asked === "") return NOTHING_LEFT;
  return `This case has no ${pane.role === null ? "other " : ""}${asked} images.`;
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
