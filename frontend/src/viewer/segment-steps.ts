import type { PaintGrid } from "./paint-layer";
import {
  type EditedLabels,
  FILL_VERSION,
  fillSegmentHoles,
  INTERPOLATE_VERSION,
  interpolateSegment,
  SMOOTH_VERSION,
  smoothSegment,
} from "./segmentation/edit";
import {
  editedVoxels,
  type OriginStep,
  type PaintedSegment,
  type Painting,
  type VoxelChange,
  withStep,
} from "./segmentation/painting";

export type SegmentEdit = "interpolate" | "fill" | "smooth";

/** Of a step that changes words and no voxel. */
export const NO_VOXELS: VoxelChange = {
  voxels: new Uint32Array(0),
  before: new Uint8Array(0),
  after: new Uint8Array(0),
};

/** Each change of a segment as a whole: how it is made, and what is said where it changes nothing. */
export const EDITS: Readonly<
  Record<
    SegmentEdit,
    {
      run: (painting: Painting, value: number, grid: PaintGrid) => EditedLabels;
      version: string;
      nothing: string;
    }
  >
> = {
  interpolate: {
    run: ({ labels, shape }, value, grid) => interpolateSegment(labels, shape, value, grid),
    version: INTERPOLATE_VERSION,
    nothing: "There is no slice between painted ones that this segment leaves out.",
  },
  fill: {
    run: ({ labels, shape }, value) => fillSegmentHoles(labels, shape, value),
    version: FILL_VERSION,
    nothing: "This segment has no holes.",
  },
  smooth: {
    run: ({ labels, shape }, value, grid) => smoothSegment(labels, shape, value, grid),
    version: SMOOTH_VERSION,
    nothing: "This segment is smooth already.",
  },
};

/** The segments with one in the place of that of its value. */
export const replaced = (segments: readonly PaintedSegment[], one: PaintedSegment): PaintedSegment[] =>
  segments.map((other) => (other.value === one.value ? one : other));

/** The segments after a stroke of a brush: the painted one with a step more, or new. */
export function afterPainting(
  segments: readonly PaintedSegment[],
  changed: VoxelChange,
  step: OriginStep,
  value: number,
  question: string,
): PaintedSegment[] {
  const known = segments.find((one) => one.value === value);
  const before = known ?? { value, question, label: null, status: null, origin: [], edited_voxels: 0 };
  const after = {
    ...before,
    origin: withStep(before.origin, step),
    edited_voxels: before.edited_voxels + editedVoxels(changed, value),
  };
  return known ? replaced(segments, after) : [...segments, after];
}

/** The segments after a stroke of the eraser: without those of which nothing is left. */
export function afterErasing(painting: Painting, changed: VoxelChange, step: OriginStep): PaintedSegment[] {
  return painting.segments.flatMap((one) => {
    const edited = editedVoxels(changed, one.value);
    if (edited === 0) return [one];
    if (!painting.holds(one.value)) return [];
    return [{ ...one, origin: withStep(one.origin, step), edited_voxels: one.edited_voxels + edited }];
  });
}
