import type { AnalysisItem } from "../../api/analysis-results";
import { formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { altOf, digitsOf, heightsOf, levels } from "./bland-altman";
import { type Chart, type ChartOption, colorAt, type Shown } from "./chart";
import type { BlandAltmanItem } from "./item-schemas";
import { baseOption, inUnit, points, silentLine, tickText, valueAxis } from "./option-parts";
import { panelPlaces, panelsHeight, readerSwitch, switchOf } from "./panels";
import { measuredAgainItem } from "./reading-schemas";

interface Reader {
  reader: string;
  result: BlandAltmanItem;
}

const BODY = 220;

/** Second minus first measurement over their mean, a panel a reader on the same axes, with bias and limits. */
export function measuredAgainChart(item: AnalysisItem, unit: string): Chart | null {
  const parsed = measuredAgainItem.safeParse(item.result);
  if (!parsed.success) return null;
  const readers: Reader[] = parsed.data.flatMap(({ reader, bland_altman: result }) =>
    "points" in result && result.points.length > 0 ? [{ reader, result }] : [],
  );
  if (readers.length === 0) return null;
  const digits = digitsOf(readers.map(({ result }) => result));
  const of = (shown: Shown) => readers.filter(({ reader }) => shown.has(readerSwitch(reader)));
  return {
    key: item.key,
    caption: item.title,
    switches: readers.map(({ reader, result }) => ({ ...switchOf(reader), value: `${result.n} cases` })),
    hint: "Second reading minus first. Solid: bias. Dashed: limits of agreement. Dotted: their confidence intervals.",
    maxWidth: 860,
    hasSide: false,
    height: (width, shown) => panelsHeight(of(shown).length, width, BODY),
    alt: (shown) =>
      `${item.title}. ${of(shown)
        .map(({ reader, result }) => altOf(reader, result, digits))
        .join(" ")}`,
    grid: (shown) => ({
      header: ["Reader", "Case", inUnit("Mean", unit), inUnit("Second − first", unit)],
      rows: of(shown).flatMap(({ reader, result }) =>
        result.points.map((point) => [reader, point.case, point.mean, point.difference]),
      ),
    }),
    option: (shown, colors, width) => multiplesOption(of(shown), { unit, digits }, colors, width),
  };
}

/** In what the differences are told. */
interface Told {
  unit: string;
  digits: number;
}

function multiplesOption(
  readers: readonly Reader[],
  told: Told,
  colors: ChartColors,
  width: number,
): ChartOption {
  const means = readers.flatMap(({ result }) => result.points.map(({ mean }) => mean));
  const room = (Math.max(...means) - Math.min(...means) || 1) * 0.04;
  const ends: [number, number] = [Math.min(...means) - room, Math.max(...means) + room];
  const heights = readers.flatMap(({ result }) => heightsOf(result).map(Math.abs));
  const reach = 1.05 * Math.max(1e-9, ...heights);
  const isEdge = (value: number) => Math.abs(value) === reach;
  return {
    ...baseOption(colors),
    ...panelPlaces(
      readers.map(({ reader }) => reader),
      width,
      BODY,
      colors,
    ),
    xAxis: readers.map((_, gridIndex) =>
      valueAxis(colors, {
        gridIndex,
        name: inUnit("Mean of both readings", told.unit),
        min: ends[0],
        max: ends[1],
        showGrid: false,
        format: (value) => (ends.includes(value) ? "" : tickText(value)),
      }),
    ),
    yAxis: readers.map((_, gridIndex) =>
      valueAxis(colors, {
        gridIndex,
        name: inUnit("Second − first", told.unit),
        nameGap: 40,
        min: -reach,
        max: reach,
        format: (value) => (isEdge(value) ? "" : tickText(value)),
      }),
    ),
    series: readers.flatMap((one, index) => readerSeries(one, index, ends, told.digits, colors)),
  };
}

function readerSeries(
  { reader, result }: Reader,
  index: number,
  [from, to]: [number, number],
  digits: number,
  colors: ChartColors,
) {
  const at = { xAxisIndex: index, yAxisIndex: index };
  const across = (value: number) => [
    [from, value],
    [to, value],
  ];
  const lines = levels(result).flatMap(({ name, value, bounds, type }) => {
    if (value === null) return [];
    const color = type === "solid" ? colors.text : colors.dim;
    const dotted = { color: colors.dim, type: "dotted", opacity: 0.7 };
    return [
      silentLine(`${reader}-${name}`, across(value), { color, width: 1.5, type }, at),
      ...(bounds === null ? [] : [bounds.low, bounds.high]).map((edge, place) =>
        silentLine(`${reader}-${name}-${place}`, across(edge), dotted, at),
      ),
    ];
  });
  const data = result.points.map((point) => ({
    value: [point.mean, point.difference],
    lines: [
      `${reader}, ${point.case}`,
      `Mean ${formatNumber(point.mean, digits)}`,
      `Second − first ${formatNumber(point.difference, digits)}`,
    ],
  }));
  return [...lines, points(reader, reader, data, { color: colorAt(0), border: colors.panel, size: 8 }, at)];
}
