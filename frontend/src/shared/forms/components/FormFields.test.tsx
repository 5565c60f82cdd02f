import { cleanup, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { checkForm } from "../check";
import type { Contour, Drawing, Mark } from "../drawn";
import { previewSchema } from "../preview-schema";
import { everyKind, renderThemed } from "../testing";
import type { Answer, Answers, Form } from "../types";
import { FormFields } from "./FormFields";

afterEach(cleanup);

const place = (question: string, frame: number) => ({
  question,
  series: 0,
  frame,
  sop_uid: `2.25.${frame}`,
  frame_of_reference_uid: "2.25.9",
});
const mark = (uuid: string, frame: number): Mark => ({
  ...place("lesions", frame),
  uuid,
  point_mm: [0, 0, frame],
  rating: null,
});
const contour = (uuid: string, frame: number): Contour => ({
  ...place("tumor", frame),
  uuid,
  points_mm: [
    [0, 0, frame],
    [9, 0, frame],
    [9, 9, frame],
  ],
  area_mm2: 250,
  slice_step_mm: 4,
});

interface FilledProps {
  form?: Form;
  initial?: Answers;
  isComplete?: boolean;
  drawing?: Drawing | null;
  onAnswers?: (answers: Answers) => void;
}

function Filled({
  form = everyKind,
  initial = {},
  isComplete = false,
  drawing = null,
  onAnswers,
}: FilledProps) {
  const [answers, setAnswers] = useState<Answers>(initial);
  const { state, problems } = checkForm(form, previewSchema(form), answers, { isComplete });
  const answer = (key: string, value: Answer) => {
    const next = { ...answers, [key]: value };
    setAnswers(next);
    onAnswers?.(next);
  };
  return (
    <FormFields
      form={form}
      answers={answers}
      state={state}
      problems={problems}
      isDisabled={false}
      onAnswer={answer}
      drawing={drawing}
      belowMeasures={<p>drawn measurements</p>}
    />
  );
}

/** Render, and hand over what was answered last. */
function fill(props: FilledProps = {}) {
  let latest: Answers = {};
  const user = userEvent.setup();
  renderThemed(
    <Filled
      {...props}
      onAnswers={(answers) => {
        latest = answers;
      }}
    />,
  );
  return { user, answers: () => latest };
}

const group = (name: string) => within(document.querySelector(`[data-question="${name}"]`) as HTMLElement);

describe("choice", () => {
  it("takes all that apply with the space bar, in the order of the form, and none as open", async () => {
    const { user, answers } = fill();
    const [necrosis, margin] = ["Necrosis", "Margin"].map((name) => screen.getByRole("checkbox", { name }));
    margin?.focus();
    await user.keyboard(" ");
    necrosis?.focus();
    await user.keyboard(" ");
    expect(answers().signs).toEqual(["necrosis", "margin"]);
    await user.keyboard(" ");
    margin?.focus();
    await user.keyboard(" ");
    expect(answers().signs).toBeNull();
  });

  it("takes one of several by the arrow keys", async () => {
    const { user, answers } = fill();
    group("stage").getByRole("radio", { name: "T1" }).focus();
    await user.keyboard(" {ArrowDown}");
    expect(answers().stage).toBe("t2");
  });
});

describe("scale", () => {
  it("takes the digit of a point while it has the focus", async () => {
    const { user, answers } = fill();
    screen.getByRole("radio", { name: "1 Anchor 1" }).focus();
    await user.keyboard("3");
    expect(answers().rating).toBe(3);
    await user.keyboard("7");
    expect(answers().rating).toBe(3);
  });
});

describe("yes or no", () => {
  it("shows a conditional question with the answer, and hides it again", async () => {
    const { user } = fill();
    expect(screen.queryByLabelText("Why")).toBeNull();
    await user.click(screen.getByRole("radio", { name: "Suspicious: yes" }));
    expect(screen.getByLabelText("Why")).toBeTruthy();
    await user.click(screen.getByRole("radio", { name: "Suspicious: no" }));
    expect(screen.queryByLabelText("Why")).toBeNull();
  });
});

describe("location", () => {
  it("is the same answer from the diagram and from the list", async () => {
    const { user, answers } = fill();
    await user.click(document.querySelector('[data-spot="left_obturator"]') as Element);
    expect(answers().region).toBe("left_obturator");
    expect(document.querySelector('[data-spot="left_obturator"]')?.getAttribute("data-chosen")).toBe("true");
    await user.click(screen.getByRole("radio", { name: "Right obturator" }));
    expect(answers().region).toBe("right_obturator");
  });

  it("shows on the diagram where the keyboard is", async () => {
    const { user } = fill();
    screen.getByRole("radio", { name: "Right obturator" }).focus();
    await user.keyboard(" ");
    expect(document.querySelectorAll("[data-focused]")).toHaveLength(1);
    expect(document.querySelector("[data-focused]")?.getAttribute("data-spot")).toBe("right_obturator");
  });

  it("draws the patient's right on the left", () => {
    fill();
    const left = (value: string) =>
      Number.parseFloat((document.querySelector(`[data-spot="${value}"]`) as HTMLElement).style.left);
    expect(left("right_obturator")).toBeLessThan(left("left_obturator"));
  });
});

describe("numbers", () => {
  it("take what is typed and say what is wrong with it", async () => {
    const { user, answers } = fill();
    await user.type(screen.getByLabelText("Depth"), "31");
    expect(answers().depth).toBe(31);
    const field = screen.getByLabelText("Depth");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(describing(field)).toContain("Please enter a value from 0 to 30 mm.");
    expect(describing(field)).toContain("From the muscle outward.");
  });

  it("stand as a pair of axes above the drawn measurements, which come once", () => {
    fill();
    expect(screen.getAllByText("drawn measurements")).toHaveLength(1);
    const pair = screen.getByLabelText("Short axis").closest("[data-question]")?.parentElement;
    expect(pair?.contains(screen.getByLabelText("Long axis"))).toBe(true);
  });
});

describe("probability", () => {
  const slider = () => screen.getByRole<HTMLInputElement>("slider", { name: "Chance, slider" });

  it("is open until it is answered, and open is not 0", async () => {
    const { user, answers } = fill();
    expect(slider().hasAttribute("data-open")).toBe(true);
    expect(slider().getAttribute("aria-valuetext")).toBe("not answered");
    await user.type(screen.getByLabelText("Chance"), "0");
    expect(answers().chance).toBe(0);
    expect(slider().hasAttribute("data-open")).toBe(false);
    expect(slider().getAttribute("aria-valuetext")).toBe("0 percent");
  });

  it("takes the place that it stands at with Enter, and is open again when it is emptied", async () => {
    const { user, answers } = fill();
    slider().focus();
    await user.keyboard("{Enter}");
    expect(answers().chance).toBe(50);
    await user.clear(screen.getByLabelText("Chance"));
    expect(answers().chance).toBeNull();
    expect(slider().hasAttribute("data-open")).toBe(true);
  });
});

describe("derived", () => {
  const shown = () => document.querySelector('[data-derived="ratio"]')?.textContent;

  it("follows the answers, and says what it waits for", async () => {
    const { user } = fill();
    expect(shown()).toBe("Waits for 2 answers");
    await user.type(screen.getByLabelText("Short axis"), "6");
    expect(shown()).toBe("Waits for Long axis");
    await user.type(screen.getByLabelText("Long axis"), "8");
    expect(shown()).toBe("0.75");
  });
});

describe("marks and outlines", () => {
  const drawing = (armed: string | null = null) => ({
    drawn: { marks: [mark("m1", 4), mark("m2", 7)], contours: [contour("c2", 9), contour("c1", 8)] },
    armed,
    onArm: vi.fn(),
    onRemove: vi.fn(),
    onRate: vi.fn(),
    onShow: vi.fn(),
  });

  it("are listed with a rating each, shown, and deleted", async () => {
    const given = drawing();
    const { user } = fill({ drawing: given });
    expect(group("lesions").getByText("2 marks of at most 2")).toBeTruthy();
    await user.selectOptions(screen.getByLabelText("Rating of mark 2"), "2");
    expect(given.onRate).toHaveBeenCalledWith("m2", 2);
    await user.click(screen.getByRole("button", { name: "Slice 4: Mark 1" }));
    expect(given.onShow).toHaveBeenCalledWith(given.drawn.marks[0]);
    await user.click(screen.getByRole("button", { name: "Delete Mark 2 on slice 7" }));
    expect(given.onRemove).toHaveBeenCalledWith("m2");
    expect(group("lesions").getByRole<HTMLButtonElement>("button", { name: "Mark: Lesions" }).disabled).toBe(
      true,
    );
  });

  it("say how much is outlined, slice by slice", async () => {
    const given = drawing();
    const { user } = fill({ drawing: given });
    expect(group("tumor").getByText("2 slices, 2.00 ml")).toBeTruthy();
    const rows = within(screen.getByRole("list", { name: "Outlines: Tumor" })).getAllByRole("listitem");
    expect(rows.map((row) => row.textContent)).toEqual(["Slice 8: 250 mm²", "Slice 9: 250 mm²"]);
    await user.click(screen.getByRole("button", { name: "Draw: Tumor" }));
    expect(given.onArm).toHaveBeenCalledWith("tumor");
  });

  it("show which question the viewer draws for", () => {
    fill({ drawing: drawing("tumor") });
    expect(screen.getByRole("button", { name: "Done: Tumor" }).textContent).toBe("Done");
    expect(screen.queryByRole("button", { name: "Draw: Tumor" })).toBeNull();
  });

  it("are only described where there are no images", () => {
    fill();
    expect(screen.getAllByText("Drawn on the images in the reading room.")).toHaveLength(2);
  });
});

describe("the whole form", () => {
  it("has a heading for each section", () => {
    fill();
    expect(screen.getAllByRole("heading").map((one) => one.textContent)).toEqual(["Findings", "Judgement"]);
  });

  it("says of every control that is required and open that it is", () => {
    fill({ isComplete: true });
    expect(screen.getAllByText("Please answer this question.")).toHaveLength(11);
    for (const name of ["Depth", "Short axis", "Chance"]) {
      const field = screen.getByLabelText(name);
      expect(field.getAttribute("aria-required")).toBe("true");
      expect(describing(field)).toContain("Please answer this question.");
    }
    for (const groups of screen.getAllByRole("radiogroup")) {
      expect(groups.getAttribute("aria-invalid")).toBe("true");
      expect(groups.getAttribute("aria-required")).toBe("true");
      expect(describing(groups)).toContain("Please answer this question.");
    }
  });

  it("is reached by the tab key from the first question to the last", async () => {
    const { user } = fill({ initial: { suspicious: true } });
    const reached = new Set<string>();
    for (let step = 0; step < 40; step += 1) {
      await user.tab();
      const question = document.activeElement?.closest("[data-question]")?.getAttribute("data-question");
      if (question) reached.add(question);
    }
    const entered = everyKind.questions.filter(({ kind }) => !["derived", "mark", "mask"].includes(kind));
    expect([...reached]).toEqual(entered.map(({ key }) => key));
  });
});

/** The texts that describe a control. */
function describing(element: Element): string {
  const ids = element.getAttribute("aria-describedby")?.split(" ") ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
}
