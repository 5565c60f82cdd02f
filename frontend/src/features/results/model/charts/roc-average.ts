import type { AnalysisItem } from "../../api/analysis-results";
import { armLabel, formatInterval, formatNumber } from "../format";
import { armLineAt, type Chart, colorAt } from "./chart";
import { type AverageRocItem, averageRocItem, boundsOf } from "./item-schemas";
import { silentLine } from "./option-parts";
import { curvesChart, type RocLine, withInterval } from "./roc";

const BANDS = "bands";

type Average = Extract<AverageRocItem[number]["result"], { points: unknown }>;

interface ArmLine extends RocLine {
  average: Average;
}

/** The average of the readers' curves in each arm, with pointwise bands. */
export function averageRocChart(item: AnalysisItem): Chart | null {
  const parsed = averageRocItem.safeParse(item.result);
  if (!parsed.success) return null;
  const lines = parsed.data.flatMap(({ arm, result }, index) =>
    "points" in result ? [lineOf(arm, result, index)] : [],
  );
  if (lines.length === 0) return null;
  const base = curvesChart({ key: item.key, caption: item.title, lines, hint: "" });
  const shownLines = (shown: ReadonlySet<string>) => lines.filter((line) => shown.has(line.id));
  return {
    ...base,
    hint: "Each marker is a specificity.",
    switches: [...lines, { id: BANDS, label: "Pointwise bands", color: null, line: "dotted" }],
    grid: (shown) => ({
      header: ["Arm", "Specificity", "Average sensitivity", "Low", "High"],
      rows: shownLines(shown).flatMap(({ label, average }) =>
        average.points.map((point) => [
          label,
          point.specificity,
          point.sensitivity,
          point.ci.low,
          point.ci.high,
        ]),
      ),
    }),
    option: (shown, colors, width) => {
      const option = base.option(shown, colors, width);
      if (!shown.has(BANDS)) return option;
      const bands = shownLines(shown).flatMap((line) =>
        (["low", "high"] as const).map((side) =>
          silentLine(
            `${line.id}-${side}`,
            line.average.points.map((point) => [1 - point.specificity, point.ci[side]]),
            { color: line.color ?? colors.text, width: 1.5, type: "dotted" },
          ),
        ),
      );
      return { ...option, series: [...option.series, ...bands] };
    },
  };
}

function lineOf(arm: string, average: Average, index: number): ArmLine {
  const label = armLabel(arm);
  return {
    id: arm,
    label,
    color: colorAt(index),
    line: armLineAt(index),
    value: withInterval(average.auc, boundsOf(average.auc_ci)),
    level: boundsOf(average.auc_ci)?.level,
    declared: null,
    average,
    points: average.points.map((point) => ({
      threshold: null,
      sensitivity: point.sensitivity,
      specificity: point.specificity,
      lines: [
        `${label}, average of ${average.readers.length} readers`,
        `Specificity ${formatNumber(point.specificity)}`,
        `Sensitivity ${formatNumber(point.sensitivity)} (${formatInterval(point.ci)})`,
        `n = ${average.n_positive + average.n_negative}`,
      ],
    })),
  };
}
