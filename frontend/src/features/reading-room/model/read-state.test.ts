import { describe, expect, it } from "vitest";
import { openRead } from "../testing/lpln";
import { type ReadEvent, type ReadState, readReducer } from "./read-state";

const ready: ReadState = { kind: "ready", read: openRead, problems: {}, refusal: null };
const saving: ReadState = { kind: "saving", read: openRead };
const locked: ReadState = { kind: "locked", alias: "CN-642", hasFeedback: false };
const events: ReadEvent[] = [
  { kind: "loaded", read: openRead },
  { kind: "load_failed", error: new Error("gone") },
  { kind: "incomplete", problems: { rating: "Please answer this question." } },
  { kind: "submit_started" },
  { kind: "submit_failed", text: "No." },
  { kind: "answered", question: "rating" },
  { kind: "locked" },
];

describe("readReducer", () => {
  it("opens a draft, shows a submitted read as locked, and can be lost and found", () => {
    expect(readReducer({ kind: "loading" }, { kind: "loaded", read: openRead })).toEqual(ready);
    const submitted = { id: openRead.id, alias: "CN-642", status: "submitted", has_feedback: false } as const;
    expect(readReducer({ kind: "loading" }, { kind: "loaded", read: submitted })).toEqual(locked);
    const trained = { ...submitted, has_feedback: true };
    expect(readReducer({ kind: "loading" }, { kind: "loaded", read: trained })).toMatchObject({
      hasFeedback: true,
    });
    const lost = readReducer({ kind: "loading" }, { kind: "load_failed", error: "x" });
    expect(lost).toEqual({ kind: "lost", error: "x" });
    expect(readReducer(lost, { kind: "loaded", read: openRead })).toEqual(ready);
  });

  it("marks what is missing until it is answered", () => {
    const marked = readReducer(ready, { kind: "incomplete", problems: { rating: "?", side_region: "?" } });
    expect(readReducer(marked, { kind: "answered", question: "rating" })).toMatchObject({
      problems: { side_region: "?" },
    });
  });

  it("goes back to the form when a submission fails, and to locked when it succeeds", () => {
    expect(readReducer(ready, { kind: "submit_started" })).toEqual(saving);
    expect(readReducer(saving, { kind: "submit_failed", text: "No." })).toEqual({ ...ready, refusal: "No." });
    expect(readReducer(saving, { kind: "locked" })).toEqual(locked);
  });

  it("marks what the server refuses, also before the submission was shown as one", () => {
    const problems = { rating: "Out of scale." };
    const refused = { kind: "submit_failed", text: "No.", problems } as const;
    for (const state of [ready, saving]) {
      expect(readReducer(state, refused)).toEqual({ ...ready, problems, refusal: "No." });
    }
  });

  it("is locked for ever", () => {
    for (const event of events) expect(readReducer(locked, event)).toBe(locked);
  });

  it("does not replace a case that is being read", () => {
    expect(readReducer(ready, { kind: "loaded", read: { ...openRead, alias: "XX-000" } })).toBe(ready);
    expect(readReducer(saving, { kind: "answered", question: "rating" })).toBe(saving);
  });
});
