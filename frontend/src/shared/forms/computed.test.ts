import { describe, expect, it } from "vitest";
import { computedValues, volumeMl } from "./computed";
import type { Contour, Mark, Point, Segment } from "./drawn";
import { everyKind } from "./testing";
import type { Form } from "./types";

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

  const painted: Form = {
    version: 1,
    questions: [
      { key: "nodes", label: "Nodes", help: "", required: false, kind: "mask", drawn_by: "voxels" },
    ],
  };
  const segment = (changes: Partial<Segment>): Segment => ({
    question: "nodes",
    label: null,
    status: null,
    slices: [3, 4],
    short_axis_mm: 6,
    long_axis_mm: 9,
    volume_ml: 0.25,
    ...changes,
  });
  const values = (...segments: Segment[]) => computedValues(painted, { marks: [], contours: [], segments });

  it("are those of all segments together, and the axes of the largest", () => {
    const second = segment({ slices: [4, 5], short_axis_mm: 7.5, long_axis_mm: 8, volume_ml: 0.5 });
    expect(values(segment({}), second, segment({ question: "other", short_axis_mm: 20 }))).toEqual({
      nodes_volume_ml: 0.75,
      nodes_slices: 3,
      nodes_short_axis_mm: 7.5,
      nodes_long_axis_mm: 8,
      nodes_count: 2,
    });
  });

  it("are null without a segment, and so are sizes that were not measured", () => {
    const nothing = { nodes_short_axis_mm: null, nodes_long_axis_mm: null, nodes_volume_ml: null };
    expect(values()).toEqual({ ...nothing, nodes_slices: null, nodes_count: null });
    expect(values(segment({ short_axis_mm: null, long_axis_mm: null, volume_ml: null }))).toEqual({
      ...nothing,
      nodes_slices: 2,
      nodes_count: 1,
    });
  });
});
