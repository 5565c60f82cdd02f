import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { Form } from "../../shared/forms/types";
import { build, open, preview, row } from "./testing";

afterEach(cleanup);

const empty: Form = { version: 1, questions: [] };
const words = (...labels: string[]) => labels.map((label) => ({ key: label.replace(/ /g, "_"), label }));
const nodes: Form = {
  version: 1,
  questions: [
    {
      key: "nodes",
      kind: "mask",
      label: "Nodes",
      help: "",
      required: true,
      drawn_by: "voxels",
      cut_off_mm: 7,
      labels: words("left obturator", "right obturator"),
      statuses: words("positive", "negative"),
    },
    {
      key: "size",
      kind: "derived",
      label: "Largest short axis",
      help: "",
      required: false,
      type: "number",
      unit: "mm",
      expr: "nodes_short_axis_mm",
    },
  ],
};
const enter = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

describe("a question that is answered by painting", () => {
  it("is taken from the menu and given its labels, statuses and cut-off", async () => {
    const { user, form } = build(empty);
    await user.click(screen.getByRole("button", { name: "Add question" }));
    await user.click(await screen.findByRole("menuitem", { name: /^Painted mask/ }));
    enter(screen.getByLabelText("Cut-off of the short axis (mm)"), "7");
    await user.click(screen.getByRole("button", { name: "Labels from regions and sides …" }));
    enter(screen.getByLabelText("Regions"), "obturator, internal iliac");
    await user.click(screen.getByRole("button", { name: "Add 4 labels" }));
    await user.click(screen.getByRole("button", { name: "Use positive and negative" }));
    await user.click(screen.getByRole("button", { name: "Add label" }));
    enter(screen.getByLabelText("Text of label 5"), "presacral");
    await user.click(screen.getByRole("button", { name: "Delete label 2" }));
    expect(form().questions).toEqual([
      {
        key: "painted_mask",
        kind: "mask",
        label: "Painted mask",
        help: "",
        required: true,
        drawn_by: "voxels",
        cut_off_mm: 7,
        labels: words("left obturator", "left internal iliac", "right internal iliac", "presacral"),
        statuses: words("positive", "negative"),
      },
    ]);
    expect(within(row("painted_mask")).getByText("Painted mask · required")).toBeTruthy();
  });

  it("loses what only painted masks have when it is drawn by outlines", async () => {
    const { user, question } = build(nodes);
    await user.click(open("nodes"));
    await user.selectOptions(screen.getByLabelText("Drawn by"), "outline");
    expect(Object.keys(question("nodes"))).toEqual(["key", "kind", "label", "help", "required"]);
    expect(screen.queryByRole("group", { name: "Labels of a segment" })).toBeNull();
    await user.selectOptions(screen.getByLabelText("Drawn by"), "voxels");
    expect(question("nodes")).toMatchObject({ drawn_by: "voxels" });
  });

  it("is left without labels when the last of them is deleted", async () => {
    const { user, question } = build(nodes);
    await user.click(open("nodes"));
    await user.click(screen.getByRole("button", { name: "Delete status 2" }));
    await user.click(screen.getByRole("button", { name: "Delete status 1" }));
    expect(question("nodes")).not.toHaveProperty("statuses");
  });
});

describe("the preview of a painted mask", () => {
  it("shows an example with the question's words, and asks for them as a submission would", async () => {
    const { user } = build(nodes);
    await user.click(preview().getByRole("button", { name: "Paint: Nodes" }));
    expect(preview().getByText("Borderline: the short axis lies within a pixel of 7 mm.")).toBeTruthy();
    expect(document.querySelector('[data-derived="size"]')?.textContent).toBe("7 mm");
    await user.click(preview().getByRole("button", { name: "Check answers" }));
    expect(preview().getAllByText("Please choose a label for each segment.")).toBeTruthy();
    await user.selectOptions(preview().getByLabelText("Label of Segment 1"), "right obturator");
    await user.selectOptions(preview().getByLabelText("Status of Segment 1"), "positive");
    expect(preview().getByText("Could be submitted")).toBeTruthy();
    await user.click(preview().getByRole("button", { name: "Delete Segment 1" }));
    expect(preview().getByText("Nothing painted")).toBeTruthy();
  });

  it("follows the words and the cut-off while they are edited", async () => {
    const { user } = build(nodes);
    await user.click(preview().getByRole("button", { name: "Paint: Nodes" }));
    await user.selectOptions(preview().getByLabelText("Label of Segment 1"), "left obturator");
    await user.click(open("nodes"));
    enter(screen.getByLabelText("Text of label 2"), "right side");
    expect(preview().getByRole("option", { name: "right side" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Delete label 1" }));
    expect(preview().getByLabelText<HTMLSelectElement>("Label of Segment 1").value).toBe("");
    enter(screen.getByLabelText("Cut-off of the short axis (mm)"), "9");
    expect(preview().getByText("Borderline: the short axis lies within a pixel of 9 mm.")).toBeTruthy();
  });
});

describe("a problem that the server found", () => {
  const at = (part: string, text: string) => ({
    path: `questions[0].${part}`,
    text: `Question 1 (nodes): ${text}`,
  });

  it("stands at its field, and above the fields only where it has none", async () => {
    const problems = [
      at("cut_off_mm", "Its cut-off must be a number of mm greater than 0."),
      at("labels[1]", "Label 2: Its key must be lower-case letters."),
      at("colour", "A question of the kind mask has no colour."),
    ];
    const { user } = build(nodes, { problems });
    await user.click(open("nodes"));
    const cutOff = screen.getByLabelText("Cut-off of the short axis (mm)");
    expect(cutOff.getAttribute("aria-invalid")).toBe("true");
    expect(
      document.getElementById(cutOff.getAttribute("aria-describedby")?.split(" ")[0] ?? ""),
    ).toBeTruthy();
    expect(screen.getByText("Its cut-off must be a number of mm greater than 0.")).toBeTruthy();
    const labels = within(screen.getByRole("group", { name: "Labels of a segment" }));
    expect(labels.getByRole("alert").textContent).toBe("Label 2: Its key must be lower-case letters.");
    expect(labels.getByLabelText("Key of label 2").getAttribute("aria-invalid")).toBe("true");
    expect(labels.getByLabelText("Key of label 1").getAttribute("aria-invalid")).toBeNull();
    const editor = screen.getByRole("group", { name: "Question 1" });
    expect(editor.firstElementChild?.textContent).toBe("A question of the kind mask has no colour.");
    expect(screen.getAllByRole("alert")).toHaveLength(2);
  });
});
