import type { Mark, MarkValue } from "../../shared/forms/drawn";
import { settledPoint } from "../geometry";
import {
  type AnnotationPlace,
  annotationOn,
  type DrawingAnnotation,
  type DrawnAnnotation,
  pointsOf,
  type SlicePlace,
} from "./annotation";

/** A point mark in our schema, or null while it has no point or belongs to no question. */
export function toMark(annotation: DrawnAnnotation, place: SlicePlace): Mark | null {
  const point = pointsOf(annotation)?.[0];
  const { question, rating } = annotation.data;
  if (!annotation.annotationUID || !point || !question) return null;
  return {
    uuid: annotation.annotationUID,
    question,
    series: place.series,
    frame: place.frame,
    sop_uid: place.sopUid,
    frame_of_reference_uid: place.geometry.frameOfReferenceUid,
    point_mm: settledPoint(point, place.geometry),
    rating: rating ?? null,
  };
}

/** A kept mark as an annotation of the slice it was set on. */
export function toAnnotation(
  mark: MarkValue & { question: string },
  place: AnnotationPlace,
): DrawingAnnotation {
  return annotationOn(place, {
    uuid: mark.uuid,
    points: [mark.point_mm],
    question: mark.question,
    rating: mark.rating,
  });
}
