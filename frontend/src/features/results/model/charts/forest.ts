import type { AnalysisItem } from "../../api/analysis-results";
import { armInText, armLabel, formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, MARKERS, markerAt, type Shown } from "./chart";
import { LABELS, nullLine, panel, ROW, type Row, ratioOption, rowCells, rowText } from "./forest-rows";
import { boundsOf, type CoxItem, coxItem, numberOf, type OrItem, orItem } from "./item-schemas";
import { baseOption, categoryAxis, valueAxis } from "./option-parts";

/** Axis, its name, and the room to the next panel. */
const BELOW = 72;

export type ForestPart = "both" | "readers" | "differences";

/** The readers' figures of merit, their mean in each arm, and the differences of the arms. */
export function mrmcForest(item: AnalysisItem, part: ForestPart = "both"): Chart | null {
  const parsed = orItem.safeParse(item.result);
  if (!parsed.success || parsed.data.reader_figures.length === 0) return null;
  const result = parsed.data;
  const parts = (shown: Shown) => ({
    figures: part === "differences" ? [] : figureRows(result, shown),
    differences: part === "readers" ? [] : differenceRows(result, shown),
  });
  const height = (shown: Shown) => {
    const { figures, differences } = parts(shown);
    const panels = [figures, differences].filter((rows) => rows.length > 0);
    return panels.reduce((sum, rows) => sum + ROW * rows.length + BELOW, 10);
  };
  const all = ({ figures, differences }: ReturnType<typeof parts>) => [...figures, ...differences];
  return {
    key: item.key,
    caption: item.title,
    switches: [
      ...result.readers.map((reader, index) => ({
        id: `reader/${reader}`,
        label: reader,
        color: colorAt(index),
        line: "solid" as const,
        facets: { Readers: "All readers" },
      })),
      ...result.modalities.map((arm) => ({
        id: `arm/${arm}`,
        label: armLabel(arm),
        color: null,
        line: "solid" as const,
        facets: { Arms: "All arms" },
      })),
    ],
    hint: "Diamonds are means over the readers, for random readers and random cases.",
    maxWidth: 760,
    hasSide: true,
    height: (_, shown) => height(shown),
    alt: (shown) => `${item.title}. ${all(parts(shown)).map(rowText).join("; ")}.`,
    grid: (shown) => ({
      header: ["Row", result.figure, "Low", "High", "P"],
      rows: all(parts(shown)).map(rowCells),
    }),
    option: (shown, colors) => mrmcOption(result.figure, parts(shown), colors),
  };
}

function figureRows(result: OrItem, shown: Shown): Row[] {
  return result.modalities
    .filter((arm) => shown.has(`arm/${arm}`))
    .flatMap((arm) => {
      const marker = markerAt(result.modalities.indexOf(arm));
      const own = result.reader_figures
        .filter((one) => one.modality === arm && shown.has(`reader/${one.reader}`))
        .map<Row>((one) => ({
          label: `${one.reader}, ${armInText(arm)}`,
          value: one.estimate,
          bounds: boundsOf(one.ci),
          p: null,
          color: colorAt(result.readers.indexOf(one.reader)),
          marker,
          isMean: false,
        }));
      const means = result.random_readers_random_cases.means
        .filter((one) => one.modality === arm)
        .map<Row>((one) => ({
          label: `Mean, ${armInText(arm)}`,
          value: numberOf(one.mean),
          bounds: boundsOf(one.ci),
          p: null,
          color: null,
          marker,
          isMean: true,
        }));
      return [...own, ...means];
    });
}

function differenceRows(result: OrItem, shown: Shown): Row[] {
  const isShown = (one: { modality_a: string; modality_b: string }) =>
    shown.has(`arm/${one.modality_a}`) && shown.has(`arm/${one.modality_b}`);
  const name = (one: { modality_a: string; modality_b: string }) =>
    `${armInText(one.modality_a)} − ${armInText(one.modality_b)}`;
  const own = result.reader_differences
    .filter((one) => isShown(one) && shown.has(`reader/${one.reader}`))
    .map<Row>((one) => ({
      label: `${one.reader}, ${name(one)}`,
      value: one.difference,
      bounds: boundsOf(one.ci),
      p: numberOf(one.p),
      color: colorAt(result.readers.indexOf(one.reader)),
      marker: MARKERS[0] ?? "circle",
      isMean: false,
    }));
  const means = result.random_readers_random_cases.differences.filter(isShown).map<Row>((one) => ({
    label: `Mean, ${name(one)}`,
    value: numberOf(one.difference),
    bounds: boundsOf(one.ci),
    p: numberOf(one.p),
    color: null,
    marker: "diamond",
    isMean: true,
  }));
  return [...own, ...means];
}

