import { describe, expect, it } from "vitest";
import vectors from "../../../tests/reference/masks/outlines.json";
import {
  applyStroke,
  areaMm2,
  crossesItself,
  crossOneAnother,
  type Outline,
  type PlanePoint,
  simplified,
  withoutLoops,
} from "./outline";
import { seeded } from "./testing";

const OPTIONS = { reachMm: 1, toleranceMm: 0.05, smallestMm2: 1 };
const SQUARE: Outline = [
  [0, 0],
  [20, 0],
  [20, 20],
  [0, 20],
];

function arc(
  radius: number,
  from: number,
  to: number,
  steps = 90,
  center: PlanePoint = [0, 0],
): PlanePoint[] {
  return Array.from({ length: steps + 1 }, (_, step) => {
    const angle = from + ((to - from) * step) / steps;
    return [center[0] + radius * Math.cos(angle), center[1] + radius * Math.sin(angle)] as const;
  });
}

describe("areaMm2", () => {
  it("is that of a regular polygon, wherever it lies and whichever way it runs", () => {
    const disk = arc(7, 0, 2 * Math.PI, 180, [300, -250]).slice(0, -1);
    const expected = (180 / 2) * 49 * Math.sin((2 * Math.PI) / 180);
    expect(areaMm2(disk)).toBeCloseTo(expected, 8);
    expect(areaMm2([...disk].reverse())).toBeCloseTo(expected, 8);
  });
});

describe("withoutLoops", () => {
  it("drops the loop where a hand overshoots its beginning", () => {
    const overshot = arc(10, 0, 2 * Math.PI + 0.2, 120).map(
      ([x, y], place) => [x * (1 + 0.0005 * place), y * (1 + 0.0005 * place)] as const,
    );
    const clean = withoutLoops(overshot);
    expect(crossesItself(clean)).toBe(false);
    expect(areaMm2(clean)).toBeGreaterThan(Math.PI * 98);
  });

  it("leaves the larger part of an eight", () => {
    const eight: Outline = [
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
      [-30, 5],
    ];
    const clean = withoutLoops(eight);
    expect(crossesItself(clean)).toBe(false);
    expect(areaMm2(clean)).toBeGreaterThan(100);
  });

  it("ends for any scribble without a crossing", () => {
    const random = seeded(8);
    for (let round = 0; round < 60; round++) {
      const scribble = Array.from({ length: 25 }, () => [random() * 30, random() * 30] as const);
      expect(crossesItself(withoutLoops(scribble))).toBe(false);
    }
  });
});

