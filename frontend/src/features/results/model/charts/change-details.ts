import type { AnalysisItem } from "../../api/analysis-results";
import { armInText } from "../format";
import type { ChartColors } from "../roc-option";
import { type Cell, type Chart, type ChartOption, colorAt, type Shown, type Switch } from "./chart";
import { LABELS, panel, ROW, type Row, ratioOption, rowCells, rowText } from "./forest-rows";
import {
  type Advice,
  boundsOf,
  type ChangeItem,
  changeItem,
  numberOf,
  type ProportionItem,
  type TimeChange,
} from "./item-schemas";
import { baseOption, categoryAxis, valueAxis } from "./option-parts";

const ALL = "All readers";

/** Readers in their order and all of them together, each with a switch. */
function readerSwitches(item: ChangeItem): Switch[] {
  const own = item.readers.map(({ reader }, index) => ({
    id: `reader/${reader}`,
    label: reader,
    color: colorAt(index),
    line: "solid" as const,
    facets: { Readers: "Each reader" },
  }));
  return [...own, { id: ALL, label: ALL, color: null, line: "solid" }];
}

/** The time after over the time before, of every reader and of all by the mixed model. */
export function timeChangeChart(item: AnalysisItem): Chart | null {
  const parsed = changeItem.safeParse(item.result);
  if (!parsed.success) return null;
  const change = parsed.data;
  const rows = (shown: Shown): Row[] => [
    ...change.readers
      .map(({ reader, time }, index) => ({ id: `reader/${reader}`, row: timeRow(reader, time, index) }))
      .filter(({ id }) => shown.has(id))
      .map(({ row }) => row),
    ...(shown.has(ALL) ? [{ ...timeRow(ALL, change.pooled.time, -1), color: null, isMean: true }] : []),
  ];
  const name = `Time ${armInText(change.after)} / ${armInText(change.before)}`;
  return {
    key: `${item.key}-time`,
    caption: item.title,
    switches: readerSwitches(change),
    hint: "Ratios of geometric means on a logarithmic axis; below 1 the later arm took less time.",
    maxWidth: 760,
    hasSide: true,
    height: (_, shown) => 84 + ROW * rows(shown).length,
    alt: (shown) => `${name}. ${rows(shown).map(rowText).join("; ")}.`,
    grid: (shown) => ({ header: ["Reader", name, "Low", "High", "P"], rows: rows(shown).map(rowCells) }),
    option: (shown, colors) => ratioOption(name, rows(shown), colors),
  };
}

function timeRow(reader: string, { ratio, n }: TimeChange, index: number): Row {
  const known = "estimate" in ratio ? ratio : null;
  return {
    label: `${reader} (${n} pairs)`,
    value: numberOf(known?.estimate),
    bounds: boundsOf(known?.ci),
    p: numberOf(known?.p),
    color: colorAt(index),
    marker: "circle",
    isMean: false,
  };
}

interface Share {
  reader: string;
  model: string;
  /** Whether the model was right where the reader disagreed with it. */
  isRight: boolean;
  share: ProportionItem;
  color: string | null;
}

const RIGHT = "right";
const WRONG = "wrong";

/** How often readers who disagreed with the model followed it, where it is right and where it is wrong. */
export function adviceChart(item: AnalysisItem): Chart | null {
  const parsed = changeItem.safeParse(item.result);
  if (!parsed.success || parsed.data.pooled.advice === null) return null;
  const change = parsed.data;
  const { model } = parsed.data.pooled.advice;
  const of = (shown: Shown) => sharesOf(change, shown);
  return {
    key: `${item.key}-advice`,
    caption: item.title,
    switches: [
      ...readerSwitches(change),
      { id: RIGHT, label: `${model} is right`, color: null, line: "solid" },
      { id: WRONG, label: `${model} is wrong`, color: null, line: "solid" },
    ],
    hint: "Of the reads that disagreed with the model at first, those that agreed after it was shown, with Wilson intervals.",
    maxWidth: 760,
    hasSide: true,
    height: (_, shown) => 84 + ROW * of(shown).length,
    alt: (shown) => `Followed the model. ${of(shown).map(shareRow).map(rowText).join("; ")}.`,
    grid: (shown) => ({
      header: ["Reader", "Model", "Followed", "Disagreed at first", "Share", "Low", "High"],
      rows: of(shown).map(shareCells),
    }),
    option: (shown, colors) => adviceOption(of(shown), colors),
  };
}

function sharesOf(change: ChangeItem, shown: Shown): Share[] {
  const own = (reader: string, advice: Advice | null, color: string | null): Share[] =>
    advice === null
      ? []
      : [
          { reader, model: advice.model, isRight: true, share: advice.followed_right, color },
          { reader, model: advice.model, isRight: false, share: advice.followed_wrong, color },
        ];
  const readers = change.readers.flatMap(({ reader, advice }, index) =>
    shown.has(`reader/${reader}`) ? own(reader, advice, colorAt(index)) : [],
  );
  const all = shown.has(ALL) ? own(ALL, change.pooled.advice, null) : [];
  return [...readers, ...all].filter(({ isRight }) => shown.has(isRight ? RIGHT : WRONG));
}

function shareRow({ reader, isRight, share, color }: Share): Row {
  return {
    label: `${reader}, model ${isRight ? "right" : "wrong"}: ${share.successes} of ${share.n}`,
    value: numberOf(share.estimate),
    bounds: boundsOf(share.wilson),
    p: null,
    color,
    marker: isRight ? "circle" : "rect",
    isMean: false,
  };
}

function shareCells({ reader, model, isRight, share }: Share): Cell[] {
  const bounds = boundsOf(share.wilson);
  return [
    reader,
    `${model} ${isRight ? "right" : "wrong"}`,
    share.successes,
    share.n,
    numberOf(share.estimate),
    bounds?.low ?? null,
    bounds?.high ?? null,
  ];
}

function adviceOption(shares: readonly Share[], colors: ChartColors): ChartOption {
  const rows = shares.map(shareRow);
  return {
    ...baseOption(colors),
    grid: { left: LABELS + 50, right: 24, top: 10, height: ROW * rows.length },
    xAxis: valueAxis(colors, { name: "Followed, of those who disagreed", min: 0, max: 1, interval: 0.25 }),
    yAxis: categoryAxis(colors, { data: rows.map((row) => row.label), inverse: true, width: LABELS + 34 }),
    series: panel("Followed", rows, 0, colors),
  };
}
