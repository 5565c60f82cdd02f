import { computedEnds } from "./computed";
import { type Expression, ExpressionError, parts } from "./expression";
import { type ExpressionType, typeOf } from "./expression-types";
import { read } from "./parsed";
import type { Form, Question } from "./types";

/** The names that expressions may use because of a question: its key, and what is computed from a drawing. */
export function namesGivenBy(question: Question): string[] {
  return [question.key, ...computedEnds(question).map((end) => question.key + end)];
}

/** The type of every name that the form's expressions may use. */
export function questionTypes(form: Form): Map<string, ExpressionType> {
  return new Map(
    form.questions.flatMap((question) => {
      const [key = "", ...computed] = namesGivenBy(question);
      return [
        [key, typeOfQuestion(question)] as const,
        ...computed.map((name): [string, ExpressionType] => [name, "number"]),
      ];
    }),
  );
}

/** The type that an answer to a question has in an expression. */
export function typeOfQuestion(question: Question): ExpressionType {
  switch (question.kind) {
    case "choice":
      return question.multiple ? "list" : typeOfOptions(question.options);
    case "location":
      return typeOfOptions(question.options);
    case "derived":
      return question.type === "category" ? typeOfOptions(question.options) : question.type;
    case "yes_no":
      return "boolean";
    case "text":
      return "text";
    case "mark":
    case "mask":
      return "drawing";
    default:
      return "number";
  }
}

const typeOfOptions = (options: readonly { value: string | number }[] | undefined): ExpressionType =>
  typeof options?.[0]?.value === "number" ? "number" : "text";

/** Why an expression does not fit a question of the form; null when it does. The server's check decides. */
export function expressionProblem(
  form: Form,
  question: Question,
  text: string,
  wanted: ExpressionType,
): ExpressionError | null {
  const expression = read(text);
  if (expression instanceof ExpressionError) return expression;
  try {
    checkType(form, question, expression, wanted);
    return null;
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

function checkType(form: Form, question: Question, expression: Expression, wanted: ExpressionType): void {
  const own = new Set(namesGivenBy(question));
  for (const part of parts(expression)) {
    if (part.kind === "name" && own.has(part.key)) {
      throw new ExpressionError("The question cannot depend on itself.", part.column);
    }
  }
  const found = typeOf(expression, questionTypes(form));
  for (const part of parts(expression)) checkOption(form, part);
  if (found === wanted) return;
  const words = { boolean: "yes or no", number: "a number" }[wanted as "boolean" | "number"];
  throw new ExpressionError(`The result must be ${words ?? "one of the options"}.`, expression.column);
}

/** Refuse a comparison of a question with something that nobody can answer. */
function checkOption(form: Form, part: Expression): void {
  const isEquality = part.kind === "comparison" && (part.operator === "==" || part.operator === "!=");
  const isHas = part.kind === "call" && part.function === "has";
  if (!isEquality && !isHas) return;
  const pair = isEquality ? [part.left, part.right] : part.kind === "call" ? part.arguments : [];
  const name = pair.find((one) => one.kind === "name");
  const constant = pair.find((one) => one.kind === "constant");
  const asked = form.questions.find(({ key }) => key === name?.key);
  if (!asked || !constant || !("options" in asked) || !asked.options) return;
  if (asked.options.some(({ value }) => value === constant.value)) return;
  const written = typeof constant.value === "string" ? `'${constant.value}'` : String(constant.value);
  throw new ExpressionError(`${asked.key} has no option ${written}.`, constant.column);
}
