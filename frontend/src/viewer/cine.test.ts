import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cine, REDUCED_SPEED } from "./cine";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function cine(isReduced = false) {
  const steps = vi.fn();
  const onChange = vi.fn();
  const playing = new Cine({ step: steps, onChange, input: window, hasReducedMotion: () => isReduced });
  return { playing, steps, onChange };
}

describe("Cine", () => {
  it("shows as many frames a second as it is told to", () => {
    const { playing, steps } = cine();
    playing.setSpeed(20);
    playing.toggle();
    vi.advanceTimersByTime(1000);
    expect(steps).toHaveBeenCalledTimes(20);
    playing.toggle();
    vi.advanceTimersByTime(1000);
    expect(steps).toHaveBeenCalledTimes(20);
  });

  it("plays slowly on a computer that is set to little motion", () => {
    const { playing, steps } = cine(true);
    playing.toggle();
    vi.advanceTimersByTime(2000);
    expect(steps).toHaveBeenCalledTimes(2 * REDUCED_SPEED);
    playing.pause();
  });

  it("is paused by any input but its own", () => {
    for (const event of [
      new KeyboardEvent("keydown", { key: "ArrowDown" }),
      new Event("wheel"),
      new Event("pointerdown"),
    ]) {
      const { playing, steps, onChange } = cine();
      playing.toggle();
      window.dispatchEvent(event);
      vi.advanceTimersByTime(0);
      expect(playing.isPlaying).toBe(false);
      expect(onChange.mock.calls).toEqual([[true], [false]]);
      vi.advanceTimersByTime(1000);
      expect(steps).not.toHaveBeenCalled();
    }
  });

  it("shows no frame after an input, were it due at that moment", () => {
    const { playing, steps } = cine();
    playing.setSpeed(10);
    playing.toggle();
    vi.advanceTimersByTime(99);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "Home" }));
    vi.advanceTimersByTime(1);
    expect(steps).not.toHaveBeenCalled();
    expect(playing.isPlaying).toBe(false);
  });

  it("is not started anew by the key that pauses it", () => {
    const { playing, onChange } = cine();
    playing.toggle();
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "c" }));
    playing.toggle();
    vi.advanceTimersByTime(0);
    expect(playing.isPlaying).toBe(false);
    expect(onChange.mock.calls).toEqual([[true], [false]]);
  });
});
