import type { DisplayWindow, ImageRect } from "../types";
import { toRange } from "../window";
import type { Slice } from "./stored-values";

/** The slice in a window, one RGBA pixel for each of the image's. */
export function grayPixels(
  { values }: Slice,
  window: DisplayWindow,
  isInverted: boolean,
): Uint8ClampedArray<ArrayBuffer> {
  const { lower, upper } = toRange(window);
  const pixels = new Uint8ClampedArray(values.length * 4);
  const words = new Uint32Array(pixels.buffer);
  const [start, end] = isInverted ? [upper, lower] : [lower, upper];
  const perValue = 255 / (end - start);
  for (let at = 0; at < values.length; at++) {
    const gray = Math.round(Math.min(255, Math.max(0, ((values[at] as number) - start) * perValue)));
    words[at] = 0xff000000 | (gray * 0x010101);
  }
  return pixels;
}

/** Where the viewer puts an image that is as large as a pane has room for, by the height of its pixels over their width. */
export function fittedRect(
  { rows, columns }: Pick<Slice, "rows" | "columns">,
  pixelAspect: number,
  pane: { width: number; height: number },
): ImageRect {
  const scale = Math.min(pane.width / columns, pane.height / (rows * pixelAspect));
  const [width, height] = [columns * scale, rows * pixelAspect * scale];
  return { left: (pane.width - width) / 2, top: (pane.height - height) / 2, width, height };
}
