import { describe, expect, it } from "vitest";
import { fromPlane, type SliceGeometry } from "../geometry";
import { anySlice, seeded } from "../testing";
import type { Vec3 } from "../types";
import { angleDegrees, toPixel, valuesOf } from "./values";
import { annotationLines, fieldWords, number } from "./words";

const on = (geometry: SliceGeometry, ...places: (readonly [number, number])[]): Vec3[] =>
  places.map((place) => fromPlane(place, geometry));

describe("valuesOf", () => {
  it("measures lengths and angles in the patient, on slices of any orientation", () => {
    const random = seeded(4);
    for (let round = 0; round < 50; round++) {
      const geometry = anySlice(random);
      const [a, b, c] = on(geometry, [10, 20], [13, 24], [17, 21]) as [Vec3, Vec3, Vec3];
      expect(valuesOf("length", [a, b], geometry, null)?.length_mm).toBeCloseTo(5, 9);
      expect(valuesOf("angle", [a, b, c], geometry, null)?.angle_deg).toBeCloseTo(90, 6);
    }
  });

  it("knows no angle at an arm without length", () => {
    expect(angleDegrees([1, 2, 3], [1, 2, 3], [4, 5, 6])).toBeNull();
    const geometry = anySlice(seeded(1));
    const [a, b] = on(geometry, [1, 1], [5, 5]) as [Vec3, Vec3];
    expect(valuesOf("angle", [a, a, b], geometry, null)).toEqual({});
  });

  it("has the area of a region and the statistics of its pixels, once these are there", () => {
    const geometry = {
      ...anySlice(seeded(2)),
      rows: 40,
      columns: 40,
      rowSpacingMm: 0.5,
      columnSpacingMm: 0.8,
    };
    const values = Float32Array.from({ length: 1600 }, (_, at) => at % 40);
    const image = { values, rows: 40, columns: 40 };
    const square = on(geometry, [3.6, 2.25], [8.4, 2.25], [8.4, 6.25], [3.6, 6.25]);
    const found = valuesOf("freehand", square, geometry, image);
    expect(found?.area_mm2).toBeCloseTo(4.8 * 4, 9);
    // Columns 5 to 10, rows 5 to 12.
    expect(found).toMatchObject({ pixels: 48, min: 5, max: 10, mean: 7.5 });
    expect(found?.sd).toBeCloseTo(Math.sqrt(35 / 12), 9);
    expect(valuesOf("freehand", square, geometry, null)).toBeNull();
    const ends = on(geometry, [4, 10], [16, 10], [10, 6], [10, 14]);
    expect(valuesOf("ellipse", ends, geometry, image)?.area_mm2).toBeCloseTo(Math.PI * 6 * 4, 9);
    expect(valuesOf("ellipse", ends, geometry, null)).toBeNull();
  });

  it("places pixels by their centers", () => {
    const geometry = anySlice(seeded(3));
    const [point] = on(geometry, [3 * geometry.columnSpacingMm, 7 * geometry.rowSpacingMm]) as [Vec3];
    const [column, row] = toPixel(point, geometry);
    expect(column).toBeCloseTo(3, 9);
    expect(row).toBeCloseTo(7, 9);
  });
});

describe("words", () => {
  it("say what is not defined", () => {
    expect(annotationLines({ tool: "angle", text: null, values: {} })).toEqual(["angle not defined"]);
    const empty = annotationLines({ tool: "ellipse", text: null, values: { area_mm2: 3.14, pixels: 0 } });
    expect(empty).toEqual(["3.1 mm²", "no pixel center within"]);
  });

  it("tell a region's statistics with the unit of its values", () => {
    const values = { area_mm2: 12.04, pixels: 25, mean: 41.26, sd: 7.5, min: 30, max: 55 };
    expect(annotationLines({ tool: "ellipse", text: null, values }, "HU")).toEqual([
      "12.0 mm²",
      "mean 41.26, SD 7.500 HU",
      "30 to 55 HU",
      "n 25",
    ]);
  });

  it("write four digits that count, whatever the size of a value", () => {
    expect([0.00123456, 12.3456, 1234.56, -0.5, 0, 250].map(number)).toEqual([
      "0.001235",
      "12.35",
      "1235",
      "-0.5000",
      "0",
      "250",
    ]);
    expect(fieldWords("length_mm", 12.305)).toBe("12.30 mm");
    expect(fieldWords("pixels", 12)).toBe("12 pixels");
  });
});
