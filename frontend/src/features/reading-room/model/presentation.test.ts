import { describe, expect, it } from "vitest";
import { cutOffProbability } from "./presentation";

describe("cutOffProbability", () => {
  it("is marked only where the probability is the inverse logit of the score", () => {
    const probability = 1 / (1 + Math.exp(-1.19));
    expect(cutOffProbability({ score: 1.19, probability, cut_off: -0.47 })).toBeCloseTo(0.38462, 5);
    expect(cutOffProbability({ score: 1.19, probability: 0.6, cut_off: -0.47 })).toBeNull();
    expect(cutOffProbability({ score: null, probability: null, cut_off: -0.47 })).toBeNull();
  });
});
