import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LATE_AFTER_MS, useLate } from "./use-late";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("useLate", () => {
  const waiting = () =>
    renderHook(({ isUnderWay }: { isUnderWay: boolean }) => useLate(isUnderWay), {
      initialProps: { isUnderWay: true },
    });
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

  it("says so once it has taken long", () => {
    const { result, rerender } = waiting();
    pass(LATE_AFTER_MS - 1);
    expect(result.current).toBe(false);
    pass(1);
    expect(result.current).toBe(true);
    rerender({ isUnderWay: false });
    expect(result.current).toBe(false);
  });

  it("says nothing of what is over soon", () => {
    const { result, rerender } = waiting();
    rerender({ isUnderWay: false });
    pass(2 * LATE_AFTER_MS);
    expect(result.current).toBe(false);
  });
});
