import { describe, expect, it, vi } from "vitest";
import { centerOut, Prefetch } from "./prefetch";

describe("centerOut", () => {
  it("begins with the slice shown and goes outward", () => {
    expect(centerOut(5, 2)).toEqual([2, 3, 1, 4, 0]);
    expect(centerOut(4, 0)).toEqual([0, 1, 2, 3]);
    expect(centerOut(3, 9)).toEqual([2, 1, 0]);
    expect(centerOut(0, 0)).toEqual([]);
  });

  it("names every frame once", () => {
    expect([...centerOut(41, 17)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 41 }, (_, frame) => frame),
    );
  });
});

describe("Prefetch", () => {
  it("loads all frames, a few at a time, and tells of each", async () => {
    let running = 0;
    let most = 0;
    const onProgress = vi.fn();
    const load = async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
    };
    await new Prefetch({ total: 12, load, onProgress }).run(6, 3);
    expect(most).toBe(3);
    expect(onProgress).toHaveBeenCalledTimes(12);
    expect(onProgress).toHaveBeenLastCalledWith({ loaded: 12, total: 12, failed: [] });
  });

  it("keeps account of frames that fail, and of those that come at the second try", async () => {
    const broken = new Set([1, 3]);
    const load = async (frame: number) => {
      // The real loader rejects with a request object, without a message.
      if (broken.has(frame)) throw { status: 500 };
    };
    const prefetch = new Prefetch({ total: 5, load, onProgress: () => {} });
    await prefetch.run(0);
    expect(prefetch.progress).toEqual({ loaded: 3, total: 5, failed: [1, 3] });
    broken.delete(3);
    expect(await prefetch.retry(3)).toBe(true);
    expect(await prefetch.retry(1)).toBe(false);
    expect(prefetch.progress).toEqual({ loaded: 4, total: 5, failed: [1] });
  });

  it("asks for nothing more and tells nothing more once it is stopped", async () => {
    const onProgress = vi.fn();
    const asked: number[] = [];
    const prefetch: Prefetch = new Prefetch({
      total: 10,
      load: async (frame) => {
        asked.push(frame);
        prefetch.stop();
      },
      onProgress,
    });
    await prefetch.run(0, 1);
    expect(asked).toEqual([0]);
    expect(onProgress).not.toHaveBeenCalled();
  });
});
