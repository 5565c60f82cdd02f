import type { Contour } from "../../shared/forms/drawn";
import { settledPoint, toPlane } from "../geometry";
import { areaMm2 } from "../outline";
import type { StoredContour } from "../types";
import {
  type AnnotationPlace,
  annotationOn,
  type DrawingAnnotation,
  type DrawnAnnotation,
  pointsOf,
  type SlicePlace,
} from "./annotation";

/** A closed outline in our schema, or null while it has fewer than three corners or belongs to no question. */
export function toContour(
  annotation: DrawnAnnotation,
  place: SlicePlace,
  sliceStepMm: number | null,
): Contour | null {
  const points = pointsOf(annotation)?.map((point) => settledPoint(point, place.geometry));
  const { question } = annotation.data;
  if (!annotation.annotationUID || !points || points.length < 3 || !question) return null;
  return {
    uuid: annotation.annotationUID,
    question,
    series: place.series,
    frame: place.frame,
    sop_uid: place.sopUid,
    frame_of_reference_uid: place.geometry.frameOfReferenceUid,
    points_mm: points,
    area_mm2: areaMm2(points.map((point) => toPlane(point, place.geometry))),
    slice_step_mm: sliceStepMm,
  };
}

/** A kept outline as an annotation of the slice it was drawn on. */
export function toAnnotation(
  contour: StoredContour,
  uuid: string,
  place: AnnotationPlace,
): DrawingAnnotation {
  return annotationOn(place, { uuid, points: contour.points_mm, question: contour.question });
}
