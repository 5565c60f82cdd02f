import type { AnalysisItem } from "../../api/analysis-results";
import type { ChartColors } from "../roc-option";
import type { Chart, ChartOption, Datum } from "./chart";
import { type Box, cohortLine, type FlowLayout, flowLayout, includedText, raterName } from "./flow-layout";
import { type FlowItem, type FlowReason, flowItem } from "./flow-schema";
import { baseOption, silentLine } from "./option-parts";

/** So many names stand in one line of what is told of a box, and so many in all. */
const NAMES_A_LINE = 6;
const NAMES_TOLD = 30;

/** Enrolled, excluded with reasons, read by arm and session, scored by models and in consensus, analyzed: a box each. */
export function flowChart(item: AnalysisItem): Chart | null {
  const parsed = flowItem.safeParse(item.result);
  if (!parsed.success) return null;
  const flow = parsed.data;
  return {
    key: item.key,
    caption: item.title,
    switches: [],
    hint: `Point at a box for its numbers, reasons and cases. ${flow.warnings.join(" ")}`.trim(),
    maxWidth: 860,
    hasSide: false,
    height: (width) => flowLayout(flow, width).height,
    alt: () => altOf(item.title, flow),
    grid: () => ({ header: ["Step", "Arm", "Session", "Reason", "n", "Names"], rows: rowsOf(flow) }),
    option: (_, colors, width) => flowOption(flowLayout(flow, width), width, colors),
  };
}

function altOf(title: string, flow: FlowItem): string {
  const lost = (reasons: readonly FlowReason[]) =>
    reasons.length === 0 ? "none" : reasons.map(({ text, n }) => `${text}: ${n}`).join(", ");
  const groups = flow.groups.map(
    (group) => `${group.arm}, session ${group.session}: ${group.read} reads made, ${group.analyzed} analyzed`,
  );
  const raters = flow.raters.map(
    (rater) =>
      `${raterName(rater)}: ${rater.scored} of ${rater.cases} cases with a score, ${rater.analyzed} analyzed`,
  );
  return [
    `${title}. Cases enrolled: ${flow.cases_enrolled}, excluded: ${lost(flow.cases_excluded)}`,
    ...(flow.readers_enrolled === 0
      ? []
      : [`Readers enrolled: ${flow.readers_enrolled}, excluded: ${lost(flow.readers_excluded)}`]),
    includedText(flow),
    `Positive: ${flow.positive}, negative: ${flow.negative}`,
    ...flow.cohorts.map((cohort) => cohortLine(cohort, flow.groups.length > 0)),
    ...(flow.cases_not_read.length === 0 ? [] : [`Cases without a read: ${lost(flow.cases_not_read)}`]),
    ...groups,
    ...raters,
  ].join(". ");
}

type Row = (string | number | null)[];

function rowsOf(flow: FlowItem): Row[] {
  const row = (step: string, n: number, where: Row = [null, null]): Row => [step, ...where, null, n, null];
  const reasons = (step: string, own: readonly FlowReason[], where: Row = [null, null]): Row[] =>
    own.map(({ text, n, names }) => [step, ...where, text, n, names.length === 0 ? null : names.join("; ")]);
  return [
    row("Cases enrolled", flow.cases_enrolled),
    ...reasons("Cases excluded", flow.cases_excluded),
    row("Cases included", flow.cases_included),
    row("Positive", flow.positive),
    row("Negative", flow.negative),
    row("No reference standard", flow.without_truth),
    ...flow.cohorts.flatMap((cohort) => [
      row(`Cohort ${cohort.label}: cases`, cohort.cases),
      row(`Cohort ${cohort.label}: positive`, cohort.positive),
      row(`Cohort ${cohort.label}: negative`, cohort.negative),
      row(`Cohort ${cohort.label}: no reference standard`, cohort.without_truth),
      ...(flow.groups.length === 0 ? [] : [row(`Cohort ${cohort.label}: cases with a read`, cohort.read)]),
    ]),
    ...(flow.groups.length === 0 ? [] : [row("Cases with a read", flow.cases_read)]),
    ...reasons("Cases without a read", flow.cases_not_read),
    ...(flow.readers_enrolled === 0
      ? []
      : [
          row("Readers enrolled", flow.readers_enrolled),
          ...reasons("Readers excluded", flow.readers_excluded),
          row("Readers included", flow.readers_included),
        ]),
    ...flow.groups.flatMap((group) => {
      const where = [group.arm, group.session];
      return [
        ...(group.planned === null ? [] : [row("Reads planned", group.planned, where)]),
        ...reasons("Reads not made", group.not_read, where),
        row("Reads made", group.read, where),
        ...reasons("Reads not analyzed", group.not_analyzed, where),
        row("Reads analyzed", group.analyzed, where),
      ];
    }),
    ...flow.raters.flatMap((rater) => [
      row(`${raterName(rater)}: cases with a score`, rater.scored),
      ...reasons(`${raterName(rater)}: not analyzed`, rater.not_analyzed),
      row(`${raterName(rater)}: cases analyzed`, rater.analyzed),
    ]),
  ];
}

