import type { PlanePoint } from "../outline";

/** Column and row of a place on a slice; (0, 0) is the center of the first pixel. */
export type PixelPoint = PlanePoint;

/** The stored values of a slice after rescaling, row by row. */
export interface PixelValues {
  values: ArrayLike<number>;
  rows: number;
  columns: number;
}

/** What the pixels of a region have for values; of no pixel nothing but their number is known. */
export type RegionStatistics =
  | { pixels: 0 }
  | { pixels: number; mean: number; sd: number; min: number; max: number };

type Visit = (value: number) => void;

const PARTS_OF_A_PIXEL = 1_000_000;

/**
 * A place to a millionth of a pixel, halves upward, so that the server decides alike about a center on the line.
 *
 * The server's twin of this file is `backend/reads/region_values.py`: the same steps in the same order.
 */
const settled = (value: number): number => Math.floor(value * PARTS_OF_A_PIXEL + 0.5) / PARTS_OF_A_PIXEL;

/** The statistics of the pixels whose centers lie within a closed outline (even-odd rule). */
export function polygonStatistics(corners: readonly PixelPoint[], image: PixelValues): RegionStatistics {
  return statisticsOf(polygonSpans(corners, image), image);
}

/** The statistics of the pixels whose centers lie within an ellipse or on its line; `ends` are those of its two axes. */
export function ellipseStatistics(ends: readonly PixelPoint[], image: PixelValues): RegionStatistics {
  return statisticsOf(ellipseSpans(ends, image), image);
}

/** Pixels of one row, from a column up to but not including another one. */
interface Span {
  row: number;
  from: number;
  to: number;
}

/** A center on a left or upper edge is within, one on a right or lower edge is not. */
function polygonSpans(corners: readonly PixelPoint[], { rows, columns }: PixelValues): Span[] {
  const outline = corners.map(([column, row]) => [settled(column), settled(row)] as const);
  const crossings = new Map<number, number[]>();
  outline.forEach(([startColumn, startRow], corner) => {
    const [endColumn, endRow] = outline[(corner + 1) % outline.length] as PixelPoint;
    const last = Math.min(rows - 1, Math.ceil(Math.max(startRow, endRow)) - 1);
    for (let row = Math.max(0, Math.ceil(Math.min(startRow, endRow))); row <= last; row++) {
      const share = (row - startRow) / (endRow - startRow);
      const crossing = startColumn + share * (endColumn - startColumn);
      const column = Math.min(columns, Math.max(0, Math.ceil(crossing)));
      crossings.set(row, [...(crossings.get(row) ?? []), column]);
    }
  });
  return [...crossings].flatMap(([row, found]) => {
    found.sort((a, b) => a - b);
    const spans: Span[] = [];
    for (let place = 0; place + 1 < found.length; place += 2) {
      spans.push({ row, from: found[place] as number, to: found[place + 1] as number });
    }
    return spans;
  });
}

function ellipseSpans(ends: readonly PixelPoint[], { rows, columns }: PixelValues): Span[] {
  const [a, b, c, d] = ends.map(([column, row]) => [settled(column), settled(row)] as const);
  if (!a || !b || !c || !d) return [];
  const centerX = (a[0] + b[0] + c[0] + d[0]) / 4;
  const centerY = (a[1] + b[1] + c[1] + d[1]) / 4;
  const [ux, uy] = [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2];
  const [vx, vy] = [(d[0] - c[0]) / 2, (d[1] - c[1]) / 2];
  const size = ux * vy - uy * vx;
  if (size === 0) return [];
  const isWithin = (column: number, row: number): boolean => {
    const [x, y] = [column - centerX, row - centerY];
    const alongU = (x * vy - y * vx) / size;
    const alongV = (y * ux - x * uy) / size;
    // A place that rounding alone moves off the line is on it.
    return alongU * alongU + alongV * alongV <= 1 + 1e-9;
  };
  const reachX = Math.abs(ux) + Math.abs(vx);
  const reachY = Math.abs(uy) + Math.abs(vy);
  const spans: Span[] = [];
  for (let row = low(centerY - reachY); row <= high(centerY + reachY, rows); row++) {
    let from = low(centerX - reachX);
    let to = high(centerX + reachX, columns);
    while (from <= to && !isWithin(from, row)) from++;
    while (to >= from && !isWithin(to, row)) to--;
    if (from <= to) spans.push({ row, from, to: to + 1 });
  }
  return spans;
}

const low = (value: number): number => Math.max(0, Math.floor(value));
const high = (value: number, count: number): number => Math.min(count - 1, Math.ceil(value));

/** The standard deviation is that of the pixels themselves (division by their number). */
function statisticsOf(spans: readonly Span[], { values, columns }: PixelValues): RegionStatistics {
  const visit = (tell: Visit) => {
    for (const { row, from, to } of spans) {
      for (let column = from; column < to; column++) tell(values[row * columns + column] as number);
    }
  };
  let pixels = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  visit((value) => {
    pixels += 1;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  });
  if (pixels === 0) return { pixels: 0 };
  const mean = sum / pixels;
  let squares = 0;
  visit((value) => {
    squares += (value - mean) ** 2;
  });
  return { pixels, mean, sd: Math.sqrt(squares / pixels), min, max };
}
