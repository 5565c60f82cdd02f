import type { AnalysisItem } from "../../api/analysis-results";
import { formatInterval, formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, lineAt, type Shown, type Switch } from "./chart";
import { type Bounds, boundsOf, componentsItem, impactItem, numberOf } from "./item-schemas";
import { baseOption, silentLine, valueAxis } from "./option-parts";

const INTERVALS = "intervals";

interface At {
  threshold: number;
  value: number;
  bounds: Bounds | null;
  /** The value in words, as it is pointed at. */
  told: string;
}

interface Line {
  look: Switch;
  points: At[];
}

interface Plot {
  item: AnalysisItem;
  n: number;
  lines: Line[];
  axis: { name: string; max: number; digits: number };
}

function look(index: number, label: string): Switch {
  return { id: label, label, color: colorAt(index), line: lineAt(index) };
}

/** Of so many persons, how many would be called high risk, and how many of those have the outcome. */
export function impactChart(item: AnalysisItem): Chart | null {
  const parsed = impactItem.safeParse(item.result);
  if (!parsed.success) return null;
  const { population, points, n } = parsed.data;
  const at = (key: "high_risk_number" | "true_high_risk_number") =>
    points.map((point) => ({
      threshold: point.threshold,
      value: point[key],
      bounds: boundsOf(point[`${key}_ci`]),
      told: `${formatNumber(point[key], 0)} of ${formatNumber(population, 0)} persons`,
    }));
  return thresholdChart({
    item,
    n,
    lines: [
      { look: look(0, "Called high risk"), points: at("high_risk_number") },
      { look: look(1, "High risk with the outcome"), points: at("true_high_risk_number") },
    ],
    axis: { name: `Of ${formatNumber(population, 0)} persons`, max: population, digits: 1 },
  });
}

/** Sensitivity and false positive rate by themselves. */
export function componentsChart(item: AnalysisItem): Chart | null {
  const parsed = componentsItem.safeParse(item.result);
  if (!parsed.success) return null;
  const { points, n } = parsed.data;
  const at = (key: "sensitivity" | "false_positive_rate") =>
    points.flatMap((point) => {
      const value = numberOf(point[key].estimate);
      if (value === null) return [];
      const { successes, n: of, wilson } = point[key];
      const told = `${formatNumber(value)} (${successes} of ${of})`;
      return [{ threshold: point.threshold, value, bounds: boundsOf(wilson), told }];
    });
  return thresholdChart({
    item,
    n,
    lines: [
      { look: look(0, "Sensitivity"), points: at("sensitivity") },
      { look: look(1, "False positive rate"), points: at("false_positive_rate") },
    ],
    axis: { name: "Rate", max: 1, digits: 3 },
  });
}

function thresholdChart(plot: Plot): Chart | null {
  const { item, axis, n } = plot;
  const lines = plot.lines.filter(({ points }) => points.length > 0);
  if (lines.length === 0) return null;
  const of = (shown: Shown) => lines.filter((line) => shown.has(line.look.id));
  return {
    key: item.key,
    caption: item.title,
    switches: [
      ...lines.map((line) => line.look),
      { id: INTERVALS, label: "Confidence intervals", color: null, line: "dotted", isOff: true },
    ],
    hint: "Point at a curve for its threshold probability and value.",
    maxWidth: 760,
    hasSide: true,
    height: (width) => Math.round(Math.min(440, Math.max(300, width * 0.6))),
    alt: (shown) =>
      `${item.title}, by threshold probability, n = ${n}. ${of(shown)
        .map(({ look: { label }, points }) => `${label}: ${spanText(points, axis.digits)}`)
        .join("; ")}.`,
    grid: (shown) => ({
      header: ["Curve", "Threshold probability", axis.name, "Low", "High"],
      rows: of(shown).flatMap(({ look: { label }, points }) =>
        points.map(({ threshold, value, bounds }) => [
          label,
          threshold,
          value,
          bounds?.low ?? null,
          bounds?.high ?? null,
        ]),
      ),
    }),
    option: (shown, colors) => thresholdOption(of(shown), plot, shown.has(INTERVALS), colors),
  };
}

function spanText(points: readonly At[], digits: number): string {
  const values = points.map(({ value }) => value);
  return `from ${formatNumber(Math.min(...values), digits)} to ${formatNumber(Math.max(...values), digits)}`;
}

function thresholdOption(
  lines: readonly Line[],
  { axis }: Plot,
  hasIntervals: boolean,
  colors: ChartColors,
): ChartOption {
  return {
    ...baseOption(colors),
    grid: { left: 68, right: 18, top: 16, bottom: 52 },
    xAxis: valueAxis(colors, { name: "Threshold probability", min: 0, max: 1 }),
    yAxis: valueAxis(colors, { name: axis.name, nameGap: 48, min: 0, max: axis.max }),
    series: lines.flatMap((line) => lineSeries(line, axis.digits, hasIntervals, colors)),
  };
}

function lineSeries({ look: own, points }: Line, digits: number, hasIntervals: boolean, colors: ChartColors) {
  const color = own.color ?? colors.text;
  const line = {
    id: own.id,
    name: own.label,
    type: "line",
    data: points.map(({ threshold, value, bounds, told }) => ({
      value: [threshold, value],
      lines: [
        own.label,
        `Threshold probability ${formatNumber(threshold, 2)}`,
        told,
        ...(bounds === null ? [] : [`CI ${formatInterval(bounds, digits)}`]),
      ],
    })),
    symbol: "circle",
    symbolSize: 5,
    showAllSymbol: true,
    itemStyle: { color, opacity: 0.9 },
    lineStyle: { color, width: 2, type: own.line },
    z: 3,
  };
  if (!hasIntervals) return [line];
  const edge = (side: "low" | "high") =>
    silentLine(
      `${own.id}-${side}`,
      points.flatMap(({ threshold, bounds }) => (bounds === null ? [] : [[threshold, bounds[side]]])),
      { color, type: "dotted", opacity: 0.8 },
    );
  return [line, edge("low"), edge("high")];
}
