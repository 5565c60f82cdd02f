import type { Contour, Drawings, Point, Segment } from "./drawn";
import { type Answers, type Form, isByVoxels, type Question } from "./types";

const OF_MARKS = ["_count"] as const;
const OF_OUTLINES = ["_volume_ml", "_slices"] as const;
const OF_VOXELS = ["_volume_ml", "_slices", "_short_axis_mm", "_long_axis_mm", "_count"] as const;

/** Ends of the names of what is measured on the drawings of a question, which expressions may use. */
export function computedEnds(question: Question): readonly string[] {
  if (question.kind === "mark") return OF_MARKS;
  if (question.kind !== "mask") return [];
  return isByVoxels(question) ? OF_VOXELS : OF_OUTLINES;
}

const MM3_IN_ML = 1000;

/**
 * What expressions may ask of what was drawn: volume and slices of each mask, sizes of its segments, number of marks;
 * null while nothing is drawn. The server computes the same from what it stores (`backend/reads/contours.py`,
 * `backend/reads/labelmaps.py`).
 */
export function computedValues(form: Form, drawn: Drawings): Answers {
  const values: Record<string, number | null> = {};
  for (const question of form.questions) {
    const { key, kind } = question;
    if (kind === "mark")
      values[`${key}_count`] = drawn.marks.filter((one) => one.question === key).length || null;
    if (isByVoxels(question)) {
      const own = (drawn.segments ?? []).filter((one) => one.question === key);
      for (const [end, value] of Object.entries(segmentValues(own))) values[key + end] = value;
    } else if (kind === "mask") {
      const own = drawn.contours.filter((one) => one.question === key);
      values[`${key}_volume_ml`] = own.length > 0 ? volumeMl(own) : null;
      values[`${key}_slices`] = slicesOf(own).length || null;
    }
  }
  return values;
}

/** Volume and slices of all segments together, and the axes of the one with the largest short axis. */
function segmentValues(own: readonly Segment[]): Record<(typeof OF_VOXELS)[number], number | null> {
  const short = (one: Segment) => one.short_axis_mm ?? Number.NEGATIVE_INFINITY;
  const long = (one: Segment) => one.long_axis_mm ?? Number.NEGATIVE_INFINITY;
  const [largest] = own.toSorted((a, b) => short(b) - short(a) || long(b) - long(a));
  const hasVolume = own.length > 0 && own.every(({ volume_ml }) => volume_ml !== null);
  return {
    _volume_ml: hasVolume ? own.reduce((sum, { volume_ml }) => sum + (volume_ml ?? 0), 0) : null,
    _slices: new Set(own.flatMap(({ slices }) => slices)).size || null,
    _short_axis_mm: largest?.short_axis_mm ?? null,
    _long_axis_mm: largest?.long_axis_mm ?? null,
    _count: own.length || null,
  };
}

/** The volume of one mask; null where its slices do not lie evenly. */
export function volumeMl(contours: readonly Contour[]): number | null {
  const step = contours[0]?.slice_step_mm ?? null;
  if (step === null) return contours.length === 0 ? 0 : null;
  return (slicesOf(contours).reduce((sum, here) => sum + coveredAreaMm2(here), 0) * step) / MM3_IN_ML;
}

export function slicesOf(contours: readonly Contour[]): Contour[][] {
  const slices = new Map<string, Contour[]>();
  for (const one of contours) slices.set(one.sop_uid, [...(slices.get(one.sop_uid) ?? []), one]);
  return [...slices.values()];
}

/** The area that outlines of one slice cover by the even-odd rule: an outline within another is a hole in it. */
function coveredAreaMm2(outlines: readonly Contour[]): number {
  return outlines.reduce((sum, outline) => {
    const around = outlines.filter((other) => other !== outline && encloses(other, outline));
    return sum + outline.area_mm2 * (around.length % 2 === 0 ? 1 : -1);
  }, 0);
}

/** Whether an outline lies within another of its slice; the two do not cross. */
function encloses(outer: Contour, inner: Contour): boolean {
  const [along, down] = planeAxes(outer.points_mm);
  const point = inner.points_mm[0];
  if (!point) return false;
  let isInside = false;
  outer.points_mm.forEach((end, place) => {
    const start = outer.points_mm.at(place - 1) as Point;
    if (start[down] > point[down] === end[down] > point[down]) return;
    const share = (point[down] - start[down]) / (end[down] - start[down]);
    if (start[along] + share * (end[along] - start[along]) > point[along]) isInside = !isInside;
  });
  return isInside;
}

/** Two of the three coordinates, without the one along which the plane of the points looks. */
function planeAxes(points: readonly Point[]): [0 | 1 | 2, 0 | 1 | 2] {
  const normal = [0, 0, 0];
  points.forEach((end, place) => {
    const start = points.at(place - 1) as Point;
    for (const axis of [0, 1, 2] as const) {
      const [a, b] = [((axis + 1) % 3) as 0 | 1 | 2, ((axis + 2) % 3) as 0 | 1 | 2];
      normal[axis] = (normal[axis] ?? 0) + start[a] * end[b] - start[b] * end[a];
    }
  });
  const sizes = normal.map(Math.abs);
  const largest = sizes.indexOf(Math.max(...sizes));
  return largest === 0 ? [1, 2] : largest === 1 ? [0, 2] : [0, 1];
}
