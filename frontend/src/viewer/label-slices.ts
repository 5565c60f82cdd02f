import type { SliceGeometry } from "./geometry";
import type { Shape } from "./segmentation/box";
import { labelsOnPlane } from "./segmentation/plane-labels";
import type { SeriesStore } from "./series-store";

/** The labels on an acquired slice of their series, from 1, or on a plane across it; null while it is not known. */
export function labelsOn(
  store: SeriesStore,
  series: number,
  { labels, shape }: { labels: Uint8Array; shape: Shape },
  place: number | SliceGeometry,
): Uint8Array | null {
  const [slices, rows, columns] = shape;
  if (typeof place === "number") return labels.subarray((place - 1) * rows * columns, place * rows * columns);
  const first = store.place(store.imageIdAt(series, 1))?.geometry;
  const last = store.place(store.imageIdAt(series, slices))?.geometry;
  return first && last ? labelsOnPlane(labels, shape, { first, last }, place) : null;
}
