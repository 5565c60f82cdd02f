import type { AnalysisItem } from "../../api/analysis-results";
import { formatNumber, formatThreshold } from "../format";
import { type Chart, colorAt, type Datum, markerAt, type Shown, type Switch } from "./chart";
import { type CurveItem, curveItem, cutoffItem, type RocPoint } from "./item-schemas";
import { points } from "./option-parts";
import { curvesChart, rocLine } from "./roc";

interface Cutoff {
  look: Switch;
  marker: string;
  data: Datum[];
  /** It was found on other cases than those of the curve. */
  isOfOthers: boolean;
}

const KINDS = [
  { key: "closest", label: "Closest to the corner" },
  { key: "sensitivity", label: "Fixed sensitivity" },
  { key: "specificity", label: "Fixed specificity" },
] as const;

const OF_THESE = "Cut-offs were found on these same cases: their sensitivity and specificity are optimistic.";
const OF_DEVELOPMENT =
  "Cut-offs were found on the development cases; the points are those of all cases drawn.";

/** One curve with the cut-offs that were found on its cases, or on those that its model was made on. */
export function rocCutoffsChart(item: AnalysisItem, items: readonly AnalysisItem[]): Chart | null {
  const parsed = curveItem.safeParse(item.result);
  if (!parsed.success) return null;
  const line = rocLine(parsed.data, [], [], [parsed.data.curve.name]);
  if (line === null) return null;
  const resultOf = (key: string) => items.find((one) => one.key === key)?.result;
  const label = item.key.slice(item.key.indexOf("/") + 1);
  const named = [
    { label: "Youden", result: resultOf(`youden/${label}`) ?? parsed.data.youden },
    ...KINDS.map(({ key, label: name }) => ({ label: name, result: resultOf(`${key}/${label}`) })),
  ];
  const cutoffs = named.flatMap(({ label: name, result }, index) =>
    cutoffOf(name, result, index, parsed.data.roc),
  );
  const isOfDevelopment = cutoffs.some(({ isOfOthers }) => isOfOthers);
  const base = curvesChart({ key: `${item.key}-cut-offs`, caption: item.title, lines: [line], hint: "" });
  const of = (shown: Shown) => cutoffs.filter(({ look }) => shown.has(look.id));
  return {
    ...base,
    hint: isOfDevelopment ? OF_DEVELOPMENT : OF_THESE,
    switches: [line, ...cutoffs.map(({ look }) => look)],
    alt: (shown) =>
      `${base.alt(shown)} ${of(shown)
        .map(({ data }) => data[0]?.lines.join(", "))
        .join("; ")}.`,
    grid: (shown) => {
      const { header, rows } = base.grid(shown);
      const found = of(shown).flatMap(({ look, data }) =>
        data.map(({ value: [x, y, at] }) => [look.label, at ?? null, y ?? null, 1 - Number(x)]),
      );
      return { header, rows: [...rows, ...found] };
    },
    option: (shown, colors, width) => {
      const option = base.option(shown, colors, width);
      const series = of(shown).map(({ look, marker, data }) =>
        points(
          look.id,
          look.label,
          data,
          { color: look.color ?? colors.text, border: colors.panel, size: 12, symbol: marker },
          { z: 6 },
        ),
      );
      return { ...option, series: [...option.series, ...series] };
    },
  };
}

/** All points that meet the rule equally well; none where the rule has no answer. */
function cutoffOf(name: string, result: unknown, index: number, roc: CurveItem["roc"]): Cutoff[] {
  const parsed = cutoffItem.safeParse(result);
  if (!parsed.success || !("points" in roc)) return [];
  const { target, n_positive, n_negative } = parsed.data;
  const isOfOthers = n_positive !== roc.n_positive || n_negative !== roc.n_negative;
  const found = isOfOthers
    ? parsed.data.points.flatMap((point) => onCurve(point, roc.points))
    : parsed.data.points;
  const label = target === undefined || target === null ? name : `${name} of ${target}`;
  const data = found.map((point) => ({
    value: [1 - point.specificity, point.sensitivity, point.threshold],
    lines: [
      label,
      `Threshold ${formatThreshold(point.threshold)}`,
      `Sensitivity ${formatNumber(point.sensitivity)}`,
      `Specificity ${formatNumber(point.specificity)}`,
    ],
  }));
  const first = found[0];
  if (first === undefined) return [];
  const look: Switch = {
    id: `cut-off/${name}`,
    label,
    color: colorAt(index + 1),
    line: "solid",
    value: formatThreshold(first.threshold),
  };
  return [{ look, marker: markerAt(index), data, isOfOthers }];
}

/** What a cut-off gives on the cases of a curve: its point with the lowest threshold that is not below. */
function onCurve(cutoff: RocPoint, curve: readonly RocPoint[]): RocPoint[] {
  const { threshold } = cutoff;
  if (threshold === null) return [];
  const point = curve.findLast((one) => one.threshold === null || one.threshold >= threshold);
  return point ? [{ ...point, threshold }] : [];
}
