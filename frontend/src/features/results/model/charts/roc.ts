import type { AnalysisItem } from "../../api/analysis-results";
import { armInText, armLabel, formatInterval, formatLevel, formatNumber, formatThreshold } from "../format";
import type { ChartColors } from "../roc-option";
import { armLineAt, type Chart, type ChartOption, colorAt, lineAt, type Shown, type Switch } from "./chart";
import { boundsOf, type CurveItem, curveItem, numberOf, type TimeRocItem, timeRocItem } from "./item-schemas";
import { baseOption, silentLine, valueAxis } from "./option-parts";

interface Point {
  threshold: number | null;
  sensitivity: number;
  specificity: number;
  lines: string[];
}

export interface RocLine extends Switch {
  points: Point[];
  /** Of the area's interval; missing where it has none. */
  level?: number | undefined;
  /** The point of the declared threshold. */
  declared: { sensitivity: number; specificity: number } | null;
}

const MARGINS = { left: 58, right: 14, top: 14, bottom: 52 } as const;

/** Axes from 0 to 1 are square at every width. */
function squareHeight(width: number): number {
  return width - MARGINS.left - MARGINS.right + MARGINS.top + MARGINS.bottom;
}

/** `0.652 (0.546–0.758)`. */
export function withInterval(value: number | null, bounds: { low: number; high: number } | null): string {
  if (value === null) return "not estimable";
  return bounds === null ? formatNumber(value) : `${formatNumber(value)} (${formatInterval(bounds)})`;
}

export function pointLines(label: string, point: CurveItem["roc"], at: Point): string[] {
  if (!("points" in point)) return [];
  const { n_positive: positive, n_negative: negative } = point;
  return [
    label,
    `Threshold ${formatThreshold(at.threshold)}`,
    `Sensitivity ${formatNumber(at.sensitivity)} (${Math.round(at.sensitivity * positive)} of ${positive})`,
    `Specificity ${formatNumber(at.specificity)} (${Math.round(at.specificity * negative)} of ${negative})`,
    `n = ${positive + negative}`,
  ];
}

/** Models stand out in the text's color from readers; by themselves they have colors of their own. */
function colorOf({ arm, name }: CurveItem["curve"], readers: string[], models: string[]): string | null {
  if (arm !== null) return colorAt(readers.indexOf(name));
  return readers.length === 0 ? colorAt(models.indexOf(name)) : null;
}

export function rocLine(
  item: CurveItem,
  readers: string[],
  arms: string[],
  models: string[],
): RocLine | null {
  const { curve, roc, auc, operating_point: at } = item;
  if (!("points" in roc)) return null;
  const label = curve.arm === null ? curve.name : `${curve.name}, ${armInText(curve.arm)}`;
  const sensitivity = numberOf(at.sensitivity.estimate);
  const specificity = numberOf(at.specificity.estimate);
  return {
    id: `${curve.kind}/${curve.name}/${curve.arm ?? ""}`,
    label,
    color: colorOf(curve, readers, models),
    line:
      curve.arm === null
        ? lineAt(models.indexOf(curve.name))
        : arms.length > 1
          ? armLineAt(arms.indexOf(curve.arm))
          : "solid",
    value: withInterval(numberOf(auc.auc), boundsOf(auc.ci)),
    level: boundsOf(auc.ci)?.level,
    facets: curve.arm === null ? { Models: curve.name } : { Readers: curve.name, Arms: armLabel(curve.arm) },
    points: roc.points.map((point) => {
      const own = { ...point, lines: [] };
      return { ...own, lines: pointLines(label, roc, own) };
    }),
    declared: sensitivity === null || specificity === null ? null : { sensitivity, specificity },
  };
}

function unique(names: (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))];
}

/** The curves of readers, arms and models in one figure; null where none can be drawn. */
export function rocChart(items: readonly AnalysisItem[]): Chart | null {
  const lines = rocLines(items);
  if (lines === null) return null;
  return curvesChart({
    key: "roc-curves",
    caption: "ROC curves of readers and models",
    lines,
    hint: "The larger marker is the declared threshold.",
  });
}

/** The same curves, at first those of the first reader alone. */
export function rocByReaderChart(items: readonly AnalysisItem[]): Chart | null {
  const lines = rocLines(items);
  const first = lines?.find(({ facets }) => facets?.Readers !== undefined)?.facets?.Readers;
  if (lines === null || first === undefined) return null;
  return curvesChart({
    key: "roc-curves-by-reader",
    caption: "ROC curves by reader",
    lines: lines.map((line) => ({ ...line, isOff: line.facets?.Readers !== first })),
    hint: "The larger marker is the declared threshold. Readers turns to another one.",
  });
}

