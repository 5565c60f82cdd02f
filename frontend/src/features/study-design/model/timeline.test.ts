import { describe, expect, it } from "vitest";
import type { CellLoad, DesignSummary } from "../api/protocol";
import { timelineOf } from "./timeline";

function session(ordinal: number, first_day: string, last_day: string): CellLoad["sessions"][number] {
  return {
    ordinal,
    title: `Session ${ordinal}`,
    cases: 10,
    repeats: 0,
    reads: 10,
    reads_by_arm: { a: 10 },
    minutes: 30,
    sittings: 1,
    first_day,
    last_day,
  };
}

function summary(sessions: CellLoad["sessions"]): DesignSummary {
  const last_day = sessions.at(-1)?.last_day ?? "2026-01-01";
  const cell = { group: "g", sequence: "s", readers: 2, sessions, reads: 20, minutes: 60, last_day };
  return {
    cells: [cell],
    first_day: "2026-01-01",
    last_day,
  } as unknown as DesignSummary;
}

describe("timelineOf", () => {
  it("fills the width, one piece after the other", () => {
    const { days, lanes } = timelineOf(
      summary([session(1, "2026-01-01", "2026-01-02"), session(2, "2026-01-30", "2026-01-31")]),
    );
    const lane = lanes[0];
    expect(days).toBe(31);
    const pieces = [...(lane?.bars ?? []), ...(lane?.gaps ?? [])].sort((a, b) => a.from - b.from);
    expect(pieces.map((piece) => piece.from).slice(1)).toEqual(pieces.map((piece) => piece.to).slice(0, -1));
    expect(pieces.at(-1)?.to).toBeCloseTo(1, 10);
    expect(lane?.gaps.map((gap) => gap.days)).toEqual([28]);
  });

  it("leaves no gap between sessions on days that follow each other", () => {
    const { lanes } = timelineOf(
      summary([session(1, "2026-01-01", "2026-01-01"), session(2, "2026-01-02", "2026-01-02")]),
    );
    expect(lanes[0]?.gaps).toEqual([]);
    expect(lanes[0]?.bars.map((bar) => [bar.from, bar.to])).toEqual([
      [0, 0.5],
      [0.5, 1],
    ]);
  });
});
