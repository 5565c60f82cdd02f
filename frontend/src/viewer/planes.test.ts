import { describe, expect, it } from "vitest";
import {
  add,
  distance,
  dot,
  fromPlane,
  pixelToPatient,
  type SliceGeometry,
  scale,
  subtract,
} from "./geometry";
import {
  bodyPlane,
  centerOf,
  followingSlice,
  intersection,
  nearestSlice,
  normalOf,
  planesOf,
  reformat,
  type VolumeGeometry,
  volumeGeometry,
} from "./planes";
import { anySlice, seeded } from "./testing";
import type { Vec3 } from "./types";

const AXIAL: SliceGeometry = {
  origin: [-100, -80, 0],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  columnSpacingMm: 0.5,
  rowSpacingMm: 1,
  rows: 161,
  columns: 401,
  frameOfReferenceUid: "1",
};
const CORONAL: SliceGeometry = {
  ...AXIAL,
  origin: [-100, 10, 60],
  columnDirection: [0, 0, -1],
  rows: 121,
};

const stack = (first: SliceGeometry, step: Vec3, count: number): SliceGeometry[] =>
  Array.from({ length: count }, (_, place) => ({ ...first, origin: add(first.origin, scale(step, place)) }));

function tilted(slice: SliceGeometry, degrees: number): SliceGeometry {
  const angle = (degrees * Math.PI) / 180;
  return { ...slice, columnDirection: [0, Math.cos(angle), Math.sin(angle)] };
}

describe("following", () => {
  it("goes to the slice that is nearest to the middle of the one shown", () => {
    const others = stack(AXIAL, [0, 0, 4], 10);
    const at = (z: number) => followingSlice({ ...AXIAL, origin: [-90, -70, z] }, others);
    expect([at(0), at(5.9), at(6.1), at(14)]).toEqual([0, 1, 2, 3]);
  });

  it("stays at the end of a stack that reaches less far", () => {
    const others = stack(AXIAL, [0, 0, 4], 10);
    expect(followingSlice({ ...AXIAL, origin: [0, 0, 500] }, others)).toBe(9);
    expect(followingSlice({ ...AXIAL, origin: [0, 0, -500] }, others)).toBe(0);
  });

  it("goes by position where the other stack runs the other way", () => {
    const others = stack({ ...AXIAL, origin: [-100, -80, 36] }, [0, 0, -4], 10);
    expect(followingSlice({ ...AXIAL, origin: [-100, -80, 8] }, others)).toBe(7);
  });

  it("does not happen between other orientations or other frames of reference", () => {
    expect(followingSlice(CORONAL, stack(AXIAL, [0, 0, 4], 10))).toBeNull();
    const elsewhere = { ...AXIAL, frameOfReferenceUid: "2" };
    expect(followingSlice(elsewhere, stack(AXIAL, [0, 0, 4], 10))).toBeNull();
    expect(followingSlice(tilted(AXIAL, 16), stack(AXIAL, [0, 0, 4], 10))).toBeNull();
    expect(followingSlice(tilted(AXIAL, 14), stack(AXIAL, [0, 0, 4], 10))).not.toBeNull();
  });

  it("skips slices that do not say where they lie", () => {
    const others = [null, ...stack(AXIAL, [0, 0, 4], 3)];
    expect(followingSlice({ ...AXIAL, origin: [-100, -80, 1] }, others)).toBe(1);
    expect(followingSlice(AXIAL, [null, null])).toBeNull();
    expect(nearestSlice([0, 0, 0], [])).toBeNull();
  });
});

describe("intersection", () => {
  it("is where the planes meet, as far as both images reach", () => {
    const line = intersection({ ...AXIAL, origin: [-100, -80, 20] }, CORONAL);
    // 40 mm below the coronal image's upper edge, over its whole width: pixels reach half a pixel beyond their centers.
    expect(line?.from[1]).toBeCloseTo(40, 9);
    expect(line?.to[1]).toBeCloseTo(40, 9);
    expect([line?.from[0], line?.to[0]].map(Number).sort((a, b) => a - b)).toEqual([-0.25, 200.25]);
  });

  it("is absent where planes are parallel, lie elsewhere, or do not reach each other", () => {
    expect(intersection({ ...AXIAL, origin: [0, 0, 4] }, AXIAL)).toBeNull();
    expect(intersection({ ...AXIAL, frameOfReferenceUid: "2" }, CORONAL)).toBeNull();
    expect(intersection({ ...AXIAL, origin: [-100, -80, 61] }, CORONAL)).toBeNull();
    expect(intersection({ ...AXIAL, origin: [-100, 20, 0] }, CORONAL)).toBeNull();
  });

  it("lies in both planes for slices in any orientation", () => {
    const random = seeded(7);
    let found = 0;
    for (let round = 0; round < 200; round++) {
      const [slice, onto] = [anySlice(random), anySlice(random)];
      const line = intersection(slice, onto);
      if (!line) continue;
      found += 1;
      for (const end of [line.from, line.to]) {
        const point = fromPlane(end, onto);
        expect(Math.abs(dot(subtract(point, slice.origin), normalOf(slice)))).toBeLessThan(1e-6);
        expect(end[0]).toBeGreaterThan(-onto.columnSpacingMm);
        expect(end[0]).toBeLessThan(onto.columns * onto.columnSpacingMm);
      }
    }
    expect(found).toBeGreaterThan(20);
  });
});

