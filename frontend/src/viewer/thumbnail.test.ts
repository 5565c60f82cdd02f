import { describe, expect, it } from "vitest";
import { type ThumbnailSource, thumbnail } from "./thumbnail";

// 4 rows of 2 columns.
const SOURCE: ThumbnailSource = {
  values: [0, 100, 0, 100, 50, 200, 50, -100],
  rows: 4,
  columns: 2,
  pixelAspect: 1,
  window: { center: 50, width: 100 },
  isInverted: false,
};

const grays = (source: ThumbnailSource, size: number) => {
  const { pixels, width, height } = thumbnail(source, size) ?? { pixels: [], width: 0, height: 0 };
  return { width, height, grays: Array.from(pixels).filter((_, at) => at % 4 === 0) };
};

describe("thumbnail", () => {
  it("shows the values in their window, cut off at its ends", () => {
    expect(grays(SOURCE, 4)).toEqual({ width: 2, height: 4, grays: [0, 255, 0, 255, 128, 255, 128, 0] });
  });

  it("is inverted where low values are bright", () => {
    expect(grays({ ...SOURCE, isInverted: true }, 4).grays).toEqual([255, 0, 255, 0, 128, 0, 128, 255]);
  });

  it("keeps the shape of the patient where pixels are not square", () => {
    expect(grays({ ...SOURCE, pixelAspect: 0.5 }, 4)).toMatchObject({ width: 4, height: 4 });
    expect(grays({ ...SOURCE, pixelAspect: 0.25 }, 4)).toMatchObject({ width: 4, height: 2 });
  });

  it("is absent for images in color and for none", () => {
    expect(thumbnail({ ...SOURCE, values: new Array(24).fill(0) }, 4)).toBeNull();
    expect(thumbnail({ ...SOURCE, values: [], rows: 0, columns: 0 }, 4)).toBeNull();
  });
});
