import type { PixelPoint } from "../measuring/region";
import { type Shape, voxelCount } from "./box";

export const BRUSH_VERSION = "brush-1";

/** One step that drew a segment, as it is kept with it. */
export interface OriginStep {
  tool: string;
  version: string;
  /** Column, row and slice of the click, each from 0. */
  seed_ijk: number[] | null;
  parameters: Record<string, unknown>;
}

/** One structure of a labelmap: what the reader calls it, and how it was drawn. */
export interface PaintedSegment {
  /** Of its voxels in the labelmap, 1 to 255. */
  value: number;
  question: string;
  label: string | null;
  status: string | null;
  origin: readonly OriginStep[];
  /** How often a voxel of it was set or taken away by hand. */
  edited_voxels: number;
}

/** A change of a labelmap that can be taken back. Voxels are listed once each. */
export interface PaintChange {
  voxels: Uint32Array;
  before: Uint8Array;
  after: Uint8Array;
  segmentsBefore: readonly PaintedSegment[];
  segmentsAfter: readonly PaintedSegment[];
}

export type VoxelChange = Pick<PaintChange, "voxels" | "before" | "after">;

export const MOST_SEGMENTS = 255;
const MOST_STEPS = 200;

/** The labelmap of one series: a byte a voxel, slice by slice. */
export class Painting {
  readonly shape: Shape;
  readonly labels: Uint8Array;
  segments: readonly PaintedSegment[];

  constructor(
    shape: Shape,
    labels: Uint8Array = new Uint8Array(voxelCount(shape)),
    segments: readonly PaintedSegment[] = [],
  ) {
    this.shape = shape;
    this.labels = labels;
    this.segments = segments;
  }

  segment(value: number | null): PaintedSegment | undefined {
    return this.segments.find((one) => one.value === value);
  }

  /** The smallest value that no segment has; null when there are as many as can be. */
  freeValue(): number | null {
    for (let value = 1; value <= MOST_SEGMENTS; value++) if (!this.segment(value)) return value;
    return null;
  }

  apply({ voxels, after, segmentsAfter }: PaintChange): void {
    this.put(voxels, after);
    this.segments = segmentsAfter;
  }

  revert({ voxels, before, segmentsBefore }: PaintChange): void {
    this.put(voxels, before);
    this.segments = segmentsBefore;
  }

  /** Whether a segment has any voxel left. */
  holds(value: number): boolean {
    return this.labels.includes(value);
  }

  private put(voxels: Uint32Array, values: Uint8Array): void {
    for (let place = 0; place < voxels.length; place++) {
      this.labels[voxels[place] as number] = values[place] as number;
    }
  }
}

export interface StrokeOptions {
  /** From 0. */
  slice: number;
  radiusMm: number;
  rowMm: number;
  columnMm: number;
  /** The label that a voxel under the brush gets; `pixel` is its place on the slice. */
  labelFor: (label: number, pixel: number) => number;
}

/** A stroke under way: a disc of a size in mm that is drawn along a line. It paints at once, and knows what was there. */
export class Stroke {
  private readonly painting: Painting;
  private readonly options: StrokeOptions;
  private readonly before = new Map<number, number>();
  private last: PixelPoint | null = null;

  constructor(painting: Painting, options: StrokeOptions) {
    this.painting = painting;
    this.options = options;
  }

