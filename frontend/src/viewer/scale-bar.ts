const STEPS_MM = [1, 2, 5, 10, 20, 50, 100, 200, 500];

export interface ScaleBar {
  mm: number;
  pixels: number;
}

/** The longest round length that fits in `longestPixels`. */
export function scaleBar(mmPerPixel: number, longestPixels: number): ScaleBar | null {
  if (!(mmPerPixel > 0)) return null;
  const mm = STEPS_MM.filter((step) => step / mmPerPixel <= longestPixels).at(-1);
  return mm === undefined ? null : { mm, pixels: mm / mmPerPixel };
}