function extent(rows: readonly Row[]): { min: number; max: number; interval: number } {
  const values = rows.flatMap((row) => [row.value, row.bounds?.low, row.bounds?.high]);
  const known = values.filter((value) => typeof value === "number");
  const min = Math.min(...known);
  const max = Math.max(...known);
  const room = Math.max((max - min) * 0.06, 0.005);
  // Ends that are multiples of the step between ticks: no two ticks are closer than the others.
  const step = max - min > 0.4 ? 0.1 : 0.05;
  return {
    min: Number((Math.floor((min - room) / step) * step).toFixed(2)),
    max: Number((Math.ceil((max + room) / step) * step).toFixed(2)),
    interval: step,
  };
}

interface Panel {
  name: string;
  rows: Row[];
  hasNull: boolean;
}

function mrmcOption(
  figure: string,
  { figures, differences }: { figures: Row[]; differences: Row[] },
  colors: ChartColors,
): ChartOption {
  const all: Panel[] = [
    { name: figure, rows: figures, hasNull: false },
    { name: `Difference in ${figure}`, rows: differences, hasNull: true },
  ];
  const panels = all.filter(({ rows }) => rows.length > 0);
  let top = 10;
  const grids = panels.map(({ rows }) => {
    const place = { left: LABELS, right: 24, top, height: ROW * rows.length };
    top += place.height + BELOW;
    return place;
  });
  return {
    ...baseOption(colors),
    grid: grids,
    xAxis: panels.map(({ name, rows, hasNull }, gridIndex) => {
      const { min, max, interval } = extent(rows);
      const bounds = hasNull
        ? { min: Math.min(0, min), max: Math.max(0, max) }
        : { min: Math.max(0, min), max: Math.min(1, max) };
      return valueAxis(colors, {
        gridIndex,
        name,
        interval,
        ...bounds,
        format: (value) => formatNumber(value, 2),
      });
    }),
    yAxis: panels.map(({ rows }, index) => rowAxis(colors, rows, index)),
    series: panels.flatMap(({ name, rows, hasNull }, index) => [
      ...(hasNull ? [nullLine(0, rows.length, index, colors)] : []),
      ...panel(name, rows, index, colors),
    ]),
  };
}

function rowAxis(colors: ChartColors, rows: readonly Row[], gridIndex: number) {
  return categoryAxis(colors, {
    data: rows.map((row) => row.label),
    gridIndex,
    inverse: true,
    width: LABELS - 16,
  });
}

/** Hazard ratios with intervals, of the multivariate model and of each covariate alone. */
export function coxForest(item: AnalysisItem, labels: Readonly<Record<string, string>> = {}): Chart | null {
  const parsed = coxItem.safeParse(item.result);
  if (!parsed.success) return null;
  const sets = coxSets(parsed.data, labels);
  if (sets.every((set) => set.rows.length === 0)) return null;
  const rowsOf = (shown: Shown) => sets.filter((set) => shown.has(set.id)).flatMap((set) => set.rows);
  return {
    key: item.key,
    caption: item.title,
    switches: sets
      .filter((set) => set.rows.length > 0)
      .map(({ id, label, color }) => ({ id, label, color, line: "solid" as const })),
    hint: "Hazard ratios on a logarithmic axis; the dashed line is no effect.",
    maxWidth: 760,
    hasSide: true,
    height: (_, shown) => 84 + ROW * rowsOf(shown).length,
    alt: (shown) => `Hazard ratios. ${rowsOf(shown).map(rowText).join("; ")}.`,
    grid: (shown) => ({
      header: ["Covariate", "Hazard ratio", "Low", "High", "P"],
      rows: rowsOf(shown).map(rowCells),
    }),
    option: (shown, colors) => ratioOption("Hazard ratio", rowsOf(shown), colors),
  };
}

function coxSets(
  result: CoxItem,
  labels: Readonly<Record<string, string>>,
): { id: string; label: string; color: string; rows: Row[] }[] {
  const row = (term: CoxTerm, name: string, color: string, marker: string): Row => ({
    label: `${labels[term.covariate] ?? term.covariate}${term.level === null ? "" : `: ${term.level} vs ${term.reference}`}, ${name}`,
    value: numberOf(term.hazard_ratio),
    bounds: boundsOf(term.ci),
    p: numberOf(term.p),
    color,
    marker,
    isMean: false,
  });
  const multivariate = "terms" in result.multivariate ? result.multivariate.terms : [];
  const univariate = result.univariate.flatMap(({ model }) => ("terms" in model ? model.terms : []));
  return [
    {
      id: "multivariate",
      label: "Multivariate model",
      color: colorAt(0),
      rows: multivariate.map((term) => row(term, "multivariate", colorAt(0), "rect")),
    },
    {
      id: "univariate",
      label: "Each covariate alone",
      color: colorAt(1),
      rows: univariate.map((term) => row(term, "alone", colorAt(1), "circle")),
    },
  ];
}

type CoxTerm = Extract<CoxItem["multivariate"], { terms: unknown }>["terms"][number];
