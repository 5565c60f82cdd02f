import { describe, expect, it } from "vitest";
import { everyKind } from "../../../shared/forms/testing";
import { formSchema, type Question } from "../../../shared/forms/types";
import {
  addOption,
  addQuestion,
  changeQuestion,
  duplicateQuestion,
  freeKey,
  insertQuestion,
  keyFromLabel,
  moveQuestion,
  rekey,
  relabel,
  relabelOption,
  removeQuestion,
  renameIn,
} from "./edit";
import { KINDS, titleOf, titleOfQuestion } from "./kinds";

const keys = (form: { questions: readonly { key: string }[] }) => form.questions.map(({ key }) => key);
const placeOf = (key: string) => everyKind.questions.findIndex((one) => one.key === key);

describe("keys", () => {
  it.each([
    ["Short axis (mm)", "short_axis_mm"],
    ["  Büyük düğüm ", "buyuk_dugum"],
    ["3rd station", "rd_station"],
    ["???", "question"],
    ["x".repeat(80), "x".repeat(60)],
  ])("say what the label %j says: %s", (label, key) => expect(keyFromLabel(label)).toBe(key));

  it("are no word of the expressions and nobody else's", () => {
    expect(freeKey("count", new Set())).toBe("count_2");
    expect(freeKey("size", new Set(["size", "size_2"]))).toBe("size_3");
  });
});

describe("adding", () => {
  it.each(KINDS)("a $kind gives a question that is complete but for what it asks", ({ kind }) => {
    const { form, place } = addQuestion(everyKind, kind);
    expect(place).toBe(everyKind.questions.length);
    expect(new Set(keys(form)).size).toBe(form.questions.length);
    expect(formSchema.safeParse(form).success).toBe(true);
    expect(form.questions[place] && titleOfQuestion(form.questions[place])).toBe(titleOf(kind));
  });

  it("leaves the form before as it was", () => {
    const before = structuredClone(everyKind);
    addQuestion(everyKind, "text");
    duplicateQuestion(everyKind, 0);
    moveQuestion(everyKind, 0, 3);
    rekey(everyKind, placeOf("short"), "axis");
    expect(everyKind).toEqual(before);
  });
});

describe("duplicating", () => {
  it("puts a copy with a key of its own below, which shares nothing with the original", () => {
    const { form, place } = duplicateQuestion(everyKind, placeOf("stage"));
    const copy = form.questions[place];
    expect(copy).toMatchObject({ key: "stage_2", label: "Stage (copy)", kind: "choice" });
    expect(copy && "options" in copy && copy.options).not.toBe(
      (everyKind.questions[placeOf("stage")] as { options: unknown }).options,
    );
  });
});

describe("moving", () => {
  it("is undone by moving back, from any place to any other", () => {
    for (let from = 0; from < everyKind.questions.length; from += 1) {
      for (let to = 0; to < everyKind.questions.length; to += 1) {
        const moved = moveQuestion(everyKind, from, to);
        expect(moved.questions[to]?.key).toBe(everyKind.questions[from]?.key);
        expect(keys(moveQuestion(moved, to, from))).toEqual(keys(everyKind));
      }
    }
  });

  it("stops at the ends", () => {
    expect(keys(moveQuestion(everyKind, 0, -1))).toEqual(keys(everyKind));
    expect(moveQuestion(everyKind, 0, 99).questions.at(-1)?.key).toBe("signs");
  });
});

describe("removing", () => {
  it("is undone by putting the question back", () => {
    const place = placeOf("stage");
    const question = everyKind.questions[place] as Question;
    const without = removeQuestion(everyKind, place);
    expect(keys(without)).not.toContain("stage");
    expect(insertQuestion(without, place, question)).toEqual(everyKind);
  });
});

describe("changing", () => {
  it("leaves out a part that has become undefined", () => {
    const place = placeOf("why");
    expect(changeQuestion(everyKind, place, { show_if: undefined }).questions[place]).not.toHaveProperty(
      "show_if",
    );
  });

  it("lets an automatic key follow the label, and a chosen key alone", () => {
    const stage = placeOf("stage");
    expect(relabel(everyKind, stage, "T stage").questions[stage]).toMatchObject({ key: "t_stage" });
    const short = placeOf("short");
    expect(relabel(everyKind, short, "Smallest diameter").questions[short]).toMatchObject({ key: "short" });
  });

  it("renames a key in every expression that names it", () => {
    const renamed = rekey(everyKind, placeOf("short"), "short_axis_mm");
    expect(renamed.questions[placeOf("ratio")]).toMatchObject({ expr: "round(short_axis_mm / long, 2)" });
    const hidden = rekey(everyKind, placeOf("suspicious"), "doubtful");
    expect(hidden.questions[placeOf("why")]).toMatchObject({ show_if: "doubtful" });
  });

  it("renames what is computed from a drawing with it, and no text", () => {
    const renamed = new Map([
      ["tumor", "lesion"],
      ["tumor_slices", "lesion_slices"],
    ]);
    expect(renameIn("tumor_slices > 2 and known(tumor) and why == 'tumor''s' and tumor2", renamed)).toBe(
      "lesion_slices > 2 and known(lesion) and why == 'tumor''s' and tumor2",
    );
  });
});

describe("options", () => {
  it("are stored as their label says until somebody decides otherwise", () => {
    const options = [
      { value: "option_1", label: "Option 1" },
      { value: "own", label: "Option 2" },
    ];
    expect(relabelOption(options, 0, "Left side")[0]).toEqual({ value: "left_side", label: "Left side" });
    expect(relabelOption(options, 1, "Right side")[1]).toEqual({ value: "own", label: "Right side" });
  });

  it("go on where a scale ends", () => {
    expect(addOption([{ value: 5, label: "e" }], true).at(-1)).toEqual({ value: 6, label: "" });
    expect(addOption([], false)).toEqual([{ value: "option_1", label: "Option 1" }]);
  });
});
