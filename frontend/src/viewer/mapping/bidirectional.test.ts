import { describe, expect, it } from "vitest";
import { cross, distance, dot, pixelToPatient, type SliceGeometry, subtract } from "../geometry";
import { anySlice, seeded } from "../testing";
import type { BidirectionalMeasurement, Vec3 } from "../types";
import { axesMm, hasUntouchedShortAxis, toAnnotation, toMeasurement } from "./bidirectional";

const IMAGE_ID = "wadors:https://reading.room/api/reader/reads/r/series/0/frames/4";

function anyMeasurement(random: () => number, geometry: SliceGeometry): BidirectionalMeasurement {
  const point = (): Vec3 => pixelToPatient(random() * 319, random() * 319, geometry);
  const annotation = {
    annotationUID: "m",
    data: { handles: { points: [point(), point(), point(), point()] } },
  };
  const measurement = toMeasurement(annotation, { series: 2, frame: 4, geometry });
  if (!measurement) throw new Error("Four points are a measurement.");
  return measurement;
}

describe("bidirectional mapping", () => {
  it("gives back the same measurement after a trip through an annotation", () => {
    const random = seeded(42);
    for (let round = 0; round < 200; round++) {
      const geometry = anySlice(random);
      const measurement = anyMeasurement(random, geometry);
      const annotation = toAnnotation(measurement, {
        imageId: IMAGE_ID,
        geometry,
        toolName: "Bidirectional",
      });
      const back = toMeasurement(annotation, { series: 2, frame: 4, geometry });
      expect(back).toMatchObject({ uuid: "m", tool: "bidirectional", series: 2, frame: 4 });
      expect(back?.long_axis_mm).toBeCloseTo(measurement.long_axis_mm, 9);
      expect(back?.short_axis_mm).toBeCloseTo(measurement.short_axis_mm, 9);
      back?.points_mm.forEach((point, corner) => {
        expect(distance(point, measurement.points_mm[corner] as Vec3)).toBeLessThan(1e-9);
      });
    }
  });

  it("puts points on the slice, the longer axis first, with lengths taken from the points sent", () => {
    const random = seeded(3);
    for (let round = 0; round < 100; round++) {
      const geometry = anySlice(random);
      const { points_mm, long_axis_mm, short_axis_mm } = anyMeasurement(random, geometry);
      const [a, b, c, d] = points_mm;
      const normal = cross(geometry.rowDirection, geometry.columnDirection);
      for (const point of points_mm) {
        expect(Math.abs(dot(subtract(point, geometry.origin), normal))).toBeLessThan(1e-9);
      }
      expect(long_axis_mm).toBeGreaterThanOrEqual(short_axis_mm);
      expect(distance(a, b)).toBe(long_axis_mm);
      expect(distance(c, d)).toBe(short_axis_mm);
    }
  });

  it("does not depend on which end or which axis was drawn first", () => {
    const random = seeded(9);
    const geometry = anySlice(random);
    const { points_mm } = anyMeasurement(random, geometry);
    const [a, b, c, d] = points_mm;
    for (const points of [
      [b, a, d, c],
      [c, d, a, b],
    ]) {
      expect(axesMm(points)).toEqual(axesMm(points_mm));
    }
  });

  it("keeps a slice's normal and up direction as the viewer has them", () => {
    const geometry: SliceGeometry = {
      ...anySlice(seeded(1)),
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
    };
    const { metadata } = toAnnotation(anyMeasurement(seeded(2), geometry), {
      imageId: IMAGE_ID,
      geometry,
      toolName: "Bidirectional",
    });
    expect(metadata.viewPlaneNormal.map((part) => part + 0)).toEqual([0, 0, -1]);
    expect(metadata.viewUp.map((part) => part + 0)).toEqual([0, -1, 0]);
    expect(metadata).toMatchObject({ FrameOfReferenceUID: "2.25.7", referencedImageId: IMAGE_ID });
  });

  it("is nothing while points are missing", () => {
    const geometry = anySlice(seeded(5));
    const place = { series: 0, frame: 1, geometry };
    expect(toMeasurement({ annotationUID: "m", data: {} }, place)).toBeNull();
    expect(
      toMeasurement({ annotationUID: "m", data: { handles: { points: [[0, 0, 0]] } } }, place),
    ).toBeNull();
    expect(axesMm([[0, 0, 0]])).toBeNull();
  });
});

describe("hasUntouchedShortAxis", () => {
  const drawn = (short: number, offset: number): BidirectionalMeasurement => ({
    uuid: "m",
    tool: "bidirectional",
    series: 0,
    frame: 1,
    points_mm: [
      [0, 0, 0],
      [12, 0, 0],
      [6 + offset, -short / 2, 0],
      [6 + offset, short / 2, 0],
    ],
    long_axis_mm: 12,
    short_axis_mm: short,
    drawnFor: null,
  });

  it("knows the short axis that the tool draws by itself, centered and two thirds long", () => {
    expect(hasUntouchedShortAxis(drawn(8, 0))).toBe(true);
    expect(hasUntouchedShortAxis(drawn(7.5, 0))).toBe(false);
    expect(hasUntouchedShortAxis(drawn(8, 1))).toBe(false);
  });
});
