import type { AnalysisItem } from "../../api/analysis-results";
import { armInText, armLabel, formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, lineAt, markerAt, type Shown } from "./chart";
import { type Bounds, boundsOf, numberOf } from "./item-schemas";
import { baseOption, intervalLines, points, valueAxis } from "./option-parts";
import { panelPlaces, panelsHeight } from "./panels";
import { type PeriodsItem, periodsItem } from "./reading-schemas";
import { withInterval } from "./roc";

const BODY = 210;
const MEANS = "means";
/** Means stand beside the readers' points. */
const ASIDE = 0.1;
const NAMES = { auc: "AUC", right: "Right calls" } as const;
type Measure = keyof typeof NAMES;

interface Mean {
  period: number;
  arm: string;
  readers: number;
  value: number | null;
  bounds: Bounds | null;
}

interface Line {
  reader: string;
  values: [number | null, number | null];
}

interface Panel {
  title: string;
  measure: Measure;
  /** Which arm was read first, in words. */
  order: string;
  /** Of the first and the second period. */
  arms: [string, string];
  lines: Line[];
  means: Mean[];
}

/** Every reader from the first to the second period, a panel a measure and order of the arms, with the means. */
export function periodsChart(item: AnalysisItem): Chart | null {
  const parsed = periodsItem.safeParse(item.result);
  if (!parsed.success || parsed.data.cells.length === 0) return null;
  const result = parsed.data;
  const readers = [...new Set(result.cells.map(({ reader }) => reader))];
  const panels = panelsOfResult(result);
  return {
    key: item.key,
    caption: `${item.title}: by period`,
    switches: [
      ...readers.map((reader, index) => ({
        id: `reader/${reader}`,
        label: reader,
        color: colorAt(index),
        line: lineAt(index),
      })),
      { id: MEANS, label: "Mean of all readers", color: null, line: "solid" as const },
    ],
    hint: `${result.design_text} Diamonds are means of the readers with their confidence interval over readers.`,
    maxWidth: 860,
    hasSide: true,
    height: (width) => panelsHeight(panels.length, width, BODY),
    alt: (shown) => `${item.title}, by period. ${panels.map((panel) => toldOf(panel, shown)).join("; ")}.`,
    grid: (shown) => ({
      header: ["Measure", "Order", "Reader", "Period", "Arm", "Value", "Low", "High"],
      rows: panels.flatMap((panel) => rowsOf(panel, shown)),
    }),
    option: (shown, colors, width) => periodsOption(panels, readers, shown, colors, width),
  };
}

function panelsOfResult(result: PeriodsItem): Panel[] {
  const orders = [...new Set(result.cells.map(({ sequence }) => sequence))].sort();
  return (["auc", "right"] as const).flatMap((measure) =>
    orders.map((order) => {
      const cells = result.cells.filter(({ sequence }) => sequence === order);
      const of = (reader: string, period: number) =>
        numberOf(cells.find((cell) => cell.reader === reader && cell.period === period)?.[measure]);
      const armIn = (period: number) => cells.find((cell) => cell.period === period)?.arm ?? "";
      const told = orderName(result, order);
      return {
        title: `${NAMES[measure]}, ${told}`,
        measure,
        order: told,
        arms: [armIn(1), armIn(2)],
        lines: [...new Set(cells.map(({ reader }) => reader))].map((reader) => ({
          reader,
          values: [of(reader, 1), of(reader, 2)],
        })),
        means: result.means
          .filter((one) => one.measure === measure && one.sequence === order)
          .map((one) => ({
            period: one.period,
            arm: one.arm,
            readers: one.readers.length,
            value: numberOf(one.mean),
            bounds: boundsOf(one.ci),
          })),
      };
    }),
  );
}

function orderName(result: PeriodsItem, order: "AB" | "BA"): string {
  if (result.design === "sequential reveal") return "in one session";
  return `${armInText(order === "AB" ? result.first_arm : result.second_arm)} first`;
}

function linesOf(panel: Panel, shown: Shown): Line[] {
  return panel.lines.filter(({ reader }) => shown.has(`reader/${reader}`));
}

function meansOf(panel: Panel, shown: Shown): Mean[] {
  return shown.has(MEANS) ? panel.means : [];
}

function toldOf(panel: Panel, shown: Shown): string {
  const readers = linesOf(panel, shown).map(
    ({ reader, values }) => `${reader} ${values.map((value) => withInterval(value, null)).join(" to ")}`,
  );
  const means = meansOf(panel, shown).map(
    ({ period, value, bounds }) => `mean in period ${period} ${withInterval(value, bounds)}`,
  );
  return `${panel.title}: ${[...readers, ...means].join(", ")}`;
}

