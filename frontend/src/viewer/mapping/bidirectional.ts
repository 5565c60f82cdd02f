import { distance, projectOnSlice, type SliceGeometry } from "../geometry";
import type { BidirectionalMeasurement, Vec3 } from "../types";
import {
  type AnnotationPlace,
  annotationOn,
  type DrawingAnnotation,
  type DrawnAnnotation,
  type SlicePlace,
} from "./annotation";

/**
 * A drawing in our schema, or null while it has not four points.
 *
 * Points are laid on the slice exactly, and lengths are taken from them: the viewer's own statistics carry the
 * rounding of canvas pixels. The longer axis comes first, whichever of the two was drawn first.
 */
export function toMeasurement(
  annotation: DrawnAnnotation,
  place: Pick<SlicePlace, "series" | "frame" | "geometry">,
): BidirectionalMeasurement | null {
  const points = (annotation.data.handles?.points ?? []).map((point) => onSlice(point, place.geometry));
  const [a, b, c, d] = points;
  if (!annotation.annotationUID || !a || !b || !c || !d) return null;
  const first = distance(a, b);
  const second = distance(c, d);
  return {
    uuid: annotation.annotationUID,
    tool: "bidirectional",
    series: place.series,
    frame: place.frame,
    points_mm: first >= second ? [a, b, c, d] : [c, d, a, b],
    long_axis_mm: Math.max(first, second),
    short_axis_mm: Math.min(first, second),
    drawnFor: annotation.data.question ?? null,
  };
}

/** Lengths of the two axes, or null while there are not four points. */
export function axesMm(points: readonly (readonly number[])[]): { long: number; short: number } | null {
  const [a, b, c, d] = points.map(([x = Number.NaN, y = Number.NaN, z = Number.NaN]): Vec3 => [x, y, z]);
  if (!a || !b || !c || !d) return null;
  const lengths = [distance(a, b), distance(c, d)];
  return { long: Math.max(...lengths), short: Math.min(...lengths) };
}

/** A stored measurement as an annotation of the slice it was drawn on. */
export function toAnnotation(
  measurement: Omit<BidirectionalMeasurement, "drawnFor"> & { drawnFor?: string | null },
  place: AnnotationPlace,
): DrawingAnnotation {
  return annotationOn(place, {
    uuid: measurement.uuid,
    points: measurement.points_mm,
    question: measurement.drawnFor ?? null,
  });
}

/**
 * Whether the short axis is still the one the tool drew by itself, at two thirds of the long axis.
 *
 * One drag sets the long axis only; a reader who forgets the second step would report a length nobody measured.
 */
export function hasUntouchedShortAxis(
  measurement: Pick<BidirectionalMeasurement, "points_mm" | "long_axis_mm" | "short_axis_mm">,
): boolean {
  const [a, b, c, d] = measurement.points_mm;
  const isTwoThirds = Math.abs(measurement.short_axis_mm / measurement.long_axis_mm - 2 / 3) < 0.005;
  const middles = distance(midpoint(a, b), midpoint(c, d));
  return isTwoThirds && middles < 0.005 * measurement.long_axis_mm;
}

function midpoint(a: Vec3, b: Vec3): Vec3 {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

function onSlice(point: readonly number[], geometry: SliceGeometry): Vec3 | null {
  const [x, y, z] = point;
  if (x === undefined || y === undefined || z === undefined) return null;
  return projectOnSlice([x, y, z], geometry);
}
