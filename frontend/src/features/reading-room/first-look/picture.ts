import { fittedRect, grayPixels } from "../../../viewer/first-look/picture";
import { type Slice, storedSlice } from "../../../viewer/first-look/stored-values";
import { isMonochrome1, sliceGeometry } from "../../../viewer/geometry";
import { hasUnit } from "../../../viewer/habits";
import { pixelAspect } from "../../../viewer/thumbnail";
import type { DicomJson, DisplayWindow } from "../../../viewer/types";
import { percentileWindow, readableWindow, usableWindow } from "../../../viewer/window";
import type { FirstLook } from "./choice";

/** What the server answered for a first look. */
export interface Answers {
  metadata: readonly DicomJson[];
  /** The frame of a slice, from 1, as it is stored. */
  frame: (slice: number) => Promise<ArrayBuffer>;
}

export interface Picture extends Slice {
  pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Height of a pixel over its width. */
  pixelAspect: number;
}

/** The image of a first look in the window in which the viewer is about to show it; null where it alone can. */
export async function firstPicture(look: FirstLook, { metadata, frame }: Answers): Promise<Picture | null> {
  const slices = new Map<number, Promise<Slice | null>>();
  const unpacked = (slice: number) => {
    const told = metadata[slice - 1];
    const known =
      slices.get(slice) ?? frame(slice).then((encoded) => (told ? storedSlice(encoded, told) : null));
    slices.set(slice, known);
    return known;
  };
  const middle = () => unpacked(Math.floor(metadata.length / 2) + 1);
  const [shown, window] = await Promise.all([unpacked(look.slice), windowOf(look, middle)]);
  const geometry = sliceGeometry(metadata[look.slice - 1] ?? {});
  // How an image without geometry lies is the viewer's to say.
  if (!shown || !window || !geometry) return null;
  const isDarkForHigh = isMonochrome1(metadata[0] ?? {});
  const pixels = grayPixels(shown, window, look.isInverted !== isDarkForHigh);
  return { ...shown, pixels, pixelAspect: pixelAspect(geometry) };
}

async function windowOf(
  { window: asked, series }: FirstLook,
  middle: () => Promise<Slice | null>,
): Promise<DisplayWindow | null> {
  if (asked && "width" in asked) return asked;
  const sent = usableWindow(series.window);
  if (!asked && sent && hasUnit(series.role)) return sent;
  const values = (await middle())?.values;
  if (!values) return null;
  return asked ? percentileWindow(values, asked.low / 100, asked.high / 100) : readableWindow(values, sent);
}

/** Paint the picture as large as a canvas has room for, as the viewer does. */
export function paint(canvas: HTMLCanvasElement, picture: Picture): void {
  const { width, height } = canvas.getBoundingClientRect();
  const perPixel = window.devicePixelRatio;
  canvas.width = Math.round(width * perPixel);
  canvas.height = Math.round(height * perPixel);
  const source = new OffscreenCanvas(picture.columns, picture.rows);
  source.getContext("2d")?.putImageData(new ImageData(picture.pixels, picture.columns, picture.rows), 0, 0);
  const place = fittedRect(picture, picture.pixelAspect, { width, height });
  const [left, top, wide, tall] = [place.left, place.top, place.width, place.height].map(
    (css) => css * perPixel,
  );
  canvas.getContext("2d")?.drawImage(source, left as number, top as number, wide as number, tall as number);
}
