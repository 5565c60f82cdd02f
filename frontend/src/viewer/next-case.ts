import { startCornerstone } from "./cornerstone";
import { FrameLoading } from "./frame-loading";
import { SeriesStore } from "./series-store";
import type { ImageSource, ViewerSeries } from "./types";

interface Waiting {
  /** Names the case: its frames have addresses of their own. */
  place: string;
  store: SeriesStore;
  frames: FrameLoading;
}

let waiting: Waiting | null = null;

const placeOf = (source: ImageSource): string => source.framePath(0, 1);

/** Fetch and decode the images of the case that follows; the one before is forgotten unless it has been shown. */
export async function fetchAhead(
  source: ImageSource,
  series: readonly ViewerSeries[],
  primary: number,
): Promise<void> {
  const place = placeOf(source);
  if (waiting?.place === place) return;
  dropAhead();
  const store = new SeriesStore(source, series);
  const frames = new FrameLoading({
    store,
    series: series.map(({ index }) => index),
    onProgress: () => {},
    onPrepared: () => {},
    onLoaded: () => {},
  });
  waiting = { place, store, frames };
  await startCornerstone();
  const prepared = await store.prepare(primary).catch(() => null);
  // What fails here is fetched again, and told, once the case is shown.
  if (prepared && waiting?.store === store) await frames.run(prepared, prepared.series.initialSlice - 1);
}

/** Forget images that were fetched ahead and not shown. */
export function dropAhead(): void {
  waiting?.frames.stop();
  waiting?.store.dispose();
  waiting = null;
}

/** The images of a case that is to be shown now: those fetched ahead, or none yet. */
export function storeOf(source: ImageSource, series: readonly ViewerSeries[]): SeriesStore {
  if (waiting?.place !== placeOf(source)) return new SeriesStore(source, series);
  const { store, frames } = waiting;
  frames.stop();
  waiting = null;
  return store;
}
