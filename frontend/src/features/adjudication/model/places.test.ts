import { describe, expect, it } from "vitest";
import type { Original } from "../api/item";
import { itemOf } from "../testing";
import { hasDrawings, placesOf } from "./places";

type Point = [number, number, number];
const ZERO: Point = [0, 0, 0];

function contour(frame: number) {
  return {
    uuid: `${frame}`,
    question: "tumor",
    series: 0,
    frame,
    sop_uid: "",
    frame_of_reference_uid: "",
    points_mm: [],
  };
}

describe("placesOf", () => {
  it("names each slice once, in order", () => {
    const item = itemOf();
    const [original] = item.originals;
    original?.contours.push(contour(5), contour(3), contour(5));
    const tumor = { question: "tumor", label: "Tumor", series: 0 };
    expect(placesOf(item, "A")).toEqual([
      { ...tumor, frame: 3 },
      { ...tumor, frame: 5 },
    ]);
    expect(placesOf(item, "B")).toEqual([]);
    expect(placesOf(item, null)).toEqual([]);
  });

  it("goes on with axes that answer a question, and ends with what was measured beside the form", () => {
    const item = itemOf();
    const original = item.originals[1] as Original;
    const at = (frame: number) => ({ uuid: `${frame}`, series: 0, frame });
    const points: [Point, Point, Point, Point] = [ZERO, ZERO, ZERO, ZERO];
    const axes = { points_mm: points, long_axis_mm: 9, short_axis_mm: 7 };
    expect(hasDrawings(original)).toBe(false);
    original.measurements.push(
      { ...at(4), ...axes, question: "length" },
      { ...at(2), ...axes, question: "" },
    );
    original.annotations.push({ ...at(7), tool: "angle", points_mm: [], values: { angle_deg: 90 } });
    expect(placesOf(item, "B")).toEqual([
      { question: "length", label: "Length", series: 0, frame: 4 },
      { question: "", label: "Measured", series: 0, frame: 2 },
      { question: "", label: "Measured", series: 0, frame: 7 },
    ]);
    expect(hasDrawings(original)).toBe(true);
  });
});
