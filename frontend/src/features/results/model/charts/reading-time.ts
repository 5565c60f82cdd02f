import type { AnalysisItem } from "../../api/analysis-results";
import { armInText, armLabel, formatNumber } from "../format";
import type { ChartColors } from "../roc-option";
import { type Chart, type ChartOption, colorAt, lineAt, type Shown, type Switch } from "./chart";
import { type TimesItem, timesItem } from "./item-schemas";
import { baseOption, points, silentLine, valueAxis } from "./option-parts";

type Session = TimesItem["sessions"][number];

interface Row {
  session: Session;
  look: Switch;
  symbol: string;
}

const SYMBOLS = ["circle", "triangle", "rect", "diamond"];
const READS = "reads";

/** Seconds a read over its place in the session, with a running median, by reader, session and arm. */
export function readingTimeChart(item: AnalysisItem): Chart | null {
  const parsed = timesItem.safeParse(item.result);
  if (!parsed.success || parsed.data.sessions.length === 0) return null;
  const rows = rowsOf(parsed.data.sessions);
  const of = (shown: Shown) => rows.filter((row) => shown.has(row.look.id));
  return {
    key: item.key,
    caption: `${item.title} over the order of the reads`,
    switches: [
      ...rows.map((row) => row.look),
      { id: READS, label: "Single reads", color: null, line: "dotted" },
    ],
    valueLabel: "Median",
    hint: "Lines are running medians; the time axis is logarithmic.",
    maxWidth: 860,
    hasSide: true,
    height: (width) => Math.round(Math.min(480, Math.max(320, width * 0.6))),
    alt: (shown) =>
      `Reading time in seconds over the order of the reads. ${of(shown)
        .map(
          ({ look, session }) =>
            `${look.label}: median ${formatNumber(session.median, 1)} s in ${session.n} reads`,
        )
        .join("; ")}.`,
    grid: (shown) => ({
      header: ["Reader", "Session", "Arm", "Position", "Case", "Seconds", "Running median"],
      rows: of(shown).flatMap(({ session }) =>
        session.points.map((point) => [
          session.reader,
          session.session,
          point.arm,
          point.position,
          point.case,
          point.seconds,
          point.running_median,
        ]),
      ),
    }),
    option: (shown, colors) => timeOption(of(shown), shown.has(READS), colors),
  };
}

function rowsOf(sessions: readonly Session[]): Row[] {
  const readers = [...new Set(sessions.map((one) => one.reader))];
  const numbers = [...new Set(sessions.map((one) => one.session))];
  return sessions.map((session) => {
    const place = numbers.indexOf(session.session);
    return {
      session,
      symbol: SYMBOLS[place % SYMBOLS.length] ?? "circle",
      look: {
        id: `${session.reader}/${session.session}`,
        label: `${session.reader}, session ${session.session}, ${session.arms.map((arm) => armInText(arm)).join(" and ")}`,
        color: colorAt(readers.indexOf(session.reader)),
        line: lineAt(place),
        value: `${formatNumber(session.median, 1)} s`,
        facets: {
          Readers: session.reader,
          Arms: session.arms.map(armLabel).join(" and "),
          Sessions: String(session.session),
        },
      },
    };
  });
}

function timeOption(rows: readonly Row[], hasReads: boolean, colors: ChartColors): ChartOption {
  const last = Math.max(1, ...rows.flatMap(({ session }) => session.points.map((point) => point.position)));
  const seconds = rows.flatMap(({ session }) =>
    session.points.map((point) => point.seconds).filter((value) => value > 0),
  );
  return {
    ...baseOption(colors),
    grid: { left: 64, right: 18, top: 16, bottom: 52 },
    xAxis: valueAxis(colors, { name: "Position in the session", min: 0, max: last, showGrid: false }),
    yAxis: {
      ...valueAxis(colors, {
        name: "Reading time (s)",
        nameGap: 44,
        type: "log",
        min: 2 ** Math.floor(Math.log2(Math.min(32, ...seconds))),
        max: 2 ** Math.ceil(Math.log2(Math.max(64, ...seconds))),
      }),
      logBase: 2,
    },
    series: rows.flatMap((row) => sessionSeries(row, hasReads, colors)),
  };
}

function sessionSeries({ session, look, symbol }: Row, hasReads: boolean, colors: ChartColors) {
  const color = look.color ?? colors.text;
  const line = silentLine(
    `${look.id}-median`,
    session.points.map((point) => [point.position, point.running_median]),
    { color, width: 2, type: look.line },
    { z: 4 },
  );
  if (!hasReads) return [line];
  const reads = points(
    look.id,
    look.label,
    session.points.map((point) => ({
      value: [point.position, point.seconds],
      lines: [
        look.label,
        `${point.case}, place ${point.position}`,
        `${formatNumber(point.seconds, 1)} s`,
        `Running median ${formatNumber(point.running_median, 1)} s`,
      ],
    })),
    { color, border: colors.panel, size: 6, symbol, opacity: 0.6 },
    { z: 3 },
  );
  return [line, reads];
}
