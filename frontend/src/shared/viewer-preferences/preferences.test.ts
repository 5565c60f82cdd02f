import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/client";
import { NO_PREFERENCES, withLayout, withMemoryOfWindows, withWindow } from "./preferences";
import { PreferencesSaver } from "./preferences-saver";

const T2W = { low: 2, high: 98 };
const REMEMBERING = withMemoryOfWindows(NO_PREFERENCES, true);

describe("windows", () => {
  it("are kept by role, and only while they are to be", () => {
    expect(withWindow(NO_PREFERENCES, "T2W", T2W)).toBe(NO_PREFERENCES);
    const kept = withWindow(REMEMBERING, "T2W", T2W);
    expect(kept.windows).toEqual({ T2W });
    expect(withWindow(kept, "T2W", null).windows).toEqual({});
    expect(withMemoryOfWindows(kept, false).windows).toEqual({});
  });
});

describe("layouts", () => {
  it("are kept for the last twenty hangings", () => {
    let kept = NO_PREFERENCES;
    for (let number = 0; number < 25; number++) {
      kept = withLayout(kept, `h${number}`, { rows: 1, columns: 2 });
    }
    kept = withLayout(kept, "h10", { rows: 2, columns: 2 });
    expect(Object.keys(kept.layouts)).toHaveLength(20);
    expect(Object.keys(kept.layouts).at(0)).toBe("h5");
    expect(Object.keys(kept.layouts).at(-1)).toBe("h10");
    expect(kept.layouts.h10).toEqual({ rows: 2, columns: 2 });
  });
});

describe("PreferencesSaver", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("sends the last of several changes, once", async () => {
    const put = vi.fn().mockResolvedValue(NO_PREFERENCES);
    const saver = new PreferencesSaver({ put, onProblem: vi.fn() });
    saver.change(NO_PREFERENCES);
    saver.change(REMEMBERING);
    await vi.runAllTimersAsync();
    expect(put.mock.calls).toEqual([[REMEMBERING, { keepalive: false }]]);
  });

  it("sends at once when the page goes, and nothing where nothing waits", async () => {
    const put = vi.fn().mockResolvedValue(NO_PREFERENCES);
    const saver = new PreferencesSaver({ put, onProblem: vi.fn() });
    await saver.flush({ keepalive: true });
    saver.change(REMEMBERING);
    await saver.flush({ keepalive: true });
    await vi.runAllTimersAsync();
    expect(put.mock.calls).toEqual([[REMEMBERING, { keepalive: true }]]);
  });

  it("tells why it could not, until it could", async () => {
    const refusal = new ApiError({ status: 507, code: "disk_full", text: "The server's disk is full." });
    const put = vi.fn().mockRejectedValueOnce(refusal).mockResolvedValue(NO_PREFERENCES);
    const onProblem = vi.fn();
    const saver = new PreferencesSaver({ put, onProblem });
    saver.change(REMEMBERING);
    await vi.runAllTimersAsync();
    expect(onProblem).toHaveBeenLastCalledWith("Your choices could not be saved. The server's disk is full.");
    saver.change(NO_PREFERENCES);
    await vi.runAllTimersAsync();
    expect(onProblem).toHaveBeenLastCalledWith(null);
  });
});
