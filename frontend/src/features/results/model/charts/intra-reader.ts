import type { AnalysisItem } from "../../api/analysis-results";
import { formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, type Shown } from "./chart";
import { measuredAgainChart } from "./intra-reader-measured";
import { boundsOf, numberOf } from "./item-schemas";
import { baseOption, categoryAxis, points } from "./option-parts";
import { panelPlaces, panelsHeight, panelsOf, readerSwitch, switchOf } from "./panels";
import { type CategoriesAgain, categoriesAgainItem } from "./reading-schemas";
import { withInterval } from "./roc";

type Reader = CategoriesAgain[number];

const BODY = 240;
/** As in the printed figure: the same answer twice, and another one. */
const SAME = colorAt(0);
const OTHER = colorAt(1);

/** The second reading of a reader against the first: answers as bubbles, measurements by their differences. */
export function intraReaderChart(item: AnalysisItem, unit = ""): Chart | null {
  const parsed = categoriesAgainItem.safeParse(item.result);
  if (!parsed.success) return measuredAgainChart(item, unit);
  const [first] = parsed.data;
  // Linear and quadratic weights are of the same reads, which are drawn once.
  if (first === undefined || first.kappa.weights === "quadratic") return null;
  const readers = parsed.data;
  const of = (shown: Shown) => readers.filter(({ reader }) => shown.has(readerSwitch(reader)));
  const names = first.kappa.categories.map(nameOf);
  return {
    key: item.key,
    caption: item.title,
    switches: readers.map((one) => ({
      ...switchOf(one.reader),
      value: withInterval(numberOf(one.kappa.kappa), boundsOf(one.kappa.ci)),
    })),
    valueLabel: "Kappa",
    hint: "The area of a bubble is the number of cases; bubbles on the diagonal are the same answer twice.",
    maxWidth: 860,
    hasSide: false,
    height: (width, shown) => panelsHeight(of(shown).length, width, BODY),
    alt: (shown) => `${item.title}. ${of(shown).map(toldOf).join("; ")}.`,
    grid: (shown) => ({
      header: ["Reader", "First reading", "Second reading", "Cases"],
      rows: of(shown).flatMap(({ reader, kappa }) =>
        kappa.table.flatMap((row, from) =>
          row.map((count, to) => [reader, names[from] ?? "", names[to] ?? "", count]),
        ),
      ),
    }),
    option: (shown, colors, width) => gridOption(of(shown), names, colors, width),
  };
}

function nameOf(category: string | number | boolean): string {
  if (typeof category === "boolean") return category ? "yes" : "no";
  return String(category);
}

function sameOf({ kappa }: Reader): number {
  return kappa.table.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
}

function toldOf(one: Reader): string {
  const kappa = withInterval(numberOf(one.kappa.kappa), boundsOf(one.kappa.ci));
  return `${one.reader}: ${sameOf(one)} of ${one.n} cases alike, kappa ${kappa}`;
}

function gridOption(
  readers: readonly Reader[],
  names: readonly string[],
  colors: ChartColors,
  width: number,
): ChartOption {
  const most = Math.max(1, ...readers.flatMap(({ kappa }) => kappa.table.flat()));
  const { columns } = panelsOf(readers.length, width, BODY);
  const across = Math.min(BODY, width / columns - 88) / names.length;
  const axis = { data: [...names] };
  return {
    ...baseOption(colors),
    ...panelPlaces(
      readers.map(({ reader }) => reader),
      width,
      BODY,
      colors,
    ),
    xAxis: readers.map((_, gridIndex) => ({
      ...categoryAxis(colors, { ...axis, gridIndex, width: width / columns / names.length - 22 }),
      ...named("First reading", 30, colors),
    })),
    yAxis: readers.map((_, gridIndex) => ({
      ...categoryAxis(colors, { ...axis, gridIndex, width: 34 }),
      ...named("Second reading", 46, colors),
    })),
    series: readers.map((one, index) =>
      points(
        one.reader,
        one.reader,
        one.kappa.table.flatMap((row, from) =>
          row.flatMap((count, to) =>
            count === 0 ? [] : [bubble(one, names, { from, to, count }, across * Math.sqrt(count / most))],
          ),
        ),
        { color: SAME, border: colors.panel },
        {
          xAxisIndex: index,
          yAxisIndex: index,
          emphasis: { scale: false, itemStyle: { borderColor: colors.text } },
        },
      ),
    ),
  };
}

function named(name: string, nameGap: number, colors: ChartColors) {
  return {
    name,
    nameLocation: "middle",
    nameGap,
    nameTextStyle: { color: colors.text, fontSize: 13 },
    axisLine: { show: true, lineStyle: { color: colors.line } },
    splitLine: { show: true, lineStyle: { color: colors.grid } },
  };
}

function bubble(
  { reader, n }: Reader,
  names: readonly string[],
  { from, to, count }: { from: number; to: number; count: number },
  size: number,
) {
  return {
    value: [from, to],
    lines: [
      reader,
      `First ${names[from]}, second ${names[to]}`,
      `${count} of ${n} cases (${formatNumber((100 * count) / n, 1)} %)`,
    ],
    symbolSize: 0.94 * size,
    itemStyle: { color: from === to ? SAME : OTHER },
    label: {
      show: size >= 18,
      position: "inside",
      formatter: String(count),
      color: "#ffffff",
      fontSize: 12,
      fontWeight: 600,
    },
  };
}
