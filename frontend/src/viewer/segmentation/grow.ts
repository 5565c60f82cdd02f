import { type Box, indexOf, isWithin, micrometers, type Shape, type Voxel } from "./box";
import { leastCosts, type StepCosts, type Terrain } from "./least-cost";
import { byPlane, dilated, discSteps, fillPlane, majority, partAround } from "./planes";

export const GROW_VERSION = "grow-1";

/** As recorded with a mask; lengths in mm. */
export interface GrowParameters {
  /** Edge length of the box around the click. */
  box_mm: number;
  /** Radius around the click that belongs to the object for certain. */
  object_mm: number;
  /** Distance from the click beyond which nothing belongs to it. */
  shell_mm: number;
  /** Whole number from -10 (less) to 10 (more). */
  strength: number;
}

export const GROW_DEFAULTS: GrowParameters = { box_mm: 30, object_mm: 1, shell_mm: 13, strength: 0 };
export const MOST_STRENGTH = 10;

export type GrowRefusal =
  | "seed_outside"
  | "box_too_small"
  | "values_not_finite"
  | "values_constant"
  | "no_edge"
  | "leak"
  | "empty";

export type GrowResult =
  | { kind: "grown"; mask: Uint8Array; voxels: number; version: typeof GROW_VERSION }
  | { kind: "refused"; reason: GrowRefusal; text: string };

export const GROW_REFUSALS: Readonly<Record<GrowRefusal, string>> = {
  seed_outside: "The click lies outside of the image.",
  box_too_small: "There is too little image around the click to tell the object from its surroundings.",
  values_not_finite: "The image holds values that are not numbers here.",
  values_constant: "The image is even here: there is nothing to grow.",
  no_edge: "Nothing around the click differs clearly from it. Please draw this one by hand.",
  leak: "The region ran into its surroundings. Try less, or draw this one by hand.",
  empty: "Nothing was left of the region. Try more, or click nearer to the middle.",
};

// By how much nearer the surroundings may be, in percent, for a voxel still to belong to the object: 110 × 1.12^strength.
const RATIOS = [
  35, 40, 44, 50, 56, 62, 70, 78, 88, 98, 110, 123, 138, 155, 173, 194, 217, 243, 272, 305, 342,
];
const USUAL_RATIO = 110;
const LEVELS = 4095;
const RING_UM = [700, 2000] as const;
const ROUNDING_UM = 1000;
const CLEAR_EDGE = 4;

/**
 * The region around a click, by competition: a voxel belongs to the object when the way to it from the click costs
 * less than the way from the surroundings, where crossing edges is what costs.
 *
 * Only whole numbers are computed with, so that the twin in Python (`backend/analysis/masks/grow.py`) gives the same
 * voxels. More strength never loses a voxel, as long as neither result is refused. The display window plays no part.
 */
export function grow(box: Box, seed: Voxel, parameters: GrowParameters = GROW_DEFAULTS): GrowResult {
  const ratio = RATIOS[parameters.strength + MOST_STRENGTH];
  if (ratio === undefined)
    throw new RangeError(`The strength must be from -10 to 10, not ${parameters.strength}.`);
  const { shape } = box;
  if (!isWithin(seed, shape)) return refused("seed_outside");
  if (shape[1] < 3 || shape[2] < 3) return refused("box_too_small");
  const whole = wholeValues(box.values);
  if (typeof whole === "string") return refused(whole);
  const values = smoothed(whole, shape);
  const lengths = lengthsOf(box);
  const surroundings = voxelsBeyond(seed, shape, lengths, micrometers(parameters.shell_mm));
  if (surroundings.length === 0) return refused("box_too_small");
  const noise = Math.max(1, medianStep(values, shape));
  const core = coreVoxels(seed, shape, lengths, micrometers(parameters.object_mm));
  const level = rankOf(
    core.map((voxel) => values[voxel] as number),
    1,
    2,
  );
  const terrain: Terrain = { values, shape, steps: stepCosts(lengths, noise), noise, penalty: null };

  const fromOutside = leastCosts(terrain, surroundings);
  const rough = won(leastCosts(terrain, core), fromOutside, USUAL_RATIO, shape, seed);
  const contrast = contrastAround(rough, values, level, shape, seed, lengths);
  if (contrast < CLEAR_EDGE * noise) return refused("no_edge");
  const tolerance = Math.floor(contrast / 2);
  const penalty = values.map((value) => Math.max(0, Math.abs(value - level) - tolerance));
  const fromInside = leastCosts({ ...terrain, penalty }, core);
  const region = won(fromInside, fromOutside, ratio, shape, seed);
  if (isBeside(region, surroundings, shape)) return refused("leak");
  const mask = rounded(region, shape, seed, lengths);
  const voxels = mask.reduce((sum, value) => sum + value, 0);
  return voxels === 0 ? refused("empty") : { kind: "grown", mask, voxels, version: GROW_VERSION };
}

