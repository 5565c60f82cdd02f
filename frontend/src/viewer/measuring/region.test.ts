import { describe, expect, it } from "vitest";
import { seeded } from "../testing";
import { ellipseStatistics, type PixelPoint, type PixelValues, polygonStatistics } from "./region";

const ROWS = 24;
const COLUMNS = 30;

function image(random: () => number): PixelValues {
  const values = Float32Array.from({ length: ROWS * COLUMNS }, () => 400 + 200 * random());
  return { values, rows: ROWS, columns: COLUMNS };
}

/** Every pixel asked by itself. */
function slowly({ values }: PixelValues, isWithin: (column: number, row: number) => boolean) {
  const found: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      if (isWithin(column, row)) found.push(values[row * COLUMNS + column] as number);
    }
  }
  if (found.length === 0) return { pixels: 0 };
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / found.length;
  return {
    pixels: found.length,
    mean: expect.closeTo(mean, 9),
    sd: expect.closeTo(Math.sqrt(variance), 9),
    min: Math.min(...found),
    max: Math.max(...found),
  };
}

/** The angle that an outline turns around a place: a whole turn when it lies within. */
function turnsAround(outline: readonly PixelPoint[], column: number, row: number): boolean {
  let turn = 0;
  outline.forEach(([x, y], corner) => {
    const [nextX, nextY] = outline[(corner + 1) % outline.length] as PixelPoint;
    const [ax, ay, bx, by] = [x - column, y - row, nextX - column, nextY - row];
    turn += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  });
  return Math.abs(turn) > Math.PI;
}

describe("regions", () => {
  it("have the pixels whose centers lie within a polygon", () => {
    const random = seeded(11);
    for (let round = 0; round < 60; round++) {
      const pixels = image(random);
      const [x, y] = [random() * 34 - 2, random() * 28 - 2];
      const outline = Array.from({ length: 7 }, (_, corner): PixelPoint => {
        const angle = (2 * Math.PI * corner) / 7;
        const radius = 1 + 10 * random();
        return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
      });
      expect(polygonStatistics(outline, pixels)).toEqual(
        slowly(pixels, (column, row) => turnsAround(outline, column, row)),
      );
    }
  });

  it("have the pixels whose centers lie within an ellipse, whichever way it lies", () => {
    const random = seeded(12);
    for (let round = 0; round < 60; round++) {
      const pixels = image(random);
      const [x, y, angle] = [random() * 34 - 2, random() * 28 - 2, random() * Math.PI];
      const [a, b] = [0.6 + 9 * random(), 0.6 + 9 * random()];
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const ends: PixelPoint[] = [
        [x - a * cos, y - a * sin],
        [x + a * cos, y + a * sin],
        [x + b * sin, y - b * cos],
        [x - b * sin, y + b * cos],
      ];
      const isWithin = (column: number, row: number) => {
        const [dx, dy] = [column - x, row - y];
        return ((dx * cos + dy * sin) / a) ** 2 + ((dy * cos - dx * sin) / b) ** 2 <= 1;
      };
      expect(ellipseStatistics(ends, pixels)).toEqual(slowly(pixels, isWithin));
    }
  });

  it("count a center on the line of an ellipse, and each of two squares its own side of a shared edge", () => {
    const pixels = image(seeded(1));
    const ends: PixelPoint[] = [
      [7, 10],
      [13, 10],
      [10, 8],
      [10, 12],
    ];
    const within = (column: number, row: number) =>
      ((column - 10) / 3) ** 2 + ((row - 10) / 2) ** 2 <= 1 + 1e-12;
    expect(ellipseStatistics(ends, pixels)).toEqual(slowly(pixels, within));
    const square = (from: number, to: number): PixelPoint[] => [
      [from, 2],
      [to, 2],
      [to, 9],
      [from, 9],
    ];
    const [left, right, both] = [square(3, 8), square(8, 14), square(3, 14)].map(
      (outline) => polygonStatistics(outline, pixels).pixels,
    );
    expect((left ?? 0) + (right ?? 0)).toBe(both);
    expect(left).toBe(5 * 7);
  });

  it("say nothing of values where they have no pixel", () => {
    const pixels = image(seeded(2));
    expect(polygonStatistics([], pixels)).toEqual({ pixels: 0 });
    const beside: PixelPoint[] = [
      [-9, -9],
      [-5, -9],
      [-5, -5],
    ];
    expect(polygonStatistics(beside, pixels)).toEqual({ pixels: 0 });
    const flat: PixelPoint[] = [
      [2, 2],
      [8, 2],
      [3, 2],
      [5, 2],
    ];
    expect(ellipseStatistics(flat, pixels)).toEqual({ pixels: 0 });
  });
});
