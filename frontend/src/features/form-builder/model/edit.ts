import { RESERVED } from "../../../shared/forms/expression";
import { namesGivenBy } from "../../../shared/forms/question-types";
import type { Form, Option, Question } from "../../../shared/forms/types";
import { type NewKind, newQuestion, titleOf } from "./kinds";

const MAX_KEY = 60;

/** A form after an edit, and which of its questions the edit was about. */
export interface Edited {
  form: Form;
  place: number;
}

/** A key that says what the label says: lower-case letters, digits and `_`. */
export function keyFromLabel(label: string): string {
  const plain = label
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "");
  return plain.slice(0, MAX_KEY).replace(/_+$/, "") || "question";
}

/** The key itself, or with the first number that makes it one of its own. */
export function freeKey(wanted: string, taken: ReadonlySet<string>): string {
  let key = wanted;
  for (let number = 2; taken.has(key) || RESERVED.has(key); number += 1) key = `${wanted}_${number}`;
  return key;
}

const takenKeys = (form: Form, but?: Question): Set<string> =>
  new Set(form.questions.filter((one) => one !== but).flatMap(namesGivenBy));

const withQuestions = (form: Form, questions: Question[]): Form => ({ ...form, questions });

export function addQuestion(form: Form, kind: NewKind): Edited {
  const fresh = newQuestion(kind, "");
  const key = freeKey(keyFromLabel(fresh.label || titleOf(kind)), takenKeys(form));
  return { form: withQuestions(form, [...form.questions, { ...fresh, key }]), place: form.questions.length };
}

export function duplicateQuestion(form: Form, place: number): Edited {
  const original = form.questions[place] as Question;
  const copy = structuredClone(original);
  copy.label = `${original.label} (copy)`;
  copy.key = freeKey(original.key, takenKeys(form));
  return { form: withQuestions(form, form.questions.toSpliced(place + 1, 0, copy)), place: place + 1 };
}

export function removeQuestion(form: Form, place: number): Form {
  return withQuestions(form, form.questions.toSpliced(place, 1));
}

export function insertQuestion(form: Form, place: number, question: Question): Form {
  return withQuestions(form, form.questions.toSpliced(place, 0, question));
}

/** Move a question to where another one stands now. */
export function moveQuestion(form: Form, from: number, to: number): Form {
  const target = Math.min(form.questions.length - 1, Math.max(0, to));
  const question = form.questions[from];
  if (!question || target === from) return form;
  return withQuestions(form, form.questions.toSpliced(from, 1).toSpliced(target, 0, question));
}

/** Change parts of a question; a part that becomes undefined is left out. */
export function changeQuestion(form: Form, place: number, parts: Partial<Record<string, unknown>>): Form {
  const before = form.questions[place] as Question;
  const after = Object.fromEntries(
    Object.entries({ ...before, ...parts }).filter(([, value]) => value !== undefined),
  ) as Question;
  return withQuestions(form, form.questions.with(place, after));
}

/** A new label; the key follows it for as long as nobody gave the question another one. */
export function relabel(form: Form, place: number, label: string): Form {
  const question = form.questions[place] as Question;
  const taken = takenKeys(form, question);
  const isAutomatic = question.key === freeKey(keyFromLabel(question.label), taken);
  const relabeled = changeQuestion(form, place, { label });
  return isAutomatic ? rekey(relabeled, place, freeKey(keyFromLabel(label), taken)) : relabeled;
}

/** A new key; expressions that name the question go on naming it. */
export function rekey(form: Form, place: number, key: string): Form {
  const question = form.questions[place] as Question;
  const renamed = new Map(
    namesGivenBy(question).map((name, index) => [name, namesGivenBy({ ...question, key })[index] as string]),
  );
  const questions = form.questions.map((one, index) => ({
    ...withRenamed(one, renamed),
    ...(index === place ? { key } : {}),
  }));
  return withQuestions(form, questions as Question[]);
}

function withRenamed(question: Question, renamed: ReadonlyMap<string, string>): Question {
  const changed = { ...question } as Record<string, unknown>;
  for (const part of ["show_if", "required_if", "expr"]) {
    if (typeof changed[part] === "string") changed[part] = renameIn(changed[part], renamed);
  }
  return changed as Question;
}

/** An expression with other names, its texts left alone. */
export function renameIn(expression: string, renamed: ReadonlyMap<string, string>): string {
  return expression.replace(/'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*/g, (word) => renamed.get(word) ?? word);
}

/** A new label of an option; its value follows for as long as it says the same. Numbers stay. */
export function relabelOption(options: readonly Option[], place: number, label: string): Option[] {
  const option = options[place] as Option;
  const taken = new Set(options.filter((one) => one !== option).map(({ value }) => String(value)));
  const automatic = (words: string) => freeKey(keyFromLabel(words), taken);
  const follows = typeof option.value === "string" && option.value === automatic(option.label);
  return options.with(place, { ...option, label, value: follows ? automatic(label) : option.value });
}

/** One option more: the next point of a scale, or a text. */
export function addOption(options: readonly Option[], isNumeric: boolean): Option[] {
  if (isNumeric) {
    const largest = Math.max(0, ...options.map(({ value }) => Number(value)).filter(Number.isFinite));
    return [...options, { value: largest + 1, label: "" }];
  }
  const label = `Option ${options.length + 1}`;
  const taken = new Set(options.map(({ value }) => String(value)));
  return [...options, { value: freeKey(keyFromLabel(label), taken), label }];
}