function rowsOf(panel: Panel, shown: Shown) {
  const { order, arms } = panel;
  const measure = NAMES[panel.measure];
  return [
    ...linesOf(panel, shown).flatMap(({ reader, values }) =>
      values.map((value, index) => [measure, order, reader, index + 1, arms[index] ?? "", value, null, null]),
    ),
    ...meansOf(panel, shown).map(({ period, arm, readers, value, bounds }) => [
      measure,
      order,
      `Mean of ${readers}`,
      period,
      arm,
      value,
      bounds?.low ?? null,
      bounds?.high ?? null,
    ]),
  ];
}

/** Of the vertical axis of a measure, alike for both orders. */
function limitsOf(panels: readonly Panel[], measure: Measure, shown: Shown): { min: number; max: number } {
  const values = panels
    .filter((panel) => panel.measure === measure)
    .flatMap((panel) => [
      ...linesOf(panel, shown).flatMap((line) => line.values),
      ...meansOf(panel, shown).flatMap(({ value, bounds }) => [value, bounds?.low, bounds?.high]),
    ])
    .filter((value): value is number => typeof value === "number");
  if (values.length === 0) return { min: 0, max: 1 };
  return {
    min: Math.max(0, Math.floor((Math.min(...values) - 0.02) * 10) / 10),
    max: Math.min(1, Math.ceil((Math.max(...values) + 0.02) * 10) / 10),
  };
}

function periodsOption(
  panels: readonly Panel[],
  readers: readonly string[],
  shown: Shown,
  colors: ChartColors,
  width: number,
): ChartOption {
  return {
    ...baseOption(colors),
    ...panelPlaces(
      panels.map(({ title }) => title),
      width,
      BODY,
      colors,
    ),
    xAxis: panels.map(({ arms }, gridIndex) => {
      const axis = valueAxis(colors, {
        gridIndex,
        min: 0.5,
        max: 2.5,
        interval: 0.5,
        showGrid: false,
        format: (value) => {
          const arm = arms[value - 1];
          return arm === undefined ? "" : `Period ${value}\n${armLabel(arm)}`;
        },
      });
      // Without a height of their own the two lines would touch.
      return { ...axis, axisLabel: { ...axis.axisLabel, lineHeight: 16 } };
    }),
    yAxis: panels.map(({ measure }, gridIndex) =>
      valueAxis(colors, {
        gridIndex,
        ...limitsOf(panels, measure, shown),
      }),
    ),
    series: panels.flatMap((panel, index) => [
      ...linesOf(panel, shown).map((line) =>
        readerLine(panel, line, readers.indexOf(line.reader), index, colors),
      ),
      ...meanSeries(panel, meansOf(panel, shown), index, colors),
    ]),
  };
}

function readerLine(
  panel: Panel,
  { reader, values }: Line,
  place: number,
  index: number,
  colors: ChartColors,
) {
  return {
    id: `${panel.title}/${reader}`,
    name: reader,
    type: "line",
    xAxisIndex: index,
    yAxisIndex: index,
    data: values.flatMap((value, at) =>
      value === null
        ? []
        : [
            {
              value: [at + 1, value],
              lines: [
                reader,
                panel.title,
                `Period ${at + 1}, ${armInText(panel.arms[at] ?? "")}: ${formatNumber(value)}`,
              ],
            },
          ],
    ),
    symbol: markerAt(place),
    symbolSize: 9,
    itemStyle: { color: colorAt(place), borderColor: colors.panel, borderWidth: 1 },
    lineStyle: { color: colorAt(place), width: 2, type: lineAt(place) },
    z: 3,
  };
}

function meanSeries(panel: Panel, means: readonly Mean[], index: number, colors: ChartColors) {
  const at = { xAxisIndex: index, yAxisIndex: index };
  const known = means.flatMap((mean) => (mean.value === null ? [] : [{ ...mean, value: mean.value }]));
  const x = (period: number) => (period === 1 ? 1 - ASIDE : 2 + ASIDE);
  return [
    intervalLines(
      `${panel.title}/intervals`,
      known.flatMap(({ period, bounds }) =>
        bounds === null ? [] : [{ from: [x(period), bounds.low], to: [x(period), bounds.high] }],
      ),
      { color: colors.text },
      at,
    ),
    points(
      `${panel.title}/means`,
      "Mean",
      known.map(({ period, arm, readers, value, bounds }) => ({
        value: [x(period), value],
        lines: [
          `Mean of ${readers} ${readers === 1 ? "reader" : "readers"}`,
          panel.title,
          `Period ${period}, ${armInText(arm)}: ${withInterval(value, bounds)}`,
        ],
      })),
      { color: colors.text, border: colors.panel, symbol: "diamond", size: 12 },
      at,
    ),
  ];
}
