import { type CheckedForm, checkForm } from "../../../shared/forms/check";
import { type Answer, type Form, isByVoxels, type Question } from "../../../shared/forms/types";
import type { Entries, OpenItem } from "../api/item";

export const isDrawn = ({ kind }: Question): boolean => kind === "mark" || kind === "mask";

/** The questions that the verdict answers by the form's own fields. */
export function verdictForm(item: OpenItem): Form {
  const questions = item.form.questions.filter(
    (question) => item.to_settle.includes(question.key) && !isDrawn(question),
  );
  return { ...item.form, questions };
}

/** The drawn questions that the verdict answers by adopting a reading's drawing. */
export function adoptedQuestions(item: OpenItem): Question[] {
  return item.form.questions.filter((question) => item.to_settle.includes(question.key) && isDrawn(question));
}

/** The entered answers that are no drawings. */
export function plainAnswers({ answers }: Entries): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([key, value]) =>
      value !== null && typeof value === "object" && "reading" in value ? [] : [[key, value]],
    ),
  );
}

/** The letter of the reading whose drawing is adopted. */
export function adoptedLetter({ answers }: Entries, key: string): string | null {
  const value = answers[key];
  return value !== null && typeof value === "object" && "reading" in value ? value.reading : null;
}

/** The whole form, checked: what stands already, with what was entered. */
export function checkedForm(item: OpenItem, entries: Entries, isComplete: boolean): CheckedForm {
  const standing = item.fixed.flatMap(({ question, value }): [string, Answer][] =>
    value !== null && typeof value === "object" && "count" in value ? [] : [[question, value]],
  );
  const answers = { ...Object.fromEntries(standing), ...plainAnswers(entries) };
  return checkForm(item.form, item.schema, answers, { isComplete });
}

/** What may be sent: sound answers to what is asked, and the drawings adopted. */
export function sendable(item: OpenItem, entries: Entries): Entries {
  const { state, problems } = checkedForm(item, entries, false);
  const entered = plainAnswers(entries);
  const isSound = (key: string) =>
    item.to_settle.includes(key) && state.visible.has(key) && !(key in problems);
  const plain = Object.entries(entered).filter(([key, value]) => value !== null && isSound(key));
  const adopted = Object.entries(entries.answers).filter(([key]) => adoptedLetter(entries, key) !== null);
  return { ...entries, answers: Object.fromEntries([...plain, ...adopted]) as Entries["answers"] };
}

/** What is still missing or wrong, by question or by `reason` and `attendees`. */
export function entryProblems(item: OpenItem, entries: Entries): Record<string, string> {
  const adopted = adoptedQuestions(item);
  const drawn = new Set(adopted.map(({ key }) => key));
  const painted = new Set(adopted.filter(isByVoxels).map(({ key }) => key));
  const found = Object.entries(checkedForm(item, entries, true).problems).filter(
    ([key]) => item.to_settle.includes(key) && !drawn.has(key),
  );
  const problems: Record<string, string> = Object.fromEntries(found);
  for (const key of drawn) {
    if (adoptedLetter(entries, key) === null) {
      problems[key] = `Please choose the reading whose ${painted.has(key) ? "mask" : "drawing"} stands.`;
    }
  }
  if (entries.reason.trim() === "") problems.reason = "Please give the reason of the verdict.";
  if (item.mode === "consensus" && entries.attendees.length === 0) {
    problems.attendees = "Please name who took part in the meeting.";
  }
  return problems;
}
