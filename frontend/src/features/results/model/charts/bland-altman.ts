import type { AnalysisItem } from "../../api/analysis-results";
import { digitsFor, formatInterval, formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt } from "./chart";
import { type BlandAltmanItem, blandAltmanItem, boundsOf, numberOf } from "./item-schemas";
import { baseOption, inUnit, points, silentLine, tickText, valueAxis } from "./option-parts";

/** Difference over mean of two readers' measurements, with bias and limits of agreement. */
export function blandAltmanChart(item: AnalysisItem, unit = ""): Chart | null {
  const parsed = blandAltmanItem.safeParse(item.result);
  if (!parsed.success || parsed.data.points.length === 0) return null;
  const result = parsed.data;
  return {
    key: item.key,
    caption: item.title,
    switches: [],
    hint: "Solid: bias. Dashed: limits of agreement. Dotted: their confidence intervals.",
    maxWidth: 760,
    hasSide: false,
    height: (width) => Math.round(Math.min(440, Math.max(300, width * 0.56))),
    alt: () => altOf(item.title, result, digitsOf([result])),
    grid: () => ({
      header: ["Case", inUnit("Mean", unit), inUnit(`${result.rater_a} − ${result.rater_b}`, unit)],
      rows: result.points.map((point) => [point.case, point.mean, point.difference]),
    }),
    option: (_, colors) => blandAltmanOption(result, unit, colors),
  };
}

export function levels(result: BlandAltmanItem) {
  return [
    { name: "Bias", value: numberOf(result.bias), bounds: boundsOf(result.bias_ci), type: "solid" },
    {
      name: "Upper limit",
      value: numberOf(result.upper.value),
      bounds: boundsOf(result.upper.exact_ci),
      type: "dashed",
    },
    {
      name: "Lower limit",
      value: numberOf(result.lower.value),
      bounds: boundsOf(result.lower.exact_ci),
      type: "dashed",
    },
  ];
}

/** Of everything that has a place on the vertical axis. */
export function heightsOf(result: BlandAltmanItem): number[] {
  const drawn = levels(result).flatMap(({ value, bounds }) => [value, bounds?.low, bounds?.high]);
  return [0, ...result.points.map(({ difference }) => difference), ...drawn].filter(
    (height) => typeof height === "number",
  );
}

/** Decimals in which the differences of one figure are told. */
export function digitsOf(results: readonly BlandAltmanItem[]): number {
  const heights = results.flatMap(heightsOf);
  return digitsFor(Math.max(...heights) - Math.min(...heights));
}

export function altOf(title: string, result: BlandAltmanItem, digits: number): string {
  const said = levels(result).map(({ name, value, bounds }) =>
    value === null
      ? `${name} not estimable`
      : `${name} ${formatNumber(value, digits)}${bounds === null ? "" : ` (${formatInterval(bounds, digits)})`}`,
  );
  return `${title}. ${said.join("; ")}. n = ${result.n}.`;
}

function blandAltmanOption(result: BlandAltmanItem, unit: string, colors: ChartColors): ChartOption {
  const digits = digitsOf([result]);
  const means = result.points.map((point) => point.mean);
  const ends = [Math.min(...means), Math.max(...means)];
  const room = ((ends[1] ?? 0) - (ends[0] ?? 0) || 1) * 0.04;
  const [from, to] = [(ends[0] ?? 0) - room, (ends[1] ?? 0) + room];
  const across = (value: number) => [
    [from, value],
    [to, value],
  ];
  const lines = levels(result).flatMap(({ name, value, bounds, type }) => {
    if (value === null) return [];
    const edges = bounds === null ? [] : [bounds.low, bounds.high];
    return [
      silentLine(
        name,
        across(value),
        { color: type === "solid" ? colors.text : colors.dim, width: 1.5, type },
        {
          endLabel: {
            show: true,
            formatter: formatNumber(value, digits),
            color: colors.text,
            fontSize: 12,
          },
        },
      ),
      ...edges.map((edge, index) =>
        silentLine(`${name}-${index}`, across(edge), { color: colors.dim, type: "dotted", opacity: 0.7 }),
      ),
    ];
  });
  return {
    ...baseOption(colors),
    grid: { left: 64, right: 64, top: 16, bottom: 52 },
    xAxis: valueAxis(colors, {
      name: inUnit(`Mean of ${result.rater_a} and ${result.rater_b}`, unit),
      min: from,
      max: to,
      showGrid: false,
      format: (value) => (value === from || value === to ? "" : tickText(value)),
    }),
    yAxis: valueAxis(colors, { name: inUnit(`${result.rater_a} − ${result.rater_b}`, unit), nameGap: 44 }),
    series: [
      ...lines,
      points(
        "cases",
        "Cases",
        result.points.map((point) => ({
          value: [point.mean, point.difference],
          lines: [
            point.case,
            `Mean ${formatNumber(point.mean, digits)}`,
            `Difference ${formatNumber(point.difference, digits)}`,
          ],
        })),
        { color: colorAt(0), border: colors.panel, size: 8 },
      ),
    ],
  };
}
