import type { AnalysisItem } from "../../api/analysis-results";
import { formatInterval, formatNumber, formatP } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, lineAt, type Shown } from "./chart";
import { boundsOf, numberOf, type SurvivalItem, survivalItem } from "./item-schemas";
import { baseOption, categoryAxis, points, silentLine, tickText, valueAxis } from "./option-parts";

type Group = SurvivalItem["groups"][number];

const INTERVALS = "intervals";
const ROW = 20;
const LEFT = 190;

/** Survival of groups over time, censorings marked, with the numbers at risk below. */
export function kaplanMeierChart(item: AnalysisItem, unit = ""): Chart | null {
  const parsed = survivalItem.safeParse(item.result);
  if (!parsed.success || parsed.data.groups.every((group) => group.curve.points.length === 0)) return null;
  const result = parsed.data;
  const time = unit === "" ? "Time" : `Time (${unit})`;
  const of = (shown: Shown) => result.groups.filter((group) => shown.has(`group/${group.label}`));
  return {
    key: item.key,
    caption: item.title,
    switches: [
      ...result.groups.map((group, index) => ({
        id: `group/${group.label}`,
        label: group.label,
        color: colorAt(index),
        line: lineAt(index),
        value: `${group.curve.n_events} of ${group.curve.n}`,
      })),
      {
        id: INTERVALS,
        label: "Confidence intervals",
        color: null,
        line: "dotted",
        isOff: result.groups.length > 1,
      },
    ],
    valueLabel: "Events",
    hint: `Crosses are censored cases. ${testText(result)}`.trim(),
    maxWidth: 820,
    hasSide: true,
    height: (width, shown) =>
      Math.round(Math.min(380, Math.max(260, width * 0.5))) + 96 + ROW * of(shown).length,
    alt: (shown) =>
      `${item.title}, Kaplan-Meier. ${of(shown)
        .map((group) => groupText(group, unit))
        .join("; ")}. ${testText(result)}`.trim(),
    grid: (shown) => ({
      header: ["Group", time, "At risk", "Events", "Censored", "Survival", "Low", "High"],
      rows: of(shown).flatMap(({ label, curve }) =>
        curve.points.map((point) => {
          const bounds = boundsOf(point.ci);
          return [
            label,
            point.time,
            point.at_risk,
            point.events,
            point.censored,
            point.survival,
            bounds?.low ?? null,
            bounds?.high ?? null,
          ];
        }),
      ),
    }),
    option: (shown, colors) =>
      survivalOption({ result, time, unit }, of(shown), shown.has(INTERVALS), colors),
  };
}

function testText({ test }: SurvivalItem): string {
  const p = numberOf(test?.p);
  if (p === null) return "";
  return `Log-rank P ${formatP(p).startsWith("<") ? formatP(p) : `= ${formatP(p)}`}.`;
}

function groupText({ label, curve }: Group, unit: string): string {
  const median = numberOf(curve.median.estimate);
  return `${label}: ${curve.n_events} events in ${curve.n}, median ${median === null ? "not reached" : `${tickText(median)} ${unit}`.trimEnd()}`;
}

/** How many were observed up to the time at least: of the first time that is not before it. */
export function atRisk(group: Group, time: number): number {
  if (time === 0) return group.curve.n;
  return group.curve.points.find((point) => point.time >= time)?.at_risk ?? 0;
}

