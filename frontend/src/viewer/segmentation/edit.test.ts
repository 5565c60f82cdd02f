import { describe, expect, it } from "vitest";
import { seeded } from "../testing";
import { type Shape, voxelCount } from "./box";
import { signedDistances } from "./distance";
import { drawnSlices, fillSegmentHoles, interpolateSegment, smoothSegment } from "./edit";

const PIXEL = { rowMm: 0.6, columnMm: 0.6 };
const SHAPE: Shape = [15, 44, 48];
const STEP_MM = 2;

type Inside = (x: number, y: number, z: number) => boolean;

/** Labels of a solid, its coordinates in mm from the middle. */
function solid(isInside: Inside, segment = 1, shape: Shape = SHAPE, pixel = PIXEL): Uint8Array {
  const [slices, rows, columns] = shape;
  return Uint8Array.from({ length: voxelCount(shape) }, (_, voxel) => {
    const column = voxel % columns;
    const row = Math.floor(voxel / columns) % rows;
    const slice = Math.floor(voxel / (rows * columns));
    const x = (column - (columns - 1) / 2) * pixel.columnMm;
    const y = (row - (rows - 1) / 2) * pixel.rowMm;
    return isInside(x, y, (slice - (slices - 1) / 2) * STEP_MM) ? segment : 0;
  });
}

const sphere =
  (radius: number, cx = 0, cy = 0): Inside =>
  (x, y, z) =>
    (x - cx) ** 2 + (y - cy) ** 2 + z * z < radius * radius;

/** Without the segment on those slices. */
function without(labels: Uint8Array, slices: readonly number[], shape: Shape = SHAPE): Uint8Array {
  const size = shape[1] * shape[2];
  const result = labels.slice();
  for (const slice of slices) result.fill(0, slice * size, (slice + 1) * size);
  return result;
}

function dice(one: Uint8Array, other: Uint8Array, segment = 1): number {
  let [common, total] = [0, 0];
  one.forEach((label, voxel) => {
    if (label === segment && other[voxel] === segment) common += 1;
    total += Number(label === segment) + Number(other[voxel] === segment);
  });
  return (2 * common) / total;
}

/** Compared here, since a matcher takes seconds on arrays of this size. */
const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((label, voxel) => label === other[voxel]);

const count = (labels: Uint8Array, segment = 1): number =>
  labels.reduce((sum, label) => sum + Number(label === segment), 0);

/** Every second slice between the first and the last that are drawn. */
const everySecond = (labels: Uint8Array): number[] =>
  drawnSlices(labels, SHAPE, 1)
    .slice(0, -1)
    .filter((_, place) => place % 2 === 1);

describe("signedDistances", () => {
  it("equals the distance to the nearest pixel of the other kind, searched for pixel by pixel", () => {
    const random = seeded(4);
    const [rows, columns] = [13, 17];
    const spacing = { rowMm: 0.5, columnMm: 0.9 };
    const half = (spacing.rowMm + spacing.columnMm) / 4;
    const plane = Uint8Array.from({ length: rows * columns }, () => Number(random() < 0.4));
    signedDistances(plane, rows, columns, spacing).forEach((distance, pixel) => {
      let nearest = Number.POSITIVE_INFINITY;
      plane.forEach((isSet, other) => {
        if (isSet === plane[pixel]) return;
        const down = (Math.floor(pixel / columns) - Math.floor(other / columns)) * spacing.rowMm;
        const across = ((pixel % columns) - (other % columns)) * spacing.columnMm;
        nearest = Math.min(nearest, Math.hypot(down, across));
      });
      expect(distance).toBeCloseTo(plane[pixel] ? nearest - half : half - nearest, 9);
    });
  });
});

