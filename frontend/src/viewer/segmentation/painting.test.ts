import { describe, expect, it } from "vitest";
import { seeded } from "../testing";
import {
  differences,
  editedVoxels,
  type OriginStep,
  type PaintedSegment,
  Painting,
  Stroke,
  withStep,
} from "./painting";

const SHAPE = [3, 20, 30] as const;
const SPACING = { rowMm: 0.5, columnMm: 0.8 };

const segment = (value: number): PaintedSegment => ({
  value,
  question: "nodes",
  label: null,
  status: null,
  origin: [],
  edited_voxels: 0,
});
const brush = (painting: Painting, value: number, radiusMm: number, slice = 1) =>
  new Stroke(painting, {
    slice,
    radiusMm,
    ...SPACING,
    labelFor: (label) => (label === 0 ? value : label),
  });
const at = (painting: Painting, slice: number, row: number, column: number) =>
  painting.labels[(slice * 20 + row) * 30 + column];

/** Mm from a pixel to the nearest of many points along a way. */
function nearestSlowly(places: readonly [number, number][], column: number, row: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  places.slice(1).forEach((to, leg) => {
    const from = places[leg] as [number, number];
    for (let step = 0; step <= 200; step++) {
      const x = from[0] + ((to[0] - from[0]) * step) / 200;
      const y = from[1] + ((to[1] - from[1]) * step) / 200;
      nearest = Math.min(nearest, Math.hypot((x - column) * SPACING.columnMm, (y - row) * SPACING.rowMm));
    }
  });
  return nearest;
}

describe("Stroke", () => {
  it("paints every pixel whose middle lies within the radius of the line, in mm, and no other", () => {
    const random = seeded(11);
    for (let round = 0; round < 8; round++) {
      const painting = new Painting(SHAPE);
      const radiusMm = 0.5 + 4 * random();
      const places = Array.from({ length: 3 }, (): [number, number] => [30 * random(), 20 * random()]);
      const stroke = brush(painting, 1, radiusMm);
      for (const place of places) stroke.to(place);
      const wrong: string[] = [];
      for (let row = 0; row < 20; row++) {
        for (let column = 0; column < 30; column++) {
          const nearest = nearestSlowly(places, column, row);
          const isUnderMouse = places.some(([x, y]) => Math.round(x) === column && Math.round(y) === row);
          const isPainted = at(painting, 1, row, column) === 1;
          const isMissed = !isPainted && nearest <= radiusMm - 0.05;
          if (isMissed || (isPainted && !isUnderMouse && nearest > radiusMm + 0.05)) {
            wrong.push(`${column}, ${row}`);
          }
        }
      }
      expect(wrong).toEqual([]);
      expect(painting.labels.subarray(0, 600).some(Boolean)).toBe(false);
      expect(painting.labels.subarray(1200).some(Boolean)).toBe(false);
    }
  });

  it("paints the pixel under the mouse however small it is, and nothing beyond the image", () => {
    const painting = new Painting(SHAPE);
    const stroke = brush(painting, 1, 0.01);
    stroke.to([4.3, 7.4]);
    stroke.to([-50, -50]);
    expect(at(painting, 1, 7, 4)).toBe(1);
    const far = brush(painting, 1, 3);
    far.to([-40, 7]);
    expect(far.finish()).toBeNull();
  });

  it("leaves other segments as they are, and can be forgotten", () => {
    const painting = new Painting(SHAPE);
    painting.labels[(20 + 8) * 30 + 10] = 2;
    const before = painting.labels.slice();
    const stroke = brush(painting, 1, 3);
    stroke.to([10, 8]);
    expect(at(painting, 1, 8, 10)).toBe(2);
    expect(at(painting, 1, 8, 11)).toBe(1);
    stroke.discard();
    expect(painting.labels).toEqual(before);
    expect(stroke.finish()).toBeNull();
  });
});

describe("Painting", () => {
  it("applies and reverts a change to the bit", () => {
    const painting = new Painting(SHAPE);
    const stroke = brush(painting, 1, 2);
    stroke.to([10, 8]);
    stroke.to([14, 8]);
    const changed = stroke.finish();
    if (!changed) throw new Error("The stroke painted nothing.");
    const change = { ...changed, segmentsBefore: [], segmentsAfter: [segment(1)] };
    painting.apply(change);
    const painted = painting.labels.slice();
    painting.revert(change);
    expect(painting.labels.some(Boolean)).toBe(false);
    expect(painting.segments).toEqual([]);
    painting.apply(change);
    expect(painting.labels).toEqual(painted);
    expect(painting.holds(1)).toBe(true);
    expect(painting.freeValue()).toBe(2);
    expect(editedVoxels(changed, 1)).toBe(painted.reduce((sum, label) => sum + label, 0));
    expect(differences(new Uint8Array(painted.length), painted)?.voxels.length).toBe(
      editedVoxels(changed, 1),
    );
  });

  it("has no value left after 255 segments", () => {
    const segments = Array.from({ length: 255 }, (_, place) => segment(place + 1));
    expect(new Painting(SHAPE, undefined, segments).freeValue()).toBeNull();
    expect(new Painting(SHAPE, undefined, segments.slice(1)).freeValue()).toBe(1);
  });
});

describe("withStep", () => {
  const step = (tool: string, parameters: OriginStep["parameters"] = {}): OriginStep => ({
    tool,
    version: "brush-1",
    seed_ijk: null,
    parameters,
  });

  it("counts strokes of the same tool and size as one step", () => {
    let origin: OriginStep[] = [];
    for (const radius_mm of [3, 3, 3, 2]) origin = withStep(origin, step("brush", { radius_mm }));
    origin = withStep(origin, step("eraser", { radius_mm: 2 }));
    expect(origin.map(({ tool, parameters }) => [tool, parameters])).toEqual([
      ["brush", { radius_mm: 3, strokes: 3 }],
      ["brush", { radius_mm: 2 }],
      ["eraser", { radius_mm: 2 }],
    ]);
  });

  it("never merges regions that were grown", () => {
    const grown = { ...step("grow"), seed_ijk: [1, 2, 3] };
    expect(withStep([grown], grown)).toEqual([grown, grown]);
  });

  it("stays short enough to be sent, however much is painted", () => {
    let origin: OriginStep[] = [];
    for (let count = 0; count < 1_000; count++) {
      origin = withStep(origin, step(count % 2 ? "brush" : "eraser", { radius_mm: count }));
    }
    expect(origin.length).toBeLessThanOrEqual(200);
  });
});
