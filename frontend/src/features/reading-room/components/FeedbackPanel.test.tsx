import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { renderInApp } from "../testing/render";
import { FeedbackContent } from "./FeedbackPanel";

const row = (question: string, is_right: boolean | null) => ({
  question,
  label: `Label of ${question}`,
  answer: "3 Possibly malignant",
  expected: "4 Probably malignant",
  is_right,
});

describe("FeedbackContent", () => {
  afterEach(cleanup);

  it("puts each answer beside the expected one, with its verdict in words", () => {
    const compared = [row("rating", false), row("short_axis_mm", true), row("criterion_margin", null)];
    renderInApp(<FeedbackContent feedback={{ alias: "CN-642", compared, text: "Look at the margin." }} />);
    expect(screen.getByText("1 of 2 scored answers right")).toBeDefined();
    const words = [/wrong/, /right/, /not scored/];
    for (const [place, verdict] of words.entries()) {
      const line = screen.getAllByRole("row")[place + 1];
      if (!line) throw new Error("no such row");
      expect(within(line).getByText(verdict)).toBeDefined();
    }
    expect(screen.getByText("Look at the margin.")).toBeDefined();
  });

  it("shows the text alone where the key answers no question", () => {
    renderInApp(<FeedbackContent feedback={{ alias: "CN-642", compared: [], text: "Well read." }} />);
    expect(screen.queryByRole("table")).toBeNull();
    expect(screen.getByText("Well read.")).toBeDefined();
  });
});
