import { describe, expect, it } from "vitest";
import { expressionProblem } from "../../../shared/forms/question-types";
import { everyKind } from "../../../shared/forms/testing";
import type { Question } from "../../../shared/forms/types";
import {
  changeCondition,
  firstCondition,
  needsValue,
  operatorsFor,
  readCondition,
  writeCondition,
} from "./condition";

const why = everyKind.questions.find(({ key }) => key === "why") as Question;
const question = (key: string) => everyKind.questions.find((one) => one.key === key) as Question;
const others = everyKind.questions.filter((one) => one !== why);

describe("conditions", () => {
  it.each(
    others.flatMap((asked) => operatorsFor(asked).map((operator) => ({ asked, operator, key: asked.key }))),
  )("on $key: $operator is written as an expression that fits, and read back", ({ asked, operator }) => {
    const condition = changeCondition(firstCondition(asked), asked, { operator });
    expect(condition.operator).toBe(operator);
    expect(condition.value === null).toBe(!needsValue(operator));
    const text = writeCondition(condition);
    expect(expressionProblem(everyKind, why, text, "boolean")).toBeNull();
    expect(readCondition(text)).toEqual(condition);
  });

  it("are written as one would by hand", () => {
    expect(writeCondition({ key: "suspicious", operator: "no", value: null })).toBe("not suspicious");
    expect(writeCondition({ key: "stage", operator: "is", value: "t1" })).toBe("stage == 't1'");
    expect(writeCondition({ key: "why", operator: "is", value: "it's" })).toBe("why == 'it''s'");
    expect(writeCondition({ key: "depth", operator: "at_least", value: -2.5 })).toBe("depth >= -2.5");
  });

  it.each(["a and b", "a > b", "1 < a", "not (a > 1)", "a ==", "", "if(a, b, c)", "a == true"])(
    "leave %j to the free text",
    (text) => expect(readCondition(text)).toBeNull(),
  );

  it("read a negative number", () => {
    expect(readCondition("depth < -2")).toEqual({ key: "depth", operator: "less", value: -2 });
  });

  it("begin anew when the operator does not fit the question", () => {
    const condition = { key: "stage", operator: "greater", value: 3 } as const;
    expect(changeCondition(condition, question("stage"), {})).toEqual({
      key: "stage",
      operator: "is",
      value: "t1",
    });
  });
});
