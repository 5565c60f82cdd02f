import { describe, expect, it } from "vitest";
import { paintedItem } from "../testing";
import { lettersWithMasks, maskLayers, paintedPlaces, readingColor } from "./masks";

const LOOK = { opacity: 0.3, hasOutline: true };
const item = paintedItem();

describe("the masks of the readings", () => {
  it("have a color for each reading", () => {
    const colors = ["A", "B", "C", "D", "E", "F", "G", "H"].map(readingColor);
    expect(new Set(colors).size).toBe(8);
    expect(colors.every((color) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
  });

  it("are those of readings that painted", () => {
    expect(lettersWithMasks(item)).toEqual(["A", "B"]);
  });

  it("lead to the slice of each segment, with its words", () => {
    expect(paintedPlaces(item, "A")).toEqual([
      {
        id: "A/nodes/0/1",
        words: "Nodes, left, positive: 9.5 × 7.3 mm, 0.20 ml, slice 1, borderline",
        series: 0,
        frame: 1,
      },
      {
        id: "A/nodes/0/2",
        words: "Nodes, right, positive: 9.5 × 8.3 mm, 0.20 ml, slice 2",
        series: 0,
        frame: 2,
      },
    ]);
    expect(paintedPlaces(item, "C")).toEqual([]);
  });

  it("lead to the middle of a segment that is too small for an axis", () => {
    const small = paintedItem();
    const [segment] = small.originals[1]?.labelmaps[0]?.segments ?? [];
    Object.assign(segment ?? {}, { frame: null, slices: [2, 3, 4] });
    expect(paintedPlaces(small, "B")[0]?.frame).toBe(3);
  });
});

describe("what is laid on the images", () => {
  const labels = new Map([
    ["A/nodes/0", new Uint8Array(8)],
    ["B/nodes/0", null],
  ]);

  it("is of readings in sight alone, in the color of each, once it is unpacked", () => {
    expect(maskLayers(item, new Set(), labels, LOOK)).toEqual([]);
    expect(maskLayers(item, new Set(["A"]), new Map(), LOOK)).toEqual([]);
    const [layer, ...others] = maskLayers(item, new Set(["A", "B", "C"]), labels, LOOK);
    expect(others).toEqual([]);
    expect(layer).toMatchObject({ id: "A/nodes/0", series: 0, shape: [2, 2, 2], ...LOOK });
    expect([...(layer?.colors ?? [])]).toEqual([
      [1, readingColor("A")],
      [2, readingColor("A")],
    ]);
  });
});