/** Round times from 0 to the last, six at most. */
export function riskTimes(last: number): number[] {
  if (!(last > 0)) return [0];
  const rough = last / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const count = Math.floor(last / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

function survivalOption(
  { result, time, unit }: { result: SurvivalItem; time: string; unit: string },
  groups: readonly Group[],
  hasIntervals: boolean,
  colors: ChartColors,
): ChartOption {
  const last = Math.max(...result.groups.flatMap((group) => group.curve.points.map((point) => point.time)));
  const times = riskTimes(last);
  const step = times[1] ?? last;
  const max = Math.ceil(last / step - 1e-9) * step;
  const below = 30 + ROW * groups.length;
  const common = { left: LEFT, right: 26 };
  return {
    ...baseOption(colors),
    grid: [
      { ...common, top: 14, bottom: below + 62 },
      { ...common, bottom: 8, height: ROW * groups.length },
    ],
    xAxis: [
      valueAxis(colors, { name: time, nameGap: 28, min: 0, max, interval: step }),
      { type: "value", gridIndex: 1, min: 0, max, show: false },
    ],
    yAxis: [
      valueAxis(colors, {
        name: "Survival",
        nameGap: 40,
        min: 0,
        max: 1,
        interval: 0.2,
        format: (value) => value.toFixed(1),
      }),
      categoryAxis(colors, {
        data: groups.map((group) => group.label),
        gridIndex: 1,
        inverse: true,
        width: LEFT - 40,
        margin: 24,
      }),
    ],
    series: [
      ...groups.flatMap((group) =>
        groupSeries(group, { index: result.groups.indexOf(group), unit, hasIntervals }),
      ),
      riskNumbers(groups, times, colors),
    ],
    graphic: [
      {
        type: "text",
        left: 6,
        bottom: ROW * groups.length + 14,
        silent: true,
        style: { text: "At risk", fill: colors.dim, fontSize: 12 },
      },
    ],
  };
}

function riskNumbers(groups: readonly Group[], times: readonly number[], colors: ChartColors) {
  return {
    id: "at-risk",
    type: "scatter",
    silent: true,
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbolSize: 0.01,
    clip: false,
    data: groups.flatMap((group, row) =>
      times.map((time) => ({ value: [time, row], count: String(atRisk(group, time)) })),
    ),
    label: {
      show: true,
      position: "inside",
      color: colors.text,
      fontSize: 12,
      formatter: ({ data }: { data: { count: string } }) => data.count,
    },
  };
}

function groupSeries(
  group: Group,
  { index, unit, hasIntervals }: { index: number; unit: string; hasIntervals: boolean },
) {
  const color = colorAt(index);
  const steps = group.curve.points;
  const lines = (point: (typeof steps)[number]) => {
    const bounds = boundsOf(point.ci);
    return [
      group.label,
      `Time ${tickText(point.time)} ${unit}`.trimEnd(),
      `Survival ${formatNumber(point.survival)}${bounds === null ? "" : ` (${formatInterval(bounds)})`}`,
      `At risk ${point.at_risk}, events ${point.events}, censored ${point.censored}`,
    ];
  };
  const curve = {
    id: `group/${group.label}`,
    name: group.label,
    type: "line",
    step: "end",
    data: [
      { value: [0, 1] },
      ...steps.map((point) => ({ value: [point.time, point.survival], lines: lines(point) })),
    ],
    symbol: "circle",
    symbolSize: 3,
    showAllSymbol: true,
    itemStyle: { color },
    lineStyle: { color, width: 2, type: lineAt(index) },
    z: 3,
  };
  const censored = points(
    `censored/${group.label}`,
    group.label,
    steps
      .filter((point) => point.censored > 0)
      .map((point) => ({ value: [point.time, point.survival], lines: [] })),
    {
      color,
      border: color,
      size: 9,
      symbol: "path://M4,0 L5,0 L5,4 L9,4 L9,5 L5,5 L5,9 L4,9 L4,5 L0,5 L0,4 L4,4 Z",
    },
    { silent: true, z: 5 },
  );
  if (!hasIntervals) return [curve, censored];
  const edge = (side: "low" | "high") =>
    silentLine(
      `${group.label}-${side}`,
      steps.flatMap((point) => {
        const bounds = boundsOf(point.ci);
        return bounds === null ? [] : [[point.time, bounds[side]]];
      }),
      { color, type: "dotted", opacity: 0.9 },
      { step: "end" },
    );
  return [curve, censored, edge("low"), edge("high")];
}
