import { describe, expect, it } from "vitest";
import { labelmapOf, MemoryDrafts, memoryStorage } from "../testing/lpln";
import { LocalDrafts } from "./local-draft";

const content = (rating: number) => ({ answers: { rating }, measurements: [], labelmaps: [] });
const draft = (rating: number) => ({
  content: content(rating),
  baseRevision: 2,
  keptAt: 5,
  saveId: "page/1",
});
const key = { reader: "reader1", study: "nodes", read: "r1" };
const earlier = JSON.stringify({
  content: { answers: { rating: 4 }, measurements: [] },
  baseRevision: 2,
  keptAt: 5,
});

describe("LocalDrafts", () => {
  it("keeps and gives back drafts by read, and forgets all of a submitted one", async () => {
    const [store, small] = [new MemoryDrafts(), memoryStorage()];
    const drafts = new LocalDrafts(store, small);
    expect(await drafts.keep(key, draft(4))).toBe("kept");
    expect(await drafts.find(key)).toEqual(draft(4));
    expect(await drafts.find({ ...key, read: "r2" })).toBeNull();
    drafts.submissionId("r1");
    await drafts.forget(key);
    expect(small.size()).toBe(0);
    expect(store.kept.size).toBe(0);
    await drafts.keep(key, draft(5));
    expect(store.kept.size).toBe(0);
  });

  it("forgets a read that was submitted somewhere else, and no other", async () => {
    const [store, small] = [new MemoryDrafts(), memoryStorage()];
    const drafts = new LocalDrafts(store, small);
    await drafts.keep(key, draft(4));
    await drafts.keep({ ...key, read: "r2" }, draft(5));
    small.setItem("reading-room:draft:r1", earlier);
    await drafts.forgetLocked("r1");
    expect(await drafts.find(key)).toBeNull();
    expect(await drafts.find({ ...key, read: "r2" })).toEqual(draft(5));
    expect(small.size()).toBe(0);
  });

  it("gives nobody the draft of another person or study", async () => {
    const drafts = new LocalDrafts(new MemoryDrafts(), memoryStorage());
    await drafts.keep(key, draft(4));
    expect(await drafts.find({ ...key, reader: "reader2" })).toBeNull();
    expect(await drafts.find({ ...key, study: "other" })).toBeNull();
    await drafts.forget({ ...key, reader: "reader2" });
    expect(await drafts.find(key)).toEqual(draft(4));
  });

  it("writes the last of several, and what was painted only when it changed", async () => {
    const store = new MemoryDrafts();
    const drafts = new LocalDrafts(store, memoryStorage());
    const painted = { ...draft(1), content: { ...content(1), labelmaps: [labelmapOf("H4sI")] } };
    const all = [draft(1), draft(2), painted].map((one) => drafts.keep(key, one));
    expect(await Promise.all(all)).toEqual(["kept", "kept", "kept"]);
    expect(store.writes).toBe(1);
    const { labelmaps } = painted.content;
    await drafts.keep(key, { ...painted, content: { ...content(3), labelmaps } });
    expect(await drafts.find(key)).toMatchObject({ content: { answers: { rating: 3 }, labelmaps } });
    await drafts.keep(key, draft(3));
    expect((await drafts.find(key))?.content.labelmaps).toEqual([]);
  });

  it("does not know what was painted where that is missing", async () => {
    const store = new MemoryDrafts();
    store.kept.set(JSON.stringify(["reader1", "nodes", "r1"]), { draft: draft(1), labelmaps: undefined });
    const found = await new LocalDrafts(store, memoryStorage()).find(key);
    expect([found?.content.answers, found?.content.labelmaps]).toEqual([{ rating: 1 }, undefined]);
  });

  it("removes what it was told to drop after all that was kept before", async () => {
    const store = new MemoryDrafts();
    const drafts = new LocalDrafts(store, memoryStorage());
    void drafts.keep(key, draft(1));
    await drafts.drop(key);
    expect(store.kept.size).toBe(0);
    void drafts.drop(key);
    await drafts.keep(key, draft(2));
    expect(await drafts.find(key)).toEqual(draft(2));
  });

  it("says why the browser keeps nothing, and leaves the draft that it kept before", async () => {
    const store = new MemoryDrafts();
    const drafts = new LocalDrafts(store, memoryStorage());
    await drafts.keep(key, draft(1));
    store.refusal = new DOMException("full", "QuotaExceededError");
    expect(await drafts.keep(key, draft(2))).toBe("full");
    expect(await drafts.find(key)).toEqual(draft(1));
    store.refusal = new Error("no database");
    expect(await drafts.keep(key, draft(3))).toBe("refused");
    store.refusal = null;
    expect(await drafts.keep(key, draft(4))).toBe("kept");
    expect(await drafts.find(key)).toEqual(draft(4));
  });

  it("takes over what an earlier version kept, once", async () => {
    const [store, small] = [new MemoryDrafts(), memoryStorage()];
    small.setItem("reading-room:draft:r1", earlier);
    expect(await new LocalDrafts(store, small).find(key)).toMatchObject({
      content: { answers: { rating: 4 } },
    });
    expect(small.size()).toBe(0);
    expect(await new LocalDrafts(store, small).find(key)).toMatchObject({
      baseRevision: 2,
      keptAt: 5,
      saveId: "",
    });
  });

  it("leaves what an earlier version kept where it is while there is no database", async () => {
    const [store, small] = [new MemoryDrafts(), memoryStorage()];
    small.setItem("reading-room:draft:r1", earlier);
    store.refusal = new Error("no database");
    const drafts = new LocalDrafts(store, small);
    expect(await drafts.find(key)).toMatchObject({ content: { answers: { rating: 4 } } });
    expect(small.size()).toBe(1);
    await drafts.drop(key);
    expect(small.size()).toBe(0);
  });

  it("reads nothing from what is damaged", async () => {
    const [store, small] = [new MemoryDrafts(), memoryStorage()];
    store.kept.set(JSON.stringify(["reader1", "nodes", "r1"]), { draft: { content: 3 }, labelmaps: [] });
    small.setItem("reading-room:draft:r1", "{not json");
    expect(await new LocalDrafts(store, small).find(key)).toBeNull();
  });

  it("gives the same submission key after a reload, and another for another read", () => {
    const small = memoryStorage();
    const given = new LocalDrafts(new MemoryDrafts(), small).submissionId("r1");
    expect(given).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new LocalDrafts(new MemoryDrafts(), small).submissionId("r1")).toBe(given);
    expect(new LocalDrafts(new MemoryDrafts(), small).submissionId("r2")).not.toBe(given);
  });

  it("keeps no clock of a read that it has forgotten", async () => {
    const drafts = new LocalDrafts(new MemoryDrafts(), memoryStorage());
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
    await drafts.forget(key);
    drafts.keepClock("r1", clock);
    expect(drafts.findClock("r1")).toBeNull();
  });
});
