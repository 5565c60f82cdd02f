import { type Expression, ExpressionError } from "./expression";

/** `list`: a question with several answers; `drawing`: marks or a mask; `null`: only the word null. */
export type ExpressionType = "number" | "text" | "boolean" | "list" | "drawing" | "null";

const WORDS: Readonly<Record<ExpressionType, string>> = {
  number: "a number",
  text: "a text",
  boolean: "yes or no",
  list: "a list of answers",
  drawing: "marks or a mask",
  null: "null",
};

type Types = ReadonlyMap<string, ExpressionType>;
type Call = Extract<Expression, { kind: "call" }>;
type Comparison = Extract<Expression, { kind: "comparison" }>;

/**
 * The type of an expression, given those of the names that it may use. Throws `ExpressionError` for a name that is
 * not there and for values that do not fit their operator.
 */
export function typeOf(expression: Expression, types: Types): ExpressionType {
  switch (expression.kind) {
    case "constant":
      return typeOfConstant(expression.value);
    case "name": {
      const type = types.get(expression.key);
      if (type === undefined) {
        throw new ExpressionError(`The form has no question '${expression.key}'.`, expression.column);
      }
      return type;
    }
    case "prefix": {
      const type = expression.operator === "not" ? "boolean" : "number";
      expect(expression.operand, type, expression.operator, types);
      return type;
    }
    case "chain": {
      const operator = expression.rest[0]?.operator ?? "and";
      const type = operator === "and" || operator === "or" ? "boolean" : "number";
      expect(expression.first, type, operator, types);
      for (const step of expression.rest) expect(step.operand, type, step.operator, types);
      return type;
    }
    case "comparison":
      return typeOfComparison(expression, types);
    case "call":
      return typeOfCall(expression, types);
  }
}

function typeOfConstant(value: string | number | boolean | null): ExpressionType {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "string" ? "text" : "number";
}

function typeOfComparison({ operator, left, right, column }: Comparison, types: Types): ExpressionType {
  if (operator !== "==" && operator !== "!=") {
    expect(left, "number", operator, types);
    expect(right, "number", operator, types);
    return "boolean";
  }
  const both = [typeOf(left, types), typeOf(right, types)] as const;
  if (both.includes("null")) {
    throw new ExpressionError("Ask known(...) whether something is answered.", column);
  }
  for (const type of both) {
    if (type === "list" || type === "drawing") {
      throw new ExpressionError(`${capitalized(WORDS[type])} cannot be compared.`, column);
    }
  }
  if (both[0] !== both[1]) {
    const text = `${capitalized(WORDS[both[0]])} cannot be compared with ${WORDS[both[1]]}.`;
    throw new ExpressionError(text, column);
  }
  return "boolean";
}

function typeOfCall(call: Call, types: Types): ExpressionType {
  const [first, second] = call.arguments;
  switch (call.function) {
    case "known":
      if (first) typeOf(first, types);
      return "boolean";
    case "if":
      return typeOfIf(call, types);
    case "has":
      if (first) expect(first, "list", "has", types);
      if (second && !["text", "number"].includes(typeOf(second, types))) {
        throw new ExpressionError("'has' looks for a text or a number in the list.", second.column);
      }
      return "boolean";
    case "min":
    case "max":
    case "abs":
    case "round":
      for (const value of call.arguments) expect(value, "number", call.function, types);
      return "number";
    default:
      for (const value of call.arguments) expect(value, "boolean", call.function, types);
      return call.function === "count" ? "number" : "boolean";
  }
}

function typeOfIf(call: Call, types: Types): ExpressionType {
  const [condition, chosen, otherwise] = call.arguments as [Expression, Expression, Expression];
  expect(condition, "boolean", "if", types);
  const [one, other] = [typeOf(chosen, types), typeOf(otherwise, types)];
  if (one === "null") return other;
  if (other !== one && other !== "null") {
    const text = `'if' gives ${WORDS[one]} or ${WORDS[other]}: both must be of one kind.`;
    throw new ExpressionError(text, call.column);
  }
  return one;
}

/** The word null fits everywhere: whoever writes it means "not answered". */
function expect(expression: Expression, type: ExpressionType, operator: string, types: Types): void {
  const found = typeOf(expression, types);
  if (found !== type && found !== "null") {
    throw new ExpressionError(`'${operator}' needs ${WORDS[type]}, not ${WORDS[found]}.`, expression.column);
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
