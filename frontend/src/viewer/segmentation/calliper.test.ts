import { describe, expect, it } from "vitest";
import vectors from "../../../../tests/reference/masks/calliper.json";
import { type Shape, voxelCount } from "./box";
import { EMPTY_MASK, isBorderline, measureMask, segmentVoxels, TOO_NARROW, volumeMl } from "./calliper";

/** A mask from run lengths that begin with zeros. */
function fromRuns(runs: readonly number[], shape: Shape, segment = 1): Uint8Array {
  const labels = new Uint8Array(voxelCount(shape));
  let at = 0;
  runs.forEach((length, place) => {
    if (place % 2 === 1) labels.fill(segment, at, at + length);
    at += length;
  });
  return labels;
}

describe("measureMask", () => {
  it.each(vectors.masks.map((one) => [one.name, one] as const))("agrees with the server: %s", (_, one) => {
    const shape = one.shape as unknown as Shape;
    const [rowMm, columnMm] = one.spacing_mm as [number, number];
    const spacing = { rowMm, columnMm, stepMm: one.step_mm };
    const measured = measureMask(fromRuns(one.runs, shape, 3), shape, 3, spacing);
    if ("not_estimable" in one.expected) {
      expect(measured.kind).toBe("undefined");
      return;
    }
    if (measured.kind !== "measured") throw new Error(measured.reason);
    const { axes } = measured;
    expect(Math.abs(axes.shortAxisMm - (one.expected.short_axis_mm as number))).toBeLessThan(0.01);
    expect(Math.abs(axes.longAxisMm - (one.expected.long_axis_mm as number))).toBeLessThan(0.01);
    expect(axes.slice).toBe(one.expected.slice);
    if (one.expected.volume_ml === null) expect(axes.volumeMl).toBeNull();
    else expect(axes.volumeMl).toBeCloseTo(one.expected.volume_ml as number, 9);
  });

  it("says why there is nothing to tell", () => {
    const shape: Shape = [2, 5, 5];
    const spacing = { rowMm: 1, columnMm: 1, stepMm: 3 };
    const labels = new Uint8Array(50);
    expect(measureMask(labels, shape, 1, spacing)).toEqual({ kind: "undefined", reason: EMPTY_MASK });
    labels[12] = 1;
    expect(measureMask(labels, shape, 1, spacing)).toEqual({ kind: "undefined", reason: TOO_NARROW });
    expect(segmentVoxels(labels, shape, 1)).toBe(1);
    expect(volumeMl(1, spacing)).toBeCloseTo(0.003, 12);
  });

  it("measures a segment as if no other were there", () => {
    const one = vectors.masks[0];
    if (!one) throw new Error("There are no vectors.");
    const shape = one.shape as unknown as Shape;
    const spacing = { rowMm: 0.6, columnMm: 0.6, stepMm: 3.5 };
    const alone = fromRuns(one.runs, shape, 1);
    const surrounded = alone.map((label) => (label === 0 ? 2 : label));
    expect(measureMask(surrounded, shape, 1, spacing)).toEqual(measureMask(alone, shape, 1, spacing));
  });
});

describe("isBorderline", () => {
  it("holds within one pixel of the cut-off, the ends included", () => {
    expect([6.39, 6.4, 7, 7.6, 7.61].map((mm) => isBorderline(mm, 7, 0.6))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});
