import { describe, expect, it } from "vitest";
import { seeded } from "../testing";
import type { PixelPoint } from "./region";
import { type AxisImage, proposeShortAxis } from "./short-axis";

const ROWS = 96;
const COLUMNS = 96;

interface Phantom {
  /** Half axes in mm. */
  a: number;
  b: number;
  /** Turn of the first half axis, radians. */
  angle?: number;
  inside?: number;
  outside?: number;
  noise?: number;
  spacing?: readonly [row: number, column: number];
  seed?: number;
}

/** An ellipse in the middle of the image, each pixel by how much of it is covered; and the ends of its long axis. */
function ellipse(options: Phantom): { image: AxisImage; ends: [PixelPoint, PixelPoint]; image_mm: number } {
  const { a, b, angle = 0, inside = 700, outside = 300, noise = 0, spacing = [0.7, 0.7], seed = 5 } = options;
  const random = seeded(seed);
  const [rowSpacingMm, columnSpacingMm] = spacing;
  const [middleX, middleY] = [47.3 * columnSpacingMm, 46.8 * rowSpacingMm];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const isIn = (x: number, y: number) => {
    const [dx, dy] = [x - middleX, y - middleY];
    return ((dx * cos + dy * sin) / a) ** 2 + ((dy * cos - dx * sin) / b) ** 2 <= 1;
  };
  const values = Float32Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
    let covered = 0;
    for (let part = 0; part < 25; part++) {
      const x = (column - 0.4 + 0.2 * (part % 5)) * columnSpacingMm;
      const y = (row - 0.4 + 0.2 * Math.floor(part / 5)) * rowSpacingMm;
      covered += isIn(x, y) ? 1 / 25 : 0;
    }
    return outside + (inside - outside) * covered + noise * gauss(random);
  });
  const end = (side: number): PixelPoint => [
    (middleX + side * a * cos) / columnSpacingMm,
    (middleY + side * a * sin) / rowSpacingMm,
  ];
  const image = { values, rows: ROWS, columns: COLUMNS, rowSpacingMm, columnSpacingMm };
  return { image, ends: [end(-1), end(1)], image_mm: Math.min(rowSpacingMm, columnSpacingMm) };
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function lengthMm(axis: readonly [PixelPoint, PixelPoint] | null, image: AxisImage): number {
  if (!axis) return Number.NaN;
  const [[x, y], [toX, toY]] = axis;
  return Math.hypot((toX - x) * image.columnSpacingMm, (toY - y) * image.rowSpacingMm);
}

describe("proposeShortAxis", () => {
  it("is the diameter of a disc, to a pixel", () => {
    for (const radius of [2.5, 3.5, 5, 8, 12]) {
      const { image, ends } = ellipse({ a: radius, b: radius });
      expect(Math.abs(lengthMm(proposeShortAxis(image, ...ends), image) - 2 * radius)).toBeLessThan(0.7);
    }
  });

  it("is the short axis of an ellipse, to a pixel, whichever way it lies and whatever its contrast", () => {
    for (const angle of [0, 0.4, 1.1, Math.PI / 2, 2.3]) {
      for (const [inside, outside] of [
        [700, 300],
        [250, 600],
        [0.0012, 0.0008],
      ]) {
        const { image, ends } = ellipse({ a: 8, b: 4, angle, inside, outside });
        expect(Math.abs(lengthMm(proposeShortAxis(image, ...ends), image) - 8)).toBeLessThan(0.7);
      }
    }
  });

  it("stands perpendicular on the long axis, with its ends on the object's edge", () => {
    const { image, ends } = ellipse({ a: 9, b: 5, angle: 0.6 });
    const axis = proposeShortAxis(image, ...ends);
    const [[ax, ay], [bx, by]] = ends;
    const [[cx, cy], [dx, dy]] = axis as readonly [PixelPoint, PixelPoint];
    const product = (bx - ax) * (dx - cx) + (by - ay) * (dy - cy);
    expect(Math.abs(product)).toBeLessThan(1e-6);
    for (const [x, y] of [
      [cx, cy],
      [dx, dy],
    ] as const) {
      const [mx, my] = [(x - 47.3) * 0.7, (y - 46.8) * 0.7];
      const [cos, sin] = [Math.cos(0.6), Math.sin(0.6)];
      const radius = Math.hypot((mx * cos + my * sin) / 9, (my * cos - mx * sin) / 5);
      expect(radius).toBeGreaterThan(0.85);
      expect(radius).toBeLessThan(1.15);
    }
  });

  it("takes pixels as they are, square or not", () => {
    const spacing = [0.5, 0.9] as const;
    for (const angle of [0, 0.7, Math.PI / 2]) {
      const { image, ends } = ellipse({ a: 8, b: 5, angle, spacing });
      expect(Math.abs(lengthMm(proposeShortAxis(image, ...ends), image) - 10)).toBeLessThan(0.9);
    }
  });

  it("bears noise of a quarter of the contrast, and a long axis drawn a little off", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const { image, ends } = ellipse({ a: 7, b: 4, angle: 0.3 * seed, noise: 60, seed });
      const [[ax, ay], [bx, by]] = ends;
      const off = (value: number) => value + 1;
      const axis = proposeShortAxis(image, [off(ax), ay], [bx, off(by)]);
      expect(Math.abs(lengthMm(axis, image) - 8)).toBeLessThan(1.4);
    }
  });

  it("proposes nothing where there is no edge, on a slope, on noise, or for a slip of the hand", () => {
    const flat = ellipse({ a: 8, b: 4, inside: 500, outside: 500 });
    expect(proposeShortAxis(flat.image, ...flat.ends)).toBeNull();
    const values = flat.image.values;
    const slope = Float32Array.from(values, (_, at) => 10 * Math.floor(at / COLUMNS));
    expect(proposeShortAxis({ ...flat.image, values: slope }, ...flat.ends)).toBeNull();
    for (let seed = 1; seed <= 12; seed++) {
      const noise = ellipse({ a: 8, b: 4, inside: 500, outside: 500, noise: 60, seed });
      expect(proposeShortAxis(noise.image, ...noise.ends)).toBeNull();
    }
    expect(proposeShortAxis(flat.image, [40, 40], [41, 40])).toBeNull();
  });

  it("proposes nothing within an object that goes on to both sides", () => {
    const { image } = ellipse({ a: 25, b: 25 });
    expect(proposeShortAxis(image, [42, 47], [53, 47])).toBeNull();
  });
});
