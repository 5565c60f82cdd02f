import { Prefetch } from "./prefetch";
import type { PreparedSeries, SeriesStore } from "./series-store";

interface FrameLoadingOptions {
  store: SeriesStore;
  /** Indexes of the case's series, in the order shown. */
  series: readonly number[];
  /** Frames are 1-based. */
  onProgress: (series: number, loaded: number, failed: readonly number[]) => void;
  onPrepared: () => void;
  /** Every frame of every series was asked for, and answered. */
  onLoaded: () => void;
}

/** Fetches the frames of a case: those of the series on the screen first, outward from the slice shown. */
export class FrameLoading {
  private readonly options: FrameLoadingOptions;
  private readonly prefetches = new Map<number, Prefetch>();
  private current: PreparedSeries | null = null;
  private isStopped = false;

  constructor(options: FrameLoadingOptions) {
    this.options = options;
  }

  /** All frames of the series shown, then the other series. `slice` is 0-based. */
  async run(prepared: PreparedSeries, slice: number): Promise<void> {
    if (this.isStopped) return;
    this.current = prepared;
    await this.of(prepared).run(slice);
    for (const index of this.options.series) {
      if (this.isStopped || this.current !== prepared) return;
      const other = await this.options.store.prepare(index).catch(() => null);
      if (!other || this.isStopped) continue;
      this.options.onPrepared();
      await this.of(other).run(other.series.initialSlice - 1);
    }
    if (!this.isStopped && this.current === prepared) this.options.onLoaded();
  }

  /** Every frame of a series; answers how many could not be loaded. */
  async loadAll(prepared: PreparedSeries): Promise<number> {
    const prefetch = this.of(prepared);
    await prefetch.run(Math.floor(prepared.imageIds.length / 2));
    return prefetch.progress.total - prefetch.progress.loaded;
  }

  /** Learn where the slices of every series lie, for drawings that are kept by their slice. */
  async prepareAll(): Promise<void> {
    for (const index of this.options.series) {
      if (this.isStopped) return;
      const prepared = await this.options.store.prepare(index).catch(() => null);
      if (prepared && !this.isStopped) this.options.onPrepared();
    }
  }

  /** Load a 0-based frame again. */
  async retry(prepared: PreparedSeries, frame: number): Promise<boolean> {
    return this.of(prepared).retry(frame);
  }

  /** Say once more how far a series has come. */
  tell(prepared: PreparedSeries): void {
    const { loaded, failed } = this.of(prepared).progress;
    this.options.onProgress(
      prepared.series.index,
      loaded,
      failed.map((frame) => frame + 1),
    );
  }

  stop(): void {
    this.isStopped = true;
    for (const prefetch of this.prefetches.values()) prefetch.stop();
  }

  private of(prepared: PreparedSeries): Prefetch {
    const { index } = prepared.series;
    const known = this.prefetches.get(index);
    if (known) return known;
    const prefetch = new Prefetch({
      total: prepared.imageIds.length,
      load: (frame) => this.options.store.loadFrame(prepared.imageIds[frame] ?? ""),
      onProgress: ({ loaded, failed }) => {
        if (!this.isStopped) {
          this.options.onProgress(
            index,
            loaded,
            failed.map((frame) => frame + 1),
          );
        }
      },
    });
    this.prefetches.set(index, prefetch);
    return prefetch;
  }
}
