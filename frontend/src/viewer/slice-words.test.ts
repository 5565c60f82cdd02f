import { describe, expect, it } from "vitest";
import type { SliceGeometry } from "./geometry";
import { positionText, thicknessText } from "./slice-words";

const axial: SliceGeometry = {
  origin: [-100, -80, -34.24],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  columnSpacingMm: 1,
  rowSpacingMm: 1,
  rows: 161,
  columns: 201,
  frameOfReferenceUid: "1.2",
};
const sagittal: SliceGeometry = { ...axial, rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] };
const coronal: SliceGeometry = { ...axial, columnDirection: [0, 0, -1] };

describe("positionText", () => {
  it("counts along the axis that the slice is crossed by", () => {
    expect(positionText(axial)).toBe("F 34.2 mm");
    expect(positionText({ ...axial, origin: [0, 0, 7] })).toBe("H 7.0 mm");
    expect(positionText({ ...axial, origin: [0, 0, -0.01] })).toBe("0.0 mm");
    expect(positionText(sagittal)).toBe("R 100.0 mm");
    expect(positionText(coronal)).toBe("A 80.0 mm");
  });

  it("gives the middle of a tilted slice", () => {
    const tilted = { ...axial, columnDirection: [0, 0.8, 0.6] as const };
    // The middle lies 80 mm down the columns: 48 mm higher.
    expect(positionText(tilted)).toBe("H 13.8 mm");
  });
});

describe("thicknessText", () => {
  it("says what is known", () => {
    expect(thicknessText({ ...axial, thicknessMm: 3 }, 3.3001)).toBe("3 mm thick, 3.3 mm apart");
    expect(thicknessText({ ...axial, thicknessMm: 3 }, 3.0004)).toBe("3 mm thick");
    expect(thicknessText(axial, 2.5)).toBe("2.5 mm apart");
    expect(thicknessText({ ...axial, thicknessMm: 4.25 }, null)).toBe("4.25 mm thick");
    expect(thicknessText(axial, null)).toBeNull();
  });
});
