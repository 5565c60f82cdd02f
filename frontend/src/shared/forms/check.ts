import type { OutputUnit } from "@cfworker/json-schema";
import { computedEnds } from "./computed";
import type { MarkValue, VoxelMaskValue } from "./drawn";
import { ExpressionError, names } from "./expression";
import { evaluate } from "./expression-value";
import { read } from "./parsed";
import { structureErrors } from "./structure";
import {
  type Answer,
  type AnswerSchema,
  type Answers,
  type Form,
  isByVoxels,
  type Question,
  type QuestionOf,
} from "./types";

/** Which questions a form asks with these answers, and what follows from them. */
export interface FormState {
  visible: ReadonlySet<string>;
  required: ReadonlySet<string>;
  /** The answers to what is asked, derived values included; null: hidden or open. */
  values: Answers;
}

const MAX_TEXT = 2000;
const MAX_MARKS = 100;

/**
 * The state of a form. The server computes the same (`backend/studies/forms.py`) and its values are the ones kept.
 *
 * `computed` holds what was measured on the images beside the answers (`computedValues`).
 */
export function formState(form: Form, answers: Answers, computed: Answers = {}): FormState {
  const questions = new Map(form.questions.map((question) => [question.key, question]));
  const values = new Map<string, Answer>();
  const visible = new Set<string>();
  const underWay = new Set<string>();

  /** Each question after those that it depends on; one that depends on itself is open. */
  const settle = (question: Question): void => {
    if (values.has(question.key) || underWay.has(question.key)) return;
    underWay.add(question.key);
    const isShown = question.show_if === undefined || holds(question.show_if);
    if (isShown) visible.add(question.key);
    values.set(question.key, isShown ? answerOf(question) : null);
    underWay.delete(question.key);
  };
  const answerOf = (question: Question): Answer => {
    if (question.kind === "derived") return resolve(question.expr);
    const answer = answers[question.key];
    return isOpen(answer) ? null : inOrder(question, answer);
  };
  const resolve = (text: string): Answer => {
    const expression = read(text);
    if (expression instanceof ExpressionError) return null;
    const known: Record<string, Answer> = {};
    for (const name of names(expression)) {
      const question = questions.get(name) ?? drawnFor(form, name);
      if (question) settle(question);
      const isAnswered = question !== undefined && !isOpen(values.get(question.key));
      known[name] = isAnswered ? ((question.key === name ? values.get(name) : computed[name]) ?? null) : null;
    }
    return evaluate(expression, known);
  };
  const holds = (text: string): boolean => resolve(text) === true;

  form.questions.forEach(settle);
  const required = form.questions.filter(
    (question) =>
      question.kind !== "derived" &&
      visible.has(question.key) &&
      (question.required || (question.required_if !== undefined && holds(question.required_if))),
  );
  return {
    visible,
    required: new Set(required.map(({ key }) => key)),
    values: Object.fromEntries(form.questions.map(({ key }) => [key, values.get(key) ?? null])),
  };
}

/** Several options in the order of the form: whoever chose the same gave the same answer. */
function inOrder(question: Question, answer: Answer): Answer {
  if (question.kind !== "choice" || !Array.isArray(answer)) return answer;
  return question.options.map(({ value }) => value).filter((value) => answer.includes(value));
}

/** The mark or mask that a computed value is measured on. */
function drawnFor(form: Form, name: string): Question | undefined {
  return form.questions.find((question) => computedEnds(question).some((end) => name === question.key + end));
}

export const isOpen = (answer: Answer | undefined): answer is null | undefined =>
  answer === undefined ||
  answer === null ||
  answer === "" ||
  (Array.isArray(answer) && answer.length === 0) ||
  (typeof answer === "object" && "contours" in answer && answer.contours.length === 0) ||
  (typeof answer === "object" && "segments" in answer && answer.segments.length === 0);

export interface CheckedForm {
  state: FormState;
  /** What is wrong by question, in the order of the form and in the server's words. */
  problems: Readonly<Record<string, string>>;
}

export interface CheckOptions {
  /** Whether required questions must be answered (a submission) or may be open (a draft). */
  isComplete: boolean;
  computed?: Answers;
}

/** Check answers as the server does. Without a schema, what is given counts as sound. */
export function checkForm(
  form: Form,
  schema: AnswerSchema | null,
  answers: Answers,
  { isComplete, computed = {} }: CheckOptions,
): CheckedForm {
  const refused = answerProblems(form, schema, answers);
  const sound = Object.fromEntries(Object.entries(answers).filter(([key]) => !refused.has(key)));
  const state = formState(form, sound, computed);
  const problems: Record<string, string> = {};
  for (const question of form.questions) {
    const { key } = question;
    if (!state.visible.has(key)) continue;
    const problem = refused.get(key) ?? (isComplete ? commitProblem(question, state) : null);
    if (problem) problems[key] = problem;
  }
  return { state, problems };
}

