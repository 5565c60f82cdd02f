import { describe, expect, it, vi } from "vitest";
import { fullestSlice, ModelOverlays, type OverlayHabits } from "./model-overlays";
import type { Shape } from "./segmentation/box";

const shape: Shape = [2, 1, 2];
const TOLD = [
  { name: "region", kind: "mask", series: 0, shape },
  { name: "influence", kind: "heat", series: 0, shape },
] as const;
const voxels = Uint8Array.of(0, 1, 1, 1);

function begun(habits?: OverlayHabits): ModelOverlays {
  const overlays = new ModelOverlays(habits);
  overlays.begin(TOLD);
  return overlays;
}

const looks = (overlays: ModelOverlays) => overlays.snapshot().overlays.map(({ look }) => look.isShown);

describe("ModelOverlays", () => {
  it("shows the region at once and the map on demand", () => {
    const overlays = begun();
    expect(looks(overlays)).toEqual([true, false]);
    overlays.setLook("influence", { isShown: true });
    expect(looks(overlays)).toEqual([true, true]);
  });

  it("holds the voxels that have come, and says of which none could be had", () => {
    const overlays = begun();
    overlays.came("region", voxels);
    overlays.came("influence", null);
    const [region, influence] = overlays.snapshot().overlays;
    expect(region).toMatchObject({ voxels, hasFailed: false });
    expect(influence).toMatchObject({ voxels: null, hasFailed: true });
    overlays.isAsked("influence");
    expect(overlays.snapshot().overlays[1]?.hasFailed).toBe(false);
  });

  it("hides all with one key and shows again what was shown", () => {
    const overlays = begun();
    overlays.toggleAll();
    expect(overlays.snapshot().areHidden).toBe(true);
    overlays.toggleAll();
    expect(overlays.snapshot().areHidden).toBe(false);
    expect(looks(overlays)).toEqual([true, false]);
  });

  it("comes out of hiding when one of them is set", () => {
    const overlays = begun();
    overlays.toggleAll();
    overlays.setLook("region", { opacity: 0.4 });
    expect(overlays.snapshot().areHidden).toBe(false);
  });

  it("has nothing to hide where nothing was released", () => {
    const overlays = new ModelOverlays();
    overlays.toggleAll();
    expect(overlays.snapshot()).toEqual({ overlays: [], areHidden: false });
  });

  it("forgets the case, and remembers how the reader liked each kind to look", () => {
    const habits: OverlayHabits = new Map();
    const first = begun(habits);
    first.came("region", voxels);
    first.setLook("region", { opacity: 0.35, isFilled: true });
    first.clear();
    expect(first.snapshot().overlays).toEqual([]);
    expect([...habits]).toEqual([["mask", { isShown: true, opacity: 0.35, isFilled: true }]]);
    const next = begun(habits);
    expect(next.snapshot().overlays[0]).toMatchObject({
      voxels: null,
      look: { isShown: true, opacity: 0.35, isFilled: true },
    });
    expect(next.snapshot().overlays[1]?.look.opacity).toBe(0.6);
  });

  it("takes no voxels of a case that was left", () => {
    const overlays = begun();
    overlays.clear();
    overlays.came("region", voxels);
    expect(overlays.snapshot().overlays).toEqual([]);
  });

  it("tells whoever listens, until they stop", () => {
    const overlays = begun();
    const listener = vi.fn();
    const stop = overlays.subscribe(listener);
    overlays.came("region", voxels);
    stop();
    overlays.toggleAll();
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe("fullestSlice", () => {
  it("is the first slice with the largest sum", () => {
    expect(fullestSlice(Uint8Array.of(0, 1, 1, 1, 2, 0), [3, 1, 2])).toBe(2);
    expect(fullestSlice(Uint8Array.of(0, 0, 255, 255, 200, 200), [3, 1, 2])).toBe(2);
  });

  it("is the middle one where there is nothing", () => {
    expect(fullestSlice(new Uint8Array(10), [5, 1, 2])).toBe(3);
  });
});
