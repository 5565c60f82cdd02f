import { cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { checkForm } from "../check";
import { previewSchema } from "../preview-schema";
import { everyKind, renderThemed } from "../testing";
import { ErrorSummary, focusQuestion } from "./ErrorSummary";
import { FormFields } from "./FormFields";

afterEach(cleanup);

describe("ErrorSummary", () => {
  const problems = { stage: "Please answer this question.", depth: "Please enter a number." };

  it("counts what is wrong, in the order of the form, and leads to it", async () => {
    const onGoTo = vi.fn();
    renderThemed(<ErrorSummary form={everyKind} problems={problems} onGoTo={onGoTo} />);
    expect(screen.getByRole("status").textContent).toBe("2 to correct");
    expect(screen.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
      "Stage",
      "DepthPlease enter a number.",
    ]);
    await userEvent.setup().click(screen.getByRole("button", { name: "Stage" }));
    expect(onGoTo).toHaveBeenCalledWith("stage");
  });

  it("is not there when nothing is wrong", () => {
    renderThemed(<ErrorSummary form={everyKind} problems={{}} onGoTo={() => {}} />);
    expect(screen.queryByRole("status")).toBeNull();
  });
});

describe("focusQuestion", () => {
  const show = () => {
    Element.prototype.scrollIntoView ??= () => {};
    const answers = { rating: 2 };
    const { state } = checkForm(everyKind, previewSchema(everyKind), answers, { isComplete: false });
    const { container } = renderThemed(
      <FormFields
        form={everyKind}
        answers={answers}
        state={state}
        problems={{}}
        isDisabled={false}
        onAnswer={() => {}}
        drawing={null}
      />,
    );
    return container;
  };

  it("puts the keyboard on the chosen option, else on the first control", () => {
    const form = show();
    focusQuestion(form, "rating");
    expect(document.activeElement).toBe(screen.getByRole("radio", { name: "2 Anchor 2" }));
    focusQuestion(form, "stage");
    expect(document.activeElement).toBe(screen.getByRole("radio", { name: "T1" }));
    focusQuestion(form, "chance");
    expect(document.activeElement).toBe(screen.getByLabelText("Chance"));
  });
});
