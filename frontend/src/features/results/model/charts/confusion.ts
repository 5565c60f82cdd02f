import type { AnalysisItem } from "../../api/analysis-results";
import { formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import type { Chart, ChartOption } from "./chart";
import { boundsOf, type ConfusionItem, confusionItem, numberOf } from "./item-schemas";
import { baseOption, categoryAxis } from "./option-parts";
import { withInterval } from "./roc";

/** One hue from pale to deep by the share of the row; the counts stand in the cells. */
const SHADES = ["#f1f1f1", "#dbe9f6", "#b5d4ea", "#73b2d8", "#2f7ebc", "#084a91"] as const;
const DARK_FROM = 4;
const LEFT = 150;
const TOP = 12;
const BOTTOM = 64;

interface Cell {
  row: number;
  column: number;
  count: number;
  /** Of the row, in percent; null where the row is empty. */
  share: number | null;
  lines: string[];
}

/** Counts of the answers by the reference standard. */
export function confusionHeatmap(item: AnalysisItem): Chart | null {
  const parsed = confusionItem.safeParse(item.result);
  if (!parsed.success || parsed.data.table.length === 0) return null;
  const result = parsed.data;
  const cells = cellsOf(result);
  const classes = result.categories.length;
  const accuracy = withInterval(numberOf(result.accuracy.estimate), boundsOf(result.accuracy.wilson));
  return {
    key: item.key,
    caption: item.title,
    switches: [],
    hint: "Rows are the reference standard, columns the answers; shaded by the share of the row.",
    maxWidth: Math.min(LEFT + 24 + 150 * classes, 900),
    hasSide: false,
    height: (width) => TOP + BOTTOM + Math.max(46, Math.min(84, (0.5 * (width - LEFT)) / classes)) * classes,
    alt: () =>
      `${item.title}, n = ${result.n}, accuracy ${accuracy}. ${cells
        .map(({ lines }) => `${lines[0]}: ${lines[1]}`)
        .join("; ")}.`,
    grid: () => ({
      header: ["Reference standard", `Answer of ${result.rater}`, "Count", "Percent of the row"],
      rows: cells.map(({ row, column, count, share }) => [
        String(result.categories[row]),
        String(result.categories[column]),
        count,
        share,
      ]),
    }),
    option: (_, colors) => heatmapOption(result, cells, colors),
  };
}

function cellsOf({ table, categories, reference_totals }: ConfusionItem): Cell[] {
  return table.flatMap((counts, row) =>
    counts.map((count, column) => {
      const total = reference_totals[row] ?? 0;
      const share = total === 0 ? null : (100 * count) / total;
      const told = share === null ? "no case of this class" : `${formatNumber(share, 1)}% of ${total}`;
      return {
        row,
        column,
        count,
        share,
        lines: [`Reference ${categories[row]}, answered ${categories[column]}`, String(count), told],
      };
    }),
  );
}

function heatmapOption(result: ConfusionItem, cells: readonly Cell[], colors: ChartColors): ChartOption {
  const names = result.categories.map(String);
  const last = SHADES.length - 1;
  const shadeOf = ({ share }: Cell) =>
    share === null ? null : Math.min(last, Math.floor((share / 100) * SHADES.length));
  return {
    ...baseOption(colors),
    grid: { left: LEFT, right: 24, top: TOP, bottom: BOTTOM },
    xAxis: {
      ...categoryAxis(colors, { data: names }),
      name: `Answer of ${result.rater}`,
      nameLocation: "middle",
      nameGap: 34,
      nameTextStyle: { color: colors.text, fontSize: 13 },
    },
    yAxis: categoryAxis(colors, { data: names, inverse: true, width: LEFT - 16 }),
    series: [
      {
        id: "counts",
        type: "heatmap",
        data: cells.map((cell) => {
          const shade = shadeOf(cell);
          return {
            value: [cell.column, cell.row, cell.count],
            lines: cell.lines,
            itemStyle: { color: shade === null ? colors.grid : SHADES[shade] },
            label: {
              color: shade === null ? colors.text : shade >= DARK_FROM ? "#ffffff" : "#16191d",
            },
          };
        }),
        label: { show: true, fontSize: 15, fontWeight: 600 },
        itemStyle: { borderColor: colors.panel, borderWidth: 3 },
        emphasis: { itemStyle: { borderColor: colors.text, borderWidth: 1 } },
      },
    ],
  };
}
