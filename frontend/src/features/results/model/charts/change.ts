import type { AnalysisItem } from "../../api/analysis-results";
import { armLabel, formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, lineAt, type Shown } from "./chart";
import { type ChangeItem, changeItem, numberOf } from "./item-schemas";
import { baseOption, categoryAxis, valueAxis } from "./option-parts";

const MEASURES: Readonly<Record<string, string>> = {
  auc: "AUC",
  accuracy: "Accuracy",
  sensitivity: "Sensitivity",
  specificity: "Specificity",
};
const PANEL = 250;
const GAP = 58;

interface Line {
  measure: string;
  reader: string;
  before: number;
  after: number;
}

function nameOf(measure: string): string {
  return MEASURES[measure] ?? measure;
}

/** What became of each reader's figures from one arm to the other: a panel a measure, a line a reader. */
export function slopeChart(item: AnalysisItem): Chart | null {
  const parsed = changeItem.safeParse(item.result);
  if (!parsed.success) return null;
  const result = parsed.data;
  const all = linesOf(result);
  if (all.length === 0) return null;
  const readers = result.readers.map((one) => one.reader);
  const measures = [...new Set(all.map((line) => line.measure))];
  const of = (shown: Shown) =>
    all.filter((line) => shown.has(`reader/${line.reader}`) && shown.has(`measure/${line.measure}`));
  const panels = (shown: Shown) => measures.filter((measure) => shown.has(`measure/${measure}`));
  return {
    key: item.key,
    caption: `${item.title}: each reader before and after`,
    switches: [
      ...readers.map((reader, index) => ({
        id: `reader/${reader}`,
        label: reader,
        color: colorAt(index),
        line: lineAt(index),
        facets: { Readers: "All readers" },
      })),
      ...measures.map((measure) => ({
        id: `measure/${measure}`,
        label: nameOf(measure),
        color: null,
        line: "solid" as const,
        facets: { Measures: "All measures" },
      })),
    ],
    hint: "A line that rises is a reader who was better in the later arm.",
    maxWidth: 860,
    hasSide: true,
    height: (width, shown) => Math.max(1, Math.ceil(panels(shown).length / columnsAt(width))) * (PANEL + GAP),
    alt: (shown) =>
      `${item.title}. ${of(shown)
        .map(
          (line) =>
            `${line.reader}, ${nameOf(line.measure).toLowerCase()}: ${formatNumber(line.before)} to ${formatNumber(line.after)}`,
        )
        .join("; ")}.`,
    grid: (shown) => ({
      header: ["Reader", "Measure", armLabel(result.before), armLabel(result.after)],
      rows: of(shown).map((line) => [line.reader, nameOf(line.measure), line.before, line.after]),
    }),
    option: (shown, colors, width) => slopeOption(result, of(shown), panels(shown), readers, colors, width),
  };
}

function columnsAt(width: number): number {
  return width >= 560 ? 2 : 1;
}

function linesOf(result: ChangeItem): Line[] {
  return result.readers.flatMap(({ reader, slopes }) =>
    slopes.flatMap(({ measure, before, after }) => {
      const [from, to] = [numberOf(before), numberOf(after)];
      return from === null || to === null ? [] : [{ measure, reader, before: from, after: to }];
    }),
  );
}

function slopeOption(
  result: ChangeItem,
  lines: readonly Line[],
  panels: readonly string[],
  readers: readonly string[],
  colors: ChartColors,
  width: number,
): ChartOption {
  const columns = Math.min(columnsAt(width), Math.max(1, panels.length));
  const cell = width / columns;
  const places = panels.map((_, index) => ({
    left: (index % columns) * cell + 54,
    top: Math.floor(index / columns) * (PANEL + GAP) + 30,
    width: cell - 84,
    height: PANEL - 30,
  }));
  const values = lines.flatMap((line) => [line.before, line.after]);
  const min = Math.max(0, Math.floor((Math.min(1, ...values) - 0.02) * 10) / 10);
  const max = Math.min(1, Math.ceil((Math.max(0, ...values) + 0.02) * 10) / 10);
  return {
    ...baseOption(colors),
    grid: places,
    title: panels.map((measure, index) => ({
      text: nameOf(measure),
      left: places[index]?.left ?? 0,
      top: (places[index]?.top ?? 30) - 28,
      padding: 0,
      textStyle: { color: colors.text, fontSize: 13, fontWeight: 600 },
    })),
    xAxis: panels.map((_, gridIndex) =>
      categoryAxis(colors, {
        gridIndex,
        data: [armLabel(result.before), armLabel(result.after)],
        boundaryGap: true,
      }),
    ),
    yAxis: panels.map((_, gridIndex) => valueAxis(colors, { gridIndex, min, max })),
    series: lines.map((line) => {
      const index = panels.indexOf(line.measure);
      const place = readers.indexOf(line.reader);
      const said = [
        line.reader,
        nameOf(line.measure),
        `${armLabel(result.before)} ${formatNumber(line.before)}`,
        `${armLabel(result.after)} ${formatNumber(line.after)}`,
        `Difference ${formatNumber(line.after - line.before)}`,
      ];
      return {
        id: `${line.measure}/${line.reader}`,
        name: line.reader,
        type: "line",
        xAxisIndex: index,
        yAxisIndex: index,
        data: [
          { value: [0, line.before], lines: said },
          { value: [1, line.after], lines: said },
        ],
        symbol: "circle",
        symbolSize: 9,
        itemStyle: { color: colorAt(place), borderColor: colors.panel, borderWidth: 1 },
        lineStyle: { color: colorAt(place), width: 2, type: lineAt(place) },
        z: 3,
      };
    }),
  };
}
