import { describe, expect, it } from "vitest";
import { PAPER } from "./figure-files";
import { rocBandChart } from "./roc-band";

const RESULT = {
  points: [0, 0.5, 0.9, 1].map((specificity) => ({
    specificity,
    sensitivity: 1 - specificity / 2,
    ci: { low: 0.9 - specificity / 2, high: 1 },
  })),
  n_positive: 10,
  n_negative: 20,
};

describe("a curve with its band", () => {
  const chart = rocBandChart({ key: "band/R1, AIDED", title: "R1, AIDED: pointwise band", result: RESULT });
  if (chart === null) throw new Error("no chart");

  it("tells the interval at stated specificities", () => {
    expect(chart.alt(new Set())).toBe(
      "R1, AIDED: pointwise band: sensitivity over 1 − specificity. At specificity 0.9: 0.550 (0.450–1.000); At specificity 0.5: 0.750 (0.650–1.000). n = 30.",
    );
    expect(chart.grid(new Set()).rows[2]).toEqual([0.9, 0.55, 0.45, 1]);
  });

  it("is drawn without its band where that is turned off", () => {
    const ids = (shown: string[]) => chart.option(new Set(shown), PAPER, 540).series.map(({ id }) => id);
    expect(ids(["curve", "band"])).toEqual(["chance", "curve", "band-low", "band-high"]);
    expect(ids(["curve"])).toEqual(["chance", "curve"]);
  });

  it("is left to the printed figure where it has no points", () => {
    expect(rocBandChart({ key: "band/x", title: "", result: { not_estimable: "one class" } })).toBeNull();
  });
});