/** What a draft may leave open and a submission may not. */
function commitProblem(question: Question, state: FormState): string | null {
  const value = state.values[question.key] ?? null;
  if (value === null) return state.required.has(question.key) ? "Please answer this question." : null;
  if (isByVoxels(question)) return unnamedProblem(question, value as VoxelMaskValue);
  if (question.kind !== "mark" || !question.options?.length) return null;
  const isUnrated = (value as readonly MarkValue[]).some(({ rating }) => rating === null);
  return isUnrated ? "Please rate each mark." : null;
}

function unnamedProblem(question: QuestionOf<"mask">, { segments }: VoxelMaskValue): string | null {
  const lacks = (part: "label" | "status") => segments.some((segment) => segment[part] === null);
  if (question.labels?.length && lacks("label")) return "Please choose a label for each segment.";
  if (question.statuses?.length && lacks("status")) return "Please choose a status for each segment.";
  return null;
}

/** What is wrong with the answers one by one. */
function answerProblems(form: Form, schema: AnswerSchema | null, answers: Answers): Map<string, string> {
  const given = form.questions.flatMap((question) => {
    const value = answers[question.key];
    return question.kind === "derived" || isOpen(value) ? [] : [{ question, value }];
  });
  const stored = given.filter(({ value }) => canBeStored(value));
  const errors =
    schema && structureErrors(schema, Object.fromEntries(stored.map((one) => [one.question.key, one.value])));
  const problems = new Map<string, string>();
  for (const { question, value } of given) {
    const own = errors?.get(question.key);
    if (!canBeStored(value)) problems.set(question.key, sentence(question, value, null));
    else if (own) problems.set(question.key, sentence(question, value, own));
  }
  return problems;
}

/** Whether a database can keep the value: a zero character, half a surrogate pair and NaN it cannot. */
function canBeStored(value: Answer): boolean {
  if (typeof value === "string") return !/[\0\p{Surrogate}]/u.test(value);
  return typeof value !== "number" || Number.isFinite(value);
}

/** What a reader is told; `errors` is null for what cannot be stored at all. */
function sentence(question: Question, value: Answer, errors: readonly OutputUnit[] | null): string {
  switch (question.kind) {
    case "yes_no":
      return "Please answer yes or no.";
    case "measurement":
    case "number":
      return numberSentence(value, question);
    case "probability":
      return numberSentence(value, { min: 0, max: 100, unit: "%" });
    case "text":
      if (typeof value !== "string") return "Please enter text.";
      return errors
        ? `Please use at most ${MAX_TEXT} characters.`
        : "Please leave out characters that cannot be stored.";
    case "mark":
      return markSentence(question, errors ?? []);
    case "mask":
      return isByVoxels(question) ? "Please draw the mask again." : "Please draw the outline again.";
    default:
      return "This is not one of the options.";
  }
}

function numberSentence(
  value: Answer,
  { min, max, unit }: { min: number; max: number; unit?: string },
): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return "Please enter a number.";
  if (value >= min && value <= max) return "Please enter a whole number.";
  return `Please enter a value from ${min} to ${max}${unit ? ` ${unit}` : ""}.`;
}

function markSentence(question: QuestionOf<"mark">, errors: readonly OutputUnit[]): string {
  const isAt = (keyword: string, place: string) =>
    errors.some((one) => one.keyword === keyword && one.instanceLocation === place);
  if (isAt("maxItems", `#/${question.key}`)) {
    return `Please set at most ${question.max_marks ?? MAX_MARKS} marks.`;
  }
  return errors.some(({ instanceLocation }) => instanceLocation.endsWith("/rating"))
    ? "Please rate each mark."
    : "Please mark the places again.";
}

/** The answers that are given and sound, also those to questions hidden now: they may be asked again. */
export function soundAnswers(
  form: Form,
  schema: AnswerSchema | null,
  answers: Answers,
): Record<string, Answer> {
  const refused = answerProblems(form, schema, answers);
  return Object.fromEntries(
    form.questions.flatMap(({ key, kind }) => {
      const value = answers[key];
      return kind === "derived" || isOpen(value) || refused.has(key) ? [] : [[key, value]];
    }),
  );
}

/** Of the required questions, how many are answered soundly. */
export function requiredProgress({ state, problems }: CheckedForm): { done: number; total: number } {
  const done = [...state.required].filter((key) => !isOpen(state.values[key]) && !(key in problems));
  return { done: done.length, total: state.required.size };
}

/** Why a derived question has no value: what it waits for, or that nothing follows. */
export function openReason(form: Form, question: QuestionOf<"derived">, state: FormState): string {
  const expression = read(question.expr);
  if (expression instanceof ExpressionError) return "The expression cannot be read.";
  const needed = new Set([...names(expression)].map((name) => drawnFor(form, name)?.key ?? name));
  const waitsFor = form.questions.filter(
    ({ key }) => needed.has(key) && state.visible.has(key) && isOpen(state.values[key]),
  );
  if (waitsFor.length === 0) return "No value follows";
  const [first, ...others] = waitsFor.map(({ label }) => label);
  // A question put as a sentence makes no name to wait for.
  const isNamed = others.length === 0 && !first?.endsWith("?");
  return `Waits for ${isNamed ? first : `${waitsFor.length} answer${others.length === 0 ? "" : "s"}`}`;
}
