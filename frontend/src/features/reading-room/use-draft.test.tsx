import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OpenRead } from "./api/read";
import { keyOf, type LocalDraft, LocalDrafts } from "./model/local-draft";
import { labelmapOf, MemoryDrafts, memoryStorage, openRead } from "./testing/lpln";
import { useDraft } from "./use-draft";

const read: OpenRead = { ...openRead, draft: { ...openRead.draft, revision: 3, client_id: "other/9" } };
const reopened: OpenRead = { ...openRead, status: "reopened", correction: { reason: "A slip." } };
const kept: LocalDraft = {
  content: { answers: { rating: 4 }, measurements: [], annotations: [], labelmaps: [] },
  baseRevision: 2,
  keptAt: 5,
  saveId: "page/4",
};

describe("useDraft", () => {
  let drafts: MemoryDrafts;
  let local: LocalDrafts;
  let sent: Record<string, unknown>[];
  let leave: () => Promise<boolean>;

  beforeEach(() => {
    drafts = new MemoryDrafts();
    local = new LocalDrafts(drafts, memoryStorage());
    sent = [];
    vi.stubGlobal("fetch", async (_path: string, { body }: { body: string }) => {
      sent.push(JSON.parse(body));
      return new Response(JSON.stringify({ revision: 3 + sent.length, saved_at: "2026-11-21T10:00:00Z" }));
    });
  });

  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  function open(of: OpenRead, found: LocalDraft | null = null, settleImages = async () => {}) {
    const claimed = {
      claim: "here" as const,
      turn: 1,
      isHeld: () => true,
      continueHere: () => {},
      onLeave: (does: () => Promise<boolean>) => {
        leave = does;
      },
    };
    const options = { local, kept: found, claimed, settleImages, onLocked: () => {}, onGone: () => {} };
    return renderHook(() => useDraft(of, options));
  }

  it("sends what was painted last after the page was left, once it is packed", async () => {
    const { result, unmount } = open(read);
    act(() => result.current.expectLabelmaps(true));
    expect(result.current.saveState.kind).toBe("unsaved");
    const { setLabelmaps, expectLabelmaps } = result.current;
    unmount();
    const labelmaps = [labelmapOf("H4sI")];
    setLabelmaps(labelmaps);
    expectLabelmaps(false);
    await expect.poll(() => sent.length).toBe(1);
    expect(sent[0]).toMatchObject({ labelmaps, revision: 3 });
  });

  it("has the images hand over what was painted before another tab goes on", async () => {
    const labelmaps = [labelmapOf("H4sI")];
    const { result } = open(read, null, async () => {
      result.current.setLabelmaps(labelmaps);
      result.current.expectLabelmaps(false);
    });
    act(() => result.current.expectLabelmaps(true));
    let isSafe = false;
    await act(async () => {
      isSafe = await leave();
    });
    expect(isSafe).toBe(true);
    expect(sent[0]).toMatchObject({ labelmaps });
  });

  it("does not call it safe when the images cannot hand it over", async () => {
    const { result } = open(read, null, () => Promise.reject(new Error("no memory")));
    act(() => result.current.expectLabelmaps(true));
    expect(await leave()).toBe(false);
  });

  it("changes neither draft while the reader has not chosen one", async () => {
    await local.keep(keyOf(read), kept);
    const { result } = open(read, kept);
    expect(result.current.conflict).toEqual(expect.objectContaining({ keptAt: 5 }));
    act(() => result.current.setAnswer("rating", 1));
    act(() => result.current.setDrawn({ measurements: [], marks: [], contours: [], annotations: [] }));
    await act(() => result.current.flush());
    expect([sent, result.current.content.answers]).toEqual([[], {}]);
    expect(await local.find(keyOf(read))).toEqual(kept);
    act(() => result.current.resolveConflict("here"));
    act(() => result.current.setAnswer("comment", "seen"));
    await act(() => result.current.flush());
    expect(sent.at(-1)).toMatchObject({ answers: { rating: 4, comment: "seen" } });
  });

  it("knows when a correction lies in this page alone", async () => {
    const { result } = open(reopened);
    expect(result.current.liesHereAlone()).toBe(false);
    drafts.refusal = new DOMException("full", "QuotaExceededError");
    act(() => result.current.setAnswer("rating", 2));
    await expect.poll(() => result.current.saveState).toEqual({ kind: "kept", kept: "full" });
    const unload = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(unload);
    expect([await leave(), result.current.liesHereAlone(), unload.defaultPrevented]).toEqual([
      false,
      true,
      true,
    ]);
    drafts.refusal = null;
    act(() => result.current.setAnswer("rating", 3));
    await expect.poll(() => result.current.saveState).toEqual({ kind: "kept", kept: "kept" });
    expect([await leave(), result.current.liesHereAlone()]).toEqual([true, false]);
  });
});
