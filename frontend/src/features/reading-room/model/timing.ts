import type { Timing } from "../api/post-submit";

/** A pause longer than this counts as this much: the reader looked, and then did something else. */
export const IDLE_LIMIT_MS = 30_000;

/** The clock as it was left, when the page of an open read is closed or reloaded. */
export interface ClockRecord {
  firstImageMs: number | null;
  firstInteractionMs: number | null;
  activeMs: number;
  wallMs: number;
  clicks: number;
  seen: string[];
}

/** How long a read took and how much of it was seen, for analysis; the reader is not shown it. */
export class ReadingClock {
  private readonly startedAt: number;
  private readonly now: () => number;
  private readonly slicesTotal: number;
  private readonly seen: Set<string>;
  private readonly wallBeforeMs: number;
  private firstImageMs: number | null;
  private firstInteractionMs: number | null;
  private activeMs: number;
  private clicks: number;
  private lastActivityAt: number | null;

  constructor(options: { now?: () => number; slicesTotal: number; earlier?: ClockRecord | null }) {
    const { earlier } = options;
    this.seen = new Set(earlier?.seen);
    this.wallBeforeMs = earlier?.wallMs ?? 0;
    this.firstImageMs = earlier?.firstImageMs ?? null;
    this.firstInteractionMs = earlier?.firstInteractionMs ?? null;
    this.activeMs = earlier?.activeMs ?? 0;
    this.clicks = earlier?.clicks ?? 0;
    this.now = options.now ?? (() => performance.now());
    this.slicesTotal = options.slicesTotal;
    this.startedAt = this.now();
    this.lastActivityAt = this.startedAt;
  }

  sliceShown(series: number, frame: number): void {
    this.firstImageMs ??= this.now() - this.startedAt;
    this.seen.add(`${series}/${frame}`);
  }

  /** A key, a click or a turn of the wheel. */
  interacted(isClick: boolean): void {
    this.firstInteractionMs ??= this.now() - this.startedAt;
    if (isClick) this.clicks += 1;
    this.countUpToNow();
  }

  /** The mouse moved over the page. */
  moved(): void {
    this.countUpToNow();
  }

  left(): void {
    this.countUpToNow();
    this.lastActivityAt = null;
  }

  returned(): void {
    this.lastActivityAt ??= this.now();
  }

  report(): Timing {
    if (this.lastActivityAt !== null) this.countUpToNow();
    return {
      first_image_ms: rounded(this.firstImageMs),
      first_interaction_ms: rounded(this.firstInteractionMs),
      active_ms: Math.round(this.activeMs),
      wall_ms: Math.round(this.wallMs),
      slices_seen: this.seen.size,
      slices_total: this.slicesTotal,
      clicks: this.clicks,
    };
  }

  record(): ClockRecord {
    if (this.lastActivityAt !== null) this.countUpToNow();
    const { firstImageMs, firstInteractionMs, activeMs, wallMs, clicks } = this;
    return { firstImageMs, firstInteractionMs, activeMs, wallMs, clicks, seen: [...this.seen] };
  }

  private get wallMs(): number {
    return this.wallBeforeMs + this.now() - this.startedAt;
  }

  private countUpToNow(): void {
    const now = this.now();
    if (this.lastActivityAt !== null) this.activeMs += Math.min(now - this.lastActivityAt, IDLE_LIMIT_MS);
    this.lastActivityAt = now;
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
