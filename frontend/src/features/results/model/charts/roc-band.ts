import type { AnalysisItem } from "../../api/analysis-results";
import { formatInterval, formatNumber } from "../format";
import { type Chart, colorAt } from "./chart";
import { type BandItem, bandItem, boundsOf } from "./item-schemas";
import { silentLine } from "./option-parts";
import { curvesChart, type RocLine } from "./roc";

const CURVE = "curve";
const BAND = "band";

/** One curve at stated specificities with its pointwise band. */
export function rocBandChart(item: AnalysisItem): Chart | null {
  const parsed = bandItem.safeParse(item.result);
  if (!parsed.success || parsed.data.points.length === 0) return null;
  const { points } = parsed.data;
  const label = item.key.slice(item.key.indexOf("/") + 1);
  const line = lineOf(label, parsed.data);
  const base = curvesChart({ key: item.key, caption: item.title, lines: [line], hint: "" });
  const { valueLabel: _, ...rest } = base;
  return {
    ...rest,
    hint: "Each marker is a specificity. The band holds at each specificity by itself, not for the whole curve.",
    switches: [line, { id: BAND, label: "Pointwise band", color: colorAt(0), line: "dotted" }],
    alt: () => `${item.title}: sensitivity over 1 − specificity. ${altOf(parsed.data)}`,
    grid: () => ({
      header: ["Specificity", "Sensitivity", "Low", "High"],
      rows: points.map((point) => {
        const bounds = boundsOf(point.ci);
        return [point.specificity, point.sensitivity, bounds?.low ?? null, bounds?.high ?? null];
      }),
    }),
    option: (shown, colors, width) => {
      const option = base.option(shown, colors, width);
      if (!shown.has(BAND)) return option;
      const edges = (["low", "high"] as const).map((side) =>
        silentLine(
          `band-${side}`,
          points.flatMap((point) => {
            const bounds = boundsOf(point.ci);
            return bounds === null ? [] : [[1 - point.specificity, bounds[side]]];
          }),
          { color: colorAt(0), width: 1.5, type: "dotted" },
        ),
      );
      return { ...option, series: [...option.series, ...edges] };
    },
  };
}

function withBounds(point: BandItem["points"][number]): string {
  const bounds = boundsOf(point.ci);
  return `${formatNumber(point.sensitivity)}${bounds === null ? "" : ` (${formatInterval(bounds)})`}`;
}

function altOf({ points, n_positive, n_negative }: BandItem): string {
  const told = [0.95, 0.9, 0.8, 0.5].flatMap((at) => {
    const found = points.find((point) => Math.abs(point.specificity - at) < 1e-9);
    return found === undefined ? [] : [`At specificity ${at}: ${withBounds(found)}`];
  });
  return `${told.join("; ")}. n = ${n_positive + n_negative}.`;
}

function lineOf(label: string, band: BandItem): RocLine {
  return {
    id: CURVE,
    label,
    color: colorAt(0),
    line: "solid",
    declared: null,
    points: band.points.map((point) => ({
      threshold: null,
      sensitivity: point.sensitivity,
      specificity: point.specificity,
      lines: [
        label,
        `Specificity ${formatNumber(point.specificity)}`,
        `Sensitivity ${withBounds(point)}`,
        `n = ${band.n_positive + band.n_negative}`,
      ],
    })),
  };
}
