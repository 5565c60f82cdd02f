import { describe, expect, it } from "vitest";
import { formatDateTime } from "../../../shared/lib/dates";
import type { NextTurn, Worklist } from "../api/get-worklist";
import { sessionStatusText, turnText } from "./turn";

const now = new Date("2026-11-22T12:00:00Z");
const opensAt = "2026-12-05T13:30:00Z";

function worklist(next: Partial<NextTurn>): Worklist {
  return {
    study: { slug: "lpln", title: "LPLN", instructions: "" },
    sessions: [
      {
        ordinal: 1,
        title: "Session 1",
        is_aided: false,
        total: 24,
        submitted: 24,
        status: "complete",
        opens_at: null,
      },
      {
        ordinal: 2,
        title: "Session 2",
        is_aided: true,
        total: 24,
        submitted: 0,
        status: "open",
        opens_at: null,
      },
    ],
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
    expect(text.action).toBeNull();
  });

  it("speaks of the case and not of the session once the session has begun", () => {
    const text = turnText(worklist({ status: "waiting", opens_at: opensAt, position: 7 }), now);
    expect(text.title).toContain("The next case opens on");
  });

  it.each(["complete", "not_frozen", "locked"] as const)("offers no action when %s", (status) => {
    const text = turnText(worklist({ status, session_ordinal: null, position: null, total: null }), now);
    expect(text.action).toBeNull();
    expect(text.title).not.toBe("");
  });
});

describe("sessionStatusText", () => {
  const [, second] = worklist({}).sessions;
  if (second === undefined) throw new Error("no second session");

  it("tells a session that is ready from one in progress", () => {
    expect(sessionStatusText(second)).toBe("Ready");
    expect(sessionStatusText({ ...second, submitted: 1 })).toBe("In progress");
  });

  it("gives the opening of a waiting session", () => {
    expect(sessionStatusText({ ...second, status: "waiting", opens_at: opensAt })).toBe(
      `Opens ${formatDateTime(opensAt)}`,
    );
  });
});
