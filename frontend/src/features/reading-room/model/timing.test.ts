import { beforeEach, describe, expect, it } from "vitest";
import { IDLE_LIMIT_MS, ReadingClock, SWITCH_MS } from "./timing";

describe("ReadingClock", () => {
  let at: number;
  let clock: ReadingClock;
  const now = () => at;

  beforeEach(() => {
    at = 1_000;
    clock = new ReadingClock({ now, slicesTotal: 40 });
  });

  it("notes the first image and the first interaction, and not the later ones", () => {
    at = 1_400;
    clock.sliceShown(0, 20);
    at = 3_000;
    clock.interacted("key");
    at = 5_000;
    clock.sliceShown(0, 21);
    clock.interacted("click");
    expect(clock.report()).toMatchObject({
      first_image_ms: 400,
      first_interaction_ms: 2_000,
      wall_ms: 4_000,
      clicks: 1,
      key_presses: 1,
    });
  });

  it("begins with the first image, where that stood on the screen before", () => {
    at = 3_000;
    clock = new ReadingClock({ now, slicesTotal: 40, lookedSince: 2_200 });
    at = 4_000;
    clock.sliceShown(0, 20);
    expect(clock.report()).toMatchObject({
      first_image_ms: 0,
      wall_ms: 1_800,
      active_ms: 1_800,
      slices_seen: 1,
    });
  });

  it("counts each slice once, by series", () => {
    for (const [series, frame] of [
      [0, 1],
      [0, 2],
      [0, 1],
      [1, 1],
    ] as const) {
      clock.sliceShown(series, frame);
    }
    expect(clock.report()).toMatchObject({ slices_seen: 3, slices_total: 40 });
  });

  it("trims pauses to the idle limit", () => {
    at += 10_000;
    clock.moved();
    at += 10 * IDLE_LIMIT_MS;
    clock.interacted("wheel");
    at += 2_000;
    expect(clock.report()).toMatchObject({
      active_ms: 12_000 + IDLE_LIMIT_MS,
      idle_ms: 9 * IDLE_LIMIT_MS,
      wall_ms: 12_000 + 10 * IDLE_LIMIT_MS,
    });
  });

  it("does not count time away from the page", () => {
    at += 5_000;
    clock.left();
    at += 20_000;
    clock.returned();
    at += 3_000;
    clock.interacted("key");
    expect(clock.report()).toMatchObject({ active_ms: 8_000, blur_ms: 20_000, wall_ms: 28_000 });
  });

  it("takes going from one window of the page to the other for no absence", () => {
    at += 5_000;
    clock.left();
    at += SWITCH_MS;
    clock.returned();
    at += 1_000;
    clock.left();
    at += SWITCH_MS + 1;
    clock.returned();
    expect(clock.report()).toMatchObject({ active_ms: 6_000 + SWITCH_MS, blur_ms: SWITCH_MS + 1 });
  });

  it("counts every moment once: active, idle or away", () => {
    const steps = [() => clock.moved(), () => clock.left(), () => clock.left(), () => clock.returned()];
    steps.push(
      () => clock.interacted("click"),
      () => clock.left(),
      () => clock.interacted("wheel"),
    );
    for (let turn = 0; turn < 40; turn += 1) {
      at += (turn * 7_919) % 61_000;
      steps[turn % steps.length]?.();
    }
    at += 45_000;
    const { active_ms, idle_ms, blur_ms, wall_ms } = clock.report();
    expect(active_ms + idle_ms + blur_ms).toBe(wall_ms);
    expect(Math.min(active_ms, idle_ms, blur_ms)).toBeGreaterThan(0);
  });

  it("counts how long the model's output is on the screen", () => {
    at += 1_000;
    clock.aidOpened();
    clock.aidOpened();
    at += 4_000;
    clock.aidClosed();
    at += 500;
    clock.aidOpened();
    at += 2_000;
    expect(clock.report().aid_open_ms).toBe(6_000);
  });

  it("goes on after a reload", () => {
    clock.sliceShown(0, 1);
    at += 5_000;
    clock.interacted("click");
    clock.viewerUsed({ scrolls: 3, window_changes: 1, zooms: 0, pans: 2 });
    const earlier = clock.record();
    at = 90;
    const again = new ReadingClock({ now, slicesTotal: 40, earlier });
    at += 2_000;
    again.sliceShown(0, 1);
    again.sliceShown(0, 2);
    again.interacted("click");
    again.viewerUsed({ scrolls: 1, window_changes: 0, zooms: 4, pans: 0 });
    expect(again.report()).toEqual({
      first_image_ms: 0,
      first_interaction_ms: 5_000,
      active_ms: 7_000,
      idle_ms: 0,
      blur_ms: 0,
      wall_ms: 7_000,
      aid_open_ms: 0,
      slices_seen: 2,
      slices_total: 40,
      clicks: 2,
      key_presses: 0,
      scrolls: 4,
      window_changes: 1,
      zooms: 4,
      pans: 2,
    });
  });

  it("reports nothing for what did not happen", () => {
    expect(clock.report()).toMatchObject({ first_image_ms: null, first_interaction_ms: null, clicks: 0 });
  });
});
