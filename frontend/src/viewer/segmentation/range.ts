import type { PixelPoint } from "../measuring/region";
import type { Shape, StoredValues } from "./box";

// Of a normal distribution, within this many standard deviations lie 95 in 100 values.
const DEVIATIONS = 2;

/** The values to paint with the threshold brush: those that lie under it, by their mean and two standard deviations. */
export function rangeUnder(
  values: StoredValues,
  { shape: [, rows, columns], rowMm, columnMm }: { shape: Shape; rowMm: number; columnMm: number },
  [column, row]: PixelPoint,
  radiusMm: number,
): { low: number; high: number } {
  const under: number[] = [];
  const [middleRow, middleColumn] = [Math.round(row), Math.round(column)];
  const [reachRows, reachColumns] = [Math.ceil(radiusMm / rowMm), Math.ceil(radiusMm / columnMm)];
  for (let y = Math.max(0, middleRow - reachRows); y <= Math.min(rows - 1, middleRow + reachRows); y++) {
    for (
      let x = Math.max(0, middleColumn - reachColumns);
      x <= Math.min(columns - 1, middleColumn + reachColumns);
      x++
    ) {
      const isMiddle = y === middleRow && x === middleColumn;
      const isUnder = Math.hypot((y - row) * rowMm, (x - column) * columnMm) <= radiusMm;
      if (isMiddle || isUnder) under.push(values[y * columns + x] as number);
    }
  }
  const mean = under.reduce((sum, value) => sum + value, 0) / under.length;
  const variance = under.reduce((sum, value) => sum + (value - mean) ** 2, 0) / under.length;
  const spread = DEVIATIONS * Math.sqrt(variance);
  return { low: settled(mean - spread), high: settled(mean + spread) };
}

/** To four digits: finer than that no range is meant. */
const settled = (value: number): number => Number(value.toPrecision(4));
