import type { AnalysisItem, AnalysisResults } from "../../api/analysis-results";
import type { ReportFigure } from "../../api/report-content";
import { blandAltmanChart } from "./bland-altman";
import { componentsChart, impactChart } from "./by-threshold";
import { calibrationChart } from "./calibration";
import { slopeChart } from "./change";
import { adviceChart, timeChangeChart } from "./change-details";
import type { Chart } from "./chart";
import { confusionHeatmap } from "./confusion";
import { decisionChart } from "./decision";
import { flowChart } from "./flow";
import { coxForest, mrmcForest } from "./forest";
import { frocChart } from "./froc";
import { intraReaderChart } from "./intra-reader";
import { kappaHeatmap } from "./kappa-heatmap";
import { periodsChart } from "./periods";
import { readingTimeChart } from "./reading-time";
import { reclassificationChart } from "./reclassification";
import { rocByReaderChart, rocChart, timeRocChart } from "./roc";
import { averageRocChart } from "./roc-average";
import { rocBandChart } from "./roc-band";
import { rocCutoffsChart } from "./roc-cutoffs";
import { rocGroupsChart } from "./roc-groups";
import { kaplanMeierChart } from "./survival";

/** What holds for all results: units of follow-up and of measurements, and what columns are called. */
type Common = Pick<AnalysisResults, "time_unit" | "units" | "labels">;

/** From an item, and where it needs them from the others of its section and from what holds for all of them. */
type Draw = (item: AnalysisItem, beside: readonly AnalysisItem[], common: Common) => Chart | null;

interface Rule {
  section: string;
  /** Of the item's key, before the first slash; empty for every item of the section. */
  prefix: string;
  draw: Draw;
  /** Another rule draws the same and more. */
  isPart?: boolean;
  /** Kinds of printed figure in whose place the chart stands. */
  kinds?: readonly string[];
}

/** The unit of the measurement that the item's key names; names in keys are quoted as in an address. */
function unitOf({ key }: AnalysisItem, { units }: Common): string {
  const part = (key.split("/")[1] ?? "").replace(/^measurement:/, "");
  const name = part.replaceAll("%2F", "/").replaceAll("%25", "%");
  return Object.hasOwn(units, name) ? (units[name] ?? "") : "";
}

function drawAgain(item: AnalysisItem, _: readonly AnalysisItem[], units: Common): Chart | null {
  return intraReaderChart(item, unitOf(item, units));
}

/** Which items are drawn in the page; what is not here, or has not the shape that is drawn, shows its printed figure. */
const RULES: readonly Rule[] = [
  { section: "flow", prefix: "flow", draw: flowChart },
  { section: "agreement", prefix: "grid_unweighted", draw: kappaHeatmap },
  { section: "agreement", prefix: "grid_linear", draw: kappaHeatmap },
  { section: "agreement", prefix: "grid_quadratic", draw: kappaHeatmap },
  {
    section: "agreement",
    prefix: "bland_altman",
    draw: (item, _, units) => blandAltmanChart(item, unitOf(item, units)),
  },
  { section: "agreement", prefix: "reference", draw: confusionHeatmap },
  { section: "intra_reader", prefix: "within", draw: drawAgain },
  { section: "intra_reader", prefix: "between", draw: drawAgain },
  { section: "operating_points", prefix: "confusion", draw: confusionHeatmap },
  { section: "roc", prefix: "curve", draw: rocCutoffsChart, kinds: ["cut-offs"], isPart: true },
  { section: "roc", prefix: "average", draw: averageRocChart },
  { section: "roc", prefix: "band", draw: rocBandChart },
  {
    section: "roc",
    prefix: "groups",
    draw: (item, _, { labels }) => rocGroupsChart(item, "curve", labels),
    kinds: ["by-curve"],
  },
  {
    section: "roc",
    prefix: "groups",
    draw: (item, _, { labels }) => rocGroupsChart(item, "group", labels),
    kinds: ["by-group"],
    isPart: true,
  },
  ...[
    { section: "mrmc", prefix: "or_jackknife" },
    { section: "free_response", prefix: "or_jackknife" },
    { section: "per_protocol", prefix: "or_jackknife" },
    { section: "per_protocol", prefix: "free_response_or_jackknife" },
  ].flatMap(({ section, prefix }): Rule[] => [
    { section, prefix, draw: (item) => mrmcForest(item) },
    {
      section,
      prefix,
      draw: (item) => mrmcForest(item, "differences"),
      kinds: ["differences"],
      isPart: true,
    },
    { section, prefix, draw: (item) => mrmcForest(item, "readers"), kinds: ["readers"], isPart: true },
  ]),
  { section: "change_of_mind", prefix: "", draw: slopeChart, kinds: ["", "slopes"] },
  { section: "change_of_mind", prefix: "", draw: reclassificationChart, kinds: ["reclassification"] },
  { section: "change_of_mind", prefix: "", draw: adviceChart, kinds: ["advice"] },
  { section: "change_of_mind", prefix: "", draw: timeChangeChart, kinds: ["time"] },
  { section: "reading_time", prefix: "times", draw: readingTimeChart, kinds: ["", "order"] },
  { section: "periods", prefix: "", draw: periodsChart, kinds: ["", "by-period"] },
  { section: "models", prefix: "calibration", draw: calibrationChart },
  { section: "models", prefix: "fitted_calibration", draw: calibrationChart },
  { section: "models", prefix: "decision_curve", draw: (item) => decisionChart(item, "net_benefit") },
  {
    section: "models",
    prefix: "decision_curve",
    draw: (item) => decisionChart(item, "standardized"),
    kinds: ["standardized"],
  },
  { section: "models", prefix: "impact", draw: impactChart },
  { section: "models", prefix: "components", draw: componentsChart },
  ...["kaplan_meier", "logrank", "findings"].map((prefix) => ({
    section: "survival",
    prefix,
    draw: (item: AnalysisItem, _: unknown, { time_unit }: Common) => kaplanMeierChart(item, time_unit),
  })),
  { section: "survival", prefix: "cox", draw: (item, _, { labels }) => coxForest(item, labels) },
  {
    section: "survival",
    prefix: "time_roc",
    draw: (item, _, { time_unit }) => timeRocChart(item, time_unit),
  },
  {
    section: "survival",
    prefix: "decision_curve",
    draw: (item, _, { time_unit }) => decisionChart(item, "net_benefit", time_unit),
  },
];

