import { describe, expect, it } from "vitest";
import type { Contour, Mark } from "../../shared/forms/drawn";
import {
  cross,
  distance,
  dot,
  intoImage,
  isInImage,
  pixelToPatient,
  type SliceGeometry,
  subtract,
} from "../geometry";
import { anySlice, seeded } from "../testing";
import type { Vec3 } from "../types";
import * as contours from "./contour";
import * as marks from "./mark";

const IMAGE_ID = "wadors:https://reading.room/api/reader/reads/r/series/2/frames/4";
const placeOn = (geometry: SliceGeometry) => ({ series: 2, frame: 4, sopUid: "2.25.4", geometry });
const annotationPlace = (geometry: SliceGeometry, toolName: string) => ({
  imageId: IMAGE_ID,
  geometry,
  toolName,
});
const offPlane = (point: Vec3, geometry: SliceGeometry): number =>
  Math.abs(dot(subtract(point, geometry.origin), cross(geometry.rowDirection, geometry.columnDirection)));

function anyMark(random: () => number, geometry: SliceGeometry): Mark {
  const point = pixelToPatient(random() * 319, random() * 319, geometry);
  const drawn = {
    annotationUID: "m",
    data: { handles: { points: [point] }, question: "nodes", rating: random() < 0.5 ? 3 : null },
  };
  return marks.toMark(drawn, placeOn(geometry)) as Mark;
}

function disk(radius: number, geometry: SliceGeometry): Vec3[] {
  return Array.from({ length: 360 }, (_, degree) => {
    const angle = (degree * Math.PI) / 180;
    return pixelToPatient(
      160 + (radius * Math.cos(angle)) / geometry.columnSpacingMm,
      160 + (radius * Math.sin(angle)) / geometry.rowSpacingMm,
      geometry,
    );
  });
}

describe("mark mapping", () => {
  it("gives back the very same mark after a trip through an annotation", () => {
    const random = seeded(42);
    for (let round = 0; round < 200; round++) {
      const geometry = anySlice(random);
      const mark = anyMark(random, geometry);
      const annotation = marks.toAnnotation(mark, annotationPlace(geometry, "Mark"));
      expect(marks.toMark(annotation, placeOn(geometry))).toEqual(mark);
      expect(annotation.metadata).toMatchObject({
        referencedImageId: IMAGE_ID,
        FrameOfReferenceUID: "2.25.7",
      });
    }
  });

  it("lies on its slice, at most a thousandth of a millimeter from where it was set", () => {
    const random = seeded(7);
    for (let round = 0; round < 100; round++) {
      const geometry = anySlice(random);
      const set = pixelToPatient(random() * 319, random() * 319, geometry);
      const normal = cross(geometry.rowDirection, geometry.columnDirection);
      const beside: Vec3 = [set[0] + normal[0] * 0.3, set[1] + normal[1] * 0.3, set[2] + normal[2] * 0.3];
      const drawn = { annotationUID: "m", data: { handles: { points: [beside] }, question: "nodes" } };
      const mark = marks.toMark(drawn, placeOn(geometry));
      expect(distance(mark?.point_mm ?? beside, set)).toBeLessThan(0.001);
      expect(offPlane(mark?.point_mm ?? beside, geometry)).toBeLessThan(0.001);
    }
  });

  it("is nothing without a point or a question", () => {
    const place = placeOn(anySlice(seeded(1)));
    expect(marks.toMark({ annotationUID: "m", data: { question: "nodes" } }, place)).toBeNull();
    const noQuestion = { annotationUID: "m", data: { handles: { points: [[0, 0, 0]] }, question: null } };
    expect(marks.toMark(noQuestion, place)).toBeNull();
  });
});

describe("contour mapping", () => {
  it("gives back the very same outline after a trip through an annotation", () => {
    const random = seeded(12);
    for (let round = 0; round < 30; round++) {
      const geometry = anySlice(random);
      const drawn = {
        annotationUID: "c",
        data: { handles: { points: disk(5 + 20 * random(), geometry) }, question: "tumor" },
      };
      const contour = contours.toContour(drawn, placeOn(geometry), 4) as Contour;
      const annotation = contours.toAnnotation(contour, "c", annotationPlace(geometry, "Outline"));
      expect(contours.toContour(annotation, placeOn(geometry), 4)).toEqual(contour);
    }
  });

  it("has the area of what is drawn, on any slice", () => {
    const random = seeded(13);
    for (let round = 0; round < 30; round++) {
      const geometry = anySlice(random);
      const drawn = {
        annotationUID: "c",
        data: { handles: { points: disk(15, geometry) }, question: "tumor" },
      };
      const contour = contours.toContour(drawn, placeOn(geometry), null);
      const polygon = (360 / 2) * 15 * 15 * Math.sin(Math.PI / 180);
      // Corners are kept to 0.001 mm: the area moves by less than that times the rim.
      expect(Math.abs((contour?.area_mm2 ?? 0) - polygon)).toBeLessThan(0.001 * 2 * Math.PI * 15);
      expect(contour?.slice_step_mm).toBeNull();
    }
  });

  it("is nothing with fewer than three corners", () => {
    const place = placeOn(anySlice(seeded(1)));
    const line = {
      annotationUID: "c",
      data: {
        handles: {
          points: [
            [0, 0, 0],
            [1, 0, 0],
          ],
        },
        question: "tumor",
      },
    };
    expect(contours.toContour(line, place, 4)).toBeNull();
  });
});

describe("intoImage", () => {
  it("brings a place beside the image to its edge and leaves those within", () => {
    const geometry = anySlice(seeded(3));
    const far = 1000;
    for (const place of [
      [-far, 5],
      [far, far],
      [5, -far],
    ] as const) {
      expect(isInImage(place, geometry)).toBe(false);
      expect(isInImage(intoImage(place, geometry), geometry)).toBe(true);
    }
    expect(intoImage([12, 34], geometry)).toEqual([12, 34]);
  });
});
