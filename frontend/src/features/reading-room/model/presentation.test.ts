import { describe, expect, it } from "vitest";
import type { QuestionOf } from "../api/read";
import { lplnForm } from "../testing/lpln";
import { bySide, cutOffProbability, openValues } from "./presentation";

const find = <Kind extends "location" | "derived" | "ordinal">(kind: Kind, key: string) =>
  lplnForm.questions.find(
    (one): one is QuestionOf<Kind> => one.kind === kind && one.key === key,
  ) as QuestionOf<Kind>;

describe("bySide", () => {
  it("pairs right and left of each region", () => {
    const regions = bySide(find("location", "side_region").options);
    expect(regions?.map(({ region, right, left }) => [region, right.value, left.value])).toEqual([
      ["External iliac", "right_external_iliac", "left_external_iliac"],
      ["Obturator", "right_obturator", "left_obturator"],
    ]);
  });

  it("is null for options that do not come in pairs", () => {
    expect(bySide([{ value: "right_a", label: "Right a" }])).toBeNull();
    expect(bySide([{ value: "midline", label: "Midline" }])).toBeNull();
  });
});

describe("openValues", () => {
  it("are the ratings that no count of criteria suggests", () => {
    expect(openValues(find("derived", "suggestion"), find("ordinal", "rating"))).toEqual([1, 2]);
  });
});

describe("cutOffProbability", () => {
  it("is marked only where the probability is the inverse logit of the score", () => {
    const probability = 1 / (1 + Math.exp(-1.19));
    expect(cutOffProbability({ score: 1.19, probability, cut_off: -0.47 })).toBeCloseTo(0.38462, 5);
    expect(cutOffProbability({ score: 1.19, probability: 0.6, cut_off: -0.47 })).toBeNull();
    expect(cutOffProbability({ score: null, probability: null, cut_off: -0.47 })).toBeNull();
  });
});
