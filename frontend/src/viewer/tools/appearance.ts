import { annotation, type Types as ToolTypes } from "@cornerstonejs/tools";

export interface Appearance {
  color: string;
  lineWidth: number;
}

// One for each question of a form, in their order; then from the beginning.
const PALETTE = ["--rr-accent", "--rr-ok", "--rr-danger"] as const;
const SELECTED = "rgb(255, 255, 255)";

let questions: readonly string[] = [];

/** The questions that marks and outlines are drawn for: each has its color. */
export function colorByQuestion(keys: readonly string[]): void {
  questions = keys;
}

/** Color and width of a mark or an outline: by its question, and bright while it is selected or under the mouse. */
export function appearanceOf(drawn: ToolTypes.Annotation): Appearance {
  const isSelected = annotation.selection.isAnnotationSelected(drawn.annotationUID ?? "");
  if (isSelected) return { color: SELECTED, lineWidth: 2.5 };
  const { question } = drawn.data as { question?: string };
  return { color: questionColor(question), lineWidth: drawn.highlighted ? 2.5 : 1.5 };
}

export function questionColor(question: string | null | undefined): string {
  const place = Math.max(0, questions.indexOf(question ?? ""));
  const name = PALETTE[place % PALETTE.length] as string;
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
