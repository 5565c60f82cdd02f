import type { Drawings, Segment } from "../../../shared/forms/drawn";
import type { Question } from "../../../shared/forms/types";

/** Drawings that nobody made, to try a form on: there are no images where it is built. */
export interface Examples extends Drawings {
  segments: readonly Segment[];
}

export const NO_EXAMPLES: Examples = { marks: [], contours: [], segments: [] };

const SHORT_AXIS_MM = 7;
const SIDE_MM = 10;

/** The examples with one more for a question that is answered by drawing. */
export function withExample(examples: Examples, question: Question): Examples {
  const place = (own: readonly unknown[]) => ({
    uuid: crypto.randomUUID(),
    question: question.key,
    series: 0,
    frame: own.length + 1,
    sop_uid: `1.2.${own.length + 1}`,
    frame_of_reference_uid: "1.2",
  });
  if (question.kind === "mark") {
    const mark = { ...place(examples.marks), point_mm: [0, 0, examples.marks.length] as const, rating: null };
    return { ...examples, marks: [...examples.marks, mark] };
  }
  if (question.kind !== "mask") return examples;
  if (question.drawn_by === "voxels") {
    const segment = exampleSegment(question.key, crypto.randomUUID(), question.cut_off_mm);
    return { ...examples, segments: [...examples.segments, segment] };
  }
  const z = examples.contours.length;
  const contour = {
    ...place(examples.contours),
    points_mm: [
      [0, 0, z],
      [SIDE_MM, 0, z],
      [SIDE_MM, SIDE_MM, z],
      [0, SIDE_MM, z],
    ] as const,
    area_mm2: SIDE_MM * SIDE_MM,
    slice_step_mm: 3,
  };
  return { ...examples, contours: [...examples.contours, contour] };
}

/** A segment whose short axis is the cut-off, so that it is borderline where there is one. */
function exampleSegment(question: string, id: string, cutOff: number | undefined): Segment {
  const short = cutOff ?? SHORT_AXIS_MM;
  return {
    question,
    label: null,
    status: null,
    slices: [11, 12, 13],
    short_axis_mm: short,
    long_axis_mm: 1.4 * short,
    volume_ml: (0.7 * short ** 3) / 1000,
    painted: {
      id,
      series: 0,
      frame: 12,
      color: "var(--rr-accent)",
      isActive: false,
      isVisible: true,
      isBorderline: cutOff !== undefined,
    },
  };
}

/** The examples of questions that are still there and still drawn in the same way; of a painted one as it reads now. */
export function fitting(examples: Examples, questions: readonly Question[]): Examples {
  const isFor = (kind: "mark" | "mask", drawnBy?: "voxels") => (one: { question: string }) =>
    questions.some(
      (question) =>
        question.key === one.question &&
        question.kind === kind &&
        (question.kind !== "mask" || (question.drawn_by === "voxels") === (drawnBy === "voxels")),
    );
  return {
    marks: examples.marks.filter(isFor("mark")),
    contours: examples.contours.filter(isFor("mask")),
    segments: examples.segments.filter(isFor("mask", "voxels")).map((one) => current(one, questions)),
  };
}

/** A segment measured by the cut-off of now, without words that its question has no more. */
function current(segment: Segment, questions: readonly Question[]): Segment {
  const question = questions.find(({ key }) => key === segment.question);
  if (question?.kind !== "mask" || !segment.painted) return segment;
  const { id, isVisible } = segment.painted;
  const has = (words: readonly { key: string }[] | undefined, word: string | null) =>
    words?.some(({ key }) => key === word) ? word : null;
  const measured = exampleSegment(segment.question, id, question.cut_off_mm);
  return {
    ...measured,
    painted: measured.painted && { ...measured.painted, isVisible },
    label: has(question.labels, segment.label),
    status: has(question.statuses, segment.status),
  };
}
