import type { RocPoint } from "../api/get-results";
import { pointLines, type RocSeries } from "./roc-series";

export interface ChartColors {
  text: string;
  dim: string;
  line: string;
  grid: string;
  panel: string;
}

/** Room around the plot in px; width and height are chosen so that the axes between are square. */
export const MARGINS = { left: 58, right: 14, top: 14, bottom: 52 } as const;

export function chartHeight(width: number): number {
  return width - MARGINS.left - MARGINS.right + MARGINS.top + MARGINS.bottom;
}

interface Datum {
  value: [number, number];
  /** What hovering says. */
  lines: string[];
}

function datum(series: RocSeries, point: RocPoint): Datum {
  return {
    value: [1 - point.specificity, point.sensitivity],
    lines: [series.label, ...pointLines(series, point)],
  };
}

function isDeclared(series: RocSeries, point: RocPoint): boolean {
  return (
    series.declared !== null &&
    point.sensitivity === series.declared.sensitivity &&
    point.specificity === series.declared.specificity
  );
}

function axis(name: string, nameGap: number, colors: ChartColors) {
  return {
    type: "value" as const,
    min: 0,
    max: 1,
    interval: 0.2,
    name,
    nameLocation: "middle" as const,
    nameGap,
    nameTextStyle: { color: colors.text, fontSize: 13 },
    axisLine: { show: true, lineStyle: { color: colors.line } },
    axisTick: { show: false },
    axisLabel: { color: colors.dim, fontSize: 12, formatter: (value: number) => value.toFixed(1) },
    splitLine: { lineStyle: { color: colors.grid } },
  };
}

function chance(colors: ChartColors) {
  return {
    id: "chance",
    type: "line" as const,
    data: [
      [0, 0],
      [1, 1],
    ],
    silent: true,
    symbol: "none",
    lineStyle: { color: colors.dim, width: 1, opacity: 0.6 },
    z: 1,
  };
}

function curve(series: RocSeries, colors: ChartColors) {
  const color = series.color ?? colors.text;
  return {
    id: series.id,
    name: series.label,
    type: "line" as const,
    data: series.points.map((point) => ({
      ...datum(series, point),
      symbolSize: isDeclared(series, point) ? 11 : 6,
    })),
    symbol: "circle",
    showSymbol: true,
    showAllSymbol: true,
    clip: false,
    itemStyle: { color, borderColor: colors.panel, borderWidth: 1 },
    lineStyle: { color, width: 2, type: series.line },
    emphasis: { scale: 1.4, lineStyle: { width: 2.5 } },
    z: 3,
  };
}

/** The ROC figure as an ECharts option. */
export function rocOption(series: readonly RocSeries[], colors: ChartColors) {
  return {
    animation: false,
    textStyle: { fontFamily: '"Inter Variable", system-ui, sans-serif' },
    grid: { ...MARGINS, containLabel: false },
    xAxis: axis("1 − specificity", 30, colors),
    yAxis: axis("Sensitivity", 38, colors),
    tooltip: {
      trigger: "item" as const,
      confine: true,
      transitionDuration: 0,
      backgroundColor: colors.panel,
      borderColor: colors.line,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: (hovered: unknown) => tooltipOf(hovered),
    },
    series: [chance(colors), ...series.map((one) => curve(one, colors))],
  };
}

function linesOf(hovered: unknown): string[] {
  if (typeof hovered !== "object" || hovered === null || !("data" in hovered)) return [];
  const { data } = hovered;
  if (typeof data !== "object" || data === null || !("lines" in data) || !Array.isArray(data.lines))
    return [];
  return data.lines.filter((line) => typeof line === "string");
}

/** The tooltip as elements, so that a reader's name can never be markup. */
function tooltipOf(hovered: unknown): HTMLElement {
  const box = document.createElement("div");
  for (const [index, line] of linesOf(hovered).entries()) {
    const row = document.createElement("div");
    row.textContent = line;
    if (index === 0) row.style.fontWeight = "600";
    box.append(row);
  }
  return box;
}
