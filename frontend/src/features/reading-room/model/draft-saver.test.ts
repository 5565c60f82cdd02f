import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../shared/api/client";
import type { DraftContent } from "../api/put-draft";
import type { StoredView } from "../api/read";
import { memoryStorage } from "../testing/lpln";
import {
  DraftSaver,
  isSameContent,
  RETRY_DELAYS_MS,
  SAVE_DELAY_MS,
  type SaveState,
  VIEW_DELAY_MS,
} from "./draft-saver";
import { LocalDrafts } from "./local-draft";

const content = (rating: number): DraftContent => ({ answers: { rating }, measurements: [] });
const offline = () => new ApiError({ status: 0, code: "offline", text: "The server cannot be reached." });

/** A server that counts revisions as the real one does; `answer` decides what becomes of each request. */
class FakeServer {
  revision = 0;
  stored: DraftContent = { answers: {}, measurements: [] };
  sent: DraftContent[] = [];
  views: (StoredView | undefined)[] = [];
  answer: (request: number) => "ok" | "lost" | "offline" | ApiError = () => "ok";
  wait: Promise<void> = Promise.resolve();

  async put({
    revision,
    answers,
    measurements,
    view,
  }: DraftContent & { revision: number; view?: StoredView }) {
    const request = this.sent.push({ answers, measurements }) - 1;
    this.views.push(view);
    await this.wait;
    const outcome = this.answer(request);
    if (outcome === "offline") throw offline();
    if (outcome instanceof ApiError) throw outcome;
    if (revision !== this.revision) {
      throw new ApiError({ status: 409, code: "stale_draft", text: "Changed elsewhere." });
    }
    this.revision += 1;
    this.stored = { answers, measurements };
    if (outcome === "lost") throw offline();
    return { revision: this.revision, saved_at: "2026-11-21T10:00:00Z" };
  }

  async current() {
    return { ...this.stored, revision: this.revision, saved_at: "2026-11-21T10:00:00Z" };
  }
}

