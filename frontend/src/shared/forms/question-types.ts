import { COMPUTED } from "./computed";
import { type Expression, ExpressionError, names } from "./expression";
import { type ExpressionType, typeOf } from "./expression-types";
import { read } from "./parsed";
import type { Form, Question } from "./types";

/** The names that expressions may use because of a question: its key, and what is computed from a drawing. */
export function namesGivenBy({ key, kind }: Question): string[] {
  const ends = kind === "mark" || kind === "mask" ? COMPUTED[kind] : [];
  return [key, ...ends.map((end) => key + end)];
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
  const own = namesGivenBy(question).find((name) => names(expression).has(name));
  if (own) throw new ExpressionError("The question cannot depend on itself.", expression.column);
  const found = typeOf(expression, questionTypes(form));
  if (found === wanted) return;
  const words = { boolean: "yes or no", number: "a number" }[wanted as "boolean" | "number"];
  throw new ExpressionError(`The result must be ${words ?? "one of the options"}.`, expression.column);
}
