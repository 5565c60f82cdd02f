import { describe, expect, it } from "vitest";
import { computedValues, volumeMl } from "./computed";
import type { Contour, Mark, Point } from "./drawn";
import { everyKind } from "./testing";

const square = (size: number, slice: number, corner = 0): Contour => {
  const low = corner;
  const high = corner + size;
  const points_mm: Point[] = [
    [low, slice, low],
    [high, slice, low],
    [high, slice, high],
    [low, slice, high],
  ];
  return {
    uuid: `${slice} ${corner} ${size}`,
    question: "tumor",
    series: 0,
    frame: slice,
    sop_uid: `2.25.${slice}`,
    frame_of_reference_uid: "2.25.9",
    points_mm,
    area_mm2: size * size,
    slice_step_mm: 4,
  };
};

describe("volumeMl", () => {
  it("is the covered area times the slice step", () => {
    expect(volumeMl([square(10, 1), square(20, 2)])).toBeCloseTo(((100 + 400) * 4) / 1000, 12);
    expect(volumeMl([square(10, 1), square(10, 1, 50)])).toBeCloseTo(0.8, 12);
  });

  it("takes an outline within another for a hole, and one within the hole for tissue", () => {
    const island = [square(20, 1), square(10, 1, 5), square(4, 1, 8)];
    expect(volumeMl(island)).toBeCloseTo(((400 - 100 + 16) * 4) / 1000, 12);
    expect(volumeMl(island.toReversed())).toBeCloseTo(((400 - 100 + 16) * 4) / 1000, 12);
  });

  it("is unknown where slices do not lie evenly, and nothing for nothing", () => {
    expect(volumeMl([{ ...square(10, 1), slice_step_mm: null }])).toBeNull();
    expect(volumeMl([])).toBe(0);
  });
});

describe("computedValues", () => {
  it("are null while nothing is drawn", () => {
    expect(computedValues(everyKind, { marks: [], contours: [] })).toEqual({
      lesions_count: null,
      tumor_volume_ml: null,
      tumor_slices: null,
    });
  });

  it("count marks and slices of their own question", () => {
    const mark = { question: "lesions", uuid: "a" } as Mark;
    const other = { question: "others", uuid: "b" } as Mark;
    const contours = [square(10, 1), square(10, 1, 50), square(10, 2)];
    expect(computedValues(everyKind, { marks: [mark, other], contours })).toEqual({
      lesions_count: 1,
      tumor_volume_ml: 1.2,
      tumor_slices: 2,
    });
  });
});