const refused = (reason: GrowRefusal): GrowResult => ({
  kind: "refused",
  reason,
  text: GROW_REFUSALS[reason],
});

interface Lengths {
  slice: number;
  row: number;
  column: number;
}

function lengthsOf({ spacingMm: [slice, row, column] }: Box): Lengths {
  const lengths = { slice: micrometers(slice), row: micrometers(row), column: micrometers(column) };
  if (!Object.values(lengths).every((length) => length > 0))
    throw new RangeError("The spacing must be positive.");
  return lengths;
}

/** Whole values from 0: as they are where 4096 levels hold them, else spread over as many levels. */
function wholeValues(values: ArrayLike<number>): Int32Array | GrowRefusal {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let isWhole = true;
  for (let voxel = 0; voxel < values.length; voxel++) {
    const value = values[voxel] as number;
    if (!Number.isFinite(value)) return "values_not_finite";
    if (value < low) low = value;
    if (value > high) high = value;
    isWhole &&= Number.isInteger(value);
  }
  if (!(high > low)) return "values_constant";
  const range = high - low;
  const isKept = isWhole && range <= LEVELS;
  return Int32Array.from(values, (value) =>
    isKept ? value - low : Math.floor(((value - low) * LEVELS) / range + 0.5),
  );
}

/** Sixteen times the mean weighted 1-2-1 along rows and columns; edges repeat themselves. */
function smoothed(values: Int32Array, [, rows, columns]: Shape): Int32Array {
  const along = new Int32Array(values.length);
  const result = new Int32Array(values.length);
  for (let voxel = 0; voxel < values.length; voxel++) {
    const column = voxel % columns;
    const before = values[column > 0 ? voxel - 1 : voxel] as number;
    const after = values[column + 1 < columns ? voxel + 1 : voxel] as number;
    along[voxel] = before + 2 * (values[voxel] as number) + after;
  }
  for (let voxel = 0; voxel < values.length; voxel++) {
    const row = Math.floor(voxel / columns) % rows;
    const before = along[row > 0 ? voxel - columns : voxel] as number;
    const after = along[row + 1 < rows ? voxel + columns : voxel] as number;
    result[voxel] = before + 2 * (along[voxel] as number) + after;
  }
  return result;
}

/** The median difference of neighbors in a row. */
function medianStep(values: Int32Array, [, , columns]: Shape): number {
  const counts = new Int32Array(16 * LEVELS + 1);
  let total = 0;
  for (let voxel = 0; voxel + 1 < values.length; voxel++) {
    if (voxel % columns === columns - 1) continue;
    const step = Math.abs((values[voxel + 1] as number) - (values[voxel] as number));
    counts[step] = (counts[step] as number) + 1;
    total += 1;
  }
  const middle = Math.floor(total / 2);
  let passed = 0;
  return counts.findIndex((count) => {
    passed += count;
    return passed > middle;
  });
}

/** Voxels at that distance from the seed or farther. */
function voxelsBeyond(seed: Voxel, shape: Shape, lengths: Lengths, distanceUm: number): number[] {
  const found: number[] = [];
  const [slices, rows, columns] = shape;
  for (let slice = 0; slice < slices; slice++) {
    for (let row = 0; row < rows; row++) {
      const partUm2 = ((slice - seed[0]) * lengths.slice) ** 2 + ((row - seed[1]) * lengths.row) ** 2;
      for (let column = 0; column < columns; column++) {
        if (partUm2 + ((column - seed[2]) * lengths.column) ** 2 >= distanceUm ** 2) {
          found.push((slice * rows + row) * columns + column);
        }
      }
    }
  }
  return found;
}

