import { type Expression, ExpressionError, parse } from "./expression";

const parsed = new Map<string, Expression | ExpressionError>();

/** The tree of an expression, or why it has none; the same text is read once. */
export function read(text: string): Expression | ExpressionError {
  const known = parsed.get(text);
  if (known) return known;
  const result = attempt(text);
  parsed.set(text, result);
  return result;
}

function attempt(text: string): Expression | ExpressionError {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}
