import { cleanup, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { aid } from "../testing/aid";
import { renderInApp } from "../testing/render";
import { AidContent } from "./AidPanel";

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

const details = () => screen.getByRole("button", { name: "Details" });

describe("AidContent", () => {
  it("shows the value with its cut-off, its class, its doubts and its model", () => {
    renderInApp(<AidContent aid={aid} />);
    expect(screen.getByText("0.42")).toBeTruthy();
    expect(
      screen.getByRole("img", { name: "Probability 0.42 on a scale from 0 to 1, cut-off at 0.38" }),
    ).toBeTruthy();
    expect(screen.getByText("cut-off 0.38")).toBeTruthy();
    for (const words of ["Positive", "near the cut-off", "Synthetic data", "LPLN radiomics"]) {
      expect(screen.getByText(words)).toBeTruthy();
    }
  });

  it("keeps what explains the value behind a button, which stays as it was pressed for the cases to come", async () => {
    renderInApp(<AidContent aid={aid} />);
    expect(details().getAttribute("aria-expanded")).toBe("false");
    expect(screen.queryByText("Version 1.0.0")).toBeNull();
    await userEvent.click(details());
    expect(details().getAttribute("aria-expanded")).toBe("true");
    expect(screen.getByText("Version 1.0.0")).toBeTruthy();
    expect(screen.getByText("Score −0.31 ± 0.2 · positive from −0.47")).toBeTruthy();
    expect(screen.getAllByText("ComBat: not applied")).toHaveLength(1);
    expect(screen.getAllByText("Inverse logit of the score.")).toHaveLength(1);
    expect(screen.getByText(/^± 0\.2: the most that the score changed/)).toBeTruthy();
    cleanup();
    renderInApp(<AidContent aid={{ ...aid, score: -1 }} />);
    expect(screen.getByText("Score −1.00 ± 0.2 · positive from −0.47")).toBeTruthy();
    await userEvent.click(details());
    expect(screen.queryByText("Version 1.0.0")).toBeNull();
    cleanup();
    renderInApp(<AidContent aid={aid} />);
    expect(screen.queryByText("Version 1.0.0")).toBeNull();
  });

  it("marks no cut-off where the probability is not the inverse logit of the score", () => {
    renderInApp(<AidContent aid={{ ...aid, probability: 0.6, near_cut_off: false, synthetic: false }} />);
    expect(screen.getByRole("img", { name: "Probability 0.60 on a scale from 0 to 1" })).toBeTruthy();
    expect(screen.queryByText(/^cut-off/)).toBeNull();
    expect(screen.queryByText("near the cut-off")).toBeNull();
    expect(screen.queryByText("Synthetic data")).toBeNull();
  });

  it("shows where the score stands among the cases of the model's development, and whose they were", () => {
    renderInApp(<AidContent aid={aid} />);
    const words =
      "The score among those of its development. Higher than 0 to 25 % of 20 synthetic phantoms, not patients.";
    expect(screen.getByRole("img", { name: words })).toBeTruthy();
    expect(screen.getByText(/\(demonstration\)$/)).toBeTruthy();
    cleanup();
    renderInApp(<AidContent aid={{ ...aid, model: { ...aid.model, development_scores: null } }} />);
    expect(screen.queryByRole("img", { name: /^The score among/ })).toBeNull();
  });

  it("opens the model's card in a click", async () => {
    renderInApp(<AidContent aid={aid} />);
    await userEvent.click(screen.getByRole("button", { name: "Model card" }));
    const card = await screen.findByRole("dialog", { name: "LPLN radiomics" });
    const said = [
      "Research.",
      "Patients of the authors.",
      "For lymph nodes only.",
      "Coefficients as published",
    ];
    for (const words of [...said, "ab".repeat(32), "Yoo et al. 2025"]) {
      expect(within(card).getByText(words)).toBeTruthy();
    }
  });

  it("marks a model that was not trained on patients", () => {
    renderInApp(<AidContent aid={aid} />);
    expect(screen.queryByText("Demonstration: not trained on patients")).toBeNull();
    cleanup();
    const model = { ...aid.model, weights_status: "untrained-demo" };
    renderInApp(<AidContent aid={{ ...aid, model }} />);
    expect(screen.getByText("Demonstration: not trained on patients")).toBeTruthy();
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
