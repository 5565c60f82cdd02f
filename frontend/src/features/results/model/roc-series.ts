import type { CurveResult, Results, RocPoint } from "../api/get-results";
import { curveLabel, formatNumber, formatThreshold, isEstimable } from "./format";

/** Okabe and Ito's colors in the order of the printed figure; black, and here the text's color, is for models. */
const READER_COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"] as const;
const ARM_LINES = ["dashed", "solid", "dotted"] as const;

export type LineStyle = (typeof ARM_LINES)[number];

export interface RocSeries {
  id: string;
  label: string;
  /** Null for a model: the page's own text color. */
  color: string | null;
  line: LineStyle;
  points: RocPoint[];
  nPositive: number;
  nNegative: number;
  /** Sensitivity and specificity at the declared threshold, if both can be estimated. */
  declared: { sensitivity: number; specificity: number } | null;
  result: CurveResult;
}

function lookOf(results: Results, { curve }: CurveResult): { color: string | null; line: LineStyle } {
  if (curve.arm === null) {
    const line = ARM_LINES[(results.models.indexOf(curve.name) + 1) % ARM_LINES.length] ?? "solid";
    return { color: null, line };
  }
  const arm = results.arms.length > 1 ? results.arms.indexOf(curve.arm) : 1;
  return {
    color: READER_COLORS[results.readers.indexOf(curve.name) % READER_COLORS.length] ?? READER_COLORS[0],
    line: ARM_LINES[arm % ARM_LINES.length] ?? "solid",
  };
}

function declaredOf({ operating_point: point }: CurveResult): RocSeries["declared"] {
  const sensitivity = point.sensitivity.estimate;
  const specificity = point.specificity.estimate;
  return isEstimable(sensitivity) && isEstimable(specificity) ? { sensitivity, specificity } : null;
}

/** The curves that can be drawn. */
export function rocSeries(results: Results): RocSeries[] {
  return results.curves.flatMap((result) => {
    const { roc } = result;
    if (!isEstimable(roc)) return [];
    const { color, line } = lookOf(results, result);
    return [
      {
        id: curveLabel(result.curve),
        label: curveLabel(result.curve),
        color,
        line,
        points: roc.points,
        nPositive: roc.n_positive,
        nNegative: roc.n_negative,
        declared: declaredOf(result),
        result,
      },
    ];
  });
}

/** What hovering a point says, a line each. */
export function pointLines(series: RocSeries, point: RocPoint): string[] {
  return [
    `Threshold ${formatThreshold(point.threshold)}`,
    `Sensitivity ${formatNumber(point.sensitivity)} (${point.true_positives} of ${series.nPositive})`,
    `Specificity ${formatNumber(point.specificity)} (${series.nNegative - point.false_positives} of ${series.nNegative})`,
    `n = ${series.nPositive + series.nNegative}`,
  ];
}
