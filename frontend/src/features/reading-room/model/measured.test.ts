import { describe, expect, it } from "vitest";
import { lplnForm, measurementOf } from "../testing/lpln";
import { bindMeasurements, bindOnly, measuredAnswers } from "./measured";

const filling = (measurements: readonly { uuid: string; question: string | null }[]) =>
  measurements.filter((one) => one.question === "short_axis_mm").map((one) => one.uuid);

describe("which measurement fills the form", () => {
  it("is the one drawn last, and only that one", () => {
    const first = bindMeasurements(lplnForm, [], [measurementOf("a", 12, 8)]);
    expect(filling(first)).toEqual(["a"]);
    const both = bindMeasurements(lplnForm, first, [measurementOf("a", 12, 8), measurementOf("b", 9, 4)]);
    expect(filling(both)).toEqual(["b"]);
    expect(both.map((one) => one.uuid)).toEqual(["a", "b"]);
  });

  it("stays the same while it is adjusted", () => {
    const both = bindMeasurements(lplnForm, [], [measurementOf("a", 12, 8), measurementOf("b", 9, 4)]);
    const chosen = bindOnly(lplnForm, both, "a");
    const adjusted = bindMeasurements(lplnForm, chosen, [
      measurementOf("a", 12, 7),
      measurementOf("b", 9, 4),
    ]);
    expect(filling(adjusted)).toEqual(["a"]);
    expect(adjusted[0]?.short_axis_mm).toBe(7);
  });

  it("passes on to the one that is left when it is removed", () => {
    const both = bindMeasurements(lplnForm, [], [measurementOf("a", 12, 8), measurementOf("b", 9, 4)]);
    expect(filling(bindMeasurements(lplnForm, both, [measurementOf("a", 12, 8)]))).toEqual(["a"]);
  });

  it("is none after the reader typed a value over it", () => {
    const typed = bindOnly(lplnForm, bindMeasurements(lplnForm, [], [measurementOf("a", 12, 8)]), null);
    expect(filling(bindMeasurements(lplnForm, typed, [measurementOf("a", 12, 7)]))).toEqual([]);
  });

  it("does not look changed when it is drawn again from the stored points", () => {
    const stored = bindMeasurements(lplnForm, [], [measurementOf("a", 12, 8)]);
    const again = measurementOf("a", 12, 8);
    const shaken = again.points_mm.map(([x, y, z]) => [x + 1e-12, y, z] as const);
    expect(bindMeasurements(lplnForm, stored, [{ ...again, points_mm: shaken }])).toEqual(stored);
  });
});

describe("measuredAnswers", () => {
  it("fills both axes at the step of the form", () => {
    const bound = bindMeasurements(lplnForm, [], [measurementOf("a", 12.349, 8.051)]);
    expect(measuredAnswers(lplnForm, [], bound)).toEqual({ short_axis_mm: 8.1, long_axis_mm: 12.3 });
  });

  it("empties them when the measurement goes, and leaves a typed value alone", () => {
    const bound = bindMeasurements(lplnForm, [], [measurementOf("a", 12, 8)]);
    expect(measuredAnswers(lplnForm, bound, [])).toEqual({ short_axis_mm: null, long_axis_mm: null });
    expect(measuredAnswers(lplnForm, [], [])).toEqual({});
  });
});
