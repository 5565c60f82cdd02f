import { distance, settledPoint } from "../geometry";
import type { PixelValues } from "../measuring/region";
import { FEWEST_POINTS, valuesOf } from "../measuring/values";
import type { Annotation, AnnotationKind } from "../types";
import {
  type AnnotationPlace,
  annotationOn,
  type DrawingAnnotation,
  type DrawnAnnotation,
  pointsOf,
  type SlicePlace,
} from "./annotation";

/**
 * An annotation in our schema, or null while it is not complete.
 *
 * Without the pixels of its slice it has the values `known` of it, where it has not moved since.
 */
export function toNote(
  tool: AnnotationKind,
  drawn: DrawnAnnotation,
  place: SlicePlace,
  image: PixelValues | null,
  known?: Annotation,
): Annotation | null {
  const points = pointsOf(drawn)?.map((point) => settledPoint(point, place.geometry));
  const { label = "", isUnfinished } = drawn.data;
  if (!drawn.annotationUID || !points || points.length < FEWEST_POINTS[tool] || isUnfinished) return null;
  const [a, b] = points;
  if ((tool === "length" || tool === "arrow") && a && b && distance(a, b) === 0) return null;
  const text = label.trim() === "" ? null : label.trim();
  if (tool === "text" && text === null) return null;
  const hasStayed = known !== undefined && JSON.stringify(known.points_mm) === JSON.stringify(points);
  return {
    uuid: drawn.annotationUID,
    tool,
    series: place.series,
    frame: place.frame,
    points_mm: points,
    text,
    values: valuesOf(tool, points, place.geometry, image) ?? (hasStayed ? known.values : {}),
  };
}

/** A kept annotation as one of the slice it was drawn on. */
export function toAnnotation(note: Annotation, place: AnnotationPlace): DrawingAnnotation {
  const made = annotationOn(place, { uuid: note.uuid, points: note.points_mm, question: null });
  return { ...made, data: { ...made.data, label: note.text ?? "" } };
}