describe("DraftSaver", () => {
  let server: FakeServer;
  let local: LocalDrafts;
  let states: SaveState["kind"][];
  let onLocked: ReturnType<typeof vi.fn<() => void>>;
  let saver: DraftSaver;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    local = new LocalDrafts(memoryStorage());
    states = [];
    onLocked = vi.fn<() => void>();
    saver = new DraftSaver({
      readId: "r",
      content: { answers: {}, measurements: [] },
      revision: 0,
      savedAt: null,
      server: { put: (draft) => server.put(draft), current: () => server.current() },
      local,
      sendable: (one) => one,
      onState: (state) => states.push(state.kind),
      onLocked,
      clientId: "tab",
      now: () => 1000,
    });
  });

  afterEach(() => {
    saver.stop();
    vi.useRealTimers();
  });

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it("sends where the reader looks with what is entered", async () => {
    saver.look({ slice: 4 });
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(server.views).toEqual([{ slice: 4 }]);
    await pass(2 * VIEW_DELAY_MS);
    expect(server.sent).toHaveLength(1);
  });

  it("saves where the reader looks by itself, once they stay there, and says nothing of it", async () => {
    saver.look({ slice: 4 });
    await pass(VIEW_DELAY_MS - 1);
    saver.look({ slice: 5 });
    await pass(VIEW_DELAY_MS - 1);
    expect(server.sent).toEqual([]);
    await pass(1);
    expect(server.views).toEqual([{ slice: 5 }]);
    expect(states).toEqual([]);
    expect(local.find("r")).toBeNull();
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(saver.state.kind).toBe("saved");
  });

  it("troubles nobody when the view alone cannot be saved", async () => {
    server.answer = () => "offline";
    saver.look({ slice: 4 });
    await pass(VIEW_DELAY_MS);
    expect(saver.state.kind).toBe("saved");
    server.answer = () => "ok";
    saver.look({ slice: 6 });
    await pass(VIEW_DELAY_MS);
    expect(server.views.at(-1)).toEqual({ slice: 6 });
  });

  it("follows another tab that only looked, and says when one has entered something", async () => {
    server.revision = 3;
    saver.look({ slice: 4 });
    await pass(VIEW_DELAY_MS);
    await pass(1);
    expect(saver.state.kind).toBe("saved");
    expect(server.views).toEqual([{ slice: 4 }, { slice: 4 }]);
    expect(server.revision).toBe(4);
    saver.change(content(2));
    await pass(SAVE_DELAY_MS);
    expect(server.stored).toEqual(content(2));
    server.revision += 1;
    server.stored = content(5);
    saver.look({ slice: 7 });
    await pass(VIEW_DELAY_MS);
    expect(saver.state.kind).toBe("elsewhere");
    expect(local.find("r")).toBeNull();
  });

  it("saves what is entered after another tab kept where it looks", async () => {
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    server.revision += 1;
    saver.change(content(2));
    await pass(SAVE_DELAY_MS);
    await pass(1);
    expect(saver.state.kind).toBe("saved");
    expect(states).not.toContain("elsewhere");
    expect(server.stored).toEqual(content(2));
    expect(local.find("r")).toBeNull();
  });

  it("saves no view while a submission rests on the revision", async () => {
    expect(await saver.settle()).toBe(0);
    saver.look({ slice: 4 });
    await pass(VIEW_DELAY_MS);
    await saver.flush();
    expect(server.sent).toEqual([]);
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(server.views).toEqual([{ slice: 4 }]);
  });

  it("sends what is entered while the view is being saved", async () => {
    let release = () => {};
    server.wait = new Promise((resolve) => {
      release = resolve;
    });
    saver.look({ slice: 4 });
    await pass(VIEW_DELAY_MS);
    saver.change(content(3));
    expect(saver.state.kind).toBe("unsaved");
    release();
    await pass(SAVE_DELAY_MS);
    expect(server.stored).toEqual(content(3));
    expect(saver.state.kind).toBe("saved");
  });

  it("keeps a change here at once and sends the last of several a moment later", async () => {
    saver.change(content(1));
    saver.change(content(2));
    expect(local.find("r")?.content).toEqual(content(2));
    expect(server.sent).toEqual([]);
    await pass(SAVE_DELAY_MS);
    expect(server.sent).toEqual([content(2)]);
    expect(saver.state).toEqual({ kind: "saved", at: "2026-11-21T10:00:00Z" });
    expect(local.find("r")).toBeNull();
    expect(states).toEqual(["unsaved", "unsaved", "saving", "saved"]);
  });

  it("sends one request at a time, in order, each upon the revision before", async () => {
    let release = () => {};
    server.wait = new Promise((resolve) => {
      release = resolve;
    });
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    saver.change(content(2));
    await pass(10 * SAVE_DELAY_MS);
    expect(server.sent).toEqual([content(1)]);
    release();
    await pass(SAVE_DELAY_MS);
    expect(server.sent).toEqual([content(1), content(2)]);
    expect(server.stored).toEqual(content(2));
    expect(saver.state.kind).toBe("saved");
  });

  it("keeps entries while offline, says so, and sends them when the network is back", async () => {
    server.answer = () => "offline";
    saver.change(content(3));
    await pass(SAVE_DELAY_MS);
    expect(saver.state).toEqual({ kind: "offline", isKept: true });
    expect(local.find("r")?.content).toEqual(content(3));
    server.answer = () => "ok";
    globalThis.dispatchEvent(new Event("online"));
    await pass(0);
    expect(server.stored).toEqual(content(3));
    expect(saver.state.kind).toBe("saved");
    expect(local.find("r")).toBeNull();
  });

  it("tries again by itself, less and less often", async () => {
    server.answer = () => "offline";
    saver.change(content(3));
    await pass(SAVE_DELAY_MS);
    for (const delay of RETRY_DELAYS_MS) await pass(delay);
    expect(server.sent).toHaveLength(1 + RETRY_DELAYS_MS.length);
    server.answer = () => "ok";
    await pass(RETRY_DELAYS_MS.at(-1) ?? 0);
    expect(saver.state.kind).toBe("saved");
  });

  it("says when this browser keeps nothing", async () => {
    vi.spyOn(local, "keep").mockReturnValue(false);
    server.answer = () => "offline";
    saver.change(content(3));
    await pass(SAVE_DELAY_MS);
    expect(saver.state).toEqual({ kind: "offline", isKept: false });
  });

  it("overwrites nothing that another tab has saved", async () => {
    server.revision = 4;
    server.stored = content(5);
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(saver.state.kind).toBe("elsewhere");
    saver.change(content(2));
    await pass(60_000);
    expect(server.sent).toEqual([content(1)]);
    expect(server.stored).toEqual(content(5));
    expect(local.find("r")?.content).toEqual(content(2));
  });

  it("does not take its own save, whose answer was lost, for that of another tab", async () => {
    server.answer = (request) => (request === 0 ? "lost" : "ok");
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(saver.state.kind).toBe("offline");
    saver.change(content(2));
    await pass(SAVE_DELAY_MS);
    await pass(1);
    expect(saver.state.kind).toBe("saved");
    expect(server.stored).toEqual(content(2));
    expect(server.revision).toBe(2);
  });

  it("tells of a read that was locked elsewhere and stops", async () => {
    server.answer = () => new ApiError({ status: 409, code: "read_locked", text: "Locked." });
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(onLocked).toHaveBeenCalledOnce();
    saver.change(content(2));
    await pass(60_000);
    expect(server.sent).toHaveLength(1);
  });

  it("knows a read that is not this reader's any more", async () => {
    server.answer = () => new ApiError({ status: 404, code: "not_found", text: "Not found." });
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(saver.state).toMatchObject({ kind: "refused", isGone: true });
  });

  it("shows the server's words when it refuses a draft, and tries again at the next change", async () => {
    server.answer = () =>
      new ApiError({ status: 400, code: "invalid", text: "Some answers cannot be accepted." });
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(saver.state).toEqual({
      kind: "refused",
      text: "Some answers cannot be accepted.",
      isGone: false,
    });
    server.answer = () => "ok";
    saver.change(content(2));
    await pass(SAVE_DELAY_MS);
    expect(saver.state.kind).toBe("saved");
  });

  it("settles: nothing is under way and nothing follows", async () => {
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    saver.change(content(2));
    await saver.settle();
    await pass(60_000);
    expect(server.sent).toEqual([content(1)]);
  });
});

describe("isSameContent", () => {
  it("does not care for the order of keys, but for that of measurements", () => {
    const a: DraftContent = { answers: { x: 1, y: 2 }, measurements: [] };
    const b: DraftContent = { answers: { y: 2, x: 1 }, measurements: [] };
    expect(isSameContent(a, b)).toBe(true);
    expect(isSameContent(a, { ...b, answers: { x: 1, y: 3 } })).toBe(false);
  });
});