describe("crossesItself", () => {
  /** By whole numbers, every pair of edges: exact, and as the server says it. */
  function crossesSlowly(outline: Outline): boolean {
    const corners = outline.filter((point, place) => {
      const before = outline[(place + outline.length - 1) % outline.length] as PlanePoint;
      return point[0] !== before[0] || point[1] !== before[1];
    });
    if (corners.length < 3) return true;
    const at = (place: number) => corners[place % corners.length] as PlanePoint;
    const turn = (a: PlanePoint, b: PlanePoint, c: PlanePoint) =>
      Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
    const isWithin = (a: PlanePoint, b: PlanePoint, c: PlanePoint) =>
      turn(a, b, c) === 0 &&
      [0, 1].every(
        (axis) =>
          Math.min(a[axis] as number, b[axis] as number) <= (c[axis] as number) &&
          (c[axis] as number) <= Math.max(a[axis] as number, b[axis] as number),
      );
    return corners.some((a, one) =>
      corners.some((c, other) => {
        const [b, d] = [at(one + 1), at(other + 1)];
        const gap = (other - one + corners.length) % corners.length;
        if (gap === 1) return isWithin(a, b, d) || isWithin(c, d, a);
        if (gap === 0 || gap === corners.length - 1) return false;
        const crosses = turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
        return crosses || isWithin(a, b, c) || isWithin(a, b, d) || isWithin(c, d, a) || isWithin(c, d, b);
      }),
    );
  }

  it("is what the slow way says, corners that are set twice and edges on one another included", () => {
    const random = seeded(5);
    const found = { crossing: 0, sound: 0 };
    for (let round = 0; round < 4000; round++) {
      // Few corners on a small grid, some of them set more than once: most ways to touch come about.
      const outline = Array.from({ length: 3 + Math.floor(random() * 5) }, () => {
        const corner = [Math.floor(random() * 6), Math.floor(random() * 6)] as const;
        return Array.from({ length: random() < 0.2 ? 2 : 1 }, () => corner);
      }).flat();
      const expected = crossesSlowly(outline);
      found[expected ? "crossing" : "sound"] += 1;
      expect(crossesItself(outline), JSON.stringify(outline)).toBe(expected);
    }
    expect(Math.min(found.crossing, found.sound)).toBeGreaterThan(300);
  });

  it("is what the server says of the same outlines", () => {
    expect(vectors.outlines.length).toBeGreaterThan(100);
    for (const { outline, crosses } of vectors.outlines) {
      expect(crossesItself(outline as unknown as Outline), JSON.stringify(outline)).toBe(crosses);
    }
  });

  it("takes edges that come too near for points that are rounded", () => {
    const neck = (gap: number): Outline => [
      [0, 0],
      [10, 0],
      [10, 10],
      [6, 10],
      [5, gap],
      [4, 10],
      [0, 10],
    ];
    expect(crossesItself(neck(0.004))).toBe(true);
    expect(crossesItself(neck(0.006))).toBe(false);
  });
});

describe("what is kept of an outline", () => {
  /** Whether segments that are not neighbors share a point, without any clearance. */
  function touchesItself(outline: Outline): boolean {
    const at = (place: number) => outline[place % outline.length] as PlanePoint;
    const side = (a: PlanePoint, b: PlanePoint, c: PlanePoint) =>
      Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
    return outline.some((a, one) =>
      outline.some((c, other) => {
        const gap = Math.abs(one - other);
        if (gap <= 1 || gap === outline.length - 1) return false;
        const [b, d] = [at(one + 1), at(other + 1)];
        return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
      }),
    );
  }

  it("does not touch itself after its points are rounded", () => {
    const random = seeded(99);
    for (let round = 0; round < 40; round++) {
      const wobble = arc(5 + 20 * random(), random() * 6, 6 + 7 * random(), 90, [60, 60]).map(
        ([x, y]) => [x + random(), y + random()] as const,
      );
      const outcome = applyStroke([], wobble, OPTIONS);
      if (outcome.kind !== "new") continue;
      const moved = outcome.outline.map(
        ([x, y]) => [x + 0.0009 * (2 * random() - 1), y + 0.0009 * (2 * random() - 1)] as const,
      );
      expect(touchesItself(moved)).toBe(false);
    }
  });
});

describe("simplified", () => {
  it("keeps corners and drops what lies on the line between them", () => {
    const dense = SQUARE.flatMap((corner, side) => {
      const next = SQUARE[(side + 1) % 4] as PlanePoint;
      return Array.from(
        { length: 20 },
        (_, step) =>
          [
            corner[0] + ((next[0] - corner[0]) * step) / 20,
            corner[1] + ((next[1] - corner[1]) * step) / 20,
          ] as const,
      );
    });
    expect(simplified(dense, 0.01)).toEqual(SQUARE);
  });

  it("changes the area of a disk by less than tolerance times its rim", () => {
    const disk = arc(12, 0, 2 * Math.PI, 720).slice(0, -1);
    const fewer = simplified(disk, 0.07);
    expect(fewer.length).toBeLessThan(80);
    expect(Math.abs(areaMm2(fewer) - areaMm2(disk))).toBeLessThan(0.07 * 2 * Math.PI * 12);
  });
});

