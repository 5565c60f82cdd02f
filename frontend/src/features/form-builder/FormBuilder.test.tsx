import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { everyKind } from "../../shared/forms/testing";
import type { Form } from "../../shared/forms/types";
import { build, open, preview, row } from "./testing";

afterEach(cleanup);

const keys = (form: Form) => form.questions.map(({ key }) => key);
/** Some questions of the form: a small page keeps the tests quick. */
const only = (...wanted: string[]): Form => ({
  version: 1,
  questions: everyKind.questions.filter(({ key }) => wanted.includes(key)),
});
const enter = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const empty: Form = { version: 1, questions: [] };

describe("the list of questions", () => {
  it("takes a question of a kind from the menu, by keyboard, and opens it at its label", async () => {
    const { user, form } = build(empty);
    screen.getByRole("button", { name: "Add question" }).focus();
    await user.keyboard("{Enter}");
    await user.click(await screen.findByRole("menuitem", { name: /^Probability/ }));
    expect(form().questions).toMatchObject([{ key: "probability", kind: "probability" }]);
    expect(document.activeElement).toBe(screen.getByLabelText("Label"));
    enter(screen.getByLabelText("Label"), "Chance of response");
    expect(form().questions).toMatchObject([{ key: "chance_of_response", label: "Chance of response" }]);
    expect(preview().getByLabelText("Chance of response")).toBeTruthy();
  });

  it("moves a question by its buttons", async () => {
    const three = only("signs", "stage", "region");
    const { user, form } = build(three);
    await user.click(screen.getByRole("button", { name: "Move down: Signs" }));
    expect(keys(form()).slice(0, 2)).toEqual(["stage", "signs"]);
    await user.click(screen.getByRole("button", { name: "Move up: Signs" }));
    expect(keys(form())).toEqual(keys(three));
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Move up: Signs" }).disabled).toBe(true);
  });

  it("moves a question by dragging it, and keeps the open one open", async () => {
    const { user, form } = build(only("signs", "stage", "region"));
    await user.click(open("stage"));
    const grip = row("signs").querySelector("[draggable]") as HTMLElement;
    const dataTransfer = { setData: () => {}, effectAllowed: "" };
    fireEvent.dragStart(grip, { dataTransfer });
    fireEvent.dragOver(row("region"), { dataTransfer });
    fireEvent.drop(row("region"), { dataTransfer });
    expect(keys(form()).slice(0, 3)).toEqual(["stage", "region", "signs"]);
    expect(within(row("stage")).getByLabelText("Label")).toBeTruthy();
  });

  it("duplicates a question", async () => {
    const { user, form } = build(only("signs", "stage"));
    await user.click(screen.getByRole("button", { name: "Duplicate: Stage" }));
    expect(keys(form()).slice(1, 3)).toEqual(["stage", "stage_2"]);
  });

  it("deletes a question, and brings it back to its place", async () => {
    const three = only("signs", "stage", "region");
    const { user, form } = build(three);
    await user.click(screen.getByRole("button", { name: "Delete: Stage" }));
    expect(keys(form())).not.toContain("stage");
    expect(screen.getByText("Deleted “Stage”.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(form()).toEqual(three);
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });
});

describe("the editor", () => {
  it("changes range, unit and help of a number", async () => {
    const { user, question } = build(only("depth"));
    await user.click(open("depth"));
    for (const [label, value] of [
      ["Largest", "45"],
      ["Unit", "cm"],
      ["Help for the reader", "From within."],
    ] as const) {
      enter(screen.getByLabelText(label), value);
    }
    expect(question("depth")).toMatchObject({ max: 45, unit: "cm", help: "From within." });
    enter(preview().getByLabelText("Depth"), "46");
    expect(preview().getByText("Please enter a value from 0 to 45 cm.")).toBeTruthy();
  });

  it("changes, adds and deletes options", async () => {
    const { user, question } = build(only("rating"));
    await user.click(open("rating"));
    enter(screen.getByLabelText("Label 1"), "Surely not");
    await user.click(screen.getByRole("button", { name: "Add option" }));
    enter(screen.getByLabelText("Label 4"), "Surely");
    await user.click(screen.getByRole("button", { name: "Delete option 2" }));
    expect(question("rating")).toMatchObject({
      options: [
        { value: 1, label: "Surely not" },
        { value: 3, label: "Anchor 3" },
        { value: 4, label: "Surely" },
      ],
    });
    expect(preview().getByRole("radio", { name: "4 Surely" })).toBeTruthy();
  });

  it("places options on the diagram by the arrow keys", async () => {
    const { user, question } = build(only("region"));
    await user.click(open("region"));
    await user.selectOptions(screen.getByLabelText("Place on the diagram"), "Left obturator");
    screen.getByRole("button", { name: /^Place of Left obturator/ }).focus();
    await user.keyboard("{ArrowRight}{ArrowRight}{ArrowUp}");
    expect(question("region")).toMatchObject({ options: [{ at: [39, 47] }, { at: [63, 46] }] });
  });

  it("says where an expression is wrong, and what it gives in the preview", async () => {
    const { user, question } = build(only("short", "long", "ratio"));
    await user.click(open("ratio"));
    const field = screen.getByLabelText("Expression");
    enter(preview().getByLabelText("Short axis"), "6");
    enter(preview().getByLabelText("Long axis"), "8");
    expect(within(row("ratio")).getByText("With the answers in the preview: 0.75")).toBeTruthy();
    enter(field, "short / ");
    expect(within(row("ratio")).getByText("Column 9: Something is missing at the end.")).toBeTruthy();
    enter(field, "short / 2");
    expect(question("ratio")).toMatchObject({ expr: "short / 2" });
    expect(document.querySelector('[data-derived="ratio"]')?.textContent).toBe("3");
  });

  it("writes a condition by the helper, which the preview follows", async () => {
    const { user, question } = build(only("stage", "depth"));
    await user.click(open("stage"));
    const shown = within(screen.getByRole("group", { name: "Shown" }));
    await user.click(shown.getByLabelText("When …"));
    await user.selectOptions(screen.getByLabelText("Shown: question"), "Depth");
    await user.selectOptions(screen.getByLabelText("Shown: comparison"), "is at least");
    enter(screen.getByLabelText("Shown: value"), "5");
    expect(question("stage")).toMatchObject({ show_if: "depth >= 5" });
    expect(preview().queryByRole("radio", { name: "T1" })).toBeNull();
    enter(preview().getByLabelText("Depth"), "5");
    expect(preview().getByRole("radio", { name: "T1" })).toBeTruthy();
    await user.click(shown.getByLabelText("By expression"));
    expect(screen.getByLabelText<HTMLTextAreaElement>("Shown when").value).toBe("depth >= 5");
    await user.click(shown.getByLabelText("Always"));
    expect(question("stage")).not.toHaveProperty("show_if");
  });

  it("requires an answer under a condition only where it is not required anyway", async () => {
    const { user, question } = build(only("stage", "suspicious"));
    await user.click(open("stage"));
    expect(screen.queryByRole("group", { name: "Required" })).toBeNull();
    await user.click(screen.getByRole("checkbox", { name: "Required" }));
    const required = within(screen.getByRole("group", { name: "Required" }));
    await user.click(required.getByLabelText("When …"));
    await user.selectOptions(screen.getByLabelText("Required: question"), "Suspicious");
    expect(question("stage")).toMatchObject({ required: false, required_if: "suspicious" });
  });
});

describe("problems that the server found", () => {
  const problems = [
    { path: "questions", text: "The form has no question that a reader answers." },
    { path: "questions[1].options", text: "Question 2 (stage): It must have from 2 to 50 options." },
  ];

  it("are counted in the row and said in the editor", async () => {
    const { user } = build(only("signs", "stage"), { problems });
    expect(screen.getByText("The form has no question that a reader answers.")).toBeTruthy();
    expect(within(row("stage")).getByTitle("1 to correct").textContent).toBe("1");
    await user.click(open("stage"));
    expect(screen.getByRole("alert").textContent).toBe("It must have from 2 to 50 options.");
  });
});

describe("the preview", () => {
  it("checks answers as a submission would, leads to the first problem, and is cleared", async () => {
    Element.prototype.scrollIntoView ??= () => {};
    const { user } = build(only("stage", "depth", "why"));
    await user.click(preview().getByRole("button", { name: "Check answers" }));
    expect(preview().getByText("2 to correct")).toBeTruthy();
    await user.click(preview().getByRole("button", { name: "Stage" }));
    expect(document.activeElement).toBe(preview().getByRole("radio", { name: "T1" }));
    await user.click(preview().getByRole("button", { name: "Clear answers" }));
    expect(preview().queryByText("2 to correct")).toBeNull();
  });
});

describe("a form that is frozen", () => {
  it("can be looked at and tried, and not changed", async () => {
    const { user } = build(only("stage", "depth"), { readOnly: true });
    expect(screen.queryByRole("button", { name: "Add question" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Delete: Stage" })).toBeNull();
    await user.click(open("stage"));
    expect(screen.getByLabelText("Label").closest("fieldset")?.disabled).toBe(true);
    await user.click(preview().getByRole("radio", { name: "T1" }));
    expect(preview().getByText("1 of 2 answered")).toBeTruthy();
  });
});
