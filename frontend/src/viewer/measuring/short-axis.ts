import type { PlanePoint } from "../outline";
import type { PixelPoint, PixelValues } from "./region";

export interface AxisImage extends PixelValues {
  /** Between columns, along a row. */
  columnSpacingMm: number;
  /** Between rows, along a column. */
  rowSpacingMm: number;
}

/** How far inward and outward of an edge values are compared, in pixels. */
const EDGE_REACH = 1.5;
const STEPS_PER_PIXEL = 4;
/** How far from the axis an edge is looked for, by the length of the axis. */
const FARTHEST = 0.75;
/** A short axis that is longer than the long one by more than this is none. */
const LONGEST = 1.05;
/** An edge has at least this share of the object's usual contrast. */
const EDGE_SHARE = 0.5;
/** An edge stands out of the noise by this many standard deviations. */
const OVER_NOISE = 3;
/** At so many of the lines across the axis both edges must be found. */
const FOUND_SHARE = 1 / 3;

/** The two edges on one line across the axis: how far from the axis to either side, mm. */
interface Crossing {
  /** Along the axis, mm from its first end. */
  along: number;
  left: number;
  right: number;
}

/**
 * The widest extent of the object under a long axis, perpendicular to it; null where the image shows no edges.
 *
 * Lines across the axis are followed outward from it on both sides. An object is brighter, or darker, than what lies
 * on both its sides: on each line its edges are where values fall (or rise) most, near the first place where they do
 * so by half of the object's usual contrast. Of all lines the one with the largest distance between its edges gives
 * the axis. Only the values of the image count, never how it is displayed.
 */
export function proposeShortAxis(
  image: AxisImage,
  start: PixelPoint,
  end: PixelPoint,
): readonly [PixelPoint, PixelPoint] | null {
  const pixel = Math.min(image.columnSpacingMm, image.rowSpacingMm);
  const from = toMm(start, image);
  const to = toMm(end, image);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (!(length >= 3 * pixel)) return null;
  const axis: PlanePoint = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const lines = linesAcross({ image, from, axis, length, pixel });
  const noise = noiseAlong(image, from, axis, length, pixel);
  const found = [1, -1]
    .map((polarity) => crossingsOf(lines, polarity, noise))
    .sort((a, b) => b.contrast - a.contrast)[0];
  if (!found || found.crossings.length < FOUND_SHARE * lines.length) return null;
  const widest = widestOf(
    found.crossings.filter(({ left, right }) => left + right <= LONGEST * length && left + right > pixel),
    length,
    pixel,
  );
  if (!widest) return null;
  const shrink = Math.min(1, length / (widest.left + widest.right));
  const at = (offset: number): PixelPoint =>
    toPixels(
      [
        from[0] + axis[0] * widest.along - axis[1] * offset,
        from[1] + axis[1] * widest.along + axis[0] * offset,
      ],
      image,
    );
  return [at(-widest.left * shrink), at(widest.right * shrink)];
}

/** How much values fall from the inner to the outer side, at each step away from the axis. */
interface Line {
  along: number;
  left: Float64Array;
  right: Float64Array;
  stepMm: number;
}

interface Axis {
  image: AxisImage;
  from: PlanePoint;
  axis: PlanePoint;
  length: number;
  pixel: number;
}

function linesAcross({ image, from, axis, length, pixel }: Axis): Line[] {
  const count = Math.min(81, Math.max(9, Math.round((1.6 * length) / pixel)));
  const stepMm = pixel / STEPS_PER_PIXEL;
  const reach = Math.round(EDGE_REACH * STEPS_PER_PIXEL);
  const steps = Math.ceil((FARTHEST * length) / stepMm);
  return Array.from({ length: count }, (_, place) => {
    const along = length * (0.1 + (0.8 * place) / (count - 1));
    const falls = (side: 1 | -1) => {
      const profile = Float64Array.from({ length: steps + 2 * reach + 1 }, (_, step) => {
        const offset = side * (step - reach) * stepMm;
        const x = from[0] + axis[0] * along - axis[1] * offset;
        const y = from[1] + axis[1] * along + axis[0] * offset;
        return valueAt(image, x, y);
      });
      return fallsAlong(profile, reach);
    };
    return { along, left: falls(-1), right: falls(1), stepMm };
  });
}

/** At each place the mean of the values before it less that of those after it. */
function fallsAlong(profile: Float64Array, reach: number): Float64Array {
  const sums = new Float64Array(profile.length + 1);
  for (let place = 0; place < profile.length; place++) {
    sums[place + 1] = (sums[place] as number) + (profile[place] as number);
  }
  const mean = (start: number, end: number) => ((sums[end] as number) - (sums[start] as number)) / reach;
  return Float64Array.from({ length: profile.length - 2 * reach }, (_, step) => {
    const place = step + reach;
    return mean(place - reach, place) - mean(place + 1, place + 1 + reach);
  });
}

