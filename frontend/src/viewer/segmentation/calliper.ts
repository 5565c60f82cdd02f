import { type Shape, voxelCount } from "./box";

/** Diameters on the slice (from 0) whose short axis is largest. */
export interface MaskAxes {
  shortAxisMm: number;
  longAxisMm: number;
  slice: number;
  /** Null where the step between slices is uneven or unknown. */
  volumeMl: number | null;
}

export type MaskMeasure = { kind: "measured"; axes: MaskAxes } | { kind: "undefined"; reason: string };

export const EMPTY_MASK = "The mask is empty.";
export const TOO_NARROW = "The mask is too small for a diameter: it takes about two by three pixels.";

type Point = readonly [x: number, y: number];

const SIGMA_PX = 0.85;
const RADIUS_PX = 3;
const LEVEL = 0.5;
const MARGIN_PX = 4;
const ROUNDING_MM = 1e-9;
const KERNEL = gaussian(SIGMA_PX, RADIUS_PX);

/**
 * Short and long axis of one segment in a labelmap: the smallest calliper width and the largest diameter of the
 * outline at one half of the smoothed mask. The twin of `backend/analysis/masks/calliper.py`.
 */
export function measureMask(
  labels: Uint8Array,
  shape: Shape,
  segment: number,
  spacing: { rowMm: number; columnMm: number; stepMm: number | null },
): MaskMeasure {
  const [slices, rows, columns] = shape;
  const size = rows * columns;
  let best: Omit<MaskAxes, "volumeMl"> | null = null;
  let voxels = 0;
  for (let slice = 0; slice < slices; slice++) {
    const plane = labels.subarray(slice * size, (slice + 1) * size);
    const extent = extentOf(plane, columns, segment);
    if (!extent) continue;
    voxels += extent.pixels;
    for (const outline of outlinesPx(smoothedCrop(plane, columns, segment, extent))) {
      const hull = convexHull(outline.map(([x, y]) => [x * spacing.columnMm, y * spacing.rowMm]));
      const shortAxisMm = smallestWidth(hull);
      if (!best || shortAxisMm > best.shortAxisMm) {
        best = { shortAxisMm, longAxisMm: largestDiameter(hull), slice };
      }
    }
  }
  if (voxels === 0) return { kind: "undefined", reason: EMPTY_MASK };
  if (!best) return { kind: "undefined", reason: TOO_NARROW };
  return { kind: "measured", axes: { ...best, volumeMl: volumeMl(voxels, spacing) } };
}

/** Volume of so many voxels; null without a step between slices. */
export function volumeMl(
  voxels: number,
  spacing: { rowMm: number; columnMm: number; stepMm: number | null },
): number | null {
  return spacing.stepMm === null ? null : (voxels * spacing.rowMm * spacing.columnMm * spacing.stepMm) / 1000;
}

export function segmentVoxels(labels: Uint8Array, shape: Shape, segment: number): number {
  let count = 0;
  for (let voxel = 0; voxel < voxelCount(shape); voxel++) if (labels[voxel] === segment) count += 1;
  return count;
}

/** Whether a short axis lies within one pixel of a cut-off (the larger spacing where pixels are not square). */
export function isBorderline(shortAxisMm: number, cutoffMm: number, pixelMm: number): boolean {
  return Math.abs(shortAxisMm - cutoffMm) <= pixelMm + ROUNDING_MM;
}

interface Extent {
  top: number;
  bottom: number;
  left: number;
  right: number;
  pixels: number;
}

interface Field {
  values: Float64Array;
  rows: number;
  columns: number;
}

function extentOf(plane: Uint8Array, columns: number, segment: number): Extent | null {
  const extent = { top: Number.MAX_SAFE_INTEGER, bottom: -1, left: columns, right: -1, pixels: 0 };
  for (let pixel = plane.indexOf(segment); pixel >= 0; pixel = plane.indexOf(segment, pixel + 1)) {
    const column = pixel % columns;
    const row = (pixel - column) / columns;
    extent.top = Math.min(extent.top, row);
    extent.bottom = Math.max(extent.bottom, row);
    extent.left = Math.min(extent.left, column);
    extent.right = Math.max(extent.right, column);
    extent.pixels += 1;
  }
  return extent.pixels > 0 ? extent : null;
}