describe("interpolateSegment", () => {
  it.each([
    [5, 0.92],
    [7.5, 0.95],
    [10, 0.95],
    [12.5, 0.95],
  ])("restores a sphere of %s mm of which every second slice is missing", (radius, least) => {
    const whole = solid(sphere(radius));
    const { labels, removed } = interpolateSegment(without(whole, everySecond(whole)), SHAPE, 1, PIXEL);
    expect(dice(labels, whole)).toBeGreaterThan(least);
    expect(removed).toBe(0);
  });

  it("follows a body that wanders from slice to slice", () => {
    const whole = solid((x, y, z) => Math.abs(z) < 13 && Math.hypot(x - 0.6 * z, y + 0.3 * z) < 2.4);
    const { labels } = interpolateSegment(without(whole, everySecond(whole)), SHAPE, 1, PIXEL);
    expect(dice(labels, whole)).toBeGreaterThan(0.95);
  });

  it("changes nothing where no slice is missing, nor beyond the first and last drawn", () => {
    const whole = solid(sphere(9));
    const { labels, added } = interpolateSegment(whole, SHAPE, 1, PIXEL);
    expect(isSame(labels, whole)).toBe(true);
    expect(added).toBe(0);
    const drawn = drawnSlices(whole, SHAPE, 1);
    const gapped = interpolateSegment(without(whole, everySecond(whole)), SHAPE, 1, PIXEL).labels;
    expect(drawnSlices(gapped, SHAPE, 1)).toEqual(drawn);
  });

  it("keeps drawn slices, and is done after one time", () => {
    const whole = solid(sphere(10));
    const missing = everySecond(whole);
    const once = interpolateSegment(without(whole, missing), SHAPE, 1, PIXEL).labels;
    expect(isSame(without(once, missing), without(whole, missing))).toBe(true);
    expect(isSame(interpolateSegment(once, SHAPE, 1, PIXEL).labels, once)).toBe(true);
  });

  it("gives the mirror image of the mirror image", () => {
    const whole = solid((x, y, z) => sphere(9)(x, y, z) && x + 0.4 * z < 4);
    const gapped = without(whole, everySecond(whole));
    const mirrored = interpolateSegment(gapped.slice().reverse(), SHAPE, 1, PIXEL).labels.reverse();
    // Half a pixel of shift is rounded to one side, so a few edge pixels may differ.
    expect(dice(mirrored, interpolateSegment(gapped, SHAPE, 1, PIXEL).labels)).toBeGreaterThan(0.98);
  });

  it("never takes a voxel of another segment", () => {
    const random = seeded(8);
    for (let round = 0; round < 10; round++) {
      const labels = without(solid(sphere(6 + 5 * random(), 2, 0)), [3, 5, 7, 9]);
      const other = solid(sphere(4 + 4 * random(), -4 * random(), 2), 2);
      other.forEach((label, voxel) => {
        if (label) labels[voxel] = label;
      });
      for (const change of [interpolateSegment, smoothSegment]) {
        const after = change(labels, SHAPE, 1, PIXEL).labels;
        expect(after.every((label, voxel) => (label === 2) === (labels[voxel] === 2))).toBe(true);
      }
      const filled = fillSegmentHoles(labels, SHAPE, 1).labels;
      expect(count(filled, 2)).toBe(count(labels, 2));
    }
  });
});

describe("fillSegmentHoles", () => {
  it("fills what is enclosed on a slice, and only that", () => {
    const whole = solid(sphere(10));
    const hollow = solid((x, y, z) => sphere(10)(x, y, z) && Math.hypot(x - 1, y) > 2);
    const { labels, added, removed } = fillSegmentHoles(hollow, SHAPE, 1);
    expect(isSame(labels, whole)).toBe(true);
    expect(added).toBe(count(whole) - count(hollow));
    expect(removed).toBe(0);
    const open = solid((x, y, z) => sphere(10)(x, y, z) && !(Math.abs(y) < 1 && x > 0));
    expect(fillSegmentHoles(open, SHAPE, 1).added).toBe(0);
  });

  it("leaves other slices than those asked for", () => {
    const hollow = solid((x, y, z) => sphere(10)(x, y, z) && Math.hypot(x, y) > 2);
    const size = SHAPE[1] * SHAPE[2];
    const { labels } = fillSegmentHoles(hollow, SHAPE, 1, [7]);
    expect(
      drawnSlices(
        labels.map((label, voxel) => Number(label !== hollow[voxel])),
        SHAPE,
        1,
      ),
    ).toEqual([7]);
    expect(isSame(labels.subarray(0, 7 * size), hollow.subarray(0, 7 * size))).toBe(true);
  });
});

describe("smoothSegment", () => {
  it("takes the roughness off an edge and keeps the volume within 5 %", () => {
    const random = seeded(11);
    for (const radius of [3, 5, 8, 11]) {
      const whole = solid(sphere(radius));
      const rough = solid((x, y, z) => sphere(radius + 1.2 * (random() - 0.5))(x, y, z));
      const { labels } = smoothSegment(rough, SHAPE, 1, PIXEL);
      expect(Math.abs(count(labels) / count(rough) - 1)).toBeLessThan(0.05);
      expect(dice(labels, whole)).toBeGreaterThan(dice(rough, whole));
    }
  });

  it("leaves a smooth disc almost as it is", () => {
    const disc = solid((x, y, z) => Math.hypot(x, y) < 6 && Math.abs(z) < 3);
    expect(dice(smoothSegment(disc, SHAPE, 1, PIXEL).labels, disc)).toBeGreaterThan(0.98);
  });

  it("takes a single stray pixel away and changes only the slices asked for", () => {
    const labels = solid((x, y, z) => Math.hypot(x, y) < 6 && Math.abs(z) < 3);
    const stray = (7 * SHAPE[1] + 2) * SHAPE[2] + 2;
    labels[stray] = 1;
    expect(smoothSegment(labels, SHAPE, 1, PIXEL).labels[stray]).toBe(0);
    const elsewhere = smoothSegment(labels, SHAPE, 1, PIXEL, 1, [6]).labels;
    expect(elsewhere[stray]).toBe(1);
  });
});
