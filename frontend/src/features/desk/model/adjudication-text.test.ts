import { describe, expect, it } from "vitest";
import type { AdjudicationProgress } from "../api/get-progress";
import { adjudicationText, forecastText } from "./adjudication-text";

const progress: AdjudicationProgress = {
  panels: 80,
  complete: 40,
  raised: 3,
  open: 1,
  settled: 6,
  by_majority: 0,
  needs_review: 0,
  forecast: { items: 19.6, hours: 1.31 },
};

describe("the adjudication at the desk", () => {
  it("is told in numbers", () => {
    expect(adjudicationText(progress)).toBe("40 of 80 panels complete · 10 discordant · 6 settled");
    expect(adjudicationText({ ...progress, by_majority: 2 })).toContain("6 settled, 2 of them by majority");
  });

  it("is expected in cases and hours", () => {
    expect(forecastText(progress)).toBe("Expected in all: 20 cases for an adjudicator, about 1 h.");
    expect(forecastText({ ...progress, forecast: { items: 1, hours: 0.07 } })).toBe(
      "Expected in all: 1 case for an adjudicator, less than 1 hour.",
    );
  });
});
