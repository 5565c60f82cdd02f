import type { ChainSign, ComparisonSign, Expression } from "./expression";
import type { Answer } from "./types";

/**
 * A number, a text, a truth value, the list of a question with several answers, what was drawn, or null: not
 * answered.
 */
export type Value = Answer;

export type Values = Readonly<Record<string, Value | undefined>>;

/** The value of an expression. An operand of the wrong type, and a name without a value, count as null. */
export function evaluate(expression: Expression, values: Values): Value {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "name":
      return Object.hasOwn(values, expression.key) ? (values[expression.key] ?? null) : null;
    case "prefix": {
      const operand = evaluate(expression.operand, values);
      if (expression.operator === "not") return typeof operand === "boolean" ? !operand : null;
      return typeof operand === "number" ? finite(-operand) : null;
    }
    case "chain":
      return chain(expression, values);
    case "comparison":
      return compare(
        expression.operator,
        evaluate(expression.left, values),
        evaluate(expression.right, values),
      );
    case "call":
      return call(expression.function, expression.arguments, values);
  }
}

/** No infinities, no negative zero. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null);

const isNumbers = (values: readonly Value[]): values is number[] =>
  values.every((value) => typeof value === "number");

function chain(expression: Extract<Expression, { kind: "chain" }>, values: Values): Value {
  const first = evaluate(expression.first, values);
  const operator = expression.rest[0]?.operator;
  if (operator === "and" || operator === "or") {
    const operands = [first, ...expression.rest.map(({ operand }) => evaluate(operand, values))];
    return operator === "and" ? all(operands) : any(operands);
  }
  return expression.rest.reduce<Value>(
    (left, step) => arithmetic(step.operator, left, evaluate(step.operand, values)),
    first,
  );
}

function arithmetic(operator: ChainSign, left: Value, right: Value): Value {
  if (typeof left !== "number" || typeof right !== "number") return null;
  switch (operator) {
    case "+":
      return finite(left + right);
    case "-":
      return finite(left - right);
    case "*":
      return finite(left * right);
    default:
      return finite(left / right);
  }
}

function compare(operator: ComparisonSign, left: Value, right: Value): Value {
  if (operator === "==" || operator === "!=") {
    const isComparable =
      ["number", "string", "boolean"].includes(typeof left) && typeof left === typeof right;
    return isComparable ? (left === right) === (operator === "==") : null;
  }
  if (typeof left !== "number" || typeof right !== "number") return null;
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

function call(name: string, operands: readonly Expression[], values: Values): Value {
  if (name === "if") {
    const [condition, yes, no] = operands as [Expression, Expression, Expression];
    const holds = evaluate(condition, values);
    return typeof holds === "boolean" ? evaluate(holds ? yes : no, values) : null;
  }
  const given = operands.map((operand) => evaluate(operand, values));
  const [first = null, second = null] = given;
  switch (name) {
    case "known":
      return first !== null;
    case "any":
      return any(given);
    case "all":
      return all(given);
    case "count":
      return given.every((value) => typeof value === "boolean") ? given.filter(Boolean).length : null;
    case "min":
      return isNumbers(given) ? finite(Math.min(...given)) : null;
    case "max":
      return isNumbers(given) ? finite(Math.max(...given)) : null;
    case "abs":
      return typeof first === "number" ? Math.abs(first) : null;
    case "round":
      return typeof first === "number" ? round(first, second as number) : null;
    case "has":
      return has(first, second);
    default:
      throw new Error(`There is no function ${name}.`);
  }
}

/** Kleene: one false is enough; else one unknown makes it unknown. */
function all(operands: readonly Value[]): Value {
  if (operands.includes(false)) return false;
  return operands.every((operand) => operand === true) ? true : null;
}

function any(operands: readonly Value[]): Value {
  if (operands.includes(true)) return true;
  return operands.every((operand) => operand === false) ? false : null;
}

function has(list: Value, wanted: Value): Value {
  if (!Array.isArray(list)) return null;
  if (typeof wanted !== "string" && typeof wanted !== "number") return null;
  return list.includes(wanted);
}

/**
 * Half away from zero on the shortest decimal that names the number, so that 1.005 is 1.01 at two decimals:
 * the digits are rounded as text, not the binary fraction.
 */
function round(value: number, decimals: number): number {
  const [digits = "0", exponent = "0"] = String(Math.abs(value)).split("e");
  const [whole = "0", fraction = ""] = digits.split(".");
  const all = whole + fraction;
  // Where the point stands among the digits, and where the cut is made.
  const cut = whole.length + Number(exponent) + decimals;
  if (cut >= all.length) return value;
  const kept = cut > 0 ? BigInt(all.slice(0, cut)) : 0n;
  const isUp = cut >= 0 && Number(all[cut]) >= 5;
  const size = Number(`${isUp ? kept + 1n : kept}e${-decimals}`);
  return value < 0 ? 0 - size : size;
}
