import { describe, expect, it } from "vitest";
import { formatDateTime } from "../../../shared/lib/dates";
import type { NextTurn, Worklist, WorklistSession } from "../api/get-worklist";
import { countdown, sessionNote, sessionStatusText, turnText } from "./turn";

const now = new Date("2026-11-22T12:00:00Z");
const opensAt = "2026-12-05T13:30:00Z";

function session(changes: Partial<WorklistSession>): WorklistSession {
  return {
    ordinal: 1,
    title: "Session 1",
    is_aided: false,
    is_training: false,
    attempt: 1,
    steps: 1,
    total: 24,
    submitted: 0,
    status: "open",
    opens_at: null,
    score: null,
    is_passed: null,
    meaning: null,
    ...changes,
  };
}

const training = session({ ordinal: 0, title: "Training", is_training: true, total: 5 });

function worklist(next: Partial<NextTurn>): Worklist {
  return {
    study: { slug: "lpln", title: "LPLN", instructions: "" },
    washout_days: 28,
    training: { pass_mark: 0.75, max_attempts: 3 },
    sessions: [
      session({ ordinal: 1, title: "Session 1", submitted: 24, status: "complete" }),
      session({ ordinal: 2, title: "Session 2", is_aided: true }),
    ],
    correctable: [],
    next: {
      status: "open",
      session_ordinal: 2,
      position: 1,
      total: 24,
      opens_at: null,
      resumes_draft: false,
      ...next,
    },
  };
}

describe("turnText", () => {
  it("offers the next case with its place in the session", () => {
    const text = turnText(worklist({ position: 10 }), now);
    expect(text).toEqual({ title: "Session 2", detail: "Case 10 of 24.", action: "Read next case" });
  });

  it("offers to resume a draft", () => {
    const text = turnText(worklist({ resumes_draft: true }), now);
    expect(text.action).toBe("Resume case");
    expect(text.detail).toContain("draft is kept");
  });

  it("says when a session opens, and offers nothing", () => {
    const text = turnText(worklist({ status: "waiting", opens_at: opensAt }), now);
    expect(text.title).toBe(`Session 2 opens on ${formatDateTime(opensAt)} (in 13 days)`);
    expect(text.detail).toContain("That is 2026-12-05 13:30 UTC.");
    expect(text.action).toBeNull();
  });

  it("counts a break down, and gives its end in both clocks", () => {
    const text = turnText(worklist({ status: "break", opens_at: "2026-11-22T12:04:05Z" }), now);
    expect(text).toMatchObject({ title: "Break: 4:05", action: null });
    expect(text.detail).toContain("12:04 UTC");
  });

  it("asks for the signature of the session that is read", () => {
    const text = turnText(worklist({ status: "to_sign", session_ordinal: 1 }), now);
    expect(text).toMatchObject({ title: "Session 1 is read", action: "Sign session" });
  });

  it("says of a training that there is feedback, and which attempt it is", () => {
    const list = worklist({ session_ordinal: 0, total: 5 });
    const failed = { ...training, attempt: 1, score: 0.4, is_passed: false };
    list.sessions = [failed, { ...training, attempt: 2 }, ...list.sessions];
    const { detail } = turnText(list, now);
    expect(detail).toBe(
      "Case 1 of 5. Attempt 2, in a new order. You are told after each case how it should have been answered.",
    );
  });

  it("speaks of the case and not of the session once the session has begun", () => {
    const text = turnText(worklist({ status: "waiting", opens_at: opensAt, position: 7 }), now);
    expect(text.title).toContain("The next case opens on");
  });

  it.each(["complete", "failed", "not_frozen", "locked"] as const)("offers no action when %s", (status) => {
    const text = turnText(worklist({ status, session_ordinal: null, position: null, total: null }), now);
    expect(text.action).toBeNull();
    expect(text.title).not.toBe("");
  });
});

describe("a correction that is open", () => {
  it("is told where all cases are read", () => {
    const read = worklist({ status: "complete", session_ordinal: null, position: null, total: null });
    const one = {
      read_id: "r1",
      alias: "AB-12",
      session_title: "Session 1",
      step: 1,
      steps: 1,
      submitted_at: "2026-11-01T10:00:00Z",
      request: { status: "granted" as const, decision: "Yes." },
    };
    expect(turnText(read, now).detail).toContain("nothing is left to do");
    expect(turnText({ ...read, correctable: [one] }, now).detail).toContain("open again below");
  });
});

describe("countdown", () => {
  it.each([
    ["2026-11-22T12:15:00Z", "15:00"],
    ["2026-11-22T12:00:59.100Z", "1:00"],
    ["2026-11-22T12:00:00.001Z", "0:01"],
    ["2026-11-22T12:00:00Z", "0:00"],
    ["2026-11-22T11:00:00Z", "0:00"],
  ])("until %s", (opens, text) => {
    expect(countdown(opens, now)).toBe(text);
  });
});

describe("sessionNote", () => {
  it("says what the reader has for a session, and what a training asks", () => {
    const list = worklist({});
    expect(list.sessions.map((one) => sessionNote(one, list))).toEqual([
      "Without the model's output",
      "With the model's output",
    ]);
    const inSteps = session({ steps: 2, is_aided: true });
    expect(sessionNote(inSteps, list)).toBe("In 2 steps, with the model's output");
    expect(sessionNote({ ...training, attempt: 2 }, list)).toBe("Attempt 2 of 3, passed from 75%");
    const once = { ...list, training: { pass_mark: 0.8, max_attempts: 1 } };
    expect(sessionNote(training, once)).toBe("Passed from 80%");
    const unaided = session({});
    expect(sessionNote(unaided, { ...list, sessions: [unaided] })).toBe("");
    const twice = session({ steps: 2 });
    expect(sessionNote(twice, { ...list, sessions: [twice] })).toBe("In 2 steps");
  });
});

describe("sessionStatusText", () => {
  const [, second] = worklist({}).sessions;
  if (second === undefined) throw new Error("no second session");

  it("tells a session that is ready from one in progress", () => {
    expect(sessionStatusText(second, "open")).toBe("Ready");
    expect(sessionStatusText({ ...second, submitted: 1 }, "open")).toBe("In progress");
  });

  it("tells the score of a training that is read", () => {
    const told = (score: number, is_passed: boolean) =>
      sessionStatusText({ ...training, score, is_passed }, "open");
    expect(told(0.5, false)).toBe("Not passed: 50% right");
    expect(told(0.75, true)).toBe("Passed: 75% right");
    expect(told(0.749, false)).toBe("Not passed: 74% right");
    expect(told(0.29, false)).toBe("Not passed: 29% right");
  });

  it("gives the opening of a waiting session", () => {
    const waiting = { ...second, status: "waiting" as const, opens_at: opensAt };
    expect(sessionStatusText(waiting, "waiting")).toBe(`Opens ${formatDateTime(opensAt)}`);
    expect(sessionStatusText(waiting, "break")).toBe("Break");
  });

  it("promises nothing more once the study is closed", () => {
    expect(sessionStatusText({ ...second, status: "not_open" }, "locked")).toBe("Not finished");
    expect(sessionStatusText({ ...second, status: "complete" }, "locked")).toBe("Complete");
  });
});
