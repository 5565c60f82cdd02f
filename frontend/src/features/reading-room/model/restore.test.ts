import { describe, expect, it } from "vitest";
import { memoryStorage } from "../testing/lpln";
import { LocalDrafts } from "./local-draft";
import { restoreDraft } from "./restore";

const content = (rating: number) => ({ answers: { rating }, measurements: [] });
const server = { revision: 3, answers: { rating: 2 }, measurements: [], saved_at: null, view: null };
const all = <T>(one: T): T => one;

describe("restoreDraft", () => {
  it("takes the server's draft when this browser keeps none or the same", () => {
    expect(restoreDraft(server, null, all)).toEqual({ kind: "server", content: content(2) });
    const same = { content: content(2), baseRevision: 1, keptAt: 5 };
    expect(restoreDraft(server, same, all).kind).toBe("server");
  });

  it("takes what a crash left here when nothing was saved since", () => {
    const kept = { content: content(4), baseRevision: 3, keptAt: 5 };
    expect(restoreDraft(server, kept, all)).toEqual({ kind: "local", content: content(4), keptAt: 5 });
  });

  it("asks the reader when another tab has saved since", () => {
    const kept = { content: content(4), baseRevision: 2, keptAt: 5 };
    expect(restoreDraft(server, kept, all)).toEqual({
      kind: "conflict",
      content: content(2),
      local: content(4),
      keptAt: 5,
    });
  });

  it("does not ask when the server holds what could be sent of it", () => {
    const kept = {
      content: { answers: { rating: 2, short_axis_mm: 99 }, measurements: [] },
      baseRevision: 2,
      keptAt: 5,
    };
    const restored = restoreDraft(server, kept, (one) => ({
      ...one,
      answers: { rating: one.answers.rating ?? null },
    }));
    expect(restored).toMatchObject({ kind: "local", content: kept.content });
  });
});

describe("LocalDrafts", () => {
  it("keeps and gives back drafts by read, and forgets all of a submitted one", () => {
    const storage = memoryStorage();
    const drafts = new LocalDrafts(storage);
    const kept = { content: content(4), baseRevision: 2, keptAt: 5 };
    expect(drafts.keep("r1", kept)).toBe(true);
    expect(drafts.find("r1")).toEqual(kept);
    expect(drafts.find("r2")).toBeNull();
    drafts.submissionId("r1");
    drafts.forget("r1");
    expect(storage.size()).toBe(0);
  });

  it("gives the same submission key after a reload, and another for another read", () => {
    const storage = memoryStorage();
    const key = new LocalDrafts(storage).submissionId("r1");
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new LocalDrafts(storage).submissionId("r1")).toBe(key);
    expect(new LocalDrafts(storage).submissionId("r2")).not.toBe(key);
  });

  it("says when the browser keeps nothing, and reads nothing from what is damaged", () => {
    const full = {
      ...memoryStorage(),
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    };
    expect(new LocalDrafts(full).keep("r1", { content: content(1), baseRevision: 0, keptAt: 0 })).toBe(false);
    const damaged = { ...memoryStorage(), getItem: () => "{not json" };
    expect(new LocalDrafts(damaged).find("r1")).toBeNull();
    expect(new LocalDrafts({ ...damaged, getItem: () => '{"content":3}' }).find("r1")).toBeNull();
  });

  it("keeps no clock of a read that it has forgotten", () => {
    const storage = memoryStorage();
    const drafts = new LocalDrafts(storage);
    const clock = {
      firstImageMs: 1,
      firstInteractionMs: null,
      activeMs: 2,
      idleMs: 5,
      blurMs: 6,
      wallMs: 3,
      aidOpenMs: 7,
      clicks: 4,
      keyPresses: 8,
      gestures: { scrolls: 1, window_changes: 2, zooms: 3, pans: 4 },
      seen: ["0/1"],
    };
    drafts.keepClock("r1", clock);
    expect(drafts.findClock("r1")).toEqual(clock);
    drafts.forget("r1");
    drafts.keepClock("r1", clock);
    expect(drafts.findClock("r1")).toBeNull();
  });
});