/** The segment as 0 and 1 within a margin, smoothed along columns and rows. */
function smoothedCrop(plane: Uint8Array, planeColumns: number, segment: number, extent: Extent): Field {
  const rows = extent.bottom - extent.top + 1 + 2 * MARGIN_PX;
  const columns = extent.right - extent.left + 1 + 2 * MARGIN_PX;
  const crop = new Float64Array(rows * columns);
  for (let row = extent.top; row <= extent.bottom; row++) {
    for (let column = extent.left; column <= extent.right; column++) {
      if (plane[row * planeColumns + column] !== segment) continue;
      crop[(row - extent.top + MARGIN_PX) * columns + (column - extent.left + MARGIN_PX)] = 1;
    }
  }
  return { values: convolved(convolved(crop, rows, columns, columns), rows, columns, 1), rows, columns };
}

/** Convolved along one axis (`stride` 1: along a row); the margin is wide enough that nothing lies beyond. */
function convolved(values: Float64Array, rows: number, columns: number, stride: number): Float64Array {
  const result = new Float64Array(values.length);
  const length = stride === 1 ? columns : rows;
  for (let pixel = 0; pixel < values.length; pixel++) {
    const place = stride === 1 ? pixel % columns : Math.floor(pixel / columns);
    let sum = 0;
    for (let by = -RADIUS_PX; by <= RADIUS_PX; by++) {
      if (place + by < 0 || place + by >= length) continue;
      sum += (KERNEL[by + RADIUS_PX] as number) * (values[pixel + by * stride] as number);
    }
    result[pixel] = sum;
  }
  return result;
}

function gaussian(sigma: number, radius: number): number[] {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp(-((at - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The vertices of marching squares around each part of what lies above the level; parts connect along edges. */
function outlinesPx({ values, rows, columns }: Field): Point[][] {
  const seen = new Uint8Array(values.length);
  const outlines: Point[][] = [];
  for (let start = 0; start < values.length; start++) {
    if (seen[start] || (values[start] as number) <= LEVEL) continue;
    const outline: Point[] = [];
    const stack = [start];
    seen[start] = 1;
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      const column = pixel % columns;
      const row = (pixel - column) / columns;
      const high = values[pixel] as number;
      for (const [across, down] of SIDES) {
        const x = column + across;
        const y = row + down;
        if (x < 0 || y < 0 || x >= columns || y >= rows) continue;
        const next = y * columns + x;
        const low = values[next] as number;
        if (low > LEVEL) {
          if (!seen[next]) stack.push(next);
          seen[next] = 1;
        } else {
          const part = (high - LEVEL) / (high - low);
          outline.push([column + across * part, row + down * part]);
        }
      }
    }
    outlines.push(outline);
  }
  return outlines;
}

const SIDES = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** Corners of the convex hull in order (Andrew's monotone chain). */
function convexHull(points: readonly Point[]): Point[] {
  const ordered = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (path: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of path) {
      while (chain.length > 1 && turn(chain.at(-2) as Point, chain.at(-1) as Point, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(ordered), ...half(ordered.reverse())];
}

const turn = (a: Point, b: Point, c: Point): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Smallest distance of two parallel lines that hold a convex polygon; one of them lies along an edge. */
function smallestWidth(hull: readonly Point[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  hull.forEach((start, corner) => {
    const end = hull[(corner + 1) % hull.length] as Point;
    const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
    const width = hull.reduce((most, point) => Math.max(most, turn(start, end, point) / length), 0);
    smallest = Math.min(smallest, width);
  });
  return smallest;
}

function largestDiameter(hull: readonly Point[]): number {
  let largest = 0;
  for (const a of hull)
    for (const b of hull) largest = Math.max(largest, Math.hypot(a[0] - b[0], a[1] - b[1]));
  return largest;
}
