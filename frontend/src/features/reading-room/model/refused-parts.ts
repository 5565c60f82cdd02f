import type { ApiError } from "../../../shared/api/client";
import type { Answer, Form } from "../../../shared/forms/types";
import { annotationName } from "../../../viewer/measuring/words";
import type { DraftContent } from "../api/put-draft";
import type { Annotation, Measurement } from "../api/read";
import { isSame } from "./content";

/** A part of a draft that the server did not take, as it was then, and why. */
export type RefusedPart =
  | { kind: "annotation"; entry: Annotation; text: string }
  | { kind: "measurement"; entry: Measurement; text: string }
  | { kind: "answer"; key: string; entry: Answer; text: string };

const PLACE = /^(annotations|measurements)\[(\d+)\]$/;

/** The parts of what was sent that a refusal names; none where it is one of the whole. */
export function refusedParts(error: ApiError, sent: DraftContent): RefusedPart[] {
  return Object.entries(error.fields).flatMap(([field, text]): RefusedPart[] => {
    const [, list, place] = PLACE.exec(field) ?? [];
    const annotation = list === "annotations" ? sent.annotations?.[Number(place)] : undefined;
    const measurement = list === "measurements" ? sent.measurements[Number(place)] : undefined;
    const answer = sent.answers[field];
    if (annotation) return [{ kind: "annotation", entry: annotation, text }];
    if (measurement) return [{ kind: "measurement", entry: measurement, text }];
    return answer == null ? [] : [{ kind: "answer", key: field, entry: answer, text }];
  });
}

/** Those that are in the draft still, as they were refused. */
export function stillRefused(refused: readonly RefusedPart[], content: DraftContent): RefusedPart[] {
  return refused.filter((one) => {
    if (one.kind === "answer") return isSame(content.answers[one.key], one.entry);
    const drawn = one.kind === "annotation" ? (content.annotations ?? []) : content.measurements;
    return drawn.some((other) => isSame(other, one.entry));
  });
}

/** The draft without what was refused of it; what has changed since is tried again. */
export function withoutRefused(content: DraftContent, refused: readonly RefusedPart[]): DraftContent {
  const parts = stillRefused(refused, content);
  if (parts.length === 0) return content;
  const keys = new Set(parts.map((one) => (one.kind === "answer" ? one.key : null)));
  const isTaken = (drawn: Annotation | Measurement) => !parts.some(({ entry }) => isSame(entry, drawn));
  return {
    ...content,
    answers: Object.fromEntries(Object.entries(content.answers).filter(([key]) => !keys.has(key))),
    measurements: content.measurements.filter(isTaken),
    ...(content.annotations && { annotations: content.annotations.filter(isTaken) }),
  };
}

/** What was refused, and why, for the reader. */
export function refusedWords(one: RefusedPart, form: Form): string {
  if (one.kind !== "answer") return drawingWords(one);
  return `${form.questions.find(({ key }) => key === one.key)?.label ?? one.key}: ${one.text}`;
}

/** Which drawing was refused, and why. */
export function drawingWords(one: Exclude<RefusedPart, { kind: "answer" }>): string {
  const name = one.kind === "annotation" ? annotationName(one.entry) : "Measurement";
  return `${name} on slice ${one.entry.frame}: ${one.text}`;
}
