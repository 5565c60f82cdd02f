import type { SliceGeometry } from "./geometry";
import { channels } from "./heat-colors";
import type { Placement } from "./types";

/** The labels of one slice, and where it lies on the pane. */
export interface OverlaySlice {
  labels: Uint8Array;
  geometry: SliceGeometry;
  placement: Placement;
  /** Of the labels that are in sight. */
  colors: ReadonlyMap<number, string>;
}

interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Canvases that hold something. */
const painted = new WeakSet<HTMLCanvasElement>();

/** Paint the labels of a slice over its image: areas pixel by pixel, and their edges as lines. */
export function paintSlice(
  canvas: HTMLCanvasElement,
  slice: OverlaySlice | null,
  { opacity, hasOutline }: { opacity: number; hasOutline: boolean },
): void {
  const extent = slice && extentOf(slice);
  // Most slices hold nothing: to clear what is clear takes as long as to paint.
  if (!extent && !painted.has(canvas)) return;
  if (extent) painted.add(canvas);
  const density = window.devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.round(size * density));
  if (canvas.width !== width) canvas.width = width ?? 0;
  if (canvas.height !== height) canvas.height = height ?? 0;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!slice || !extent) {
    painted.delete(canvas);
    return;
  }
  if (opacity > 0) paintAreas(context, slice, extent, opacity, density);
  if (hasOutline) paintEdges(context, slice, extent, density);
}

/** The pixels that hold a label in sight; null when none does. */
function extentOf({ labels, geometry: { columns }, colors }: OverlaySlice): Extent | null {
  const extent = { left: columns, top: Number.MAX_SAFE_INTEGER, right: -1, bottom: -1 };
  // Once over the slice, however many values there are: a map has 255.
  const isInSight = new Uint8Array(256);
  for (const value of colors.keys()) isInSight[value] = 1;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    if (!isInSight[labels[pixel] as number]) continue;
    const column = pixel % columns;
    const row = (pixel - column) / columns;
    extent.left = Math.min(extent.left, column);
    extent.right = Math.max(extent.right, column);
    extent.top = Math.min(extent.top, row);
    extent.bottom = Math.max(extent.bottom, row);
  }
  return extent.right < 0 ? null : extent;
}

function paintAreas(
  context: CanvasRenderingContext2D,
  { labels, geometry, placement, colors }: OverlaySlice,
  { left, top, right, bottom }: Extent,
  opacity: number,
  density: number,
): void {
  const [width, height] = [right - left + 1, bottom - top + 1];
  const image = new ImageData(width, height);
  const rgb = new Map([...colors].map(([value, color]) => [value, channels(color)]));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const color = rgb.get(labels[(top + row) * geometry.columns + left + column] as number);
      if (color) image.data.set([...color, Math.round(255 * opacity)], (row * width + column) * 4);
    }
  }
  const picture = new OffscreenCanvas(width, height);
  picture.getContext("2d")?.putImageData(image, 0, 0);
  const { origin, along, down } = placement;
  const { columnSpacingMm, rowSpacingMm } = geometry;
  context.setTransform(
    density * along[0] * columnSpacingMm,
    density * along[1] * columnSpacingMm,
    density * down[0] * rowSpacingMm,
    density * down[1] * rowSpacingMm,
    density * origin[0],
    density * origin[1],
  );
  context.imageSmoothingEnabled = false;
  // The middle of the first pixel is the origin.
  context.drawImage(picture, left - 0.5, top - 0.5);
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** The sides of pixels that have another label on their other side. */
function paintEdges(
  context: CanvasRenderingContext2D,
  { labels, geometry, placement, colors }: OverlaySlice,
  { left, top, right, bottom }: Extent,
  density: number,
): void {
  const { columns, rows } = geometry;
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= columns || row >= rows ? 0 : labels[row * columns + column];
  const toCanvas = (column: number, row: number): [number, number] => {
    const [alongMm, downMm] = [
      (column - 0.5) * geometry.columnSpacingMm,
      (row - 0.5) * geometry.rowSpacingMm,
    ];
    const { origin, along, down } = placement;
    return [
      density * (origin[0] + alongMm * along[0] + downMm * down[0]),
      density * (origin[1] + alongMm * along[1] + downMm * down[1]),
    ];
  };
  context.lineWidth = 1.5 * density;
  context.lineCap = "round";
  for (const [value, color] of colors) {
    context.beginPath();
    const line = (from: [number, number], to: [number, number]) => {
      context.moveTo(...toCanvas(...from));
      context.lineTo(...toCanvas(...to));
    };
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        if (at(column, row) !== value) continue;
        if (at(column - 1, row) !== value) line([column, row], [column, row + 1]);
        if (at(column + 1, row) !== value) line([column + 1, row], [column + 1, row + 1]);
        if (at(column, row - 1) !== value) line([column, row], [column + 1, row]);
        if (at(column, row + 1) !== value) line([column, row + 1], [column + 1, row + 1]);
      }
    }
    context.strokeStyle = color;
    context.stroke();
  }
}