describe("volumeGeometry", () => {
  const slices = stack(AXIAL, [0, 0, 4], 10);

  it("is the block of even slices", () => {
    expect(volumeGeometry(slices)).toMatchObject({ spacingMm: [0.5, 1, 4], counts: [401, 161, 10] });
    expect((volumeGeometry([...slices].reverse()) as VolumeGeometry).axes[2]).toEqual([0, 0, -1]);
  });

  it.each([
    ["a gap", slices.filter((_, place) => place !== 5), "A slice is missing between slices 5 and 6."],
    ["too few", slices.slice(0, 2), "It has fewer than 3 slices."],
    ["an unknown place", [...slices, null], "Its slices do not all say where they lie."],
    [
      "two orientations",
      [...slices, { ...CORONAL, origin: [-100, -80, 40] as Vec3 }],
      "Its slices have different orientations or sizes.",
    ],
    [
      "uneven steps",
      slices.map((one, place) => (place === 4 ? { ...one, origin: [-100, -80, 16.1] as Vec3 } : one)),
      "Its slices do not lie evenly.",
    ],
    ["a slanted pile", stack(AXIAL, [0, 1, 4], 10), "Its slices do not lie one above the other."],
    ["one slice twice", [...slices.slice(0, 3), slices[2] as SliceGeometry], "Its slices do not lie evenly."],
  ])("refuses %s", (_, given, reason) => {
    expect(volumeGeometry(given)).toBe(reason);
  });

  it("takes steps within one percent of each other", () => {
    const nearly = slices.map((one, place) =>
      place === 4 ? { ...one, origin: [-100, -80, 16.03] as Vec3 } : one,
    );
    expect(typeof volumeGeometry(nearly)).toBe("object");
  });
});

describe("reformat", () => {
  const volume = volumeGeometry(stack(AXIAL, [0, 0, 4], 10)) as VolumeGeometry;

  it("hangs each plane as it is read", () => {
    const [sagittal] = reformat(volume, "sagittal");
    expect(sagittal).toMatchObject({ rowDirection: [0, 1, 0], rows: 10, columns: 161, rowSpacingMm: 4 });
    expect(sagittal?.columnDirection.map((one) => one + 0)).toEqual([0, 0, -1]);
    expect(sagittal?.origin).toEqual([-100, -80, 36]);
    const coronal = reformat(volume, "coronal");
    expect(coronal).toHaveLength(161);
    expect(coronal[7]).toMatchObject({ origin: [-100, -73, 36], rowDirection: [1, 0, 0] });
  });

  it("leaves the acquired slices as they are", () => {
    const slices = stack(AXIAL, [0, 0, 4], 10);
    expect(reformat(volume, "acquired")).toEqual(slices);
  });

  it("offers the two planes across the acquired one", () => {
    expect(planesOf(volume)).toEqual(["acquired", "sagittal", "coronal"]);
    const coronal = volumeGeometry(stack(CORONAL, [0, 3, 0], 5)) as VolumeGeometry;
    expect(planesOf(coronal)).toEqual(["acquired", "axial", "sagittal"]);
  });

  it("covers every voxel once in each plane of any block", () => {
    const random = seeded(11);
    for (let round = 0; round < 20; round++) {
      const slice = { ...anySlice(random), rows: 5, columns: 4 };
      const oblique = volumeGeometry(stack(slice, scale(normalOf(slice), 2), 3)) as VolumeGeometry;
      const voxels = new Set(reformat(oblique, "acquired").flatMap(placesOf));
      for (const plane of planesOf(oblique)) {
        const slices = reformat(oblique, plane);
        expect(new Set(slices.flatMap(placesOf))).toEqual(voxels);
        expect(slices.length * (slices[0]?.rows ?? 0) * (slices[0]?.columns ?? 0)).toBe(60);
      }
      const planes = planesOf(oblique).map((plane) => normalOf(reformat(oblique, plane)[0] as SliceGeometry));
      for (const one of planes) {
        expect(planes.filter((other) => Math.abs(dot(one, other)) > 0.5)).toHaveLength(1);
      }
    }
  });
});

describe("bodyPlane", () => {
  it("is the nearest one", () => {
    expect([AXIAL, CORONAL, tilted(AXIAL, 30), tilted(AXIAL, 60)].map(bodyPlane)).toEqual([
      "axial",
      "coronal",
      "axial",
      "coronal",
    ]);
    expect(distance(centerOf(AXIAL), [0, 0, 0])).toBeCloseTo(0, 9);
  });
});

function placesOf(slice: SliceGeometry): string[] {
  const places: string[] = [];
  for (let row = 0; row < slice.rows; row++) {
    for (let column = 0; column < slice.columns; column++) {
      places.push(
        pixelToPatient(column, row, slice)
          .map((one) => (Math.round(one * 1000) / 1000 + 0).toFixed(2))
          .join(),
      );
    }
  }
  return places;
}
