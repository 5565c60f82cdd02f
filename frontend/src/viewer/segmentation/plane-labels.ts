import { cross, dot, pixelToPatient, type SliceGeometry, subtract } from "../geometry";
import type { Vec3 } from "../types";
import type { Shape } from "./box";

/**
 * The labels of a stack on any plane, pixel by pixel of that plane: each has the label of the voxel that it lies in.
 *
 * `first` and `last` are the ends of the stack, whose slices lie evenly.
 */
export function labelsOnPlane(
  labels: Uint8Array,
  [slices, rows, columns]: Shape,
  { first, last }: { first: SliceGeometry; last: SliceGeometry },
  plane: SliceGeometry,
): Uint8Array {
  const normal = cross(first.rowDirection, first.columnDirection);
  const stepMm = dot(subtract(last.origin, first.origin), normal) / Math.max(1, slices - 1);
  const place = (point: Vec3): Vec3 => {
    const from = subtract(point, first.origin);
    return [
      dot(from, normal) / stepMm,
      dot(from, first.columnDirection) / first.rowSpacingMm,
      dot(from, first.rowDirection) / first.columnSpacingMm,
    ];
  };
  const start = place(pixelToPatient(0, 0, plane));
  const across = subtract(place(pixelToPatient(1, 0, plane)), start);
  const down = subtract(place(pixelToPatient(0, 1, plane)), start);
  const result = new Uint8Array(plane.rows * plane.columns);
  for (let y = 0; y < plane.rows; y++) {
    for (let x = 0; x < plane.columns; x++) {
      const slice = Math.round(start[0] + x * across[0] + y * down[0]);
      const row = Math.round(start[1] + x * across[1] + y * down[1]);
      const column = Math.round(start[2] + x * across[2] + y * down[2]);
      if (slice < 0 || row < 0 || column < 0 || slice >= slices || row >= rows || column >= columns) continue;
      result[y * plane.columns + x] = labels[(slice * rows + row) * columns + column] as number;
    }
  }
  return result;
}
