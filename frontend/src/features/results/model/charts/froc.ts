import type { AnalysisItem } from "../../api/analysis-results";
import { armInText, armLabel, formatNumber, formatThreshold } from "../format";
import type { ChartColors } from "../roc-option";
import { armLineAt, type Chart, type ChartOption, colorAt, type Shown, type Switch } from "./chart";
import { type FrocItem, frocItem } from "./item-schemas";
import { baseOption, silentLine, valueAxis } from "./option-parts";

export type FrocKind = "froc" | "afroc" | "lroc";
type Point = FrocItem["points"][number];

interface Kind {
  caption: string;
  x: { name: string; of: (point: Point) => number | null; told: (point: Point, item: FrocItem) => string };
  y: { name: string; of: (point: Point) => number; told: (point: Point, item: FrocItem) => string };
  /** Of the area in the legend: its name among the figures of merit. */
  figure: string;
  /** The height at 1 to which the area is closed from that of the last point; null where it ends with the marks. */
  end: ((last: number) => number) | null;
  hint: string;
}

const FALSE_CASES: Kind["x"] = {
  name: "Negative cases with a false mark",
  of: (point) => point.false_cases,
  told: ({ false_cases: share }, { n_negative: n }) =>
    share === null
      ? ""
      : `Negative cases with a false mark ${formatNumber(share)} (${Math.round(share * n)} of ${n})`,
};

const KINDS: Readonly<Record<FrocKind, Kind>> = {
  froc: {
    caption: "FROC curves",
    x: {
      name: "False marks per case",
      of: (point) => point.false_marks,
      told: ({ false_marks: rate }, item) => {
        const n = item.n_positive + item.n_negative;
        return `False marks per case ${formatNumber(rate)} (${Math.round(rate * n)} in ${n} cases)`;
      },
    },
    y: {
      name: "Lesions marked",
      of: (point) => point.lesions,
      told: ({ lesions }, { n_lesions: n }) =>
        `Lesions marked ${formatNumber(lesions)} (${Math.round(lesions * n)} of ${n})`,
    },
    figure: "FROC",
    end: null,
    hint: "The area ends with the marks and grows with their number: it compares no readers.",
  },
  afroc: {
    caption: "Weighted AFROC curves",
    x: FALSE_CASES,
    y: {
      name: "Lesions marked, weighted",
      of: (point) => point.weighted_lesions,
      told: ({ weighted_lesions: share }, { n_lesions: n }) =>
        `Lesions marked, weighted, ${formatNumber(share)} of ${n}`,
    },
    figure: "wAFROC",
    end: () => 1,
    hint: "The dotted ends lead to (1, 1).",
  },
  lroc: {
    caption: "LROC curves",
    x: FALSE_CASES,
    y: {
      name: "Positive cases localized",
      of: (point) => point.localized,
      told: ({ localized }, { n_positive: n }) =>
        `Positive cases localized ${formatNumber(localized)} of ${n}`,
    },
    figure: "LROC",
    end: (last) => last,
    hint: "The dotted ends are level: a case without a mark localizes nothing.",
  },
};

interface Line {
  look: Switch;
  item: FrocItem;
}

/** Curves of marks on lesions, of every reader and arm; null where none has both axes. */
export function frocChart(items: readonly AnalysisItem[], kind: FrocKind): Chart | null {
  const found: FrocItem[] = [];
  for (const item of items.filter((one) => one.key.startsWith("curve/"))) {
    const parsed = frocItem.safeParse(item.result);
    if (!parsed.success) return null;
    found.push(parsed.data);
  }
  const own = KINDS[kind];
  const drawn = found.filter(
    ({ n_lesions: lesions, points }) => lesions > 0 && points.every((point) => own.x.of(point) !== null),
  );
  if (drawn.length === 0) return null;
  const readers = [...new Set(found.map(({ reader }) => reader))];
  const arms = [...new Set(found.map(({ modality }) => modality))];
  const lines = drawn.map((item) => ({ item, look: lookOf(item, own.figure, readers, arms) }));
  const of = (shown: Shown) => lines.filter(({ look }) => shown.has(look.id));
  return {
    key: kind,
    caption: own.caption,
    switches: lines.map(({ look }) => look),
    valueLabel: `${own.figure}, area`,
    hint: `Each marker is a threshold. ${own.hint}`,
    maxWidth: 540,
    hasSide: true,
    height: (width) => Math.round(width * 0.92),
    alt: (shown) =>
      `${own.caption}: ${own.y.name.toLowerCase()} over ${own.x.name.toLowerCase()}. ${of(shown)
        .map(({ look }) => `${look.label}: ${own.figure} ${look.value}`)
        .join("; ")}.`,
    grid: (shown) => ({
      header: ["Curve", "Threshold", own.x.name, own.y.name],
      rows: of(shown).flatMap(({ look, item }) =>
        item.points.map((point) => [look.label, point.threshold, own.x.of(point), own.y.of(point)]),
      ),
    }),
    option: (shown, colors) => frocOption(of(shown), own, colors),
  };
}

function lookOf(item: FrocItem, figure: string, readers: string[], arms: string[]): Switch {
  const { reader, modality } = item;
  const area = item.figures[figure];
  return {
    id: `${reader}/${modality}`,
    label: `${reader}, ${armInText(modality)}`,
    color: colorAt(readers.indexOf(reader)),
    line: arms.length > 1 ? armLineAt(arms.indexOf(modality)) : "solid",
    value: area === undefined ? "not estimable" : formatNumber(area),
    facets: { Readers: reader, Arms: armLabel(modality) },
  };
}

function frocOption(lines: readonly Line[], kind: Kind, colors: ChartColors): ChartOption {
  const share = { min: 0, max: 1, interval: 0.2, format: (value: number) => value.toFixed(1) };
  const isOpen = kind.end === null;
  return {
    ...baseOption(colors),
    grid: { left: 58, right: 18, top: 14, bottom: 52 },
    xAxis: valueAxis(colors, { ...(isOpen ? { min: 0 } : share), name: kind.x.name, nameGap: 30 }),
    yAxis: valueAxis(colors, { ...share, name: kind.y.name, nameGap: 38 }),
    series: lines.flatMap((line) => lineSeries(line, kind, colors)),
  };
}

function lineSeries({ look, item }: Line, kind: Kind, colors: ChartColors) {
  const color = look.color ?? colors.text;
  const size = item.points.length > 40 ? 3 : 6;
  const curve = {
    id: look.id,
    name: look.label,
    type: "line",
    data: item.points.map((point) => ({
      value: [kind.x.of(point), kind.y.of(point)],
      lines: [
        look.label,
        point.threshold === null ? "No mark counts" : `Threshold ${formatThreshold(point.threshold)}`,
        kind.y.told(point, item),
        kind.x.told(point, item),
        `n = ${item.n_positive + item.n_negative}`,
      ],
    })),
    symbol: "circle",
    symbolSize: size,
    showSymbol: true,
    showAllSymbol: true,
    clip: false,
    itemStyle: { color, borderColor: colors.panel, borderWidth: size > 3 ? 1 : 0 },
    lineStyle: { color, width: 2, type: look.line },
    emphasis: { scale: 1.4, lineStyle: { width: 2.5 } },
    z: 3,
  };
  const last = item.points.at(-1);
  if (kind.end === null || last === undefined) return [curve];
  const [x, y] = [kind.x.of(last) ?? 1, kind.y.of(last)];
  const end = [
    [x, y],
    [1, kind.end(y)],
  ];
  return [curve, silentLine(`${look.id}-end`, end, { color, width: 1.5, type: "dotted" })];
}
