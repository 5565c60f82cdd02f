import type { Form, Question, QuestionOf, Scalar } from "../api/read";

export type Answers = Readonly<Record<string, Scalar>>;

/** A derived value; unknown while something that it depends on is open. */
export type Derived = { isKnown: false } | { isKnown: true; value: Scalar };

const MAX_TEXT = 2000;

/**
 * The value of a derived question from the rule in the form. The server computes the same (`studies/forms.py`)
 * and its values are the ones kept.
 */
export function derive(rule: QuestionOf<"derived">["rule"], answers: Answers): Derived {
  switch (rule.op) {
    case "gt": {
      const number = answers[rule.question];
      return typeof number === "number" ? { isKnown: true, value: number > rule.value } : { isKnown: false };
    }
    case "count_true": {
      const values = rule.questions.map((key) => answers[key]);
      if (values.some((value) => typeof value !== "boolean")) return { isKnown: false };
      const count = values.filter((value) => value === true).length;
      return { isKnown: true, value: rule.map[String(count)] ?? null };
    }
  }
}

/** All derived values, each from the answers and the derived values before it. */
export function deriveAll(form: Form, answers: Answers): Record<string, Derived> {
  const known: Record<string, Scalar> = { ...answers };
  const derived: Record<string, Derived> = {};
  for (const question of form.questions) {
    if (question.kind !== "derived") continue;
    const result = derive(question.rule, known);
    derived[question.key] = result;
    if (result.isKnown) known[question.key] = result.value;
  }
  return derived;
}

/** What is wrong with an answer that was given, or null. */
export function answerProblem(question: Question, value: Scalar): string | null {
  switch (question.kind) {
    case "location":
    case "choice":
    case "ordinal":
      return question.options.some((one) => one.value === value) ? null : "This is not one of the options.";
    case "yes_no":
      return typeof value === "boolean" ? null : "Please answer yes or no.";
    case "measurement":
    case "number": {
      if (typeof value !== "number" || !Number.isFinite(value)) return "Please enter a number.";
      const { min, max, unit } = question;
      const isInRange = value >= min && value <= max;
      return isInRange ? null : `Please enter a value from ${min} to ${max}${unit ? ` ${unit}` : ""}.`;
    }
    case "text":
      return typeof value === "string" && value.length <= MAX_TEXT
        ? null
        : `Please use at most ${MAX_TEXT} characters.`;
    case "derived":
      return null;
  }
}

const isOpen = (value: Scalar | undefined): value is null | undefined | "" =>
  value === undefined || value === null || value === "";

/** Problems by question. `isComplete`: required questions that are open are problems too. */
export function formProblems(form: Form, answers: Answers, isComplete: boolean): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const question of form.questions) {
    const value = answers[question.key];
    if (isOpen(value)) {
      if (isComplete && question.required && question.kind !== "derived") {
        problems[question.key] = "Please answer this question.";
      }
      continue;
    }
    const problem = answerProblem(question, value);
    if (problem !== null) problems[question.key] = problem;
  }
  return problems;
}

/** What may be sent: answers to questions of the form that are given and without a problem. */
export function sendableAnswers(form: Form, answers: Answers): Record<string, Scalar> {
  const problems = formProblems(form, answers, false);
  return Object.fromEntries(
    form.questions.flatMap(({ key, kind }) => {
      const value = answers[key];
      return kind === "derived" || isOpen(value) || key in problems ? [] : [[key, value]];
    }),
  );
}

export function requiredProgress(form: Form, answers: Answers): { done: number; total: number } {
  const required = form.questions.filter((question) => question.required && question.kind !== "derived");
  const open = formProblems(form, answers, true);
  return { done: required.filter(({ key }) => !(key in open)).length, total: required.length };
}
