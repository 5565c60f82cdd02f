import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryDrafts, memoryStorage, openRead } from "../testing/lpln";
import { LocalDrafts } from "./local-draft";
import { submitCorrection, submitRead } from "./submit-read";
import { ReadingClock } from "./timing";

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

const next = (status: string) => ({ status, session_ordinal: 1, position: 2 });
const submitted = (status: string) =>
  answer(200, { status: "submitted", has_feedback: false, next: next(status) });

describe("submitRead", () => {
  const local = new LocalDrafts(new MemoryDrafts(), memoryStorage());
  const clock = new ReadingClock({ now: () => 0, slicesTotal: 40 });
  const draft = {
    sendable: () => ({ answers: { rating: 4 }, measurements: [] }),
    settle: vi.fn(async () => 7),
    resume: vi.fn(),
    finish: vi.fn(),
  };
  const fetchMock = vi.fn<typeof fetch>();

  beforeEach(() => {
    vi.clearAllMocks();
    vi.stubGlobal("fetch", fetchMock);
  });
  afterEach(() => vi.unstubAllGlobals());

  const bodies = () => fetchMock.mock.calls.map(([, init]) => JSON.parse(String(init?.body)));

  it("sends answers and timing once no save is under way, and says whether a case follows", async () => {
    fetchMock.mockResolvedValueOnce(submitted("open"));
    const first = await submitRead("r", draft, local, clock);
    expect(first).toEqual({ kind: "submitted", next: next("open"), opened: null });
    expect(draft.settle).toHaveBeenCalledBefore(draft.finish);
    expect(bodies()[0]).toMatchObject({
      answers: { rating: 4 },
      measurements: [],
      revision: 7,
      timing: { slices_total: 40 },
    });
    fetchMock.mockResolvedValueOnce(submitted("break"));
    const second = await submitRead("r", draft, local, clock);
    expect(second).toEqual({ kind: "submitted", next: next("break"), opened: null });
    expect(bodies().map((body) => body.open_next)).toEqual([false, false]);
  });

  it("brings the case that the server opened on the same way", async () => {
    fetchMock.mockResolvedValueOnce(
      answer(200, { status: "submitted", has_feedback: false, next: next("open"), opened: openRead }),
    );
    const done = await submitRead("r0", draft, local, clock, { opensNext: true });
    expect(done).toMatchObject({ kind: "submitted", opened: { id: openRead.id, alias: openRead.alias } });
    expect(bodies()[0].open_next).toBe(true);
  });

  it("tries again under the same key after a lost answer", async () => {
    fetchMock.mockRejectedValueOnce(new TypeError("network"));
    const lost = await submitRead("r2", draft, local, clock);
    expect(lost).toMatchObject({ kind: "failed", text: expect.stringContaining("kept here") });
    expect(draft.resume).toHaveBeenCalledOnce();
    fetchMock.mockResolvedValueOnce(submitted("complete"));
    await submitRead("r2", draft, local, clock);
    const [first, second] = bodies();
    expect(second.idempotency_key).toBe(first.idempotency_key);
  });

  it("gives back what the server found wrong, by question", async () => {
    fetchMock.mockResolvedValueOnce(
      answer(400, {
        code: "invalid",
        text: "Some answers cannot be accepted.",
        fields: { rating: "Please answer." },
      }),
    );
    expect(await submitRead("r3", draft, local, clock)).toEqual({
      kind: "failed",
      text: "Some answers cannot be accepted.",
      problems: { rating: "Please answer." },
    });
    expect(draft.finish).not.toHaveBeenCalled();
  });

  it("goes on when another tab has submitted the read", async () => {
    fetchMock.mockResolvedValueOnce(answer(409, { code: "read_locked", text: "Locked." }));
    expect(await submitRead("r4", draft, local, clock)).toEqual({
      kind: "submitted",
      next: null,
      opened: null,
    });
    expect(draft.finish).toHaveBeenCalledOnce();
  });

  it("sends a correction with its reason, under one key for every try", async () => {
    fetchMock.mockRejectedValueOnce(new TypeError("network"));
    expect(await submitCorrection("r5", draft, local, "The other side.")).toMatchObject({ kind: "failed" });
    expect(draft.finish).not.toHaveBeenCalled();
    fetchMock.mockResolvedValueOnce(answer(200, { status: "corrected" }));
    expect(await submitCorrection("r5", draft, local, "The other side.")).toEqual({ kind: "corrected" });
    const [first, second] = bodies();
    expect(second).toEqual(first);
    expect(first).toMatchObject({ answers: { rating: 4 }, reason: "The other side." });
    expect(draft.finish).toHaveBeenCalledOnce();
  });
});
