import type { AnalysisItem } from "../../api/analysis-results";
import { formatInterval, formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, type Shown } from "./chart";
import { boundsOf, type CalibrationItem, calibrationItem, numberOf } from "./item-schemas";
import { baseOption, intervalLines, points, silentLine, valueAxis } from "./option-parts";

const STRIP = 70;
const TOP = 14;
const SIDE = { left: 58, right: 14 } as const;

/** Observed over predicted probability: smoothed, in groups with intervals, and who was predicted what. */
export function calibrationChart(item: AnalysisItem): Chart | null {
  const parsed = calibrationItem.safeParse(item.result);
  if (!parsed.success) return null;
  const result = parsed.data;
  return {
    key: item.key,
    caption: item.title,
    switches: [
      { id: "loess", label: "Smoothed (lowess)", color: colorAt(0), line: "solid" },
      { id: "bins", label: "Groups with intervals", color: colorAt(1), line: "solid" },
      { id: "distribution", label: "Who was predicted what", color: null, line: "solid" },
    ],
    hint: `The thin line is perfect calibration. Below, upward: with the outcome, downward: without.${beyond(result)}`,
    maxWidth: 540,
    hasSide: true,
    height: (width, shown) => plotSize(width) + TOP + 52 + (shown.has("distribution") ? STRIP + 14 : 0),
    alt: () => altOf(item.title, result),
    grid: (shown) => ({
      header: ["Shown", "Predicted", "Observed", "Low", "High", "n"],
      rows: [
        ...(shown.has("loess")
          ? result.curve.map((point) => ["Smoothed", point.predicted, point.smoothed, null, null, null])
          : []),
        ...(shown.has("bins")
          ? result.bins.map((bin) => {
              const bounds = boundsOf(bin.observed.wilson);
              return [
                "Group",
                bin.mean_predicted,
                numberOf(bin.observed.estimate),
                bounds?.low ?? null,
                bounds?.high ?? null,
                bin.observed.n,
              ];
            })
          : []),
      ],
    }),
    option: (shown, colors, width) => calibrationOption(result, shown, colors, width),
  };
}

/** Said where the smoothed curve is cut, which the indices are not. */
function beyond({ curve }: CalibrationItem): string {
  const leaves = curve.some(({ smoothed: value }) => value < 0 || value > 1);
  return leaves
    ? " The smoothed curve leaves 0 to 1 and is cut there; ICI, E50 and E90 take it as it is."
    : "";
}

function plotSize(width: number): number {
  return width - SIDE.left - SIDE.right;
}

function altOf(title: string, { recalibration, brier, ici, n }: CalibrationItem): string {
  const said = [
    ["intercept", recalibration.intercept],
    ["slope", recalibration.slope],
  ] as const;
  const parts = said.map(([name, { estimate, ci }]) => {
    const value = numberOf(estimate);
    const bounds = boundsOf(ci);
    if (value === null) return `${name} not estimable`;
    return `${name} ${formatNumber(value)}${bounds === null ? "" : ` (${formatInterval(bounds)})`}`;
  });
  return `${title}. ${parts.join(", ")}, Brier score ${formatNumber(brier)}, ICI ${formatNumber(ici)}, n = ${n}.`;
}

function calibrationOption(
  result: CalibrationItem,
  shown: Shown,
  colors: ChartColors,
  width: number,
): ChartOption {
  const size = plotSize(width);
  const hasStrip = shown.has("distribution");
  const axis = { min: 0, max: 1, interval: 0.2, format: (value: number) => value.toFixed(1) };
  const grids = [{ ...SIDE, top: TOP, height: size }];
  const xAxis: Record<string, unknown>[] = [
    valueAxis(colors, { ...axis, name: hasStrip ? "" : "Predicted probability", nameGap: 30 }),
  ];
  const yAxis: Record<string, unknown>[] = [
    valueAxis(colors, { ...axis, name: "Observed share", nameGap: 38 }),
  ];
  const series: Record<string, unknown>[] = [
    silentLine(
      "perfect",
      [
        [0, 0],
        [1, 1],
      ],
      { color: colors.dim, opacity: 0.6 },
    ),
  ];
  if (shown.has("loess")) series.push(smoothed(result, colors));
  if (shown.has("bins")) series.push(...groups(result, colors));
  if (hasStrip) {
    grids.push({ ...SIDE, top: TOP + size + 26, height: STRIP });
    xAxis.push(valueAxis(colors, { ...axis, gridIndex: 1, name: "Predicted probability", nameGap: 24 }));
    yAxis.push({ ...valueAxis(colors, { gridIndex: 1, showGrid: false }), axisLabel: { show: false } });
    series.push(...distribution(result, colors));
  }
  return { ...baseOption(colors), grid: grids, xAxis, yAxis, series };
}

function smoothed(result: CalibrationItem, colors: ChartColors) {
  return {
    id: "loess",
    name: "Smoothed",
    type: "line",
    data: result.curve.map((point) => ({
      value: [point.predicted, point.smoothed],
      lines: [
        "Smoothed",
        `Predicted ${formatNumber(point.predicted)}`,
        `Observed ${formatNumber(point.smoothed)}`,
      ],
    })),
    symbol: "circle",
    symbolSize: 4,
    showAllSymbol: true,
    // Local lines can leave 0 to 1: what lies beyond is cut, as in the printed figure, and stays in the numbers.
    clip: true,
    itemStyle: { color: colorAt(0), borderColor: colors.panel, borderWidth: 0 },
    lineStyle: { color: colorAt(0), width: 2 },
    z: 3,
  };
}

function groups(result: CalibrationItem, colors: ChartColors) {
  const known = result.bins.flatMap((bin) => {
    const observed = numberOf(bin.observed.estimate);
    return observed === null ? [] : [{ ...bin, share: observed, bounds: boundsOf(bin.observed.wilson) }];
  });
  return [
    intervalLines(
      "bin-intervals",
      known.flatMap(({ mean_predicted: x, bounds }) =>
        bounds === null ? [] : [{ from: [x, bounds.low], to: [x, bounds.high] }],
      ),
      { color: colorAt(1) },
    ),
    points(
      "bins",
      "Groups",
      known.map((bin) => ({
        value: [bin.mean_predicted, bin.share],
        lines: [
          `Predicted ${formatNumber(bin.low)} to ${formatNumber(bin.high)}`,
          `Mean predicted ${formatNumber(bin.mean_predicted)}`,
          `Observed ${formatNumber(bin.share)} (${bin.observed.successes} of ${bin.observed.n})`,
          ...(bin.bounds === null ? [] : [`CI ${formatInterval(bin.bounds)}`]),
        ],
      })),
      { color: colorAt(1), border: colors.panel },
    ),
  ];
}

function distribution(result: CalibrationItem, colors: ChartColors) {
  const bars = (id: string, sign: number, of: (bar: CalibrationItem["distribution"][number]) => number) =>
    intervalLines(
      id,
      result.distribution
        .filter((bar) => of(bar) > 0)
        .map((bar) => ({
          from: [(bar.low + bar.high) / 2, 0],
          to: [(bar.low + bar.high) / 2, sign * of(bar)],
        })),
      { color: sign > 0 ? colorAt(1) : colors.dim, width: 5 },
      { xAxisIndex: 1, yAxisIndex: 1 },
    );
  return [bars("events", 1, (bar) => bar.events), bars("non-events", -1, (bar) => bar.non_events)];
}