interface SharedRule {
  section: string;
  kind: string;
  draw: (items: readonly AnalysisItem[]) => Chart | null;
  /** Another rule draws the same. */
  isPart?: boolean;
}

/** Charts of all curves of a section. */
const SHARED: readonly SharedRule[] = [
  { section: "roc", kind: "", draw: rocChart },
  { section: "roc", kind: "readers", draw: rocByReaderChart, isPart: true },
  ...(["froc", "afroc", "lroc"] as const).map((kind) => ({
    section: "free_response",
    kind,
    draw: (items: readonly AnalysisItem[]) => frocChart(items, kind),
  })),
];

function isOf(rule: Rule, item: AnalysisItem): boolean {
  return rule.prefix === "" || item.key.split("/")[0] === rule.prefix;
}

function itemsOf(results: AnalysisResults, section: string): AnalysisItem[] {
  return results.sections.find((one) => one.key === section)?.items ?? [];
}

/** Keys of sections and items are apart in the file names of two charts of one page. */
function named(section: string, chart: Chart | null): Chart | null {
  if (chart === null) return null;
  // As the tables print it.
  return { ...chart, key: `${section}-${chart.key}`, caption: chart.caption.replaceAll(">=", "≥") };
}

/** The chart in the place of a printed figure; null where the page has none for it. */
export function chartOfFigure(results: AnalysisResults, figure: ReportFigure): Chart | null {
  const own = itemsOf(results, figure.section);
  const shared = SHARED.find((one) => isShared(one, figure));
  if (shared !== undefined) return named(figure.section, shared.draw(own));
  const item = own.find((one) => one.key === figure.item);
  if (item === undefined) return null;
  const rule = RULES.find(
    (one) => one.section === figure.section && isOf(one, item) && (one.kinds ?? [""]).includes(figure.kind),
  );
  return rule === undefined ? null : named(figure.section, rule.draw(item, own, results));
}

function isShared(rule: SharedRule, { section, item, kind }: ReportFigure): boolean {
  return rule.section === section && item === "curve" && rule.kind === kind;
}

/** Charts of a section's items for which the report has no printed figure. */
export function furtherCharts(
  results: AnalysisResults,
  section: string,
  figures: readonly ReportFigure[],
): Chart[] {
  const printed = new Set(figures.map((figure) => `${figure.section}/${figure.item}`));
  const own = itemsOf(results, section);
  const charts = own.flatMap((item) => {
    if (printed.has(`${section}/${item.key}`)) return [];
    const rules = RULES.filter((one) => one.section === section && isOf(one, item) && !one.isPart);
    return rules.map((rule) => named(section, rule.draw(item, own, results)));
  });
  const shared = SHARED.filter(
    (rule) => rule.section === section && !rule.isPart && !figures.some((figure) => isShared(rule, figure)),
  );
  charts.unshift(...shared.map((rule) => named(section, rule.draw(own))));
  return charts.filter((chart) => chart !== null);
}
