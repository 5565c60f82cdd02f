import {
  type Drawings,
  type MarkValue,
  type MaskValue,
  markAnswer,
  maskAnswer,
  segmentAnswer,
  type VoxelMaskValue,
} from "../../../shared/forms/drawn";
import type { DrawingTarget, StoredDrawings, StoredLabelmap } from "../../../viewer/types";
import type { Annotation, Labelmap, Measurement } from "../api/read";
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
    drawn_by?: string;
    cut_off_mm?: number;
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
  const others = form.questions.flatMap((question): DrawingTarget[] => {
    const { key, kind, label, role, max_marks, cut_off_mm } = question;
    if (kind !== "mark" && kind !== "mask") return [];
    const target = { question: key, label, role: role ?? null, most: max_marks ?? null };
    if (isPainted(question)) return [{ ...target, tool: "paint", cutOffMm: cut_off_mm ?? null }];
    return [{ ...target, tool: kind === "mark" ? "mark" : "outline" }];
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
    labelmaps?: readonly Labelmap[];
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
    labelmaps: draft.labelmaps ?? [],
  };
}

/** What was painted, as it goes into the draft. */
export function keptLabelmaps(labelmaps: readonly StoredLabelmap[]): Labelmap[] {
  return labelmaps.map(({ shape, segments, ...one }) => ({
    ...one,
    shape: [...shape],
    segments: segments.map((segment) => ({ ...segment, origin: [...segment.origin] })),
  }));
}

/** The answers that marks, outlines and painted segments give. Questions where nothing is drawn and nothing was stay as they are. */
export function drawnAnswers(
  form: DrawnForm,
  answers: Readonly<Record<string, unknown>>,
  drawn: Drawings,
): Record<string, MarkValue[] | MaskValue | VoxelMaskValue | null> {
  const given: Record<string, MarkValue[] | MaskValue | VoxelMaskValue | null> = {};
  for (const question of form.questions) {
    const { key, kind } = question;
    if (kind !== "mark" && kind !== "mask") continue;
    // What was painted before may not have been read yet.
    if (isPainted(question) && drawn.segments === undefined) continue;
    const ofMask = isPainted(question) ? segmentAnswer : maskAnswer;
    const answer = kind === "mark" ? markAnswer(drawn, key) : ofMask(drawn, key);
    if (answer !== null || hasDrawings(answers[key])) given[key] = answer;
  }
  return given;
}

function hasDrawings(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.length > 0;
  const mask = answer as Partial<MaskValue & VoxelMaskValue> | null | undefined;
  return (mask?.contours?.length ?? mask?.segments?.length ?? 0) > 0;
}

/** Whether a mask is painted voxel by voxel. */
export const isPainted = ({ kind, drawn_by }: DrawnForm["questions"][number]): boolean =>
  kind === "mask" && drawn_by === "voxels";
