import { cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it } from "vitest";
import type { Scalar } from "../api/read";
import { formProblems } from "../model/form";
import { lplnForm } from "../testing/lpln";
import { renderInApp } from "../testing/render";
import { ReadForm } from "./ReadForm";

afterEach(cleanup);

function Filled({ problems = {} }: { problems?: Record<string, string> }) {
  const [answers, setAnswers] = useState<Record<string, Scalar>>({});
  return (
    <ReadForm
      form={lplnForm}
      answers={answers}
      problems={problems}
      isDisabled={false}
      onAnswer={(key, value) => setAnswers((before) => ({ ...before, [key]: value }))}
      drawn={<p>drawn measurements</p>}
    />
  );
}

const derived = (key: string) => document.querySelector(`[data-derived="${key}"]`)?.textContent;

describe("ReadForm", () => {
  it("shows derived values as they follow, and never fills in the rating", async () => {
    const user = userEvent.setup();
    renderInApp(<Filled />);
    expect(derived("suggestion")).toBe("–");
    await user.type(screen.getByLabelText("Short axis"), "4.2");
    expect(derived("criterion_short_axis")).toBe("not met");
    await user.click(screen.getByLabelText("Heterogeneous signal: no"));
    await user.click(screen.getByLabelText("Ill-defined or spiculated margin: no"));
    expect(derived("suggestion")).toBe("1 or 2: your judgement");
    await user.click(screen.getByLabelText("Ill-defined or spiculated margin: yes"));
    expect(derived("suggestion")).toBe("3 Possibly malignant");
    await user.clear(screen.getByLabelText("Short axis"));
    expect(derived("suggestion")).toBe("–");
    for (const rating of screen.getAllByRole<HTMLInputElement>("radio", { name: /malignant|benign/ })) {
      expect(rating.checked).toBe(false);
    }
  });

  it("is filled in with the keyboard alone", async () => {
    const user = userEvent.setup();
    renderInApp(<Filled />);
    await user.tab();
    expect(document.activeElement).toBe(screen.getByLabelText("Right external iliac"));
    await user.keyboard(" ");
    expect(screen.getByLabelText<HTMLInputElement>("Right external iliac").checked).toBe(true);
    await user.tab();
    expect(document.activeElement).toBe(screen.getByLabelText("Short axis"));
  });

  it("marks each question that is missing", () => {
    const problems = formProblems(lplnForm, {}, true);
    renderInApp(<Filled problems={problems} />);
    expect(screen.getAllByText("Please answer this question.")).toHaveLength(5);
  });

  it("places the drawn measurements below the two axes, once", () => {
    renderInApp(<Filled />);
    expect(screen.getAllByText("drawn measurements")).toHaveLength(1);
  });
});
