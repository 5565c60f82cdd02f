import {
  add,
  cross,
  distance,
  dot,
  pixelToPatient,
  type SliceGeometry,
  scale,
  subtract,
  toPlane,
} from "./geometry";
import type { MprPlane, Vec3 } from "./types";

/** Slices tilted by more than this do not follow each other: they share too little of the body. */
const LARGEST_TILT_DEGREES = 15;
// Two planes that meet at less than this meet nowhere near the image.
const SMALLEST_MEETING_SINE = 0.01;

export type BodyPlane = "axial" | "sagittal" | "coronal";

/** By the axis of the patient that they lie across. */
export const BODY_PLANES: readonly BodyPlane[] = ["sagittal", "coronal", "axial"];

/** A line on an image, in mm along its rows and columns from the center of its first pixel. */
export interface PlaneLine {
  from: readonly [number, number];
  to: readonly [number, number];
}

export const normalOf = ({ rowDirection, columnDirection }: SliceGeometry): Vec3 =>
  cross(rowDirection, columnDirection);

/** The middle of a slice's image. */
export const centerOf = (slice: SliceGeometry): Vec3 =>
  pixelToPatient((slice.columns - 1) / 2, (slice.rows - 1) / 2, slice);

/** Mm between a point and the plane of a slice. */
export const awayFrom = (point: Vec3, slice: SliceGeometry): number =>
  Math.abs(dot(subtract(point, slice.origin), normalOf(slice)));

/** The plane of the body that a slice is nearest to. */
export function bodyPlane(slice: SliceGeometry): BodyPlane {
  const sizes = normalOf(slice).map(Math.abs);
  return BODY_PLANES[sizes.indexOf(Math.max(...sizes))] as BodyPlane;
}

/** Whether slices are of one scanner position and lie nearly parallel, so that they can follow each other. */
export function canFollow(slice: SliceGeometry, other: SliceGeometry): boolean {
  if (slice.frameOfReferenceUid !== other.frameOfReferenceUid) return false;
  const cosine = Math.abs(dot(normalOf(slice), normalOf(other)));
  return cosine > Math.cos((LARGEST_TILT_DEGREES * Math.PI) / 180);
}

/** The slice, counted from 0, that is nearest to a point; null where none says where it lies. */
export function nearestSlice(point: Vec3, slices: readonly (SliceGeometry | null)[]): number | null {
  let nearest: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  slices.forEach((slice, index) => {
    if (!slice) return;
    const away = awayFrom(point, slice);
    // The first of two that are equally near, whatever the last digits of their positions.
    if (away < least - 1e-6) {
      least = away;
      nearest = index;
    }
  });
  return nearest;
}

/** The slice, counted from 0, to which another pane goes when `shown` is on the screen; null where it stays. */
export function followingSlice(
  shown: SliceGeometry,
  slices: readonly (SliceGeometry | null)[],
): number | null {
  const first = slices.find((slice) => slice !== null);
  if (!first || !canFollow(shown, first)) return null;
  return nearestSlice(centerOf(shown), slices);
}

/** Where a slice cuts the image of another one, as far as both images reach; null where it does not. */
export function intersection(slice: SliceGeometry, onto: SliceGeometry): PlaneLine | null {
  if (slice.frameOfReferenceUid !== onto.frameOfReferenceUid) return null;
  const direction = cross(normalOf(slice), normalOf(onto));
  const sine = Math.sqrt(dot(direction, direction));
  if (sine < SMALLEST_MEETING_SINE) return null;
  const along = scale(direction, 1 / sine);
  const point = commonPoint(slice, onto, direction);
  const range = overlap(reach(point, along, slice), reach(point, along, onto));
  if (!range) return null;
  const [start, end] = range.map((t) => toPlane(add(point, scale(along, t)), onto));
  return start && end ? { from: start, to: end } : null;
}

/** A point of both planes; `direction` is the product of their normals. */
function commonPoint(a: SliceGeometry, b: SliceGeometry, direction: Vec3): Vec3 {
  const [normalA, normalB] = [normalOf(a), normalOf(b)];
  // From the middle of one image, so that numbers stay small.
  const base = centerOf(b);
  const offset = dot(subtract(a.origin, base), normalA);
  // In the plane of b, across the line of intersection.
  const across = cross(normalB, direction);
  return add(base, scale(across, offset / dot(across, normalA)));
}

