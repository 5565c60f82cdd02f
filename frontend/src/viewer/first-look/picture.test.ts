import { describe, expect, it } from "vitest";
import { fittedRect, grayPixels } from "./picture";

const grayOf = (values: number[], isInverted = false) => {
  const slice = { values: Int16Array.from(values), rows: 1, columns: values.length };
  const pixels = grayPixels(slice, { center: 100, width: 200 }, isInverted);
  return values.map((_, at) => [...pixels.slice(4 * at, 4 * at + 4)]);
};

describe("grayPixels", () => {
  it("rises from the lower to the upper end of the window", () => {
    expect(grayOf([-50, 0, 40, 150, 200, 900])).toEqual(
      [0, 0, 51, 191, 255, 255].map((gray) => [gray, gray, gray, 255]),
    );
  });

  it("falls where the image is inverted", () => {
    expect(grayOf([-50, 0, 40, 200], true).map(([gray]) => gray)).toEqual([255, 255, 204, 0]);
  });
});

describe("fittedRect", () => {
  it("fills the pane in the direction in which the image is larger", () => {
    const image = { rows: 100, columns: 50 };
    expect(fittedRect(image, 1, { width: 400, height: 400 })).toEqual({
      left: 100,
      top: 0,
      width: 200,
      height: 400,
    });
    expect(fittedRect(image, 0.25, { width: 400, height: 400 })).toEqual({
      left: 0,
      top: 100,
      width: 400,
      height: 200,
    });
  });
});
