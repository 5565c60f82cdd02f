/**
 * The expressions of a reading form: parsed to a small tree, never run as code.
 *
 * The server has the same language (`backend/studies/expressions.py`); both run the vectors of
 * `tests/reference/forms/expressions.json`, and the README beside them states the grammar.
 */

const MAX_LENGTH = 500;
const MAX_DEPTH = 30;
const MAX_DIGITS = 15;
const MAX_DECIMALS = 6;

/** Function to the fewest and the most values it takes. */
const FUNCTIONS = new Map<string, readonly [number, number]>([
  ["if", [3, 3]],
  ["count", [1, Number.POSITIVE_INFINITY]],
  ["min", [1, Number.POSITIVE_INFINITY]],
  ["max", [1, Number.POSITIVE_INFINITY]],
  ["round", [2, 2]],
  ["abs", [1, 1]],
  ["known", [1, 1]],
  ["any", [1, Number.POSITIVE_INFINITY]],
  ["all", [1, Number.POSITIVE_INFINITY]],
  ["has", [2, 2]],
]);
const CONSTANTS = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const WORDS = new Set([...CONSTANTS.keys(), "and", "or", "not"]);

/** What no question can be called. */
export const RESERVED: ReadonlySet<string> = new Set([...WORDS, ...FUNCTIONS.keys()]);

/** The expression cannot be read or does not fit the form; `column` counts code points from 1. */
export class ExpressionError extends Error {
  readonly column: number;

  constructor(text: string, column: number) {
    super(text);
    this.column = column;
  }
}

export type ComparisonSign = "<" | "<=" | ">" | ">=" | "==" | "!=";
export type ChainSign = "and" | "or" | "+" | "-" | "*" | "/";

export type Expression = { column: number } & (
  | { kind: "constant"; value: string | number | boolean | null }
  | { kind: "name"; key: string }
  | { kind: "prefix"; operator: "not" | "-"; operand: Expression }
  /** Operators of one precedence from left to right, flat: 250 summands must not nest 250 deep. */
  | { kind: "chain"; first: Expression; rest: { operator: ChainSign; operand: Expression }[] }
  | { kind: "comparison"; operator: ComparisonSign; left: Expression; right: Expression }
  | { kind: "call"; function: string; arguments: Expression[] }
);

type TokenKind = "number" | "text" | "name" | "sign" | "end";
interface Token {
  kind: TokenKind;
  text: string;
  column: number;
}

const TOKEN =
  /(?<number>[0-9]+(?:\.[0-9]+)?)|(?<text>'(?:[^']|'')*')|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign><=|>=|==|!=|[-+*/<>(),])|(?<space>[ \t\r\n]+)/uy;

// How tightly each operator between two values binds.
const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARE = 4;
const SUM = 5;
const PRODUCT = 6;
const UNARY = 7;
const BINDING = new Map<string, number>([
  ["or", OR],
  ["and", AND],
  ...["<", "<=", ">", ">=", "==", "!="].map((sign) => [sign, COMPARE] as const),
  ["+", SUM],
  ["-", SUM],
  ["*", PRODUCT],
  ["/", PRODUCT],
]);

/** The tree of an expression; throws `ExpressionError` at the first character or word that does not belong. */
export function parse(text: string): Expression {
  if ([...text].length > MAX_LENGTH) {
    throw new ExpressionError(`The expression is longer than ${MAX_LENGTH} characters.`, MAX_LENGTH + 1);
  }
  const tokens = tokensOf(text);
  if (tokens.length === 1) throw new ExpressionError("The expression is empty.", 1);
  return new Parser(tokens).whole();
}

/** The expression and everything inside it, from left to right. */
export function parts(expression: Expression): Expression[] {
  return [expression, ...children(expression).flatMap(parts)];
}

/** The keys that an expression mentions. */
export function names(expression: Expression): Set<string> {
  return new Set(parts(expression).flatMap((part) => (part.kind === "name" ? [part.key] : [])));
}

function children(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "prefix":
      return [expression.operand];
    case "chain":
      return [expression.first, ...expression.rest.map(({ operand }) => operand)];
    case "comparison":
      return [expression.left, expression.right];
    case "call":
      return expression.arguments;
    default:
      return [];
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let place = 0;
  let column = 1;
  while (place < text.length) {
    TOKEN.lastIndex = place;
    const groups = TOKEN.exec(text)?.groups;
    const [kind, found] = Object.entries(groups ?? {}).find(([, one]) => one !== undefined) ?? [];
    if (kind === undefined || found === undefined) refuseCharacter(text, place, column);
    if (kind === "number" && found.replace(".", "").length > MAX_DIGITS) {
      throw new ExpressionError(`A number has at most ${MAX_DIGITS} digits.`, column);
    }
    if (kind !== "space") tokens.push({ kind: kind as TokenKind, text: found, column });
    place += found.length;
    column += [...found].length;
  }
  return [...tokens, { kind: "end", text: "", column }];
}

function refuseCharacter(text: string, place: number, column: number): never {
  const [character] = text.slice(place);
  if (character === "'") throw new ExpressionError("The text is not closed by a quote.", column);
  if (character === "=") throw new ExpressionError("Use == to compare.", column);
  throw new ExpressionError(`Unexpected character '${character}'.`, column);
}

