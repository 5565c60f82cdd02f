import { describe, expect, it } from "vitest";
import stored from "../../../../tests/reference/forms/expressions.json";
import { type Expression, ExpressionError, names, parse } from "./expression";
import { evaluate, type Value } from "./expression-value";

type Vector = { name: string; expr: string; values: Record<string, Value> } & (
  | { result: Value; error?: undefined }
  | { error: { column: number; text: string } }
);

const vectors = stored as unknown as Vector[];

function refusal(text: string): { column: number; text: string } | null {
  try {
    parse(text);
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { column: error.column, text: error.message };
  }
}

describe("the vectors that the server runs too", () => {
  it("are all here", () => expect(vectors.length).toBeGreaterThan(200));

  it.each(vectors)("$name: $expr", (vector) => {
    if (vector.error) expect(refusal(vector.expr)).toEqual(vector.error);
    else expect(evaluate(parse(vector.expr), vector.values)).toBe(vector.result);
  });
});

describe("names", () => {
  it("are the keys that are mentioned, once, and no function", () => {
    expect([...names(parse("if(a > 1 and known(b), -a, max(c, 'd'))"))]).toEqual(["a", "b", "c"]);
  });

  it("of the language of objects have no value", () => {
    expect(evaluate(parse("constructor"), {})).toBeNull();
    expect(evaluate(parse("toString == 1"), {})).toBeNull();
  });
});

/** Numbers in a fixed order (mulberry32), so that a failure comes again. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A random sum as text, and what JavaScript's own arithmetic gives for it, kept beside it as it grows. */
function randomArithmetic(random: () => number, depth: number): { text: string; value: number } {
  if (depth === 0 || random() < 0.2) {
    const value = Math.round(random() * 1000) / 8;
    return { text: String(value), value };
  }
  const left = randomArithmetic(random, depth - 1);
  const right = randomArithmetic(random, depth - 1);
  const sign = ["+", "-", "*", "/"][Math.floor(random() * 4)];
  const value =
    sign === "+"
      ? left.value + right.value
      : sign === "-"
        ? left.value - right.value
        : sign === "*"
          ? left.value * right.value
          : left.value / right.value;
  return { text: `(${left.text} ${sign} ${right.text})`, value };
}

/** A random sentence of logic, and its value by counting: true 1, unknown 1/2, false 0; and min, or max, not 1 - x. */
function randomLogic(random: () => number, depth: number): { text: string; value: number } {
  if (depth === 0) {
    const value = [0, 0.5, 1][Math.floor(random() * 3)] as number;
    return { text: value === 1 ? "true" : value === 0 ? "false" : "null", value };
  }
  if (random() < 0.25) {
    const inner = randomLogic(random, depth - 1);
    return { text: `(not ${inner.text})`, value: 1 - inner.value };
  }
  const left = randomLogic(random, depth - 1);
  const right = randomLogic(random, depth - 1);
  return random() < 0.5
    ? { text: `(${left.text} and ${right.text})`, value: Math.min(left.value, right.value) }
    : { text: `(${left.text} or ${right.text})`, value: Math.max(left.value, right.value) };
}

describe("random expressions", () => {
  it("calculate as JavaScript does, and are unknown where that has no number", () => {
    const random = numbersFrom(20250103);
    for (let round = 0; round < 500; round += 1) {
      const { text, value } = randomArithmetic(random, 4);
      if (text.length > 500) continue;
      expect(evaluate(parse(text), {}), text).toBe(Number.isFinite(value) ? value + 0 : null);
    }
  });

  it("follow three-valued logic", () => {
    const random = numbersFrom(7);
    for (let round = 0; round < 500; round += 1) {
      const { text, value } = randomLogic(random, 5);
      const wanted = value === 1 ? true : value === 0 ? false : null;
      expect(evaluate(parse(text), {}), text).toBe(wanted);
    }
  });

  it("mean the same with the brackets that precedence implies", () => {
    const random = numbersFrom(11);
    const shape = (tree: Expression): unknown =>
      JSON.parse(JSON.stringify(tree, (key, value) => (key === "column" ? undefined : value)));
    for (let round = 0; round < 200; round += 1) {
      const [a, b, c, d] = Array.from({ length: 4 }, () => String(Math.floor(random() * 9) + 1));
      expect(shape(parse(`${a} + ${b} * ${c} < ${d} and x or not y`))).toEqual(
        shape(parse(`(((${a} + (${b} * ${c})) < ${d}) and x) or (not y)`)),
      );
    }
  });

  it("round as decimal text does", () => {
    const random = numbersFrom(3);
    for (let round = 0; round < 500; round += 1) {
      const cents = Math.floor(random() * 100000);
      // Of a number with three decimals the last digit decides: a slow obvious second way.
      const value = Number(`${Math.floor(cents / 1000)}.${String(cents % 1000).padStart(3, "0")}`);
      const wanted = Math.floor(cents / 10) + (cents % 10 >= 5 ? 1 : 0);
      expect(evaluate(parse("round(x, 2)"), { x: value })).toBe(wanted / 100);
    }
  });
});
