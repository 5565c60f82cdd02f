import type { SliceGeometry } from "./geometry";
import type { DisplayWindow } from "./types";
import { toRange } from "./window";

/** One slice with what is needed to paint it small. */
export interface ThumbnailSource {
  values: ArrayLike<number>;
  rows: number;
  columns: number;
  /** Height of a pixel over its width. */
  pixelAspect: number;
  window: DisplayWindow;
  isInverted: boolean;
}

export interface Thumbnail {
  width: number;
  height: number;
  /** RGBA. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

export function pixelAspect(geometry: SliceGeometry | null | undefined): number {
  return geometry ? geometry.rowSpacingMm / geometry.columnSpacingMm : 1;
}

/** The slice within a square of `size` pixels, each the nearest of the image; null for what is no gray image. */
export function thumbnail(source: ThumbnailSource, size: number): Thumbnail | null {
  const { values, rows, columns, isInverted } = source;
  if (values.length !== rows * columns || values.length === 0) return null;
  const tall = (rows * source.pixelAspect) / columns;
  const width = Math.max(1, Math.round(tall > 1 ? size / tall : size));
  const height = Math.max(1, Math.round(tall > 1 ? size : size * tall));
  const { lower, upper } = toRange(source.window);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * rows) / height);
    for (let x = 0; x < width; x++) {
      const column = Math.floor(((x + 0.5) * columns) / width);
      const share = ((values[row * columns + column] ?? 0) - lower) / (upper - lower);
      const gray = 255 * (isInverted ? 1 - share : share);
      const at = 4 * (y * width + x);
      pixels[at] = pixels[at + 1] = pixels[at + 2] = gray;
      pixels[at + 3] = 255;
    }
  }
  return { width, height, pixels };
}
