import { describe, expect, it } from "vitest";
import type { Annotation } from "../api/read";
import { differenceWords, keptNotes } from "./notes";

const note = (changes: Partial<Annotation> = {}): Annotation => ({
  uuid: "n",
  tool: "ellipse",
  series: 0,
  frame: 3,
  points_mm: [
    [0, 0, 7],
    [8, 0, 7],
    [4, -2, 7],
    [4, 2, 7],
  ],
  text: null,
  values: { area_mm2: 25.132741, pixels: 51, mean: 400.25 },
  ...changes,
});

describe("keptNotes", () => {
  it("keeps what was there where nothing but the last digits of a value differ", () => {
    const before = [note()];
    const again = note({ values: { area_mm2: 25.1327412, pixels: 51, mean: 400.2500001 } });
    expect(keptNotes(before, [again])).toBe(before);
    // A slice that is not loaded tells of no values.
    expect(keptNotes(before, [note({ values: {} })])).toBe(before);
  });

  it("takes what moved, what was written, what is new and what is gone", () => {
    const before = [note(), note({ uuid: "m" })];
    const moved = note({ frame: 4 });
    expect(keptNotes(before, [moved, note({ uuid: "m" })])).toEqual([moved, before[1]]);
    expect(keptNotes(before, [note()])).toEqual([note()]);
    const text = note({ uuid: "t", tool: "text", text: "here", values: {} });
    expect(keptNotes(before, [...before, text])).toEqual([...before, text]);
    const other = note({ values: { area_mm2: 25.2, pixels: 51, mean: 400.25 } });
    expect(keptNotes([note()], [other])).toEqual([other]);
  });
});

describe("differenceWords", () => {
  it("say in plain words what the server measures", () => {
    const of = (field: string, server: number) => differenceWords({ uuid: "n", field, here: 1, server });
    expect(of("length_mm", 12.31)).toBe("The server measures 12.31 mm here.");
    expect(of("short_axis_mm", 6)).toBe("The server measures 6.00 mm here for the short axis.");
    expect(of("angle_deg", 90)).toBe("The server measures 90.00° here.");
    expect(of("pixels", 48)).toBe("The server counts 48 pixels here.");
    expect(of("sd", 3.5)).toBe("The server has 3.50 here as standard deviation.");
  });
});
