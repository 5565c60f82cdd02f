import { describe, expect, it } from "vitest";
import { standingOf, standingText } from "./standing";

const scores = {
  source: "20 cases",
  bin_edges: [-2, 0, 0.5, 2],
  counts: [8, 4, 8],
  counts_by_class: {},
  is_demonstration: true,
};

describe("standingOf", () => {
  it("counts the cases of the bins below, and those of its own bin as perhaps below", () => {
    expect(standingOf(0.25, scores)).toEqual({ bin: 1, atLeast: 0.4, atMost: 0.6, cases: 20 });
    expect(standingText(standingOf(0.25, scores), "20 cases")).toBe("Higher than 40 to 60 % of 20 cases");
  });

  it("gives an edge to the bin above it, and the last edge to the last bin", () => {
    expect(standingOf(0, scores).bin).toBe(1);
    expect(standingOf(-2, scores).bin).toBe(0);
    expect(standingOf(2, scores).bin).toBe(2);
  });

  it("says so where the score lies beyond all cases", () => {
    expect(standingText(standingOf(-2.1, scores), "20 cases")).toBe("Lower than all of 20 cases");
    expect(standingText(standingOf(2.1, scores), "20 cases")).toBe("Higher than all of 20 cases");
  });

  it("is the share found by counting single cases that lie at the bins' centers", () => {
    const cases = [...Array(8).fill(-1), ...Array(4).fill(0.25), ...Array(8).fill(1.25)];
    for (const score of [-1.5, 0.1, 0.4, 1.9]) {
      const below = cases.filter((one) => one < score).length / cases.length;
      const { atLeast, atMost } = standingOf(score, scores);
      expect(below).toBeGreaterThanOrEqual(atLeast);
      expect(below).toBeLessThanOrEqual(atMost);
    }
  });

  it("says one number where the bin of the score is empty", () => {
    const gap = { ...scores, counts: [10, 0, 10] };
    expect(standingText(standingOf(0.2, gap), "20 cases")).toBe("Higher than 50 % of 20 cases");
  });
});
