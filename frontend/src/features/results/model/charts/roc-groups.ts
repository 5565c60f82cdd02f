import type { AnalysisItem } from "../../api/analysis-results";
import { type Chart, colorAt, lineAt } from "./chart";
import { boundsOf, numberOf, type RocGroupsItem, rocGroupsItem } from "./item-schemas";
import { curvesChart, pointLines, type RocLine, withInterval } from "./roc";

/** What one panel of the printed figure holds: the groups of a curve, or the curves of a group. */
export type Panel = "curve" | "group";

type Group = RocGroupsItem["groups"][number];

/** Curves by subgroup: at first those of the first panel, and all others to be turned on. */
export function rocGroupsChart(
  item: AnalysisItem,
  panel: Panel,
  called: Readonly<Record<string, string>> = {},
): Chart | null {
  const parsed = rocGroupsItem.safeParse(item.result);
  if (!parsed.success) return null;
  const { by, groups } = parsed.data;
  const [curve, column] = by;
  const names = [...new Set(groups.map(({ labels }) => labels[curve] ?? ""))];
  const levels = [...new Set(groups.map(({ labels }) => labels[column] ?? ""))];
  const lines = groups.flatMap((group) => {
    const at = {
      curve: names.indexOf(group.labels[curve] ?? ""),
      group: levels.indexOf(group.labels[column] ?? ""),
    };
    const place = { color: panel === "curve" ? at.group : at.curve, panel: at[panel] };
    return lineOf(group, by, { ...place, title: called[column] ?? column });
  });
  if (lines.length === 0) return null;
  return curvesChart({
    key: `${item.key}-by-${panel}`,
    caption: item.title,
    lines,
    hint: panel === "curve" ? "Colors tell groups apart." : "Colors tell curves apart.",
  });
}

function lineOf(
  { labels, result, curve }: Group,
  [name, column]: RocGroupsItem["by"],
  at: { color: number; panel: number; title: string },
): RocLine[] {
  if (curve === null || !("points" in curve)) return [];
  const label = `${labels[name]}: ${labels[column]}`;
  return [
    {
      id: `${labels[name]}/${labels[column]}`,
      label,
      color: colorAt(at.color),
      line: lineAt(at.panel),
      value: withInterval(numberOf(result.auc), boundsOf(result.plain)),
      level: boundsOf(result.plain)?.level,
      facets: { Curves: labels[name] ?? "", [at.title]: labels[column] ?? "" },
      isOff: at.panel > 0,
      declared: null,
      points: curve.points.map((point) => {
        const own = { ...point, lines: [] };
        return { ...own, lines: pointLines(label, curve, own) };
      }),
    },
  ];
}
