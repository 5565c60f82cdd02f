import { describe, expect, it } from "vitest";
import vectors from "../../../../tests/reference/masks/grow.json";
import { seeded } from "../testing";
import { type Box, type Shape, type Spacing, type StoredValues, type Voxel, voxelCount } from "./box";
import { GROW_DEFAULTS, GROW_REFUSALS, GROW_VERSION, type GrowResult, grow, MOST_STRENGTH } from "./grow";
import { leastCosts, type Terrain } from "./least-cost";

type Vector = (typeof vectors.boxes)[number];

const KINDS: Record<string, new (buffer: ArrayBuffer) => StoredValues> = {
  int16: Int16Array,
  uint16: Uint16Array,
  float32: Float32Array,
};

function boxOf(vector: Vector): Box {
  const bytes = Uint8Array.from(atob(vector.values), (letter) => letter.charCodeAt(0));
  const Kind = KINDS[vector.type];
  if (!Kind) throw new Error(`The vectors hold ${vector.type}.`);
  return {
    values: new Kind(bytes.buffer),
    shape: vector.shape as unknown as Shape,
    spacingMm: vector.spacing_mm as unknown as Spacing,
  };
}

function runsOf(mask: Uint8Array): number[] {
  const runs: number[] = [];
  let [last, length] = [0, 0];
  for (const value of mask) {
    if (value !== last) {
      runs.push(length);
      [last, length] = [value, 0];
    }
    length += 1;
  }
  return [...runs, length];
}

const seedOf = (vector: Vector): Voxel => vector.seed as unknown as Voxel;
const isGrown = (result: GrowResult) => result.kind === "grown";

describe("grow", () => {
  it.each(vectors.boxes.map((one) => [one.name, one] as const))("gives the server's voxels: %s", (_, one) => {
    const result = grow(boxOf(one), seedOf(one), one.parameters);
    if (result.kind === "refused") {
      expect({ refused: result.reason }).toEqual(one.expected);
      expect(result.text).toBe(GROW_REFUSALS[result.reason]);
    } else {
      expect({ runs: runsOf(result.mask) }).toEqual(one.expected);
      expect(result.voxels).toBe(result.mask.reduce((sum, value) => sum + value, 0));
      expect(result.version).toBe(GROW_VERSION);
    }
  });

  it("never loses a voxel when asked for more", () => {
    let pairs = 0;
    for (const one of vectors.boxes) {
      const box = boxOf(one);
      let before: Uint8Array | null = null;
      for (let strength = -MOST_STRENGTH; strength <= MOST_STRENGTH; strength += 2) {
        const result = grow(box, seedOf(one), { ...one.parameters, strength });
        if (result.kind === "refused") continue;
        const { mask } = result;
        if (before?.some((value, voxel) => value > (mask[voxel] as number))) {
          throw new Error(`${one.name} lost voxels at strength ${strength}.`);
        }
        if (before) pairs += 1;
        before = mask;
      }
    }
    expect(pairs).toBeGreaterThan(40);
  }, 60_000);

  it("does not care for an offset, a mirror or which way values run", () => {
    const one = vectors.boxes.find(({ name }) => name === "node 3") as Vector;
    const box = boxOf(one);
    const plain = grow(box, seedOf(one), one.parameters);
    const lifted = { ...box, values: Int32Array.from(box.values, (value) => value - 20_000) };
    expect(grow(lifted, seedOf(one), one.parameters)).toEqual(plain);
    const turned = { ...box, values: Int32Array.from(box.values, (value) => -value) };
    const inverse = grow(turned, seedOf(one), one.parameters);
    expect(isGrown(plain) && isGrown(inverse)).toBe(true);
    const backward = { ...box, values: box.values.slice().reverse() };
    const seed = seedOf(one).map(
      (place, axis) => (box.shape[axis] as number) - 1 - place,
    ) as unknown as Voxel;
    const mirrored = grow(backward, seed, one.parameters);
    if (plain.kind === "refused" || mirrored.kind === "refused") throw new Error("Refused.");
    expect(mirrored.mask.slice().reverse()).toEqual(plain.mask);
  });

  it("refuses a strength or a spacing that means nothing", () => {
    const box = boxOf(vectors.boxes[1] as Vector);
    expect(() => grow(box, [0, 0, 0], { ...GROW_DEFAULTS, strength: 0.5 })).toThrow(RangeError);
    expect(() => grow(box, [0, 0, 0], { ...GROW_DEFAULTS, strength: 11 })).toThrow(RangeError);
    expect(() => grow({ ...box, spacingMm: [0, 1, 1] }, [0, 0, 0])).toThrow(RangeError);
    expect(grow(box, [0, 0.5, 0])).toMatchObject({ kind: "refused", reason: "seed_outside" });
  });
});

describe("leastCosts", () => {
  it("equals costs lowered neighbor by neighbor until nothing changes", () => {
    const random = seeded(3);
    const shape: Shape = [3, 6, 7];
    for (const largest of [3, 400, 60_000]) {
      const values = Int32Array.from({ length: voxelCount(shape) }, () => Math.floor(random() * largest));
      const penalty = values.map(() => Math.floor(random() * largest * 0.3));
      const steps = { column: 2, row: 3, diagonal: 4, slice: 5 };
      const terrain: Terrain = { values, shape, steps, noise: 1, penalty };
      expect(leastCosts(terrain, [0, 60])).toEqual(lowered(terrain, [0, 60]));
    }
  });
});

/** Bellman and Ford's way: every step again and again. */
function lowered({ values, shape, steps, noise, penalty }: Terrain, sources: number[]): Int32Array {
  const [slices, rows, columns] = shape;
  const costs = new Int32Array(values.length).fill(0x7fffffff);
  for (const source of sources) costs[source] = 0;
  const stepOf = (dz: number, dy: number, dx: number): number | null => {
    if (dz !== 0) return dy === 0 && dx === 0 ? steps.slice : null;
    if (dy !== 0 && dx !== 0) return steps.diagonal;
    return dy !== 0 ? steps.row : dx !== 0 ? steps.column : null;
  };
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (let from = 0; from < values.length; from++) {
      if (costs[from] === 0x7fffffff) continue;
      const [z, y, x] = [
        Math.floor(from / (rows * columns)),
        Math.floor(from / columns) % rows,
        from % columns,
      ];
      for (const [dz, dy, dx] of AROUND) {
        const step = stepOf(dz, dy, dx);
        const [tz, ty, tx] = [z + dz, y + dy, x + dx];
        if (step === null || tz < 0 || ty < 0 || tx < 0 || tz >= slices || ty >= rows || tx >= columns)
          continue;
        const to = (tz * rows + ty) * columns + tx;
        const edge = Math.max(0, Math.abs((values[from] as number) - (values[to] as number)) - noise);
        const extra = Math.max(penalty?.[from] ?? 0, penalty?.[to] ?? 0);
        const cost = (costs[from] as number) + step + edge + extra;
        if (cost >= (costs[to] as number)) continue;
        costs[to] = cost;
        hasChanged = true;
      }
    }
  }
  return costs;
}

const SIDES = [-1, 0, 1];
const AROUND = SIDES.flatMap((dz) => SIDES.flatMap((dy) => SIDES.map((dx) => [dz, dy, dx] as const)));
