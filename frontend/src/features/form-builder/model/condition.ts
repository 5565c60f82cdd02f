import { type Expression, ExpressionError } from "../../../shared/forms/expression";
import { read } from "../../../shared/forms/parsed";
import { typeOfQuestion } from "../../../shared/forms/question-types";
import type { Question } from "../../../shared/forms/types";

/** "When [question] [is] [value]", as the helper offers it. */
export interface Condition {
  key: string;
  operator: Operator;
  value: string | number | null;
}

export type Operator =
  | "yes"
  | "no"
  | "is"
  | "is_not"
  | "greater"
  | "at_least"
  | "less"
  | "at_most"
  | "includes"
  | "answered"
  | "not_answered";

export const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  yes: "is yes",
  no: "is no",
  is: "is",
  is_not: "is not",
  greater: "is greater than",
  at_least: "is at least",
  less: "is less than",
  at_most: "is at most",
  includes: "includes",
  answered: "is answered",
  not_answered: "is not answered",
};

const SIGNS: ReadonlyArray<readonly [Operator, string]> = [
  ["is", "=="],
  ["is_not", "!="],
  ["greater", ">"],
  ["at_least", ">="],
  ["less", "<"],
  ["at_most", "<="],
];

export const needsValue = (operator: Operator): boolean =>
  operator === "includes" || SIGNS.some(([one]) => one === operator);

/** What can be asked of a question. */
export function operatorsFor(question: Question): Operator[] {
  const always: Operator[] = ["answered", "not_answered"];
  switch (typeOfQuestion(question)) {
    case "boolean":
      return ["yes", "no", ...always];
    case "number":
      return ["is", "is_not", "greater", "at_least", "less", "at_most", ...always];
    case "list":
      return ["includes", ...always];
    case "text":
      return "options" in question && question.options ? ["is", "is_not", ...always] : always;
    default:
      return always;
  }
}

/** A condition on a question to begin with. */
export function firstCondition(question: Question): Condition {
  const operator = operatorsFor(question)[0] ?? "answered";
  return { key: question.key, operator, value: needsValue(operator) ? firstValue(question) : null };
}

function firstValue(question: Question): string | number {
  if ("options" in question && question.options?.[0]) return question.options[0].value;
  return "min" in question && typeof question.min === "number" ? question.min : 0;
}

/** The same condition on another question or with another operator, with a value that fits. */
export function changeCondition(
  condition: Condition,
  question: Question,
  parts: Partial<Condition>,
): Condition {
  const next = { ...condition, ...parts };
  if (!operatorsFor(question).includes(next.operator)) return firstCondition(question);
  if (!needsValue(next.operator)) return { ...next, value: null };
  return { ...next, value: next.value ?? firstValue(question) };
}

export function writeCondition({ key, operator, value }: Condition): string {
  const literal = typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value ?? 0);
  switch (operator) {
    case "yes":
      return key;
    case "no":
      return `not ${key}`;
    case "answered":
      return `known(${key})`;
    case "not_answered":
      return `not known(${key})`;
    case "includes":
      return `has(${key}, ${literal})`;
    default:
      return `${key} ${SIGNS.find(([one]) => one === operator)?.[1] ?? "=="} ${literal}`;
  }
}

/** The condition that an expression says, or null when it says more than the helper can. */
export function readCondition(text: string): Condition | null {
  const expression = read(text);
  if (expression instanceof ExpressionError) return null;
  if (expression.kind === "name") return { key: expression.key, operator: "yes", value: null };
  if (expression.kind === "prefix" && expression.operator === "not") return negated(expression.operand);
  if (expression.kind === "comparison") {
    const operator = SIGNS.find(([, sign]) => sign === expression.operator)?.[0];
    return operator ? onName(expression.left, operator, expression.right) : null;
  }
  return expression.kind === "call" ? called(expression.function, expression.arguments) : null;
}

function negated(operand: Expression): Condition | null {
  if (operand.kind === "name") return { key: operand.key, operator: "no", value: null };
  const inner = operand.kind === "call" ? called(operand.function, operand.arguments) : null;
  return inner?.operator === "answered" ? { ...inner, operator: "not_answered" } : null;
}

function called(name: string, [first, second]: readonly Expression[]): Condition | null {
  if (name === "known" && first?.kind === "name") {
    return { key: first.key, operator: "answered", value: null };
  }
  return name === "has" && first && second ? onName(first, "includes", second) : null;
}

function onName(left: Expression, operator: Operator, right: Expression): Condition | null {
  if (left.kind !== "name") return null;
  const value = literalOf(right);
  return value === null ? null : { key: left.key, operator, value };
}

function literalOf(expression: Expression): string | number | null {
  if (expression.kind === "prefix" && expression.operator === "-") {
    const size = literalOf(expression.operand);
    return typeof size === "number" ? -size : null;
  }
  if (expression.kind !== "constant" || typeof expression.value === "boolean") return null;
  return expression.value;
}
