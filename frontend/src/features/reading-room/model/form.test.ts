import { describe, expect, it } from "vitest";
import { lplnForm } from "../testing/lpln";
import { derive, deriveAll, formProblems, requiredProgress, sendableAnswers } from "./form";

const complete = {
  side_region: "left_obturator",
  short_axis_mm: 6.2,
  criterion_heterogeneous: true,
  criterion_margin: false,
  rating: 4,
};

describe("derived values", () => {
  it.each([
    [5.1, true],
    [5, false],
    [4.9, false],
  ])("short axis %s mm over 5 mm: %s", (short_axis_mm, value) => {
    expect(deriveAll(lplnForm, { short_axis_mm }).criterion_short_axis).toEqual({ isKnown: true, value });
  });

  it.each([
    [6, true, true, 5],
    [6, true, false, 4],
    [4, true, true, 4],
    [6, false, false, 3],
    [4, false, true, 3],
    [4, false, false, null],
  ])("%s mm, heterogeneous %s, margin %s suggests %s", (short, heterogeneous, margin, value) => {
    const derived = deriveAll(lplnForm, {
      short_axis_mm: short,
      criterion_heterogeneous: heterogeneous,
      criterion_margin: margin,
    });
    expect(derived.suggestion).toEqual({ isKnown: true, value });
  });

  it("stays open while anything that it depends on is open", () => {
    for (const key of ["short_axis_mm", "criterion_heterogeneous", "criterion_margin"]) {
      expect(deriveAll(lplnForm, { ...complete, [key]: null }).suggestion).toEqual({ isKnown: false });
    }
    expect(derive({ op: "gt", question: "short_axis_mm", value: 5 }, {})).toEqual({ isKnown: false });
  });
});

describe("formProblems", () => {
  it("finds nothing wrong with a complete form", () => {
    expect(formProblems(lplnForm, complete, true)).toEqual({});
    expect(requiredProgress(lplnForm, complete)).toEqual({ done: 5, total: 5 });
  });

  it("names what is missing, when it must be complete", () => {
    const problems = formProblems(
      lplnForm,
      { ...complete, rating: null, side_region: undefined as never },
      true,
    );
    expect(Object.keys(problems)).toEqual(["side_region", "rating"]);
    expect(formProblems(lplnForm, {}, false)).toEqual({});
    expect(requiredProgress(lplnForm, {})).toEqual({ done: 0, total: 5 });
  });

  it("takes a no and a zero for answers", () => {
    expect(formProblems(lplnForm, complete, true)).not.toHaveProperty("criterion_margin");
    expect(formProblems(lplnForm, { ...complete, short_axis_mm: 0 }, true).short_axis_mm).toMatch(
      /1 to 60 mm/,
    );
  });

  it.each([
    ["short_axis_mm", 61],
    ["short_axis_mm", Number.NaN],
    ["short_axis_mm", "7"],
    ["rating", 6],
    ["rating", true],
    ["rating", "4"],
    ["side_region", "left_neck"],
    ["criterion_margin", 1],
    ["comment", "x".repeat(2001)],
  ])("refuses %s = %s", (key, value) => {
    expect(formProblems(lplnForm, { ...complete, [key]: value }, false)).toHaveProperty(key);
  });
});

describe("sendableAnswers", () => {
  it("leaves out what is open, wrong, derived or not of this form", () => {
    const answers = { ...complete, short_axis_mm: 99, comment: "", suggestion: 5, other: 1, rating: null };
    expect(sendableAnswers(lplnForm, answers)).toEqual({
      side_region: "left_obturator",
      criterion_heterogeneous: true,
      criterion_margin: false,
    });
  });
});