/** How far a line runs within an image, outer pixels' edges included. */
function reach(point: Vec3, along: Vec3, slice: SliceGeometry): [number, number] | null {
  const start = toPlane(point, slice);
  const axes = [
    [start[0], dot(along, slice.rowDirection), slice.columnSpacingMm, slice.columns],
    [start[1], dot(along, slice.columnDirection), slice.rowSpacingMm, slice.rows],
  ] as const;
  let range: [number, number] | null = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [at, slope, spacing, count] of axes) {
    const [low, high] = [-0.5 * spacing, (count - 0.5) * spacing];
    if (Math.abs(slope) < 1e-9) {
      if (at < low || at > high) return null;
      continue;
    }
    const ends = [(low - at) / slope, (high - at) / slope].sort((a, b) => a - b);
    range = overlap(range, ends as [number, number]);
  }
  return range;
}

function overlap(a: [number, number] | null, b: [number, number] | null): [number, number] | null {
  if (!a || !b) return null;
  const range: [number, number] = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
  return range[0] < range[1] ? range : null;
}

/** A series as a block of voxels: the center of its first voxel, and its axes along rows, columns and slices. */
export interface VolumeGeometry {
  origin: Vec3;
  axes: readonly [Vec3, Vec3, Vec3];
  spacingMm: readonly [number, number, number];
  counts: readonly [number, number, number];
  frameOfReferenceUid: string;
}

const FEWEST_SLICES = 3;
const UNEVEN_SHARE = 0.01;
// As the directions in a header are rounded.
const SAME_DIRECTION = 0.9999;

/** The block that slices make, or why they make none, in words for the reader. */
export function volumeGeometry(slices: readonly (SliceGeometry | null)[]): VolumeGeometry | string {
  const known = slices.filter((slice) => slice !== null);
  const [first] = known;
  const last = known.at(-1);
  if (!first || !last || known.length < slices.length) return "Its slices do not all say where they lie.";
  if (known.length < FEWEST_SLICES) return `It has fewer than ${FEWEST_SLICES} slices.`;
  if (known.some((slice) => !isOfSameGrid(slice, first))) {
    return "Its slices have different orientations or sizes.";
  }
  const extent = subtract(last.origin, first.origin);
  const along = scale(extent, 1 / distance(last.origin, first.origin));
  if (Math.abs(dot(along, normalOf(first))) < SAME_DIRECTION)
    return "Its slices do not lie one above the other.";
  const steps = known
    .slice(1)
    .map(({ origin }, place) => dot(subtract(origin, (known[place] as SliceGeometry).origin), along));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] as number;
  const gap = steps.findIndex((step) => step > 1.5 * usual);
  if (gap >= 0) return `A slice is missing between slices ${gap + 1} and ${gap + 2}.`;
  if (steps.some((step) => !(Math.abs(step - usual) <= UNEVEN_SHARE * usual))) {
    return "Its slices do not lie evenly.";
  }
  return {
    origin: first.origin,
    axes: [first.rowDirection, first.columnDirection, along],
    spacingMm: [
      first.columnSpacingMm,
      first.rowSpacingMm,
      distance(last.origin, first.origin) / (known.length - 1),
    ],
    counts: [first.columns, first.rows, known.length],
    frameOfReferenceUid: first.frameOfReferenceUid,
  };
}

function isOfSameGrid(slice: SliceGeometry, first: SliceGeometry): boolean {
  return (
    dot(slice.rowDirection, first.rowDirection) > SAME_DIRECTION &&
    dot(slice.columnDirection, first.columnDirection) > SAME_DIRECTION &&
    slice.rows === first.rows &&
    slice.columns === first.columns &&
    slice.frameOfReferenceUid === first.frameOfReferenceUid &&
    Math.abs(slice.rowSpacingMm - first.rowSpacingMm) <= UNEVEN_SHARE * first.rowSpacingMm &&
    Math.abs(slice.columnSpacingMm - first.columnSpacingMm) <= UNEVEN_SHARE * first.columnSpacingMm
  );
}

