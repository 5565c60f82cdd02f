import type { Shape } from "./box";
import { signedDistances } from "./distance";
import { discSteps, fillPlane } from "./planes";

export const INTERPOLATE_VERSION = "interpolate-1";
export const FILL_VERSION = "fill-1";
export const SMOOTH_VERSION = "smooth-1";
export const SMOOTH_RADIUS_MM = 1;

export interface PixelSpacing {
  rowMm: number;
  columnMm: number;
}

/** A labelmap after a change, and how many of the segment's voxels are new and gone. The one before stays as it was. */
export interface EditedLabels {
  labels: Uint8Array;
  added: number;
  removed: number;
}

/**
 * Draw a segment on the slices between those on which it was drawn (shape-based interpolation, Raya & Udupa 1990).
 *
 * Signed distances to the two drawn outlines are weighted by how near their slices are, after both have been moved
 * onto the line between their centroids. Drawn slices stay as they are, and so does every voxel of another segment.
 */
export function interpolateSegment(
  labels: Uint8Array,
  shape: Shape,
  segment: number,
  spacing: PixelSpacing,
): EditedLabels {
  const [, rows, columns] = shape;
  const drawn = drawnSlices(labels, shape, segment);
  const result = labels.slice();
  drawn.slice(1).forEach((above, place) => {
    const below = drawn[place] as number;
    if (above - below < 2) return;
    const [lower, upper] = [below, above].map((slice) =>
      drawnSlice(segmentPlane(labels, shape, segment, slice), rows, columns, spacing),
    ) as [DrawnSlice, DrawnSlice];
    for (let slice = below + 1; slice < above; slice++) {
      const share = (slice - below) / (above - below);
      const plane = between(lower, upper, share, rows, columns);
      putPlane(result, plane, slice * rows * columns, segment);
    }
  });
  return compared(labels, result, segment);
}

/** Set what a segment encloses on its slices, unless it belongs to another segment. */
export function fillSegmentHoles(
  labels: Uint8Array,
  shape: Shape,
  segment: number,
  slices: readonly number[] = drawnSlices(labels, shape, segment),
): EditedLabels {
  const [, rows, columns] = shape;
  const result = labels.slice();
  for (const slice of slices) {
    const filled = fillPlane(segmentPlane(labels, shape, segment, slice), rows, columns);
    putPlane(result, filled, slice * rows * columns, segment);
  }
  return compared(labels, result, segment);
}

/**
 * Smooth a segment's edge slice by slice without changing its size.
 *
 * Every pixel gets the share of the disc around it that is set; those with the highest shares form the new plane,
 * down to the share at which its size is nearest to what it was. Pixels of other segments are left out.
 */
export function smoothSegment(
  labels: Uint8Array,
  shape: Shape,
  segment: number,
  spacing: PixelSpacing,
  radiusMm: number = SMOOTH_RADIUS_MM,
  slices: readonly number[] = drawnSlices(labels, shape, segment),
): EditedLabels {
  const [, rows, columns] = shape;
  const disc = discSteps(radiusMm, spacing.rowMm, spacing.columnMm);
  const result = labels.slice();
  for (const slice of slices) {
    const first = slice * rows * columns;
    const isFree = (pixel: number): boolean => {
      const label = labels[first + pixel];
      return label === 0 || label === segment;
    };
    const plane = segmentPlane(labels, shape, segment, slice);
    const smooth = smoothedPlane(plane, rows, columns, disc, isFree);
    for (let pixel = 0; pixel < plane.length; pixel++) {
      if (isFree(pixel)) result[first + pixel] = smooth[pixel] ? segment : 0;
    }
  }
  return compared(labels, result, segment);
}

/** Slices that hold a segment, ascending. */
export function drawnSlices(labels: Uint8Array, [slices, rows, columns]: Shape, segment: number): number[] {
  const size = rows * columns;
  return Array.from({ length: slices }, (_, slice) => slice).filter((slice) =>
    labels.subarray(slice * size, (slice + 1) * size).includes(segment),
  );
}

interface DrawnSlice {
  distances: Float64Array;
  row: number;
  column: number;
}

