import type { ChartColors } from "../roc-option";

export type LineKind = "solid" | "dashed" | "dotted";
export type Marker = "circle" | "rect" | "triangle" | "diamond";

/** One thing that can be shown or hidden: a curve, a group, a reader. */
export interface Switch {
  id: string;
  label: string;
  /** Null for the page's own text color. */
  color: string | null;
  line: LineKind;
  /** Beside the label: its main number. */
  value?: string;
  /** What it belongs to, by facet: `{ Readers: "R1", Arms: "Unaided" }`. */
  facets?: Readonly<Record<string, string>>;
  /** Hidden until it is asked for. */
  isOff?: boolean;
}

export type Cell = string | number | null;

export interface Grid {
  header: string[];
  rows: Cell[][];
}

/** A series' point with what is said of it. */
export interface Datum {
  value: (number | string | null)[];
  lines: string[];
}

export type Shown = ReadonlySet<string>;
export type ChartOption = Record<string, unknown> & { series: Record<string, unknown>[] };

/** A figure that is drawn in the page from the numbers of the results. */
export interface Chart {
  /** Tells it from the others of the page; also the name of its files. */
  key: string;
  caption: string;
  switches: Switch[];
  /** What the switches' values are, over their column. */
  valueLabel?: string;
  /** What pointing or the arrow keys tell. */
  hint: string;
  maxWidth: number;
  /** How wide the legend's column may be; below the chart where it is missing. */
  hasSide: boolean;
  height: (width: number, shown: Shown) => number;
  /** The figure in words, with its main numbers. */
  alt: (shown: Shown) => string;
  /** What is seen, as numbers. */
  grid: (shown: Shown) => Grid;
  option: (shown: Shown, colors: ChartColors, width: number) => ChartOption;
}

/** Okabe and Ito's colors in the order of the printed figures; black, and here the text's color, is for models. */
export const COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"] as const;
export const LINES: readonly LineKind[] = ["solid", "dashed", "dotted"];
export const MARKERS: readonly Marker[] = ["circle", "rect", "triangle", "diamond"];

export function colorAt(index: number): string {
  return COLORS[((index % COLORS.length) + COLORS.length) % COLORS.length] ?? COLORS[0];
}

export function lineAt(index: number): LineKind {
  return LINES[index % LINES.length] ?? "solid";
}

/** The first arm dashed and the second solid, as in the printed figure. */
export function armLineAt(index: number): LineKind {
  return (["dashed", "solid", "dotted"] as const)[index % 3] ?? "solid";
}

export function markerAt(index: number): Marker {
  return MARKERS[index % MARKERS.length] ?? "circle";
}

/** The switches that are on at first. */
export function initiallyShown(chart: Chart): Set<string> {
  return new Set(chart.switches.filter((one) => !one.isOff).map((one) => one.id));
}

export interface Facet {
  name: string;
  values: { value: string; ids: string[] }[];
}

/** What whole groups of switches can be turned by; a facet with one value turns nothing. */
export function facetsOf(switches: readonly Switch[]): Facet[] {
  const facets = new Map<string, Map<string, string[]>>();
  for (const { id, facets: own = {} } of switches) {
    for (const [name, value] of Object.entries(own)) {
      const values = facets.get(name) ?? new Map<string, string[]>();
      values.set(value, [...(values.get(value) ?? []), id]);
      facets.set(name, values);
    }
  }
  return [...facets]
    .filter(([, values]) => values.size > 1 || facets.size > 1)
    .map(([name, values]) => ({
      name,
      values: [...values].map(([value, ids]) => ({ value, ids })),
    }));
}

/** Everything that can be pointed at, in the order in which the arrow keys go. */
export interface Stop {
  seriesIndex: number;
  dataIndex: number;
  lines: string[];
}

export function stopsOf(option: ChartOption): Stop[] {
  return option.series.flatMap((series, seriesIndex) => {
    if (series.silent === true || !Array.isArray(series.data)) return [];
    return series.data.flatMap((datum: unknown, dataIndex: number) => {
      const lines = linesOf(datum);
      return lines.length === 0 ? [] : [{ seriesIndex, dataIndex, lines }];
    });
  });
}

export function linesOf(datum: unknown): string[] {
  if (typeof datum !== "object" || datum === null || !("lines" in datum)) return [];
  return Array.isArray(datum.lines) ? datum.lines.filter((line) => typeof line === "string") : [];
}