// How each plane of the body hangs: what of the patient is to the right of the image, and what is at its bottom.
const HANGS: Readonly<Record<BodyPlane, { right: Vec3; down: Vec3; through: Vec3 }>> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0], through: [0, 0, 1] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1], through: [1, 0, 0] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1], through: [0, 1, 0] },
};

/** The slices of a plane of the block's own axes, as images with rows to the right and columns downward. */
export function reformat(volume: VolumeGeometry, plane: MprPlane): SliceGeometry[] {
  const [right, down, through] = plane === "acquired" ? ACQUIRED : orderedAxes(volume, plane);
  const corner = [right, down, through].reduce(
    (point, axis) => (axis.isReversed ? add(point, axisSpan(volume, axis.index)) : point),
    volume.origin,
  );
  const step = scale(direction(volume, through), volume.spacingMm[through.index] as number);
  return Array.from({ length: volume.counts[through.index] as number }, (_, slice) => ({
    origin: add(corner, scale(step, slice)),
    rowDirection: direction(volume, right),
    columnDirection: direction(volume, down),
    columnSpacingMm: volume.spacingMm[right.index] as number,
    rowSpacingMm: volume.spacingMm[down.index] as number,
    columns: volume.counts[right.index] as number,
    rows: volume.counts[down.index] as number,
    frameOfReferenceUid: volume.frameOfReferenceUid,
  }));
}

/** The planes that a series can be shown in: its own, and the two of the body across it. */
export function planesOf(volume: VolumeGeometry): MprPlane[] {
  const [own] = reformat(volume, "acquired");
  const taken = own && bodyPlane(own);
  return ["acquired", ...(["axial", "sagittal", "coronal"] as const).filter((plane) => plane !== taken)];
}

interface Axis {
  index: 0 | 1 | 2;
  isReversed: boolean;
}

const ACQUIRED: readonly [Axis, Axis, Axis] = [
  { index: 0, isReversed: false },
  { index: 1, isReversed: false },
  { index: 2, isReversed: false },
];

function direction({ axes }: VolumeGeometry, { index, isReversed }: Axis): Vec3 {
  return isReversed ? scale(axes[index], -1) : axes[index];
}

function axisSpan({ axes, spacingMm, counts }: VolumeGeometry, index: 0 | 1 | 2): Vec3 {
  return scale(axes[index], spacingMm[index] * (counts[index] - 1));
}

function orderedAxes(volume: VolumeGeometry, plane: BodyPlane): readonly [Axis, Axis, Axis] {
  const { right, down, through } = HANGS[plane];
  const third = axisThrough(volume, plane);
  const [a, b] = ([0, 1, 2] as const).filter((index) => index !== third) as [0 | 1 | 2, 0 | 1 | 2];
  const isStraight =
    likeness(volume, a, right) + likeness(volume, b, down) >=
    likeness(volume, b, right) + likeness(volume, a, down);
  const [first, second] = isStraight ? [a, b] : [b, a];
  return [facing(volume, first, right), facing(volume, second, down), facing(volume, third, through)];
}

/** The axis across a plane. The one that slices were taken along is across their own; the others share the rest. */
function axisThrough(volume: VolumeGeometry, plane: BodyPlane): 0 | 1 | 2 {
  const [own] = reformat(volume, "acquired");
  const taken = bodyPlane(own as SliceGeometry);
  if (plane === taken) return 2;
  const other = BODY_PLANES.find((one) => one !== plane && one !== taken) as BodyPlane;
  const [wanted, rest] = [HANGS[plane].through, HANGS[other].through];
  const isFirst =
    likeness(volume, 0, wanted) + likeness(volume, 1, rest) >=
    likeness(volume, 1, wanted) + likeness(volume, 0, rest);
  return isFirst ? 0 : 1;
}

const likeness = ({ axes }: VolumeGeometry, index: 0 | 1 | 2, wanted: Vec3): number =>
  Math.abs(dot(axes[index], wanted));

const facing = ({ axes }: VolumeGeometry, index: 0 | 1 | 2, wanted: Vec3): Axis => ({
  index,
  isReversed: dot(axes[index], wanted) < 0,
});