function crossingsOf(
  lines: readonly Line[],
  polarity: number,
  noise: number,
): { contrast: number; crossings: Crossing[] } {
  const strongest = (falls: Float64Array) => falls.reduce((best, fall) => Math.max(best, polarity * fall), 0);
  // Both sides must show the edge: on a slope one of them only does.
  const contrast = median(lines.map(({ left, right }) => Math.min(strongest(left), strongest(right))));
  if (!(contrast > OVER_NOISE * noise) || !(contrast > 0)) return { contrast: 0, crossings: [] };
  const crossings = lines.flatMap(({ along, left, right, stepMm }) => {
    const [a, b] = [edgeOf(left, polarity, contrast), edgeOf(right, polarity, contrast)];
    return a === null || b === null ? [] : [{ along, left: a * stepMm, right: b * stepMm }];
  });
  return { contrast, crossings };
}

/** The step at which the first edge lies, between the steps that there are; null where there is none. */
function edgeOf(falls: Float64Array, polarity: number, contrast: number): number | null {
  const fall = (step: number) => polarity * (falls[step] ?? Number.NEGATIVE_INFINITY);
  let first = 0;
  while (first < falls.length && fall(first) < EDGE_SHARE * contrast) first++;
  if (first >= falls.length) return null;
  let best = first;
  const within = Math.round(2 * EDGE_REACH * STEPS_PER_PIXEL);
  for (let step = first; step <= first + within; step++) if (fall(step) > fall(best)) best = step;
  // Of a plateau, as sharp edges have one, the middle.
  let last = best;
  while (fall(last + 1) === fall(best)) last++;
  const [before, peak, after] = [fall(best - 1), fall(best), fall(last + 1)];
  const bend = before - 2 * peak + after;
  const isBetween = Number.isFinite(bend) && bend < 0 && last === best;
  return (best + last) / 2 + (isBetween ? (0.5 * (before - after)) / bend : 0);
}

function widestOf(crossings: readonly Crossing[], length: number, pixel: number): Crossing | null {
  const width = ({ left, right }: Crossing) => left + right;
  const smooth = crossings.map((_, place) =>
    median(crossings.slice(Math.max(0, place - 2), place + 3).map(width)),
  );
  // A line that is off its neighbors met something else.
  const steady = crossings.filter((one, place) => Math.abs(width(one) - (smooth[place] as number)) <= pixel);
  const most = Math.max(...steady.map(width));
  const nearly = steady.filter((one) => width(one) >= most - 0.25 * pixel);
  const off = ({ along }: Crossing) => Math.abs(along - length / 2);
  return nearly.reduce<Crossing | null>((best, one) => (best && off(best) <= off(one) ? best : one), null);
}

/** Standard deviation of the noise, by how much neighboring pixels along the middle of the axis differ. */
function noiseAlong(
  image: AxisImage,
  from: PlanePoint,
  axis: PlanePoint,
  length: number,
  pixel: number,
): number {
  const count = Math.max(3, Math.floor((0.6 * length) / pixel));
  const steps = Array.from({ length: count }, (_, place) => {
    const along = length * 0.2 + place * pixel;
    const [x, y] = [from[0] + axis[0] * along, from[1] + axis[1] * along];
    // Values of pixels: those between them are smoothed already.
    const [column, row] = [Math.round(x / image.columnSpacingMm), Math.round(y / image.rowSpacingMm)];
    return [pixelAt(image, column + 1, row), pixelAt(image, column, row + 1)].map((value) =>
      Math.abs(value - pixelAt(image, column, row)),
    );
  });
  return (1.4826 * median(steps.flat())) / Math.SQRT2;
}

function pixelAt({ values, rows, columns }: AxisImage, column: number, row: number): number {
  const [c, r] = [Math.min(columns - 1, Math.max(0, column)), Math.min(rows - 1, Math.max(0, row))];
  return values[r * columns + c] as number;
}

/** The value at a place in mm, between the four centers around it; beyond the image that of its edge. */
function valueAt({ values, rows, columns, rowSpacingMm, columnSpacingMm }: AxisImage, x: number, y: number) {
  const column = Math.min(columns - 1, Math.max(0, x / columnSpacingMm));
  const row = Math.min(rows - 1, Math.max(0, y / rowSpacingMm));
  const [c, r] = [Math.floor(column), Math.floor(row)];
  const [nextC, nextR] = [Math.min(c + 1, columns - 1), Math.min(r + 1, rows - 1)];
  const at = (atRow: number, atColumn: number) => values[atRow * columns + atColumn] as number;
  const upper = at(r, c) + (at(r, nextC) - at(r, c)) * (column - c);
  const lower = at(nextR, c) + (at(nextR, nextC) - at(nextR, c)) * (column - c);
  return upper + (lower - upper) * (row - r);
}

const toMm = ([column, row]: PixelPoint, image: AxisImage): PlanePoint => [
  column * image.columnSpacingMm,
  row * image.rowSpacingMm,
];

const toPixels = ([x, y]: PlanePoint, image: AxisImage): PixelPoint => [
  x / image.columnSpacingMm,
  y / image.rowSpacingMm,
];

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
