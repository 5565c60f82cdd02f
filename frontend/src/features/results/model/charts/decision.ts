import type { AnalysisItem } from "../../api/analysis-results";
import { formatInterval, formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, lineAt, type Shown, type Switch } from "./chart";
import { boundsOf, type DecisionItem, decisionItem, numberOf, type Strategy } from "./item-schemas";
import { baseOption, silentLine, valueAxis } from "./option-parts";

export type Measure = "net_benefit" | "standardized" | "avoided";

const NAMES: Readonly<Record<Measure, string>> = {
  net_benefit: "Net benefit",
  standardized: "Standardized net benefit",
  avoided: "Net interventions avoided per 100 cases",
};

const INTERVALS = "intervals";
const NONE = "treat none";

interface Curve {
  look: Switch;
  strategy: Strategy | null;
}

/** Net benefit over the threshold probability, of models and of treating all or none. */
export function decisionChart(item: AnalysisItem, measure: Measure, unit = ""): Chart | null {
  const parsed = decisionItem.safeParse(item.result);
  if (!parsed.success) return null;
  const result = parsed.data;
  const curves = curvesOf(result);
  const of = (shown: Shown) => curves.filter((curve) => shown.has(curve.look.id));
  return {
    key: measure === "net_benefit" ? item.key : `${item.key}-${measure}`,
    caption: measure === "net_benefit" ? item.title : `${item.title}: ${NAMES[measure].toLowerCase()}`,
    switches: [
      ...curves.map((curve) => curve.look),
      { id: INTERVALS, label: "Confidence intervals", color: null, line: "dotted", isOff: true },
    ],
    hint: `Point at a curve for its threshold probability and net benefit${byTime(result, unit)}.`,
    maxWidth: 760,
    hasSide: true,
    height: (width) => Math.round(Math.min(440, Math.max(300, width * 0.6))),
    alt: (shown) =>
      `${NAMES[measure]} over threshold probability, n = ${result.n}${byTime(result, unit)}. ${of(shown)
        .map((curve) => curveText(curve, measure))
        .join("; ")}.`,
    grid: (shown) => ({
      header: ["Strategy", "Threshold probability", NAMES[measure], "Low", "High"],
      rows: of(shown).flatMap(({ look, strategy }) =>
        (strategy?.points ?? []).map((point) => {
          const bounds = boundsOf(point[`${measure}_ci`]);
          return [
            look.label,
            point.threshold,
            numberOf(point[measure]),
            bounds?.low ?? null,
            bounds?.high ?? null,
          ];
        }),
      ),
    }),
    option: (shown, colors) => decisionOption(of(shown), measure, shown.has(INTERVALS), colors),
  };
}

/** The time by which the event counts; nothing for an outcome without follow-up. */
function byTime({ at }: DecisionItem, unit: string): string {
  return at === null ? "" : `, event by time ${at} ${unit}`.trimEnd();
}

function curvesOf(result: DecisionItem): Curve[] {
  return [
    ...result.models.map((strategy, index) => ({
      strategy,
      look: {
        id: `model/${strategy.name}`,
        label: strategy.name,
        color: colorAt(index),
        line: lineAt(index),
      },
    })),
    {
      strategy: result.treat_all,
      look: { id: "treat all", label: "Treat all", color: null, line: "solid" as const },
    },
    { strategy: null, look: { id: NONE, label: "Treat none", color: null, line: "dashed" as const } },
  ];
}

function curveText({ look, strategy }: Curve, measure: Measure): string {
  const values = (strategy?.points ?? [])
    .map((point) => numberOf(point[measure]))
    .filter((value) => value !== null);
  if (values.length === 0) return `${look.label}: 0 throughout`;
  return `${look.label}: from ${formatNumber(Math.min(...values))} to ${formatNumber(Math.max(...values))}`;
}

function decisionOption(
  curves: readonly Curve[],
  measure: Measure,
  hasIntervals: boolean,
  colors: ChartColors,
): ChartOption {
  const values = curves.flatMap(({ strategy }) =>
    (strategy?.points ?? []).map((point) => numberOf(point[measure]) ?? 0),
  );
  const top = Math.max(0.05, ...values);
  // Treating all falls without bound: below a tenth of the height nothing is read.
  const low = measure === "avoided" ? Math.min(0, ...values) : Math.max(Math.min(0, ...values), -0.2 * top);
  const step = 10 ** Math.floor(Math.log10(top)) / 2;
  const last = Math.max(
    0,
    ...curves.flatMap(({ strategy }) => (strategy?.points ?? []).map((one) => one.threshold)),
  );
  return {
    ...baseOption(colors),
    grid: { left: 68, right: 18, top: 16, bottom: 52 },
    xAxis: valueAxis(colors, { name: "Threshold probability", min: 0, max: lastTenth(last) }),
    yAxis: valueAxis(colors, {
      name: NAMES[measure],
      nameGap: 48,
      min: Math.floor(low / step) * step,
      max: Math.ceil(top / step) * step,
    }),
    series: curves.flatMap((curve) => curveSeries(curve, measure, hasIntervals, colors)),
  };
}

function curveSeries(
  { look, strategy }: Curve,
  measure: Measure,
  hasIntervals: boolean,
  colors: ChartColors,
) {
  const color = look.color ?? (look.id === NONE ? colors.dim : colors.text);
  if (strategy === null) {
    return [
      silentLine(
        NONE,
        [
          [0, 0],
          [1, 0],
        ],
        { color, type: "dashed", width: 1.5 },
      ),
    ];
  }
  const known = strategy.points.flatMap((point) => {
    const value = numberOf(point[measure]);
    return value === null ? [] : [{ x: point.threshold, value, bounds: boundsOf(point[`${measure}_ci`]) }];
  });
  const line = {
    id: look.id,
    name: look.label,
    type: "line",
    data: known.map(({ x, value, bounds }) => ({
      value: [x, value],
      lines: [
        look.label,
        `Threshold probability ${formatNumber(x, 2)}`,
        `${NAMES[measure]} ${formatNumber(value)}`,
        ...(bounds === null ? [] : [`CI ${formatInterval(bounds)}`]),
      ],
    })),
    symbol: "circle",
    symbolSize: 5,
    showAllSymbol: true,
    itemStyle: { color, opacity: 0.9 },
    lineStyle: { color, width: 2, type: look.line },
    z: 3,
  };
  if (!hasIntervals) return [line];
  const edge = (side: "low" | "high") =>
    silentLine(
      `${look.id}-${side}`,
      known.flatMap(({ x, bounds }) => (bounds === null ? [] : [[x, bounds[side]]])),
      { color, type: "dotted", opacity: 0.8 },
    );
  return [line, edge("low"), edge("high")];
}

/** Where the axis ends: at a tenth, that the last tick stands as far from the others as these. */
function lastTenth(last: number): number {
  if (last === 0) return 1;
  return Math.min(1, Math.ceil(Number((last * 10).toFixed(6))) / 10);
}
