import { cleanup, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { Aid } from "../api/get-aid";
import { renderInApp } from "../testing/render";
import { AidContent } from "./AidPanel";

afterEach(cleanup);

const aid: Aid = {
  model: {
    id: "lpln-radiomics",
    semver: "1.0.0",
    title: "LPLN radiomics",
    weights_status: "published-coefficients",
  },
  status: "available",
  score: -0.31,
  probability: 1 / (1 + Math.exp(0.31)),
  probability_note: "Inverse logit of the score.",
  cut_off: -0.47,
  is_positive: true,
  near_cut_off: true,
  numeric_uncertainty: 0.2,
  notes: ["ComBat: not applied", "Inverse logit of the score."],
  synthetic: true,
};

describe("AidContent", () => {
  it("shows the value with its cut-off, its class, its doubts and its model", () => {
    renderInApp(<AidContent aid={aid} />);
    expect(screen.getByText("0.42")).toBeTruthy();
    expect(
      screen.getByRole("img", { name: "Probability 0.42 on a scale from 0 to 1, cut-off at 0.38" }),
    ).toBeTruthy();
    expect(screen.getByText("cut-off 0.38")).toBeTruthy();
    for (const words of ["Positive", "near the cut-off", "Synthetic data", "LPLN radiomics", "v1.0.0"]) {
      expect(screen.getByText(words)).toBeTruthy();
    }
    expect(screen.getByText("Score −0.31 ± 0.2 · positive from −0.47")).toBeTruthy();
    expect(screen.getAllByText("ComBat: not applied").length).toBeGreaterThan(0);
    expect(screen.getAllByText("Inverse logit of the score.")).toHaveLength(1);
    expect(screen.getByText(/^± 0\.2: the most that the score changed/)).toBeTruthy();
  });

  it("marks no cut-off where the probability is not the inverse logit of the score", () => {
    renderInApp(<AidContent aid={{ ...aid, probability: 0.6, near_cut_off: false, synthetic: false }} />);
    expect(screen.getByRole("img", { name: "Probability 0.60 on a scale from 0 to 1" })).toBeTruthy();
    expect(screen.queryByText(/^cut-off/)).toBeNull();
    expect(screen.queryByText("near the cut-off")).toBeNull();
    expect(screen.queryByText("Synthetic data")).toBeNull();
  });

  it("says so when there is no output for the case", () => {
    const missing = {
      score: null,
      probability: null,
      is_positive: null,
      near_cut_off: null,
      numeric_uncertainty: null,
    };
    renderInApp(<AidContent aid={{ ...aid, ...missing, status: "missing" }} />);
    expect(screen.getByText("There is no output of the model for this case.")).toBeTruthy();
    expect(screen.queryByRole("img")).toBeNull();
  });
});
