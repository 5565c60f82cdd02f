import { cross, distance, dot, type SliceGeometry, subtract, toPlane } from "../geometry";
import { areaMm2 } from "../outline";
import type { AnnotationKind, Vec3 } from "../types";
import { ellipseStatistics, type PixelPoint, type PixelValues, polygonStatistics } from "./region";

/** Values of an annotation by their names in the API; a value that is not defined is absent. */
export type AnnotationValues = Record<string, number>;

/** How many points an annotation has at least. */
export const FEWEST_POINTS: Readonly<Record<AnnotationKind, number>> = {
  length: 2,
  angle: 3,
  ellipse: 4,
  freehand: 3,
  arrow: 2,
  text: 1,
};

/**
 * What an annotation measures, from its points in patient coordinates and the values of its slice.
 *
 * Null stands for values that are not known yet, for want of the slice's pixels.
 */
export function valuesOf(
  tool: AnnotationKind,
  points: readonly Vec3[],
  geometry: SliceGeometry,
  image: PixelValues | null,
): AnnotationValues | null {
  if (points.length < FEWEST_POINTS[tool]) return {};
  const [a, b, c] = points as [Vec3, Vec3, Vec3];
  switch (tool) {
    case "length":
      return { length_mm: distance(a, b) };
    case "angle": {
      const degrees = angleDegrees(a, b, c);
      return degrees === null ? {} : { angle_deg: degrees };
    }
    case "ellipse": {
      if (!image) return null;
      const ends = points.map((point) => toPixel(point, geometry));
      return { area_mm2: ellipseAreaMm2(points, geometry), ...ellipseStatistics(ends, image) };
    }
    case "freehand": {
      if (!image) return null;
      const corners = points.map((point) => toPixel(point, geometry));
      const area = areaMm2(points.map((point) => toPlane(point, geometry)));
      return { area_mm2: area, ...polygonStatistics(corners, image) };
    }
    case "arrow":
    case "text":
      return {};
  }
}

/** The angle at the second point, 0 to 180; null where an arm has no length. */
export function angleDegrees(a: Vec3, vertex: Vec3, c: Vec3): number | null {
  const one = subtract(a, vertex);
  const other = subtract(c, vertex);
  if (dot(one, one) === 0 || dot(other, other) === 0) return null;
  const across = cross(one, other);
  return (Math.atan2(Math.sqrt(dot(across, across)), dot(one, other)) * 180) / Math.PI;
}

/** The area of an ellipse by the ends of its axes. */
export function ellipseAreaMm2(ends: readonly Vec3[], geometry: SliceGeometry): number {
  const [a, b, c, d] = ends.map((point) => toPlane(point, geometry));
  if (!a || !b || !c || !d) return 0;
  const [ux, uy] = [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2];
  const [vx, vy] = [(d[0] - c[0]) / 2, (d[1] - c[1]) / 2];
  return Math.PI * Math.abs(ux * vy - uy * vx);
}

/** Column and row of a point of a slice; (0, 0) is the center of the first pixel. */
export function toPixel(point: Vec3, geometry: SliceGeometry): PixelPoint {
  const [along, down] = toPlane(point, geometry);
  return [along / geometry.columnSpacingMm, down / geometry.rowSpacingMm];
}
