import { describe, expect, it } from "vitest";
import { ApiError } from "../../../shared/api/client";
import type { DraftContent } from "../api/put-draft";
import type { Annotation } from "../api/read";
import { lplnForm } from "../testing/lpln";
import { refusedParts, refusedWords, stillRefused, withoutRefused } from "./refused-parts";

const note = (uuid: string, frame = 4): Annotation => ({
  uuid,
  tool: "length",
  series: 0,
  frame,
  points_mm: [
    [0, 0, 0],
    [9, 0, 0],
  ],
  text: null,
  values: { length_mm: 9 },
});
const content: DraftContent = {
  answers: { rating: 3, short_axis_mm: 6 },
  measurements: [],
  annotations: [note("a"), note("b")],
};
const refusal = (fields: Record<string, string>) =>
  new ApiError({ status: 400, code: "invalid", text: "Not accepted.", extra: { fields } });

describe("the parts of a draft that were refused", () => {
  const parts = refusedParts(refusal({ "annotations[1]": "It is off its slice.", rating: "No." }), content);

  it("are those that the refusal names", () => {
    expect(parts.map((one) => refusedWords(one, lplnForm))).toEqual([
      "Length on slice 4: It is off its slice.",
      "Malignancy: No.",
    ]);
    for (const field of ["annotations", "annotations[7]", "measurements[0]", "unknown"]) {
      expect(refusedParts(refusal({ [field]: "No." }), content)).toEqual([]);
    }
  });

  it("are left out, and nothing else", () => {
    expect(withoutRefused(content, parts)).toEqual({
      answers: { short_axis_mm: 6 },
      measurements: [],
      annotations: [note("a")],
    });
    expect(withoutRefused(content, [])).toBe(content);
  });

  it("are tried again once they are changed, and forgotten once they are deleted", () => {
    const changed = { ...content, answers: { rating: 4 }, annotations: [note("b", 5)] };
    expect(stillRefused(parts, changed)).toEqual([]);
    expect(withoutRefused(changed, parts)).toBe(changed);
  });
});
