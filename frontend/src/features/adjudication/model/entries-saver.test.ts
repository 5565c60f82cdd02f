import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../shared/api/client";
import type { Entries, SavedEntries } from "../api/item";
import { EntriesSaver, type SaveState } from "./entries-saver";

const entries = (reason: string): Entries => ({ answers: {}, reason, attendees: [] });

function refusal(code: string, status = 409): ApiError {
  return new ApiError({ status, code, text: code });
}

describe("EntriesSaver", () => {
  let sent: (Entries & { revision: number })[];
  let states: SaveState["kind"][];
  let answers: (ApiError | null)[];
  let saver: EntriesSaver;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    states = [];
    answers = [];
    saver = new EntriesSaver({
      revision: 3,
      savedAt: null,
      put: async (draft): Promise<SavedEntries> => {
        sent.push(draft);
        const error = answers.shift();
        if (error) throw error;
        return { revision: draft.revision + 1, saved_at: "2026-03-02T09:00:00Z" };
      },
      onState: ({ kind }) => states.push(kind),
    });
  });
  afterEach(() => {
    saver.stop();
    vi.useRealTimers();
  });

  it("sends the last of several changes, with the revision that the server has", async () => {
    saver.change(entries("a"));
    saver.change(entries("ab"));
    await vi.advanceTimersByTimeAsync(600);
    saver.change(entries("abc"));
    await vi.advanceTimersByTimeAsync(600);
    expect(sent.map(({ reason, revision }) => [reason, revision])).toEqual([
      ["ab", 3],
      ["abc", 4],
    ]);
    expect(states.at(-1)).toBe("saved");
  });

  it("tries again by itself when the server was out of reach", async () => {
    answers = [new ApiError({ status: 0, code: "offline", text: "" }), null];
    saver.change(entries("a"));
    await vi.advanceTimersByTimeAsync(600);
    expect(states.at(-1)).toBe("offline");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toHaveLength(2);
    expect(states.at(-1)).toBe("saved");
  });

  it.each([
    ["stale_draft", "elsewhere"],
    ["item_settled", "closed"],
    ["item_voided", "closed"],
    ["study_not_reading", "closed"],
  ])("stops saving after %s", async (code, state) => {
    answers = [refusal(code)];
    saver.change(entries("a"));
    await vi.advanceTimersByTimeAsync(600);
    expect(states.at(-1)).toBe(state);
    saver.change(entries("b"));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(1);
  });

  it("says why an entry was not taken and goes on with the next", async () => {
    answers = [refusal("invalid", 400)];
    saver.change(entries("a"));
    await vi.advanceTimersByTimeAsync(600);
    expect(states.at(-1)).toBe("refused");
    saver.change(entries("b"));
    await vi.advanceTimersByTimeAsync(600);
    expect(states.at(-1)).toBe("saved");
  });

  it("sends at once when the page is left, and gives the revision", async () => {
    saver.change(entries("a"));
    expect(await saver.flush(true)).toBe(4);
    expect(sent).toHaveLength(1);
  });
});