  /** Go on to a place, in pixels; (0, 0) is the center of the first. */
  to(point: PixelPoint): void {
    const { rowMm, columnMm, radiusMm } = this.options;
    const [, rows, columns] = this.painting.shape;
    const from = this.last ?? point;
    this.last = point;
    // The pixel under the mouse is painted however small the brush is.
    this.paint(Math.round(point[1]), Math.round(point[0]));
    const [reachRows, reachColumns] = [radiusMm / rowMm, radiusMm / columnMm];
    const top = Math.max(0, Math.ceil(Math.min(from[1], point[1]) - reachRows));
    const bottom = Math.min(rows - 1, Math.floor(Math.max(from[1], point[1]) + reachRows));
    const left = Math.max(0, Math.ceil(Math.min(from[0], point[0]) - reachColumns));
    const right = Math.min(columns - 1, Math.floor(Math.max(from[0], point[0]) + reachColumns));
    const inMm = ([column, row]: PixelPoint) => [column * columnMm, row * rowMm] as const;
    const [start, end] = [inMm(from), inMm(point)];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        if (distanceMm([column * columnMm, row * rowMm], start, end) <= radiusMm) this.paint(row, column);
      }
    }
  }

  /** What it changed; null when that is nothing. */
  finish(): VoxelChange | null {
    const { labels } = this.painting;
    const changed = [...this.before].filter(([voxel, before]) => labels[voxel] !== before);
    if (changed.length === 0) return null;
    return {
      voxels: Uint32Array.from(changed, ([voxel]) => voxel),
      before: Uint8Array.from(changed, ([, before]) => before),
      after: Uint8Array.from(changed, ([voxel]) => labels[voxel] as number),
    };
  }

  /** A copy of the labels as they were before it. */
  labelsBefore(): Uint8Array {
    const labels = this.painting.labels.slice();
    for (const [voxel, before] of this.before) labels[voxel] = before;
    return labels;
  }

  discard(): void {
    for (const [voxel, before] of this.before) this.painting.labels[voxel] = before;
    this.before.clear();
  }

  private paint(row: number, column: number): void {
    const { labels, shape } = this.painting;
    const [, rows, columns] = shape;
    if (row < 0 || column < 0 || row >= rows || column >= columns) return;
    const pixel = row * columns + column;
    const voxel = this.options.slice * rows * columns + pixel;
    const label = labels[voxel] as number;
    const next = this.options.labelFor(label, pixel);
    if (next === label) return;
    if (!this.before.has(voxel)) this.before.set(voxel, label);
    labels[voxel] = next;
  }
}

/** What differs between a labelmap and another one of its size; null when nothing does. */
export function differences(labels: Uint8Array, next: Uint8Array): VoxelChange | null {
  const voxels: number[] = [];
  for (let voxel = 0; voxel < labels.length; voxel++) if (labels[voxel] !== next[voxel]) voxels.push(voxel);
  if (voxels.length === 0) return null;
  return {
    voxels: Uint32Array.from(voxels),
    before: Uint8Array.from(voxels, (voxel) => labels[voxel] as number),
    after: Uint8Array.from(voxels, (voxel) => next[voxel] as number),
  };
}

/** How many voxels of a segment a change sets or takes away. */
export function editedVoxels({ before, after }: VoxelChange, value: number): number {
  return before.reduce(
    (sum, label, place) => sum + Number((label === value) !== (after[place] === value)),
    0,
  );
}

/**
 * The steps of a segment with one more. Steps of one tool with the same parameters are one, with the number of its
 * strokes; of very many steps those of one tool are one whatever their parameters, which then are the last ones.
 */
export function withStep(origin: readonly OriginStep[], step: OriginStep): OriginStep[] {
  const last = origin.at(-1);
  const { strokes, ...others } = last?.parameters ?? {};
  const isSameTool = last?.tool === step.tool && last.version === step.version && step.seed_ijk === null;
  const isSame = isSameTool && JSON.stringify(others) === JSON.stringify(step.parameters);
  if (last && (isSame || (isSameTool && origin.length >= MOST_STEPS))) {
    const parameters = { ...step.parameters, strokes: Number(strokes ?? 1) + 1 };
    return [...origin.slice(0, -1), { ...step, parameters }];
  }
  const kept = origin.length >= MOST_STEPS ? origin.slice(1) : origin;
  return [...kept, { ...step, parameters: { ...step.parameters } }];
}

/** Of a point from a line, all in mm. */
function distanceMm(
  [x, y]: readonly [number, number],
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
): number {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const length2 = dx * dx + dy * dy;
  const share = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / length2));
  return Math.hypot(x - fromX - share * dx, y - fromY - share * dy);
}
