import { describe, expect, it } from "vitest";
import {
  directionLetters,
  distance,
  isMonochrome1,
  orientationLetters,
  pixelToPatient,
  projectOnSlice,
  sliceGeometry,
} from "./geometry";
import { metadataOf } from "./testing";

describe("sliceGeometry", () => {
  it("reads position, orientation and the two spacings in DICOM's order", () => {
    const geometry = sliceGeometry(metadataOf({ spacing: [0.8, 0.5] }));
    expect(geometry).toMatchObject({ rowSpacingMm: 0.8, columnSpacingMm: 0.5, rows: 320, columns: 256 });
  });

  it.each(["00200032", "00200037", "00280030", "00200052"])("is null without %s", (tag) => {
    const metadata = metadataOf({});
    delete metadata[tag];
    expect(sliceGeometry(metadata)).toBeNull();
  });

  it("reads numbers sent as strings, and refuses what is not a number", () => {
    expect(sliceGeometry(metadataOf({ position: ["1.5", "2", "3"] }))?.origin).toEqual([1.5, 2, 3]);
    expect(sliceGeometry(metadataOf({ position: ["1.5", "x", "3"] }))).toBeNull();
  });
});

describe("orientation letters", () => {
  const lettersOf = (orientation: number[]) => {
    const geometry = sliceGeometry(metadataOf({ orientation }));
    if (!geometry) throw new Error("The geometry must be readable.");
    return orientationLetters(geometry);
  };

  it("puts the patient's right on the left of an axial slice", () => {
    expect(lettersOf([1, 0, 0, 0, 1, 0])).toEqual({ left: "R", right: "L", top: "A", bottom: "P" });
  });

  it("names sagittal and coronal slices", () => {
    expect(lettersOf([0, 1, 0, 0, 0, -1])).toEqual({ left: "A", right: "P", top: "H", bottom: "F" });
    expect(lettersOf([1, 0, 0, 0, 0, -1])).toEqual({ left: "R", right: "L", top: "H", bottom: "F" });
  });

  it("tells a mirrored slice", () => {
    expect(lettersOf([-1, 0, 0, 0, 1, 0])).toMatchObject({ left: "L", right: "R" });
  });

  it("gives two letters to an oblique, the larger part first, and none to a tilt below 6 degrees", () => {
    expect(directionLetters([0, Math.cos(0.3), Math.sin(0.3)])).toBe("PH");
    expect(directionLetters([0, Math.sin(0.3), Math.cos(0.3)])).toBe("HP");
    expect(directionLetters([1, 0.05, 0])).toBe("L");
  });
});

describe("points on a slice", () => {
  const geometry = sliceGeometry(metadataOf({ orientation: [1, 0, 0, 0, 0.8, -0.6], spacing: [0.8, 0.5] }));
  if (!geometry) throw new Error("The geometry must be readable.");

  it("steps by the column spacing along a row and by the row spacing along a column", () => {
    const origin = pixelToPatient(0, 0, geometry);
    expect(origin).toEqual(geometry.origin);
    expect(distance(origin, pixelToPatient(10, 0, geometry))).toBeCloseTo(5, 12);
    expect(distance(origin, pixelToPatient(0, 10, geometry))).toBeCloseTo(8, 12);
  });

  it("projects a point beside the slice to the nearest one on it", () => {
    const on = pixelToPatient(40, 50, geometry);
    const beside = [on[0], on[1] + 0.6 * 0.3, on[2] + 0.8 * 0.3] as const;
    expect(distance(projectOnSlice(beside, geometry), on)).toBeLessThan(1e-9);
  });
});

describe("isMonochrome1", () => {
  it("is told by the photometric interpretation", () => {
    expect(isMonochrome1(metadataOf({ photometric: "MONOCHROME1" }))).toBe(true);
    expect(isMonochrome1(metadataOf({}))).toBe(false);
  });
});
