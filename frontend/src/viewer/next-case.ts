import { startCornerstone } from "./cornerstone";
import { FrameLoading } from "./frame-loading";
import { SeriesStore } from "./series-store";
import { warmRendering } from "./shared-rendering";
import type { ImageSource, ViewerSeries } from "./types";

interface Waiting {
  /** Names the case: its frames have addresses of their own. */
  place: string;
  store: SeriesStore;
  frames: FrameLoading;
  /** Ends once no frame is under way any more. */
  loading: Promise<void>;
}

let waiting: Waiting | null = null;

const placeOf = (source: ImageSource): string => source.framePath(0, 1);

/** Start the library while it is not yet known which case is shown. */
export function warmUp(): void {
  // A browser that cannot is told of when the case is shown.
  void startCornerstone()
    .then(warmRendering)
    .catch(() => {});
}

/** Fetch and decode the image with which a case is about to be shown. `slice` is 1-based. */
export function fetchFirst(
  source: ImageSource,
  series: readonly ViewerSeries[],
  index: number,
  slice: number,
): void {
  // A case begun anew leaves the one after it where it is.
  if (waiting) return;
  wait(source, series, async ({ store }) => {
    const prepared = await store.prepare(index);
    await store.loadFrame(prepared.imageIds[slice - 1] ?? "");
  });
}

/** Fetch and decode the images of the case that follows; those of another one that was not shown are forgotten. */
export function fetchAhead(source: ImageSource, series: readonly ViewerSeries[], primary: number): void {
  wait(source, series, ({ store, frames }) => load(store, frames, series, primary));
}

/** What fails here is fetched again, and told, once the case is shown. */
function wait(
  source: ImageSource,
  series: readonly ViewerSeries[],
  fetch: (one: Pick<Waiting, "store" | "frames">) => Promise<unknown>,
): void {
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
  const loading = startCornerstone()
    .then(() => fetch({ store, frames }))
    .then(
      () => {},
      () => {},
    );
  waiting = { place, store, frames, loading };
}

async function load(
  store: SeriesStore,
  frames: FrameLoading,
  series: readonly ViewerSeries[],
  primary: number,
): Promise<void> {
  const prepared = await store.prepare(primary);
  await frames.run(prepared, prepared.series.initialSlice - 1);
  for (const { index } of series) {
    if (waiting?.store !== store) return;
    await store
      .prepare(index)
      .then((one) => store.readyWindows(one))
      .catch(() => {});
  }
}

/** Forget images that were fetched ahead and not shown. */
export function dropAhead(): void {
  if (!waiting) return;
  const { store, frames, loading } = waiting;
  waiting = null;
  frames.stop();
  // A frame that comes yet is decoded by its metadata.
  void loading.then(() => store.dispose());
}

/** The images of a case that is to be shown now: those fetched ahead, or none yet. */
export function storeOf(source: ImageSource, series: readonly ViewerSeries[]): SeriesStore {
  if (waiting?.place !== placeOf(source)) return new SeriesStore(source, series);
  const { store, frames } = waiting;
  frames.stop();
  waiting = null;
  return store;
}
