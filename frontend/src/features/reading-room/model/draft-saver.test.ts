import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../shared/api/client";
import type { DraftContent, SentDraft } from "../api/put-draft";
import type { StoredView } from "../api/read";
import { labelmapOf, MemoryDrafts, memoryStorage } from "../testing/lpln";
import { DraftSaver, RETRY_DELAYS_MS, SAVE_DELAY_MS, type SaveState, VIEW_DELAY_MS } from "./draft-saver";
import { LocalDrafts } from "./local-draft";

const key = { reader: "reader1", study: "nodes", read: "r" };
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

  savedBy: string | null = null;

  async put({ revision, client_id, view, ...given }: SentDraft) {
    const request = this.sent.push(given) - 1;
    this.views.push(view);
    await this.wait;
    const outcome = this.answer(request);
    if (outcome === "offline") throw offline();
    if (outcome instanceof ApiError) throw outcome;
    if (revision !== this.revision) {
      const extra = { revision: this.revision, client_id: this.savedBy };
      throw new ApiError({ status: 409, code: "stale_draft", text: "Changed elsewhere.", extra });
    }
    this.revision += 1;
    this.savedBy = client_id;
    this.stored = { ...this.stored, ...given };
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
  let onGone: ReturnType<typeof vi.fn<() => void>>;
  let drafts: MemoryDrafts;
  let saver: DraftSaver;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    drafts = new MemoryDrafts();
    local = new LocalDrafts(drafts, memoryStorage());
    states = [];
    onGone = vi.fn<() => void>();
    onLocked = vi.fn<() => void>();
    saver = new DraftSaver({
      draft: key,
      content: { answers: {}, measurements: [] },
      revision: 0,
      savedAt: null,
      server: { put: (draft) => server.put(draft), current: () => server.current() },
      local,
      sendable: (one) => one,
      onState: (state) => states.push(state.kind),
      onLocked,
      onGone,
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
    expect(await local.find(key)).toBeNull();
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
    server.savedBy = "other tab/1";
    server.stored = content(5);
    saver.look({ slice: 7 });
    await pass(VIEW_DELAY_MS);
    expect(saver.state.kind).toBe("elsewhere");
    expect(await local.find(key)).toBeNull();
  });

  it("saves what is entered after another tab kept where it looks", async () => {
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    server.revision += 1;
    server.savedBy = "other tab/1";
    saver.change(content(2));
    await pass(SAVE_DELAY_MS);
    await pass(1);
    expect(saver.state.kind).toBe("saved");
    expect(states).not.toContain("elsewhere");
    expect(server.stored).toEqual(content(2));
    expect(await local.find(key)).toBeNull();
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
    expect((await local.find(key))?.content).toMatchObject(content(2));
    expect(server.sent).toEqual([]);
    await pass(SAVE_DELAY_MS);
    expect(server.sent).toEqual([content(2)]);
    expect(saver.state).toEqual({ kind: "saved", at: "2026-11-21T10:00:00Z" });
    expect(await local.find(key)).toBeNull();
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
    expect(saver.state).toEqual({ kind: "offline", obstacle: "unreachable", kept: "kept", since: 1000 });
    expect((await local.find(key))?.content).toMatchObject(content(3));
    server.answer = () => "ok";
    globalThis.dispatchEvent(new Event("online"));
    await pass(0);
    expect(server.stored).toEqual(content(3));
    expect(saver.state.kind).toBe("saved");
    expect(await local.find(key)).toBeNull();
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

  it.each([
    ["full", new DOMException("full", "QuotaExceededError")],
    ["refused", new DOMException("forbidden", "SecurityError")],
  ] as const)("says when this browser keeps nothing: %s", async (kept, refusal) => {
    drafts.refusal = refusal;
    server.answer = () => "offline";
    saver.change(content(3));
    await pass(SAVE_DELAY_MS);
    expect(saver.state).toMatchObject({ kind: "offline", kept });
    expect(await saver.isSafe()).toBe(false);
    expect(saver.wouldLose).toBe(true);
    drafts.refusal = null;
    saver.change(content(4));
    await pass(0);
    expect(saver.state).toMatchObject({ kind: "offline", kept: "kept" });
    expect(saver.wouldLose).toBe(false);
  });

  it.each([
    ["disk_full", new ApiError({ status: 507, code: "disk_full", text: "The server's disk is full." })],
    ["failing", new ApiError({ status: 502, code: "http_502", text: "Bad gateway." })],
    ["signed_out", new ApiError({ status: 401, code: "not_signed_in", text: "Please sign in." })],
  ] as const)("keeps the entries and says why the server has them not: %s", async (obstacle, refusal) => {
    server.answer = (request) => (request === 0 ? refusal : "ok");
    saver.change(content(3));
    await pass(SAVE_DELAY_MS);
    expect(saver.state).toEqual({ kind: "offline", obstacle, kept: "kept", since: 1000 });
    expect((await local.find(key))?.content).toMatchObject(content(3));
    await saver.flush();
    expect(server.stored).toEqual(content(3));
    expect(saver.state.kind).toBe("saved");
  });

  it("tells of a read that is not one of whoever is signed in now, keeps its entries, and stops", async () => {
    server.answer = () => new ApiError({ status: 404, code: "not_found", text: "Not found." });
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(onGone).toHaveBeenCalledOnce();
    expect((await local.find(key))?.content).toMatchObject(content(1));
    await pass(60_000);
    expect(server.sent).toHaveLength(1);
  });

  it("sends what was painted once, and again only when it changed", async () => {
    const painted = { ...content(1), labelmaps: [labelmapOf("H4sI")] };
    saver.change(painted);
    await pass(SAVE_DELAY_MS);
    saver.change({ ...painted, answers: { rating: 2 } });
    await pass(SAVE_DELAY_MS);
    saver.change({ ...painted, labelmaps: [] });
    await pass(SAVE_DELAY_MS);
    expect(server.sent.map(({ labelmaps }) => labelmaps?.length)).toEqual([1, undefined, 0]);
    expect(server.stored.labelmaps).toEqual([]);
  });

  it("sends what was painted again when it is not known to have arrived", async () => {
    server.answer = (request) => (request === 0 ? "lost" : "ok");
    const painted = { ...content(1), labelmaps: [labelmapOf("H4sI")] };
    saver.change(painted);
    await pass(SAVE_DELAY_MS);
    expect(saver.unsent(painted).labelmaps).toHaveLength(1);
    await pass(RETRY_DELAYS_MS[0] ?? 0);
    expect(saver.state.kind).toBe("saved");
    expect(server.revision).toBe(1);
    expect(saver.unsent(painted).labelmaps).toBeUndefined();
  });

  it("keeps here what cannot be sent yet, upon the revision that it belongs to", async () => {
    saver.stop();
    saver = new DraftSaver({
      draft: key,
      content: { answers: {}, measurements: [] },
      revision: 0,
      savedAt: null,
      server: { put: (draft) => server.put(draft), current: () => server.current() },
      local,
      sendable: (one) => ({ ...one, answers: {} }),
      onState: () => {},
      onLocked,
      onGone,
    });
    saver.change(content(99));
    await pass(SAVE_DELAY_MS);
    expect(server.stored).toEqual({ answers: {}, measurements: [] });
    expect(await local.find(key)).toMatchObject({ content: content(99), baseRevision: 1 });
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
    expect((await local.find(key))?.content).toMatchObject(content(2));
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

  it("shows the server's words when it refuses a draft, and tries again at the next change", async () => {
    server.answer = () =>
      new ApiError({ status: 400, code: "invalid", text: "Some answers cannot be accepted." });
    saver.change(content(1));
    await pass(SAVE_DELAY_MS);
    expect(saver.state).toEqual({ kind: "refused", text: "Some answers cannot be accepted." });
    server.answer = () => "ok";
    saver.change(content(2));
    await pass(SAVE_DELAY_MS);
    expect(saver.state.kind).toBe("saved");
  });

  describe("when the server does not take a drawing", () => {
    const drawn = (frame: number): DraftContent => ({
      ...content(3),
      annotations: [{ uuid: "a", tool: "text", series: 0, frame, points_mm: [], text: "here", values: {} }],
    });
    const refusal = () =>
      new ApiError({
        status: 400,
        code: "invalid",
        text: "An annotation cannot be accepted.",
        extra: { fields: { "annotations[0]": "It is off its slice." } },
      });

    beforeEach(async () => {
      server.answer = (request) => (server.sent[request]?.annotations?.length ? refusal() : "ok");
      saver.change(drawn(2));
      await pass(SAVE_DELAY_MS);
      await pass(1);
    });

    it("saves all the others, says what was not taken, and keeps it here", async () => {
      expect(server.stored).toEqual({ ...content(3), annotations: [] });
      expect(saver.state).toMatchObject({
        kind: "saved",
        refused: [{ kind: "annotation", entry: { uuid: "a" }, text: "It is off its slice." }],
      });
      expect((await local.find(key))?.content).toMatchObject(drawn(2));
      expect(server.sent).toHaveLength(2);
      saver.change({ ...drawn(2), answers: { rating: 5 } });
      await pass(SAVE_DELAY_MS);
      expect(server.stored.answers).toEqual({ rating: 5 });
      expect(server.sent).toHaveLength(3);
      expect(saver.state).toMatchObject({ kind: "saved", refused: [{ kind: "annotation" }] });
    });

    it("tries it again when it was changed", async () => {
      server.answer = () => "ok";
      saver.change(drawn(3));
      await pass(SAVE_DELAY_MS);
      expect(server.stored).toEqual(drawn(3));
      expect(saver.state).toEqual({ kind: "saved", at: "2026-11-21T10:00:00Z" });
      expect(await local.find(key)).toBeNull();
    });

    it("says it with the submission too", () => {
      expect(saver.unsent(drawn(2)).annotations).toHaveLength(1);
    });
  });

  it("sends nothing while a submission rests on the revision, whatever asks for it", async () => {
    saver.change(content(1));
    await saver.settle();
    await saver.flush();
    await saver.flushAll();
    expect(server.sent).toEqual([]);
    saver.change(content(2));
    await pass(SAVE_DELAY_MS);
    expect(server.stored.answers).toEqual({ rating: 2 });
  });

  it("tries again after an answer that could not be read", async () => {
    const unread = new ApiError({ status: 200, code: "bad_response", text: "It could not be read." });
    server.answer = (request) => (request === 0 ? unread : "ok");
    saver.change(content(3));
    await pass(SAVE_DELAY_MS);
    expect(saver.state).toMatchObject({ kind: "offline", obstacle: "failing", kept: "kept" });
    await pass(RETRY_DELAYS_MS[0] ?? 0);
    expect([server.stored.answers, saver.state.kind]).toEqual([{ rating: 3 }, "saved"]);
  });

  it("is saved only once what was painted has come, and waits for it before it ends", async () => {
    saver.expect(true);
    expect([saver.state.kind, saver.wouldLose, await saver.isSafe()]).toEqual(["unsaved", true, false]);
    const ending = saver.flushAll().then(() => saver.stop());
    await pass(10 * SAVE_DELAY_MS);
    expect(server.sent).toEqual([]);
    const labelmaps = [labelmapOf("H4sI")];
    saver.change({ ...content(1), labelmaps });
    saver.expect(false);
    await ending;
    expect(server.stored.labelmaps).toEqual(labelmaps);
  });

  it("never says that all is saved while something is coming", async () => {
    saver.change(content(1));
    saver.expect(true);
    await pass(SAVE_DELAY_MS);
    expect(server.stored.answers).toEqual({ rating: 1 });
    expect(states).not.toContain("saved");
    expect(saver.wouldLose).toBe(true);
    saver.expect(false);
    expect([saver.state.kind, saver.wouldLose, saver.liesHereAlone]).toEqual(["saved", false, false]);
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
