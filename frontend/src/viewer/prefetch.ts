export interface PrefetchProgress {
  loaded: number;
  total: number;
  /** 0-based frames that failed. */
  failed: readonly number[];
}

/** Frames 0…count−1 from `center` outward, alternating sides. */
export function centerOut(count: number, center: number): number[] {
  const start = Math.min(Math.max(center, 0), count - 1);
  return Array.from({ length: count }, (_, frame) => frame).sort(
    (a, b) => Math.abs(a - start) - Math.abs(b - start) || b - a,
  );
}

/** Loads all frames of one series, a few at a time, and keeps account of what arrived and what failed. */
export class Prefetch {
  private readonly loaded = new Set<number>();
  private readonly failed = new Set<number>();
  private isStopped = false;
  private readonly load: (frame: number) => Promise<unknown>;
  private readonly onProgress: (progress: PrefetchProgress) => void;
  private readonly total: number;

  constructor(options: {
    total: number;
    load: (frame: number) => Promise<unknown>;
    onProgress: (progress: PrefetchProgress) => void;
  }) {
    this.total = options.total;
    this.load = options.load;
    this.onProgress = options.onProgress;
  }

  get progress(): PrefetchProgress {
    return { loaded: this.loaded.size, total: this.total, failed: [...this.failed].sort((a, b) => a - b) };
  }

  async run(center: number, lanes = 4): Promise<void> {
    const queue = centerOut(this.total, center).filter((frame) => !this.loaded.has(frame));
    const lane = async (): Promise<void> => {
      for (let frame = queue.shift(); frame !== undefined && !this.isStopped; frame = queue.shift()) {
        await this.retry(frame);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  /** Load one frame, again if it failed before; true when it is there. */
  async retry(frame: number): Promise<boolean> {
    try {
      await this.load(frame);
      this.failed.delete(frame);
      this.loaded.add(frame);
    } catch {
      // The loader rejects with a bare request object: that it failed is all there is to know.
      this.failed.add(frame);
    }
    if (!this.isStopped) this.onProgress(this.progress);
    return this.loaded.has(frame);
  }

  stop(): void {
    this.isStopped = true;
  }
}
