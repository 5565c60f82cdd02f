import { cross, dot, type SliceGeometry, subtract } from "../geometry";
import { commonKind } from "../value-kinds";
import {
  type CutBox,
  isWithin,
  micrometers,
  type Shape,
  type Spacing,
  type StoredValues,
  type Voxel,
} from "./box";

/** Steps between slices may differ by this much and still count as even. */
const EVEN_MM = 0.05;
const PARALLEL = 1e-4;

export type StackSpacing = { kind: "even"; spacingMm: Spacing } | { kind: "uneven"; text: string };

export const NO_GEOMETRY = "This series does not say where its slices lie.";
export const NOT_PARALLEL =
  "The slices of this series do not lie parallel to one another, or their pixels differ.";
export const UNEVEN =
  "The slices of this series are not evenly spaced, so nothing can be grown or volumes told.";
export const ONE_SLICE = "This series has only one slice.";

/** The spacing of a stack whose slices are parallel, alike and evenly spaced; else why there is none. */
export function stackSpacing(geometries: readonly (SliceGeometry | null)[]): StackSpacing {
  const slices = geometries.filter((one) => one !== null);
  const [first] = slices;
  if (!first || slices.length < geometries.length) return { kind: "uneven", text: NO_GEOMETRY };
  if (slices.length < 2) return { kind: "uneven", text: ONE_SLICE };
  if (!slices.every((one) => isAlike(one, first))) return { kind: "uneven", text: NOT_PARALLEL };
  const normal = cross(first.rowDirection, first.columnDirection);
  const places = slices.map((one) => dot(subtract(one.origin, first.origin), normal));
  const steps = places.slice(1).map((place, before) => place - (places[before] as number));
  const mean = (places.at(-1) as number) / steps.length;
  if (Math.abs(mean) < EVEN_MM || steps.some((step) => Math.abs(step - mean) > EVEN_MM)) {
    return { kind: "uneven", text: UNEVEN };
  }
  return { kind: "even", spacingMm: [Math.abs(mean), first.rowSpacingMm, first.columnSpacingMm] };
}

/**
 * The voxels around one, as far as the series reaches.
 *
 * `valuesOf` gives the stored values of a slice, or null where it has not been loaded; then there is no box.
 */
export function cutBox(options: {
  shape: Shape;
  spacingMm: Spacing;
  seed: Voxel;
  boxMm: number;
  valuesOf: (slice: number) => StoredValues | null;
}): CutBox | null {
  const { shape, spacingMm, seed, boxMm } = options;
  if (!isWithin(seed, shape)) return null;
  const half = spacingMm.map((spacing) => Math.ceil(micrometers(boxMm) / 2 / micrometers(spacing)));
  const start = seed.map((place, axis) => Math.max(0, place - (half[axis] as number)));
  const end = seed.map((place, axis) => Math.min(shape[axis] as number, place + (half[axis] as number) + 1));
  const [slices, rows, columns] = end.map((last, axis) => last - (start[axis] as number)) as [
    number,
    number,
    number,
  ];
  const planes: StoredValues[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const plane = options.valuesOf((start[0] as number) + slice);
    if (!plane) return null;
    planes.push(plane);
  }
  const values = emptyFor(planes, slices * rows * columns);
  planes.forEach((plane, slice) => {
    for (let row = 0; row < rows; row++) {
      const from = ((start[1] as number) + row) * shape[2] + (start[2] as number);
      values.set(plane.subarray(from, from + columns), (slice * rows + row) * columns);
    }
  });
  return {
    box: { values, shape: [slices, rows, columns], spacingMm },
    start: start as unknown as Voxel,
    seed: seed.map((place, axis) => place - (start[axis] as number)) as unknown as Voxel,
  };
}

function isAlike(one: SliceGeometry, first: SliceGeometry): boolean {
  return (
    one.rows === first.rows &&
    one.columns === first.columns &&
    Math.abs(one.rowSpacingMm - first.rowSpacingMm) < PARALLEL &&
    Math.abs(one.columnSpacingMm - first.columnSpacingMm) < PARALLEL &&
    Math.abs(dot(one.rowDirection, first.rowDirection) - 1) < PARALLEL &&
    Math.abs(dot(one.columnDirection, first.columnDirection) - 1) < PARALLEL
  );
}

const BLOCKS = { Uint8Array, Int16Array, Uint16Array, Float32Array };

/** Values that hold those of every slice, which may be of different kinds. */
function emptyFor(planes: readonly StoredValues[], length: number): StoredValues {
  const [first] = planes;
  const isAlike = planes.every((plane) => plane.constructor === first?.constructor);
  if (first && isAlike) return new (first.constructor as new (length: number) => StoredValues)(length);
  return new BLOCKS[commonKind(planes.map((plane) => plane.constructor.name))](length);
}