function rocLines(items: readonly AnalysisItem[]): RocLine[] | null {
  const curves: CurveItem[] = [];
  for (const item of items.filter((one) => one.key.startsWith("curve/"))) {
    const parsed = curveItem.safeParse(item.result);
    if (!parsed.success) return null;
    curves.push(parsed.data);
  }
  const rated = curves.map(({ curve }) => curve);
  const read = rated.filter((one) => one.kind !== "model");
  const readers = unique(read.map((one) => one.name));
  const arms = unique(read.map((one) => one.arm));
  const models = unique(rated.filter((one) => one.kind === "model").map((one) => one.name));
  const lines = curves.flatMap((curve) => rocLine(curve, readers, arms, models) ?? []);
  return lines.length === 0 ? null : lines;
}

/** One model's curves at the stated times of follow-up. */
export function timeRocChart(item: AnalysisItem, unit = ""): Chart | null {
  const parsed = timeRocItem.safeParse(item.result);
  if (!parsed.success) return null;
  const lines = parsed.data
    .filter((one) => one.points.length > 0)
    .map((one, index) => timeLine(one, index, unit));
  if (lines.length === 0) return null;
  return curvesChart({ key: item.key, caption: item.title, lines, hint: "" });
}

function timeLine(one: TimeRocItem[number], index: number, unit: string): RocLine {
  const label = `At ${one.time} ${unit}`.trim();
  return {
    id: String(one.time),
    label,
    color: colorAt(index),
    line: lineAt(index),
    value: withInterval(numberOf(one.auc), boundsOf(one.ci)),
    level: boundsOf(one.ci)?.level,
    declared: null,
    points: one.points.map((point) => ({
      ...point,
      lines: [
        label,
        `Threshold ${formatThreshold(point.threshold)}`,
        `Sensitivity ${formatNumber(point.sensitivity)}`,
        `Specificity ${formatNumber(point.specificity)}`,
        `${one.cases} with the event by then, ${one.controls} without`,
      ],
    })),
  };
}

/** Lines from 0 to 1 on both axes, each with its area. */
export function curvesChart(args: { key: string; caption: string; lines: RocLine[]; hint: string }): Chart {
  const { key, caption, lines, hint } = args;
  const of = (shown: Shown) => lines.filter((line) => shown.has(line.id));
  const level = lines.find((line) => line.level !== undefined)?.level;
  return {
    key,
    caption,
    switches: lines,
    valueLabel: level === undefined ? "AUC" : `AUC (${formatLevel(level)} CI)`,
    hint: `Each marker is a threshold. ${hint}`.trim(),
    maxWidth: 540,
    hasSide: true,
    height: squareHeight,
    alt: (shown) =>
      `ROC curves, sensitivity over 1 − specificity. ${of(shown)
        .map((line) => `${line.label}: AUC ${line.value}`)
        .join("; ")}.`,
    grid: (shown) => ({
      header: ["Curve", "Threshold", "Sensitivity", "Specificity"],
      rows: of(shown).flatMap((line) =>
        line.points.map((point) => [line.label, point.threshold, point.sensitivity, point.specificity]),
      ),
    }),
    option: (shown, colors) => rocOption(of(shown), colors),
  };
}

function rocOption(lines: readonly RocLine[], colors: ChartColors): ChartOption {
  const axis = { min: 0, max: 1, interval: 0.2, format: (value: number) => value.toFixed(1) };
  return {
    ...baseOption(colors),
    grid: { ...MARGINS, containLabel: false },
    xAxis: valueAxis(colors, { ...axis, name: "1 − specificity", nameGap: 30 }),
    yAxis: valueAxis(colors, { ...axis, name: "Sensitivity", nameGap: 38 }),
    series: [
      silentLine(
        "chance",
        [
          [0, 0],
          [1, 1],
        ],
        { color: colors.dim, opacity: 0.6 },
      ),
      ...lines.map((line) => curveSeries(line, colors)),
    ],
  };
}

function curveSeries(line: RocLine, colors: ChartColors) {
  const color = line.color ?? colors.text;
  // Of hundreds of thresholds each is there to be pointed at, and none stands out.
  const size = line.points.length > 40 ? 3 : 6;
  return {
    id: line.id,
    name: line.label,
    type: "line",
    data: line.points.map((point) => ({
      value: [1 - point.specificity, point.sensitivity],
      lines: point.lines,
      symbolSize:
        line.declared !== null &&
        point.sensitivity === line.declared.sensitivity &&
        point.specificity === line.declared.specificity
          ? 11
          : size,
    })),
    symbol: "circle",
    showSymbol: true,
    showAllSymbol: true,
    clip: false,
    itemStyle: { color, borderColor: colors.panel, borderWidth: size > 3 ? 1 : 0 },
    lineStyle: { color, width: 2, type: line.line },
    emphasis: { scale: 1.4, lineStyle: { width: 2.5 } },
    z: 3,
  };
}
