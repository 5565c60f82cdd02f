import { describe, expect, it } from "vitest";
import { itemOf } from "../testing";
import { placesOf } from "./places";

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
});
