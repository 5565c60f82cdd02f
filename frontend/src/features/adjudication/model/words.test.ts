import { describe, expect, it } from "vitest";
import type { AdjudicationWorklist } from "../api/worklist";
import { durationText, workText } from "./words";

const worklist: AdjudicationWorklist = {
  study: { slug: "lln", title: "LLN" },
  status: "open",
  mode: "third_reader",
  open_item: null,
  waiting: 3,
  settled: 1,
  minutes_per_item: 4,
};

describe("workText", () => {
  it("counts what waits and says how long it takes", () => {
    expect(workText(worklist)).toEqual({
      title: "3 cases wait",
      detail: "The readers disagree on them. About 12 minutes of work.",
      action: "Open the next case",
    });
    expect(workText({ ...worklist, waiting: 1 }).title).toBe("1 case waits");
    expect(workText({ ...worklist, waiting: 1 }).detail).toBe(
      "The readers disagree on it. About 4 minutes of work.",
    );
  });

  it("goes on with the case that is open", () => {
    expect(workText({ ...worklist, open_item: "x" })).toEqual({
      title: "A case is open",
      detail: "3 cases wait after it. About 16 minutes of work.",
      action: "Continue",
    });
    expect(workText({ ...worklist, open_item: "x", waiting: 0 }).detail).toContain("No other case waits.");
  });

  it("speaks of the meeting where the readers agree in one", () => {
    const meeting: AdjudicationWorklist = { ...worklist, mode: "consensus" };
    expect(workText(meeting)).toEqual({
      title: "3 cases wait for the meeting",
      detail: "The readers disagree on them; open each case in the meeting. About 12 minutes.",
      action: "Open the next case",
    });
    expect(workText({ ...meeting, open_item: "x", waiting: 1 }).detail).toBe(
      "1 case waits after it. About 8 minutes.",
    );
    expect(workText({ ...meeting, status: "nothing_now" }).title).toBe("Nothing to discuss now");
    expect(workText({ ...meeting, status: "locked" }).detail).not.toContain("verdict");
  });

  it.each(["nothing_now", "not_frozen", "locked", "no_adjudication"] as const)(
    "offers nothing to do when the status is %s",
    (status) => {
      expect(workText({ ...worklist, status, waiting: 0 }).action).toBeNull();
    },
  );
});

describe("durationText", () => {
  it("speaks of hours and minutes", () => {
    expect(durationText(0.2)).toBe("1 minute");
    expect(durationText(60)).toBe("1 hour");
    expect(durationText(81)).toBe("1 hour 21 minutes");
    expect(durationText(120)).toBe("2 hours");
  });
});
