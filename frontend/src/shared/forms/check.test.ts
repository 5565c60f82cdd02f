import { describe, expect, it } from "vitest";
import stored from "../../../../tests/reference/forms/answers.json";
import { checkForm, formState, openReason, requiredProgress, soundAnswers } from "./check";
import { previewSchema } from "./preview-schema";
import { everyKind } from "./testing";
import { type Answers, type Form, formSchema, isOfKind } from "./types";

interface Vector {
  name: string;
  form: unknown;
  given: Answers;
  computed: Answers;
  complete: boolean;
  answers: Answers;
  errors: Record<string, string>;
  hidden: string[];
}

const vectors = stored as unknown as Vector[];

describe("the vectors that the server runs too", () => {
  it("are all here", () => expect(vectors.length).toBeGreaterThan(50));

  it.each(vectors)("$name", ({ form: sent, given, computed, complete, answers, errors, hidden }) => {
    const form: Form = formSchema.parse(sent);
    const schema = previewSchema(form);
    const { state, problems } = checkForm(form, schema, given, { isComplete: complete, computed });
    expect(state.values).toEqual(answers);
    expect(form.questions.map(({ key }) => key).filter((key) => !state.visible.has(key))).toEqual(
      hidden.toSorted((a, b) => placeOf(form, a) - placeOf(form, b)),
    );
    // A key that no question has cannot be entered here; only the server can be sent one.
    const known = Object.fromEntries(Object.entries(errors).filter(([key]) => placeOf(form, key) >= 0));
    expect(problems).toEqual(known);
  });
});

const placeOf = (form: Form, wanted: string): number => form.questions.findIndex(({ key }) => key === wanted);

const schema = previewSchema(everyKind);
const check = (answers: Answers, isComplete = true) => checkForm(everyKind, schema, answers, { isComplete });

describe("checkForm", () => {
  it("lists problems in the order of the form", () => {
    const { problems } = check({ suspicious: true, depth: 99 });
    const order = everyKind.questions.map(({ key }) => key).filter((key) => key in problems);
    expect(Object.keys(problems)).toEqual(order);
    expect(problems).toMatchObject({ depth: "Please enter a value from 0 to 30 mm.", why: /answer/ });
  });

  it("refuses what no database keeps", () => {
    expect(check({ suspicious: true, why: "a\0b" }).problems.why).toBe(
      "Please leave out characters that cannot be stored.",
    );
    expect(check({ suspicious: true, why: "half \ud83d" }).problems.why).toMatch(/cannot be stored/);
    expect(check({ suspicious: true, why: "whole 😀" }).problems.why).toBeUndefined();
    expect(check({ depth: Number.NaN }).problems.depth).toBe("Please enter a number.");
  });

  it("counts only what is asked and required", () => {
    expect(requiredProgress(check({}, false))).toEqual({ done: 0, total: 11 });
    expect(requiredProgress(check({ suspicious: true, depth: 99 }, false))).toEqual({ done: 1, total: 12 });
    expect(requiredProgress(check({ suspicious: false, depth: 0 }, false))).toEqual({ done: 2, total: 11 });
  });
});

describe("soundAnswers", () => {
  it("leaves out what is open, wrong, derived or not of this form, and keeps what is hidden now", () => {
    const answers = { depth: 99, stage: "t1", why: "kept", ratio: 1, other: 1, chance: 0, signs: [] };
    expect(soundAnswers(everyKind, schema, answers)).toEqual({ stage: "t1", why: "kept", chance: 0 });
  });
});

describe("formState", () => {
  const derived = (key: string, expr: string) => ({
    key,
    kind: "derived" as const,
    label: key,
    help: "",
    required: false,
    expr,
    type: "number" as const,
  });

  it("does not hang on a circle: what depends on itself is open", () => {
    const circle: Form = { version: 1, questions: [derived("a", "b + 1"), derived("b", "a + 1")] };
    expect(formState(circle, {}).values).toEqual({ a: null, b: null });
  });

  it("takes an expression that cannot be read for unknown", () => {
    const broken: Form = { version: 1, questions: [derived("a", "1 +")] };
    expect(formState(broken, {}).values).toEqual({ a: null });
  });
});

describe("openReason", () => {
  const [ratio] = everyKind.questions.filter(isOfKind("derived"));
  const reason = (answers: Answers) => ratio && openReason(everyKind, ratio, formState(everyKind, answers));

  it("names what is waited for, or that nothing follows", () => {
    expect(reason({})).toBe("Waits for 2 answers");
    expect(reason({ short: 5 })).toBe("Waits for Long axis");
    expect(reason({ short: 5, long: 0 })).toBe("No value follows");
  });
});