function segmentPlane(
  labels: Uint8Array,
  [, rows, columns]: Shape,
  segment: number,
  slice: number,
): Uint8Array {
  const size = rows * columns;
  return labels.slice(slice * size, (slice + 1) * size).map((label) => (label === segment ? 1 : 0));
}

function drawnSlice(plane: Uint8Array, rows: number, columns: number, spacing: PixelSpacing): DrawnSlice {
  let [row, column, count] = [0, 0, 0];
  plane.forEach((isSet, pixel) => {
    if (!isSet) return;
    row += Math.floor(pixel / columns);
    column += pixel % columns;
    count += 1;
  });
  const distances = signedDistances(plane, rows, columns, spacing);
  return { distances, row: row / count, column: column / count };
}

/** The plane at a share of the way from the lower to the upper slice. */
function between(
  lower: DrawnSlice,
  upper: DrawnSlice,
  share: number,
  rows: number,
  columns: number,
): Uint8Array {
  const row = lower.row + (upper.row - lower.row) * share;
  const column = lower.column + (upper.column - lower.column) * share;
  const below = shifted(lower, row, column, rows, columns);
  const above = shifted(upper, row, column, rows, columns);
  const plane = new Uint8Array(rows * columns);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    if ((below[pixel] as number) * (1 - share) + (above[pixel] as number) * share > 0) plane[pixel] = 1;
  }
  return plane;
}

/** The distances as if the outline's centroid lay at that row and column, to the nearest pixel. */
function shifted(
  slice: DrawnSlice,
  row: number,
  column: number,
  rows: number,
  columns: number,
): Float64Array {
  const down = Math.round(row - slice.row);
  const across = Math.round(column - slice.column);
  const moved = new Float64Array(slice.distances.length).fill(Number.NEGATIVE_INFINITY);
  for (let to = Math.max(0, down); to < Math.min(rows, rows + down); to++) {
    for (let x = Math.max(0, across); x < Math.min(columns, columns + across); x++) {
      moved[to * columns + x] = slice.distances[(to - down) * columns + (x - across)] as number;
    }
  }
  return moved;
}

/** Give the set pixels of a plane to a segment where they belong to none. */
function putPlane(labels: Uint8Array, plane: Uint8Array, first: number, segment: number): void {
  plane.forEach((isSet, pixel) => {
    if (isSet && labels[first + pixel] === 0) labels[first + pixel] = segment;
  });
}

function smoothedPlane(
  plane: Uint8Array,
  rows: number,
  columns: number,
  disc: readonly [number, number][],
  isFree: (pixel: number) => boolean,
): Uint8Array {
  const counts = new Uint16Array(plane.length);
  plane.forEach((isSet, pixel) => {
    if (!isSet) return;
    const column = pixel % columns;
    const row = (pixel - column) / columns;
    for (const [down, across] of disc) {
      const [y, x] = [row + down, column + across];
      const to = y * columns + x;
      if (y >= 0 && y < rows && x >= 0 && x < columns && isFree(to)) counts[to] = (counts[to] as number) + 1;
    }
  });
  const least = countNearestTo(
    plane.reduce((sum, isSet) => sum + isSet, 0),
    counts,
    disc.length,
  );
  return Uint8Array.from(counts, (count) => (count >= least ? 1 : 0));
}

/** The least count at which as many pixels as possible, and as few beyond, are set as were before. */
function countNearestTo(size: number, counts: Uint16Array, most: number): number {
  const atLeast = new Array<number>(most + 2).fill(0);
  for (const count of counts) atLeast[count] = (atLeast[count] as number) + 1;
  for (let count = most; count >= 1; count--) {
    atLeast[count] = (atLeast[count] as number) + (atLeast[count + 1] as number);
  }
  let best = 1;
  for (let count = 2; count <= most; count++) {
    const isNearer = Math.abs((atLeast[count] as number) - size) < Math.abs((atLeast[best] as number) - size);
    if (isNearer) best = count;
  }
  return best;
}

function compared(before: Uint8Array, after: Uint8Array, segment: number): EditedLabels {
  let added = 0;
  let removed = 0;
  after.forEach((label, voxel) => {
    if (label === before[voxel]) return;
    if (label === segment) added += 1;
    else removed += 1;
  });
  return { labels: after, added, removed };
}
