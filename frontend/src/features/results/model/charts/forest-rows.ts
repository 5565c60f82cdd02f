import { formatP } from "../format";
import type { ChartColors } from "../roc-option";
import type { Cell, ChartOption, Datum } from "./chart";
import type { Bounds } from "./item-schemas";
import {
  baseOption,
  categoryAxis,
  intervalLines,
  points,
  silentLine,
  tickText,
  valueAxis,
} from "./option-parts";
import { withInterval } from "./roc";

/** A line of a forest: an estimate with its interval. */
export interface Row {
  label: string;
  value: number | null;
  bounds: Bounds | null;
  p: number | null;
  color: string | null;
  marker: string;
  isMean: boolean;
}

export const ROW = 30;
export const LABELS = 210;

export function rowText(row: Row): string {
  const p =
    row.p === null ? "" : `, P ${formatP(row.p).startsWith("<") ? formatP(row.p) : `= ${formatP(row.p)}`}`;
  return `${row.label}: ${withInterval(row.value, row.bounds)}${p}`;
}

export function rowCells(row: Row): Cell[] {
  return [row.label, row.value, row.bounds?.low ?? null, row.bounds?.high ?? null, row.p];
}

function rowData(rows: readonly Row[], colors: ChartColors): (Datum & Record<string, unknown>)[] {
  return rows.flatMap((row, index) =>
    row.value === null
      ? []
      : [
          {
            value: [row.value, index],
            lines: [
              row.label,
              ...rowText(row)
                .slice(row.label.length + 2)
                .split(", "),
            ],
            symbol: row.isMean ? "diamond" : row.marker,
            symbolSize: row.isMean ? 13 : 9,
            itemStyle: { color: row.color ?? colors.text },
          },
        ],
  );
}

function rowIntervals(rows: readonly Row[]): { from: number[]; to: number[] }[] {
  return rows.flatMap(({ bounds }, index) =>
    bounds === null ? [] : [{ from: [bounds.low, index], to: [bounds.high, index] }],
  );
}

export function panel(id: string, rows: readonly Row[], index: number, colors: ChartColors) {
  const at = { xAxisIndex: index, yAxisIndex: index };
  return [
    intervalLines(`${id}-intervals`, rowIntervals(rows), { color: colors.dim }, at),
    points(id, id, rowData(rows, colors), { color: colors.text, border: colors.panel }, at),
  ];
}

export function nullLine(value: number, rows: number, index: number, colors: ChartColors) {
  return silentLine(
    `null-${index}`,
    [
      [value, 0],
      [value, Math.max(rows - 1, 0)],
    ],
    { color: colors.dim, type: "dashed" },
    {
      xAxisIndex: index,
      yAxisIndex: index,
      // Also where there is one row alone, and over the whole height.
      markLine: {
        silent: true,
        symbol: "none",
        label: { show: false },
        lineStyle: { color: colors.dim, type: "dashed", width: 1 },
        data: [{ xAxis: value }],
      },
    },
  );
}

/** Ratios on a logarithmic axis around 1, which is no effect. */
export function ratioOption(name: string, rows: readonly Row[], colors: ChartColors): ChartOption {
  const values = rows.flatMap((row) => [row.value, row.bounds?.low, row.bounds?.high]);
  const known = values.filter((value): value is number => typeof value === "number" && value > 0);
  const axis = {
    min: Math.min(0.5, ...known) * 0.9,
    max: Math.max(2, ...known) * 1.1,
  };
  return {
    ...baseOption(colors),
    grid: { left: LABELS + 50, right: 24, top: 10, height: ROW * rows.length },
    xAxis: {
      ...valueAxis(colors, { ...axis, type: "log", name, format: tickText }),
      logBase: 2,
      axisLabel: {
        color: colors.dim,
        fontSize: 12,
        formatter: tickText,
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: false,
      },
    },
    yAxis: categoryAxis(colors, {
      data: rows.map((row) => row.label),
      inverse: true,
      width: LABELS + 34,
    }),
    series: [nullLine(1, rows.length, 0, colors), ...panel(name, rows, 0, colors)],
  };
}
