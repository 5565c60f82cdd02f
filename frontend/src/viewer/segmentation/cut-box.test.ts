import { describe, expect, it } from "vitest";
import type { SliceGeometry } from "../geometry";
import type { Shape } from "./box";
import { cutBox, NO_GEOMETRY, NOT_PARALLEL, ONE_SLICE, stackSpacing, UNEVEN } from "./cut-box";

const SHAPE: Shape = [9, 20, 30];
const slice = (z: number, change: Partial<SliceGeometry> = {}): SliceGeometry => ({
  origin: [-10, 5, z],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  columnSpacingMm: 0.6,
  rowSpacingMm: 0.7,
  rows: 20,
  columns: 30,
  frameOfReferenceUid: "2.25.1",
  ...change,
});

const valuesOf = (at: number): Int16Array =>
  Int16Array.from({ length: SHAPE[1] * SHAPE[2] }, (_, pixel) => at * 1000 + pixel);

describe("stackSpacing", () => {
  it("tells the spacing of even stacks, whichever way they run", () => {
    const up = [0, 3.5, 7.01, 10.5].map((z) => slice(z));
    const expected = { kind: "even", spacingMm: [3.5, 0.7, 0.6] };
    expect(stackSpacing(up)).toEqual(expected);
    expect(stackSpacing(up.toReversed())).toEqual(expected);
  });

  it("says why there is none", () => {
    const cases = [
      [[0, 3.5, 8].map((z) => slice(z)), UNEVEN],
      [[0, 3.5, 10.5, 14].map((z) => slice(z)), UNEVEN],
      [[0, 0, 0].map((z) => slice(z)), UNEVEN],
      [[slice(0)], ONE_SLICE],
      [[slice(0), null], NO_GEOMETRY],
      [[], NO_GEOMETRY],
      [[slice(0), slice(3, { columnSpacingMm: 0.61 })], NOT_PARALLEL],
      [[slice(0), slice(3, { rowDirection: [0.995, 0, 0.0999] })], NOT_PARALLEL],
    ] as const;
    for (const [geometries, text] of cases) {
      expect(stackSpacing(geometries)).toEqual({ kind: "uneven", text });
    }
  });
});

describe("cutBox", () => {
  const options = { shape: SHAPE, spacingMm: [3.5, 0.7, 0.6] as const, boxMm: 7, valuesOf };

  it("holds the voxels around the seed, and tells where", () => {
    const cut = cutBox({ ...options, seed: [4, 10, 15] });
    expect(cut).toMatchObject({ start: [3, 5, 9], seed: [1, 5, 6], box: { shape: [3, 11, 13] } });
    const { values, shape } = cut?.box ?? { values: new Int16Array(), shape: [0, 0, 0] };
    expect(values[(1 * shape[1] + 5) * shape[2] + 6]).toBe(4 * 1000 + 10 * 30 + 15);
    expect(values[0]).toBe(3 * 1000 + 5 * 30 + 9);
    expect(values.at(-1)).toBe(5 * 1000 + 15 * 30 + 21);
  });

  it("holds the values of slices of different kinds", () => {
    const kinds = [Uint8Array, Uint16Array, Int16Array];
    const mixed = (at: number) => new (kinds[at % 3] ?? Uint8Array)(600).fill(10 + (at % 3) * 345);
    const cut = cutBox({ ...options, seed: [4, 10, 15], valuesOf: mixed });
    const { values, shape } = cut?.box ?? { values: new Int16Array(), shape: [0, 0, 0] };
    const plane = shape[1] * shape[2];
    expect([values[0], values[plane], values[2 * plane]]).toEqual([10, 355, 700]);
    const negative = cutBox({
      ...options,
      seed: [4, 10, 15],
      valuesOf: (at) => (at === 4 ? new Int8Array(600).fill(-3) : new Uint8Array(600).fill(200)),
    });
    expect(new Set(negative?.box.values)).toEqual(new Set([200, -3]));
  });

  it("ends where the series ends", () => {
    expect(cutBox({ ...options, seed: [0, 0, 29] })).toMatchObject({
      start: [0, 0, 23],
      seed: [0, 0, 6],
      box: { shape: [2, 6, 7] },
    });
  });

  it("is none outside of the series, or where a slice is not there yet", () => {
    expect(cutBox({ ...options, seed: [9, 0, 0] })).toBeNull();
    expect(
      cutBox({ ...options, seed: [4, 10, 15], valuesOf: (at) => (at === 5 ? null : valuesOf(at)) }),
    ).toBeNull();
  });

  it("has the 11 x 51 x 51 voxels of a usual pelvic series", () => {
    const shape: Shape = [30, 320, 320];
    const plane = new Uint16Array(320 * 320);
    const cut = cutBox({
      shape,
      spacingMm: [3.5, 0.6, 0.6],
      seed: [15, 160, 160],
      boxMm: 30,
      valuesOf: () => plane,
    });
    expect(cut?.box.shape).toEqual([11, 51, 51]);
    expect(cut?.box.values).toBeInstanceOf(Uint16Array);
  });
});