/** What is told of a box: its own lines in full, and who or what its reasons are about. */
function toldOf(box: Box): string[] {
  return [box.head, ...box.body, ...box.reasons.flatMap((reason) => namesOf(reason))];
}

function namesOf({ text, names }: FlowReason): string[] {
  if (names.length === 0) return [];
  const told = names.slice(0, NAMES_TOLD);
  const lines = Array.from({ length: Math.ceil(told.length / NAMES_A_LINE) }, (_, index) =>
    told.slice(index * NAMES_A_LINE, (index + 1) * NAMES_A_LINE).join(", "),
  );
  const rest = names.length - told.length;
  return [`${text}:`, ...lines, ...(rest > 0 ? [`and ${rest} more, which the CSV names`] : [])];
}

/** Pixels are the units of both axes, so that boxes are as large as their words. */
function flowOption(layout: FlowLayout, width: number, colors: ChartColors): ChartOption {
  const axis = { type: "value", min: 0, show: false };
  return {
    ...baseOption(colors),
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    xAxis: { ...axis, max: width },
    yAxis: { ...axis, max: layout.height, inverse: true },
    series: [
      ...layout.lines.map((line, index) => silentLine(`line-${index}`, line, { color: colors.dim })),
      {
        id: "arrows",
        type: "scatter",
        silent: true,
        symbol: "triangle",
        symbolSize: 8,
        itemStyle: { color: colors.dim, opacity: 1 },
        data: layout.arrows.map(({ x, y, turn }) => ({ value: [x, y], symbolRotate: turn })),
        z: 2,
      },
      {
        id: "boxes",
        type: "scatter",
        symbol: "rect",
        data: layout.boxes.map((box) => boxDatum(box, colors)),
        itemStyle: { color: colors.panel, opacity: 1 },
        emphasis: { scale: false, itemStyle: { color: colors.grid } },
        z: 3,
      },
      // A border of the symbol would be as wide as the symbol is stretched.
      ...layout.boxes.map((box, index) =>
        silentLine(`frame-${index}`, frameOf(box), { color: colors.dim }, { z: 4 }),
      ),
    ],
  };
}

function frameOf({ x, y, width, height }: Box): number[][] {
  const [left, right, bottom] = [x - width / 2, x + width / 2, y + height];
  return [
    [left, y],
    [right, y],
    [right, bottom],
    [left, bottom],
    [left, y],
  ];
}

function boxDatum(box: Box, colors: ChartColors): Datum & Record<string, unknown> {
  const body = box.bodyLines.length === 0 ? [] : [`{body|${box.bodyLines.map(plain).join("\n")}}`];
  return {
    value: [box.x, box.y + box.height / 2],
    lines: toldOf(box),
    symbolSize: [box.width, box.height],
    label: {
      show: true,
      position: "inside",
      align: "center",
      formatter: [`{head|${box.headLines.map(plain).join("\n")}}`, ...body].join("\n"),
      rich: {
        head: { fontSize: 12, fontWeight: 600, lineHeight: 16, color: colors.text },
        body: { fontSize: 12, lineHeight: 16, color: colors.text },
      },
    },
  };
}

/** A reason may hold what would be taken for the beginning or end of a style. */
function plain(text: string): string {
  return text.replaceAll("{", "(").replaceAll("}", ")").replaceAll("|", "/");
}
