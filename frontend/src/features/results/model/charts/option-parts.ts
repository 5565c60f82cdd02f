import type { ChartColors } from "../roc-option";
import { type Datum, linesOf } from "./chart";

const FONT = '"Inter Variable", system-ui, sans-serif';

/** What all charts share: no motion, the page's type, a tooltip that is built of elements. */
export function baseOption(colors: ChartColors) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    tooltip: {
      trigger: "item",
      confine: true,
      transitionDuration: 0,
      backgroundColor: colors.panel,
      borderColor: colors.line,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: (hovered: unknown) => tooltipOf(hovered),
    },
  };
}

/** The tooltip as elements, so that a reader's name can never be markup. */
function tooltipOf(hovered: unknown): HTMLElement | string {
  const data = typeof hovered === "object" && hovered !== null && "data" in hovered ? hovered.data : null;
  const lines = linesOf(data);
  if (lines.length === 0) return "";
  const box = document.createElement("div");
  for (const [index, line] of lines.entries()) {
    const row = document.createElement("div");
    row.textContent = line;
    if (index === 0) row.style.fontWeight = "600";
    box.append(row);
  }
  return box;
}

interface AxisArgs {
  name?: string;
  nameGap?: number;
  min?: number;
  max?: number;
  interval?: number;
  gridIndex?: number;
  type?: "value" | "log";
  format?: (value: number) => string;
  showGrid?: boolean;
  position?: string;
}

/** `0.2`, `1.5`, `40`: as many decimals as the number has, three at most or, of a small one, three digits. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const digits = size === 0 || size >= 1 ? 3 : Math.min(12, 2 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(digits))).replace("-", "−");
}

/** `Mean (mm)`; the name alone where no unit is known. */
export function inUnit(name: string, unit: string): string {
  return unit === "" ? name : `${name} (${unit})`;
}

export function valueAxis(colors: ChartColors, args: AxisArgs) {
  const { name = "", nameGap = 32, format = tickText, showGrid = true, type = "value", ...rest } = args;
  return {
    type,
    ...rest,
    name,
    nameLocation: "middle",
    nameGap,
    nameTextStyle: { color: colors.text, fontSize: 13 },
    axisLine: { show: true, onZero: false, lineStyle: { color: colors.line } },
    axisTick: { show: false },
    minorTick: { show: false },
    axisLabel: { color: colors.dim, fontSize: 12, formatter: format, hideOverlap: true },
    splitLine: { show: showGrid, lineStyle: { color: colors.grid } },
  };
}

interface CategoryArgs {
  data: string[];
  gridIndex?: number;
  inverse?: boolean;
  width?: number;
  position?: string;
  showLabels?: boolean;
  margin?: number;
  boundaryGap?: boolean;
}

export function categoryAxis(colors: ChartColors, args: CategoryArgs) {
  const { width, showLabels = true, margin = 8, ...rest } = args;
  return {
    type: "category",
    ...rest,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      show: showLabels,
      margin,
      interval: 0,
      color: colors.text,
      fontSize: 12,
      ...(width === undefined ? {} : { width, overflow: "truncate" }),
    },
    splitLine: { show: false },
  };
}

/** A line without markers that says nothing: the diagonal, a bound, a null effect. */
export function silentLine(
  id: string,
  data: (number | null)[][],
  look: { color: string; width?: number; type?: string; opacity?: number },
  more: Record<string, unknown> = {},
) {
  return {
    id,
    type: "line",
    data,
    silent: true,
    symbol: "none",
    lineStyle: {
      color: look.color,
      width: look.width ?? 1,
      type: look.type ?? "solid",
      opacity: look.opacity ?? 1,
    },
    z: 1,
    ...more,
  };
}

/** From low to high at each row, one series with gaps between. */
export function intervalLines(
  id: string,
  rows: { from: (number | string)[]; to: (number | string)[] }[],
  look: { color: string; width?: number; opacity?: number },
  more: Record<string, unknown> = {},
) {
  const gap = ["-", "-"];
  return {
    id,
    type: "line",
    data: rows.flatMap(({ from, to }) => [from, to, gap]),
    silent: true,
    symbol: "none",
    connectNulls: false,
    lineStyle: { color: look.color, width: look.width ?? 1.5, opacity: look.opacity ?? 1 },
    z: 2,
    ...more,
  };
}

export function points(
  id: string,
  name: string,
  data: Datum[],
  look: { color: string; border: string; size?: number; symbol?: string; opacity?: number },
  more: Record<string, unknown> = {},
) {
  return {
    id,
    name,
    type: "scatter",
    data,
    symbol: look.symbol ?? "circle",
    symbolSize: look.size ?? 9,
    itemStyle: { color: look.color, borderColor: look.border, borderWidth: 1, opacity: look.opacity ?? 1 },
    emphasis: { scale: 1.4 },
    z: 4,
    ...more,
  };
}