describe("applyStroke", () => {
  it("closes a stroke to an outline", () => {
    const outcome = applyStroke([], arc(10, 0, 1.9 * Math.PI), OPTIONS);
    expect(outcome.kind).toBe("new");
    if (outcome.kind === "new") expect(areaMm2(outcome.outline)).toBeCloseTo(Math.PI * 100, -1);
  });

  it("adds what a stroke bulges out", () => {
    const bulge: PlanePoint[] = [
      [19, 5],
      [26, 5],
      [26, 15],
      [19, 15],
    ];
    const outcome = applyStroke([SQUARE], bulge, OPTIONS);
    expect(outcome).toMatchObject({ kind: "changed", place: 0 });
    if (outcome.kind === "changed") expect(areaMm2(outcome.outline)).toBeCloseTo(400 + 60, 6);
  });

  it("takes away what a stroke cuts off, in either direction", () => {
    const cut: PlanePoint[] = [
      [15, -2],
      [15, 22],
    ];
    for (const stroke of [cut, [...cut].reverse()]) {
      const outcome = applyStroke([SQUARE], stroke, OPTIONS);
      expect(outcome.kind).toBe("changed");
      if (outcome.kind === "changed") expect(areaMm2(outcome.outline)).toBeCloseTo(300, 6);
    }
  });

  it("takes a stroke that begins and ends near the line as one upon it", () => {
    const dent: PlanePoint[] = [
      [5, 0.4],
      [5, 6],
      [15, 6],
      [15, 0.4],
    ];
    const outcome = applyStroke([SQUARE], dent, OPTIONS);
    expect(outcome.kind).toBe("changed");
    if (outcome.kind === "changed") expect(areaMm2(outcome.outline)).toBeCloseTo(400 - 60, 6);
  });

  it("redraws across the outline's first corner", () => {
    const corner: PlanePoint[] = [
      [0, 6],
      [-5, -5],
      [6, 0],
    ];
    const outcome = applyStroke([SQUARE], corner, OPTIONS);
    expect(outcome.kind).toBe("changed");
    if (outcome.kind === "changed") {
      expect(areaMm2(outcome.outline)).toBeCloseTo(400 + (6 * 5) / 2 + (6 * 5) / 2, 6);
    }
  });

  it("makes an outline within another, which is a hole", () => {
    const outcome = applyStroke([SQUARE], arc(4, 0, 1.95 * Math.PI, 60, [10, 10]), OPTIONS);
    expect(outcome.kind).toBe("new");
  });

  it("refuses what would cross another outline, and ignores a slip", () => {
    const away = SQUARE.map(([x, y]) => [x + 30, y] as const);
    const across: PlanePoint[] = [
      [15, 2],
      [45, 2],
      [45, 10],
      [15, 10],
    ];
    expect(applyStroke([SQUARE, away], across, OPTIONS)).toMatchObject({ kind: "refused" });
    expect(applyStroke([SQUARE], [[10, 10]], OPTIONS).kind).toBe("nothing");
    expect(
      applyStroke(
        [],
        [
          [0, 0],
          [5, 0],
        ],
        OPTIONS,
      ).kind,
    ).toBe("nothing");
  });

  it("never leaves crossings behind, whatever is drawn upon whatever", () => {
    const random = seeded(21);
    const disk = arc(10, 0, 2 * Math.PI, 40).slice(0, -1);
    for (let round = 0; round < 200; round++) {
      const stroke = Array.from({ length: 12 }, () => [random() * 30 - 15, random() * 30 - 15] as const);
      const outcome = applyStroke([disk], stroke, OPTIONS);
      if (outcome.kind === "new") expect(crossOneAnother(outcome.outline, disk)).toBe(false);
      if (outcome.kind === "new" || outcome.kind === "changed")
        expect(crossesItself(outcome.outline)).toBe(false);
    }
  });
});
