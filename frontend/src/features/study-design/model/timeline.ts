import type { CellLoad, DesignSummary } from "../api/protocol";
import { daysBetween } from "./text";

export interface Bar {
  ordinal: number;
  title: string;
  arms: string[];
  reads: number;
  /** Share of the whole width, 0 to 1. */
  from: number;
  to: number;
}

export interface Gap {
  /** From the last day before the wait to the first one after it. */
  days: number;
  from: number;
  to: number;
}

export interface Lane {
  key: string;
  group: string;
  sequence: string;
  readers: number;
  bars: Bar[];
  gaps: Gap[];
}

export interface Timeline {
  days: number;
  lanes: Lane[];
}

/** A session is drawn at least this wide, so that its title can be read. */
const MIN_BAR = 0.12;

/** The sessions and waits of every group and sequence on one scale of days. */
export function timelineOf(summary: DesignSummary): Timeline {
  const days = daysBetween(summary.first_day, summary.last_day);
  return { days, lanes: summary.cells.map((cell) => laneOf(cell, summary.first_day)) };
}

/**
 * Days are stretched piece by piece: a sitting of one day and a wait of months stand on one line, so each session
 * has a least width and the rest is shared by the days as they are.
 */
function laneOf(cell: CellLoad, start: string): Lane {
  const pieces: { kind: "bar" | "gap"; days: number; index: number }[] = [];
  let before = 0;
  cell.sessions.forEach((session, index) => {
    const first = daysBetween(start, session.first_day) - 1;
    const last = daysBetween(start, session.last_day);
    if (first > before) pieces.push({ kind: "gap", days: first - before, index });
    pieces.push({ kind: "bar", days: last - first, index });
    before = last;
  });
  const bars = pieces.filter((piece) => piece.kind === "bar").length;
  const total = pieces.reduce((sum, piece) => sum + piece.days, 0);
  const least = Math.min(MIN_BAR, 1 / Math.max(1, pieces.length));
  const free = Math.max(0, 1 - least * bars);
  const lane: Lane = {
    key: `${cell.group}/${cell.sequence}`,
    group: cell.group,
    sequence: cell.sequence,
    readers: cell.readers,
    bars: [],
    gaps: [],
  };
  let at = 0;
  for (const piece of pieces) {
    const width = (piece.kind === "bar" ? least : 0) + (total > 0 ? (free * piece.days) / total : 0);
    const session = cell.sessions[piece.index];
    if (session === undefined) continue;
    const place = { from: at, to: at + width };
    if (piece.kind === "gap") lane.gaps.push({ days: piece.days + 1, ...place });
    else {
      lane.bars.push({
        ordinal: session.ordinal,
        title: session.title,
        arms: Object.keys(session.reads_by_arm),
        reads: session.reads,
        ...place,
      });
    }
    at += width;
  }
  return lane;
}
