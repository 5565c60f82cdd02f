import { describe, expect, it } from "vitest";
import type { ExpressionType } from "./expression-types";
import { expressionProblem, questionTypes } from "./question-types";
import { everyKind } from "./testing";
import type { Question } from "./types";

const ratio = everyKind.questions.find(({ key }) => key === "ratio") as Question;
const problem = (text: string, wanted: ExpressionType = "boolean") => {
  const found = expressionProblem(everyKind, ratio, text, wanted);
  return found && `${found.column}: ${found.message}`;
};

describe("questionTypes", () => {
  it("knows every kind, and what is computed from drawings", () => {
    expect(Object.fromEntries(questionTypes(everyKind))).toEqual({
      signs: "list",
      stage: "text",
      region: "text",
      depth: "number",
      short: "number",
      long: "number",
      suspicious: "boolean",
      rating: "number",
      chance: "number",
      lesions: "drawing",
      lesions_count: "number",
      tumor: "drawing",
      tumor_volume_ml: "number",
      tumor_slices: "number",
      why: "text",
      ratio: "number",
    });
  });
});

describe("expressionProblem", () => {
  it.each([
    "suspicious",
    "stage == 't1' and rating >= 2",
    "has(signs, 'necrosis') or known(tumor)",
    "tumor_volume_ml > 3",
    "if(suspicious, rating > 1, null)",
  ])("finds nothing wrong with %s", (text) => expect(problem(text)).toBeNull());

  it.each([
    ["", "1: The expression is empty."],
    ["rating >", "9: Something is missing at the end."],
    ["grade > 1", "1: The form has no question 'grade'."],
    ["stage > 1", "1: '>' needs a number, not a text."],
    ["stage == 1", "7: A text cannot be compared with a number."],
    ["rating == null", "8: Ask known(...) whether something is answered."],
    ["signs == 'necrosis'", "7: A list of answers cannot be compared."],
    ["not rating", "5: 'not' needs yes or no, not a number."],
    ["count(rating, suspicious) > 1", "7: 'count' needs yes or no, not a number."],
    ["has(stage, 't1')", "5: 'has' needs a list of answers, not a text."],
    ["has(signs, suspicious)", "12: 'has' looks for a text or a number in the list."],
    ["if(suspicious, 1, 'a') == 1", "1: 'if' gives a number or a text: both must be of one kind."],
    ["rating + 1", "8: The result must be yes or no."],
    ["suspicious or ratio > 1", "15: The question cannot depend on itself."],
    ["stage == 't9'", "10: stage has no option 't9'."],
    ["'t9' != stage", "1: stage has no option 't9'."],
    ["has(signs, 'fever')", "12: signs has no option 'fever'."],
    ["rating == 4", "11: rating has no option 4."],
  ])("says of %s: %s", (text, words) => expect(problem(text)).toBe(words));

  it("asks a derived number for a number", () => {
    expect(problem("short / long", "number")).toBeNull();
    expect(problem("short > long", "number")).toBe("7: The result must be a number.");
  });
});
