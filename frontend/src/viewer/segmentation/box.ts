/** Slices, rows, columns. */
export type Shape = readonly [slices: number, rows: number, columns: number];
/** A voxel's slice, row and column, each from 0. */
export type Voxel = readonly [slice: number, row: number, column: number];
/** Mm between slices, rows and columns. */
export type Spacing = readonly [slice: number, row: number, column: number];

/** Values as they are stored, or rescaled by the modality's slope; never those of the display window. */
export type StoredValues = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array;

export interface Box {
  /** Slice-major: slice, then row, then column. */
  values: StoredValues;
  shape: Shape;
  spacingMm: Spacing;
}

/** A box cut from a series, and where its first voxel lies there. */
export interface CutBox {
  box: Box;
  start: Voxel;
  seed: Voxel;
}

export const voxelCount = ([slices, rows, columns]: Shape): number => slices * rows * columns;

export const indexOf = ([slice, row, column]: Voxel, [, rows, columns]: Shape): number =>
  (slice * rows + row) * columns + column;

export const isWithin = (voxel: Voxel, shape: Shape): boolean =>
  voxel.every((place, axis) => Number.isInteger(place) && place >= 0 && place < (shape[axis] as number));

/** Whole micrometers: lengths are compared and added as integers, so that every machine computes the same. */
export const micrometers = (mm: number): number => Math.floor(mm * 1000 + 0.5);
