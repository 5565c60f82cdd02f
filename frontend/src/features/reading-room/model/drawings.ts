import {
  type Drawings,
  type MarkValue,
  type MaskValue,
  markAnswer,
  maskAnswer,
} from "../../../shared/forms/drawn";
import type { DrawingTarget, StoredDrawings } from "../../../viewer/types";
import type { Annotation, Measurement } from "../api/read";
import { boundQuestions } from "./measured";

/** What of a form says what is drawn for it. */
export interface DrawnForm {
  questions: readonly {
    key: string;
    kind: string;
    label: string;
    axis?: string;
    of?: string;
    section?: string;
    role?: string;
    max_marks?: number;
  }[];
}

/** The questions that the viewer draws for: pairs of axes, marks and masks. */
export function drawingTargets(form: DrawnForm): DrawingTarget[] {
  const pairs = boundQuestions(form).map(({ pair, question }): DrawingTarget => {
    const asked = form.questions.find(({ key }) => key === question);
    const name = pair.charAt(0).toUpperCase() + pair.slice(1);
    const label = pair === "" ? asked?.label : (asked?.section ?? name);
    return { question, label: label ?? question, tool: "bidirectional", role: null, most: null };
  });
  const others = form.questions.flatMap(({ key, kind, label, role, max_marks }): DrawingTarget[] => {
    if (kind !== "mark" && kind !== "mask") return [];
    const tool = kind === "mark" ? "mark" : "outline";
    return [{ question: key, label, tool, role: role ?? null, most: max_marks ?? null }];
  });
  return [...pairs, ...others];
}

/** The drawings in a draft, for the viewer to put on the images. */
export function storedDrawings(
  form: DrawnForm,
  draft: {
    answers: Readonly<Record<string, unknown>>;
    measurements: readonly Measurement[];
    annotations?: readonly Annotation[];
  },
): StoredDrawings {
  const ofKind = (kind: string) => form.questions.filter((question) => question.kind === kind);
  return {
    measurements: draft.measurements.map(({ question, ...one }) => ({ ...one, drawnFor: question })),
    marks: ofKind("mark").flatMap(({ key }) =>
      ((draft.answers[key] ?? []) as readonly MarkValue[]).map((mark) => ({ ...mark, question: key })),
    ),
    contours: ofKind("mask").flatMap(({ key }) =>
      ((draft.answers[key] as MaskValue | null | undefined)?.contours ?? []).map((contour) => ({
        ...contour,
        question: key,
      })),
    ),
    annotations: draft.annotations ?? [],
  };
}

/** The answers that marks and outlines give. Questions where nothing is drawn and nothing was stay as they are. */
export function drawnAnswers(
  form: DrawnForm,
  answers: Readonly<Record<string, unknown>>,
  drawn: Drawings,
): Record<string, MarkValue[] | MaskValue | null> {
  const given: Record<string, MarkValue[] | MaskValue | null> = {};
  for (const { key, kind } of form.questions) {
    if (kind !== "mark" && kind !== "mask") continue;
    const answer = kind === "mark" ? markAnswer(drawn, key) : maskAnswer(drawn, key);
    if (answer !== null || hasDrawings(answers[key])) given[key] = answer;
  }
  return given;
}

function hasDrawings(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.length > 0;
  return ((answer as MaskValue | null | undefined)?.contours?.length ?? 0) > 0;
}
