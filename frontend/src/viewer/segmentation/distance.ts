const FAR = 1e20;

/**
 * Distance in mm of every pixel's center to the edge of a plane's mask: positive within, negative outside.
 *
 * Exact squared distances between pixel centers (Felzenszwalb & Huttenlocher 2012), less half a pixel, since the edge
 * lies between a pixel within and one outside.
 */
export function signedDistances(
  plane: Uint8Array,
  rows: number,
  columns: number,
  spacing: { rowMm: number; columnMm: number },
): Float64Array {
  const half = (spacing.rowMm + spacing.columnMm) / 4;
  const toInside = squaredDistances(plane, rows, columns, spacing, 1);
  const toOutside = squaredDistances(plane, rows, columns, spacing, 0);
  return toInside.map((squared, pixel) =>
    plane[pixel] ? Math.sqrt(toOutside[pixel] as number) - half : half - Math.sqrt(squared),
  );
}

/** Squared distance in mm² to the nearest pixel of that value. */
function squaredDistances(
  plane: Uint8Array,
  rows: number,
  columns: number,
  { rowMm, columnMm }: { rowMm: number; columnMm: number },
  value: 0 | 1,
): Float64Array {
  const squared = Float64Array.from(plane, (pixel) => (pixel === value ? 0 : FAR));
  const longest = Math.max(rows, columns);
  const scratch = {
    line: new Float64Array(longest),
    place: new Int32Array(longest),
    from: new Float64Array(longest + 1),
  };
  for (let column = 0; column < columns; column++)
    lowerEnvelope(squared, column, columns, rows, rowMm, scratch);
  for (let row = 0; row < rows; row++) lowerEnvelope(squared, row * columns, 1, columns, columnMm, scratch);
  return squared;
}

interface Scratch {
  line: Float64Array;
  place: Int32Array;
  from: Float64Array;
}

/** One line of the transform: at each place the lowest of the parabolas that stand on the line's values. */
function lowerEnvelope(
  values: Float64Array,
  first: number,
  stride: number,
  count: number,
  stepMm: number,
  { line, place, from }: Scratch,
): void {
  for (let at = 0; at < count; at++) line[at] = values[first + at * stride] as number;
  const height = (at: number): number => (line[at] as number) + (at * stepMm) ** 2;
  let last = 0;
  place[0] = 0;
  from[0] = Number.NEGATIVE_INFINITY;
  for (let at = 1; at < count; at++) {
    let meets = 0;
    for (; last >= 0; last--) {
      const other = place[last] as number;
      meets = (height(at) - height(other)) / (2 * stepMm * stepMm * (at - other));
      if (meets > (from[last] as number)) break;
    }
    last += 1;
    place[last] = at;
    from[last] = meets;
  }
  let parabola = 0;
  for (let at = 0; at < count; at++) {
    while (parabola < last && (from[parabola + 1] as number) < at) parabola += 1;
    const foot = place[parabola] as number;
    values[first + at * stride] = (line[foot] as number) + ((at - foot) * stepMm) ** 2;
  }
}