/** A Pratt parser: an operator takes what binds more tightly than itself. */
class Parser {
  private readonly tokens: readonly Token[];
  private place = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Expression {
    const expression = this.expression(OR);
    if (this.ahead.kind !== "end") unexpected(this.ahead);
    return expression;
  }

  private get ahead(): Token {
    return this.tokens[this.place] as Token;
  }

  private take(): Token {
    const token = this.ahead;
    this.place += 1;
    return token;
  }

  private takes(sign: string): boolean {
    if (this.ahead.text !== sign) return false;
    this.place += 1;
    return true;
  }

  private get bindingAhead(): number {
    return BINDING.get(this.ahead.text) ?? 0;
  }

  private expression(loosest: number): Expression {
    let left = this.operand(loosest);
    for (let binding = this.bindingAhead; binding >= loosest; binding = this.bindingAhead) {
      left = binding === COMPARE ? this.comparison(left) : this.chain(left, binding);
    }
    return left;
  }

  private chain(first: Expression, binding: number): Expression {
    const { column } = this.ahead;
    const rest: { operator: ChainSign; operand: Expression }[] = [];
    while (this.bindingAhead === binding) {
      const operator = this.take().text as ChainSign;
      rest.push({ operator, operand: this.expression(binding + 1) });
    }
    return { kind: "chain", first, rest, column };
  }

  private comparison(left: Expression): Expression {
    const { text, column } = this.take();
    const right = this.expression(COMPARE + 1);
    if (this.bindingAhead === COMPARE) {
      throw new ExpressionError(
        "Comparisons cannot follow each other: join them with and.",
        this.ahead.column,
      );
    }
    return { kind: "comparison", operator: text as ComparisonSign, left, right, column };
  }

  private operand(loosest: number): Expression {
    const token = this.take();
    const { kind, text, column } = token;
    if (kind === "end") throw new ExpressionError("Something is missing at the end.", column);
    if (kind === "number") return { kind: "constant", value: Number(text), column };
    if (kind === "text") {
      return { kind: "constant", value: text.slice(1, -1).replaceAll("''", "'"), column };
    }
    if (text === "not" && loosest <= NOT) return this.prefix(text, NOT, token);
    if (text === "-" && loosest <= UNARY) return this.prefix(text, UNARY, token);
    if (text === "(") {
      return this.deeper(token, () => {
        const inside = this.expression(OR);
        this.close(token);
        return inside;
      });
    }
    return kind === "name" ? this.word(token) : unexpected(token);
  }

  private prefix(operator: "not" | "-", binding: number, token: Token): Expression {
    const operand = this.deeper(token, () => this.expression(binding));
    return { kind: "prefix", operator, operand, column: token.column };
  }

  private word(token: Token): Expression {
    const { text, column } = token;
    const constant = CONSTANTS.get(text);
    if (constant !== undefined) return { kind: "constant", value: constant, column };
    if (WORDS.has(text)) unexpected(token);
    const isCalled = this.ahead.text === "(";
    if (FUNCTIONS.has(text)) {
      if (!isCalled) throw new ExpressionError(`'${text}' is a function: a bracket must follow.`, column);
      return this.deeper(token, () => this.call(token));
    }
    if (isCalled) throw new ExpressionError(`There is no function '${text}'.`, column);
    return { kind: "name", key: text, column };
  }

  private call(name: Token): Expression {
    const opening = this.take();
    const values: Expression[] = [];
    if (!this.takes(")")) {
      do values.push(this.expression(OR));
      while (this.takes(","));
      this.close(opening);
    }
    checkArguments(name, values);
    return { kind: "call", function: name.text, arguments: values, column: name.column };
  }

  private close(opening: Token): void {
    if (this.takes(")")) return;
    if (this.ahead.kind === "end") throw new ExpressionError("The bracket is not closed.", opening.column);
    unexpected(this.ahead);
  }

  private deeper(token: Token, parseInside: () => Expression): Expression {
    if (this.depth === MAX_DEPTH) {
      throw new ExpressionError(`The expression is nested more than ${MAX_DEPTH} deep.`, token.column);
    }
    this.depth += 1;
    const inside = parseInside();
    this.depth -= 1;
    return inside;
  }
}

function unexpected({ kind, text, column }: Token): never {
  throw new ExpressionError(`Unexpected ${kind === "text" ? "text" : `'${text}'`}.`, column);
}

function checkArguments({ text, column }: Token, values: readonly Expression[]): void {
  const [fewest, most] = FUNCTIONS.get(text) as readonly [number, number];
  if (values.length < fewest || values.length > most) {
    const least = most === Number.POSITIVE_INFINITY ? "at least " : "";
    const wanted = fewest === 1 ? "1 value" : `${fewest} values`;
    throw new ExpressionError(`'${text}' takes ${least}${wanted}, not ${values.length}.`, column);
  }
  if (text === "round" && !isDecimals(values[1])) {
    throw new ExpressionError(
      `'round' needs a whole number from 0 to ${MAX_DECIMALS} as its second value.`,
      column,
    );
  }
}

function isDecimals(expression: Expression | undefined): boolean {
  if (expression?.kind !== "constant" || typeof expression.value !== "number") return false;
  return Number.isInteger(expression.value) && expression.value <= MAX_DECIMALS;
}
