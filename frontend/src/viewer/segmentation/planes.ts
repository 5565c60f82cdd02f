import { type Shape, voxelCount } from "./box";

/** Steps (rows, columns) to every pixel whose center lies within a radius; lengths in micrometers. */
export function discSteps(radiusUm: number, rowUm: number, columnUm: number): [number, number][] {
  const down = Math.floor(radiusUm / rowUm);
  const across = Math.floor(radiusUm / columnUm);
  const steps: [number, number][] = [];
  for (let row = -down; row <= down; row++) {
    for (let column = -across; column <= across; column++) {
      if ((row * rowUm) ** 2 + (column * columnUm) ** 2 <= radiusUm ** 2) steps.push([row, column]);
    }
  }
  return steps;
}

/** Pixels of one plane of a mask with at least one (`dilated`) or more than half (`majority`) of a disc set. */
export function dilated(plane: Uint8Array, rows: number, columns: number, disc: readonly [number, number][]) {
  const result = new Uint8Array(plane.length);
  forDiscCounts(plane, rows, columns, disc, (pixel, count) => {
    if (count > 0) result[pixel] = 1;
  });
  return result;
}

export function majority(
  plane: Uint8Array,
  rows: number,
  columns: number,
  disc: readonly [number, number][],
) {
  const result = new Uint8Array(plane.length);
  forDiscCounts(plane, rows, columns, disc, (pixel, count) => {
    if (2 * count > disc.length) result[pixel] = 1;
  });
  return result;
}

/** Set what a plane's mask encloses: pixels that no way along edges leads out of. */
export function fillPlane(plane: Uint8Array, rows: number, columns: number): Uint8Array {
  const outside = new Uint8Array(plane.length);
  const stack: number[] = [];
  const visit = (row: number, column: number): void => {
    const pixel = row * columns + column;
    if (plane[pixel] || outside[pixel]) return;
    outside[pixel] = 1;
    stack.push(pixel);
  };
  for (let row = 0; row < rows; row++) {
    visit(row, 0);
    visit(row, columns - 1);
  }
  for (let column = 0; column < columns; column++) {
    visit(0, column);
    visit(rows - 1, column);
  }
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
    const column = pixel % columns;
    const row = (pixel - column) / columns;
    if (row > 0) visit(row - 1, column);
    if (row + 1 < rows) visit(row + 1, column);
    if (column > 0) visit(row, column - 1);
    if (column + 1 < columns) visit(row, column + 1);
  }
  return outside.map((isOutside) => 1 - isOutside);
}

/** The part of a mask that hangs together with a voxel by faces; empty when that voxel is not set. */
export function partAround(mask: Uint8Array, shape: Shape, start: number): Uint8Array {
  const [, rows, columns] = shape;
  const plane = rows * columns;
  const count = voxelCount(shape);
  const part = new Uint8Array(count);
  const stack: number[] = [];
  const visit = (voxel: number): void => {
    if (!mask[voxel] || part[voxel]) return;
    part[voxel] = 1;
    stack.push(voxel);
  };
  visit(start);
  for (let voxel = stack.pop(); voxel !== undefined; voxel = stack.pop()) {
    const column = voxel % columns;
    const row = ((voxel - column) / columns) % rows;
    if (column > 0) visit(voxel - 1);
    if (column + 1 < columns) visit(voxel + 1);
    if (row > 0) visit(voxel - columns);
    if (row + 1 < rows) visit(voxel + columns);
    if (voxel >= plane) visit(voxel - plane);
    if (voxel + plane < count) visit(voxel + plane);
  }
  return part;
}

/** The mask with every plane replaced by what `change` makes of it; empty planes stay as they are. */
export function byPlane(
  mask: Uint8Array,
  [slices, rows, columns]: Shape,
  change: (plane: Uint8Array, rows: number, columns: number) => Uint8Array,
): Uint8Array {
  const size = rows * columns;
  const result = new Uint8Array(mask.length);
  for (let slice = 0; slice < slices; slice++) {
    const plane = mask.subarray(slice * size, (slice + 1) * size);
    if (plane.includes(1)) result.set(change(plane, rows, columns), slice * size);
  }
  return result;
}

/** Count, for every pixel near the mask, how many of the disc around it are set; beyond the plane none is. */
function forDiscCounts(
  plane: Uint8Array,
  rows: number,
  columns: number,
  disc: readonly [number, number][],
  tell: (pixel: number, count: number) => void,
): void {
  const counts = new Uint16Array(plane.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!plane[row * columns + column]) continue;
      for (const [down, across] of disc) {
        const y = row + down;
        const x = column + across;
        if (y >= 0 && y < rows && x >= 0 && x < columns) {
          const pixel = y * columns + x;
          counts[pixel] = (counts[pixel] as number) + 1;
        }
      }
    }
  }
  counts.forEach((count, pixel) => {
    if (count > 0) tell(pixel, count);
  });
}
