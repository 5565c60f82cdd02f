import type { ChartColors } from "../roc-option";
import type { Switch } from "./chart";

/** Small multiples: one panel a reader or measure, beside each other where there is room. */
export interface Panels {
  columns: number;
  /** Of a panel with its title and axis. */
  height: number;
}

const LEFT = 64;
const RIGHT = 24;
const HEAD = 30;
const BELOW = 56;
const LEAST = 280;

/** Panels of so high a body in a figure of this width. */
export function panelsOf(count: number, width: number, body: number): Panels {
  const columns = Math.max(1, Math.min(count, Math.floor(width / LEAST)));
  return { columns, height: HEAD + body + BELOW };
}

export function panelsHeight(count: number, width: number, body: number): number {
  const { columns, height } = panelsOf(count, width, body);
  return Math.max(1, Math.ceil(count / columns)) * height;
}

/** Where every panel and its title stand. */
export function panelPlaces(titles: readonly string[], width: number, body: number, colors: ChartColors) {
  const { columns, height } = panelsOf(titles.length, width, body);
  const cell = width / columns;
  const places = titles.map((_, index) => ({
    left: (index % columns) * cell + LEFT,
    top: Math.floor(index / columns) * height + HEAD,
    width: cell - LEFT - RIGHT,
    height: body,
  }));
  const title = titles.map((text, index) => ({
    text,
    left: (index % columns) * cell + LEFT,
    top: Math.floor(index / columns) * height + 4,
    padding: 0,
    textStyle: { color: colors.text, fontSize: 13, fontWeight: 600 },
  }));
  return { grid: places, title };
}

export function readerSwitch(reader: string): string {
  return `reader/${reader}`;
}

/** Turns a reader's panel on and off. */
export function switchOf(reader: string): Switch {
  return { id: readerSwitch(reader), label: reader, color: null, line: "solid" };
}