/** Voxels of the seed's slice within the radius that is the object's for certain. */
function coreVoxels([slice, row, column]: Voxel, shape: Shape, lengths: Lengths, radiusUm: number): number[] {
  return discSteps(radiusUm, lengths.row, lengths.column)
    .map(([down, across]): Voxel => [slice, row + down, column + across])
    .filter((voxel) => isWithin(voxel, shape))
    .map((voxel) => indexOf(voxel, shape));
}

/** The value that the share `part / of` of the others lies below. */
function rankOf(values: number[], part: number, of: number): number {
  values.sort((a, b) => a - b);
  return values[Math.floor((part * (values.length - 1)) / of)] as number;
}

/** A step costs half the noise per pixel; across slices, however far apart, as much as one and a half pixels. */
function stepCosts({ slice, row, column }: Lengths, noise: number): StepCosts {
  const pixel = Math.min(row, column);
  const cost = (length: number): number => Math.max(1, Math.floor((noise * length) / (2 * pixel)));
  return {
    column: cost(column),
    row: cost(row),
    diagonal: cost(Math.floor(Math.sqrt(row * row + column * column))),
    slice: cost(Math.min(slice, Math.floor((3 * pixel) / 2))),
  };
}

/** The part around the seed of what is nearer to it than to the surroundings, `ratio` percent allowed. */
function won(inside: Int32Array, outside: Int32Array, ratio: number, shape: Shape, seed: Voxel): Uint8Array {
  const mask = new Uint8Array(inside.length);
  for (let voxel = 0; voxel < mask.length; voxel++) {
    if ((inside[voxel] as number) * 100 <= (outside[voxel] as number) * ratio) mask[voxel] = 1;
  }
  return partAround(mask, shape, indexOf(seed, shape));
}

/** How much most of the ring around a rough region differs from the object, on the seed's slice. */
function contrastAround(
  rough: Uint8Array,
  values: Int32Array,
  level: number,
  shape: Shape,
  seed: Voxel,
  lengths: Lengths,
): number {
  const [, rows, columns] = shape;
  const first = seed[0] * rows * columns;
  const plane = rough.subarray(first, first + rows * columns);
  const [near, far] = RING_UM.map((radius) =>
    dilated(plane, rows, columns, discSteps(radius, lengths.row, lengths.column)),
  ) as [Uint8Array, Uint8Array];
  const differences: number[] = [];
  far.forEach((isFar, pixel) => {
    if (isFar && !near[pixel]) differences.push(Math.abs((values[first + pixel] as number) - level));
  });
  return differences.length === 0 ? 0 : rankOf(differences, 7, 10);
}

/** Whether a region has come next to the surroundings, which it can only do where no edge held it. */
function isBeside(region: Uint8Array, surroundings: readonly number[], shape: Shape): boolean {
  const [, rows, columns] = shape;
  const plane = rows * columns;
  return surroundings.some((voxel) => {
    const column = voxel % columns;
    const row = Math.floor(voxel / columns) % rows;
    return (
      region[voxel] ||
      (column > 0 && region[voxel - 1]) ||
      (column + 1 < columns && region[voxel + 1]) ||
      (row > 0 && region[voxel - columns]) ||
      (row + 1 < rows && region[voxel + columns]) ||
      region[voxel - plane] ||
      region[voxel + plane]
    );
  });
}

/** Without holes and single-voxel roughness, and still in one part that holds the seed. */
function rounded(region: Uint8Array, shape: Shape, seed: Voxel, lengths: Lengths): Uint8Array {
  const disc = discSteps(ROUNDING_UM, lengths.row, lengths.column);
  const filled = byPlane(region, shape, fillPlane);
  const smooth = byPlane(filled, shape, (plane, rows, columns) => majority(plane, rows, columns, disc));
  return partAround(smooth, shape, indexOf(seed, shape));
}
