import { describe, expect, it } from "vitest";
import { pixelToPatient, type SliceGeometry } from "../geometry";
import { reformat, volumeGeometry } from "../planes";
import { anySlice, seeded } from "../testing";
import { labelsOnPlane } from "./plane-labels";

const SHAPE = [5, 12, 9] as const;
const STEP_MM = 3.3;

function stack(seed: number): SliceGeometry[] {
  const first = { ...anySlice(seeded(seed)), rows: SHAPE[1], columns: SHAPE[2] };
  const [a, b] = [first.rowDirection, first.columnDirection];
  const normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]] as const;
  const at = (slice: number, axis: 0 | 1 | 2) => first.origin[axis] + slice * STEP_MM * normal[axis];
  return Array.from({ length: SHAPE[0] }, (_, slice) => ({
    ...first,
    origin: [at(slice, 0), at(slice, 1), at(slice, 2)],
  }));
}

describe("labelsOnPlane", () => {
  const random = seeded(4);
  const labels = Uint8Array.from({ length: 5 * 12 * 9 }, () => Math.floor(3 * random()));

  it("gives an acquired slice back as it is, in any orientation", () => {
    for (let seed = 1; seed < 6; seed++) {
      const slices = stack(seed);
      const ends = { first: slices[0] as SliceGeometry, last: slices[4] as SliceGeometry };
      slices.forEach((slice, place) => {
        const expected = labels.subarray(place * 108, (place + 1) * 108);
        expect(labelsOnPlane(labels, SHAPE, ends, slice)).toEqual(expected);
      });
    }
  });

  it("finds in planes across it the voxel that each pixel's middle is nearest to", () => {
    const slices = stack(7);
    const volume = volumeGeometry(slices);
    if (typeof volume === "string") throw new Error(volume);
    const ends = { first: slices[0] as SliceGeometry, last: slices[4] as SliceGeometry };
    const centers = slices.flatMap((slice) =>
      Array.from({ length: 108 }, (_, pixel) => pixelToPatient(pixel % 9, Math.floor(pixel / 9), slice)),
    );
    for (const name of ["axial", "sagittal", "coronal"] as const) {
      const planes = reformat(volume, name);
      const plane = planes[Math.floor(planes.length / 2)] as SliceGeometry;
      const found = labelsOnPlane(labels, SHAPE, ends, plane);
      const expected = Uint8Array.from(found, (_, pixel) => {
        const point = pixelToPatient(pixel % plane.columns, Math.floor(pixel / plane.columns), plane);
        const distances = centers.map((one) =>
          Math.hypot(...one.map((part, axis) => part - (point[axis] ?? 0))),
        );
        return labels[distances.indexOf(Math.min(...distances))] as number;
      });
      expect(found).toEqual(expected);
    }
  });
});
