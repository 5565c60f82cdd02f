import type { Placement, Rotation, Turn } from "./types";

/** The image as it was taken. */
export const UNTURNED: Turn = { isMirrored: false, rotation: 0 };

const ROTATIONS: readonly Rotation[] = [0, 90, 180, 270];

/** How an image that lies so is turned, by whichever flips and rotations it came there. */
export function turnOf({ along, down }: Pick<Placement, "along" | "down">): Turn {
  const isMirrored = along[0] * down[1] - along[1] * down[0] < 0;
  const [x, y] = isMirrored ? [-along[0], -along[1]] : along;
  const quarters = Math.round(Math.atan2(y, x) / (Math.PI / 2));
  return { isMirrored, rotation: ROTATIONS[(quarters + 4) % 4] ?? 0 };
}

/** The rotation of so many degrees; none where it is no quarter turn. */
export function rotationOf(degrees: number | undefined): Rotation {
  return ROTATIONS.find((one) => one === degrees) ?? 0;
}
