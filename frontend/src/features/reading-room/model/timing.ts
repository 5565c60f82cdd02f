import type { ViewerTelemetry } from "../../../viewer/types";

/** What is told of a read beside its answers, for analysis. The reader is not shown it. */
export interface Timing {
  first_image_ms: number | null;
  first_interaction_ms: number | null;
  /** Time with the page before the reader, without pauses. */
  active_ms: number;
  /** What pauses were longer than the idle limit. */
  idle_ms: number;
  /** Time with the tab hidden or another window in front. */
  blur_ms: number;
  wall_ms: number;
  /** How long the model's output was on the screen. */
  aid_open_ms: number;
  slices_seen: number;
  slices_total: number;
  clicks: number;
  key_presses: number;
  scrolls: number;
  window_changes: number;
  zooms: number;
  pans: number;
}

/** A pause longer than this counts as this much: the reader looked, and then did something else. */
export const IDLE_LIMIT_MS = 30_000;

/** Who is back within this went from one window of the page to the other, and was not away. */
export const SWITCH_MS = 250;

const GESTURES = ["scrolls", "window_changes", "zooms", "pans"] as const;
export type Gestures = Pick<ViewerTelemetry, (typeof GESTURES)[number]>;
const NO_GESTURES: Gestures = { scrolls: 0, window_changes: 0, zooms: 0, pans: 0 };

/** The clock as it was left, when the page of an open read is closed or reloaded. */
export interface ClockRecord {
  firstImageMs: number | null;
  firstInteractionMs: number | null;
  activeMs: number;
  idleMs: number;
  blurMs: number;
  wallMs: number;
  aidOpenMs: number;
  clicks: number;
  keyPresses: number;
  gestures: Gestures;
  seen: string[];
}

const NOTHING_YET: ClockRecord = {
  firstImageMs: null,
  firstInteractionMs: null,
  activeMs: 0,
  idleMs: 0,
  blurMs: 0,
  wallMs: 0,
  aidOpenMs: 0,
  clicks: 0,
  keyPresses: 0,
  gestures: NO_GESTURES,
  seen: [],
};

/**
 * How long a read took and how much of it was seen.
 *
 * Every millisecond on the page is active, idle or away (`blur`): the three make up the wall time.
 */
export class ReadingClock {
  private readonly startedAt: number;
  private readonly now: () => number;
  private readonly slicesTotal: number;
  private readonly seen: Set<string>;
  private readonly earlier: ClockRecord;
  private readonly sum: ClockRecord;
  private gestures: Gestures = NO_GESTURES;
  private countedTo: number;
  private leftAt: number | null = null;
  private aidOpenAt: number | null = null;

  /** `lookedSince`: when the first image stood on the screen, where that was before the clock. */
  constructor(options: {
    now?: () => number;
    slicesTotal: number;
    earlier?: ClockRecord | null;
    lookedSince?: number | null;
  }) {
    this.earlier = options.earlier ?? NOTHING_YET;
    this.sum = { ...this.earlier };
    this.seen = new Set(this.earlier.seen);
    this.now = options.now ?? (() => performance.now());
    this.slicesTotal = options.slicesTotal;
    this.startedAt = options.lookedSince ?? this.now();
    if (options.lookedSince != null) this.sum.firstImageMs ??= 0;
    this.countedTo = this.startedAt;
  }

  sliceShown(series: number, frame: number): void {
    this.sum.firstImageMs ??= this.now() - this.startedAt;
    this.seen.add(`${series}/${frame}`);
  }

  /** A click, a key, or a turn of the wheel. */
  interacted(kind: "click" | "key" | "wheel"): void {
    this.sum.firstInteractionMs ??= this.now() - this.startedAt;
    if (kind === "click") this.sum.clicks += 1;
    if (kind === "key") this.sum.keyPresses += 1;
    this.returned();
    this.countUpToNow();
  }

  /** The mouse moved over the page. */
  moved(): void {
    this.countUpToNow();
  }

  /** What the viewer has counted since the page was opened. */
  viewerUsed({ scrolls, window_changes, zooms, pans }: Gestures): void {
    this.gestures = { scrolls, window_changes, zooms, pans };
  }

  aidOpened(): void {
    this.aidOpenAt ??= this.now();
  }

  aidClosed(): void {
    this.sum.aidOpenMs += this.aidOpenNow;
    this.aidOpenAt = null;
  }

  left(): void {
    this.countUpToNow();
    this.leftAt ??= this.now();
  }

  returned(): void {
    if (this.leftAt !== null && this.now() - this.leftAt <= SWITCH_MS) this.leftAt = null;
    this.countUpToNow();
    this.leftAt = null;
  }

  report(): Timing {
    const {
      firstImageMs,
      firstInteractionMs,
      activeMs,
      idleMs,
      blurMs,
      wallMs,
      aidOpenMs,
      gestures,
      ...counts
    } = this.record();
    return {
      first_image_ms: rounded(firstImageMs),
      first_interaction_ms: rounded(firstInteractionMs),
      active_ms: Math.round(activeMs),
      idle_ms: Math.round(idleMs),
      blur_ms: Math.round(blurMs),
      wall_ms: Math.round(wallMs),
      aid_open_ms: Math.round(aidOpenMs),
      slices_seen: counts.seen.length,
      slices_total: this.slicesTotal,
      clicks: counts.clicks,
      key_presses: counts.keyPresses,
      ...gestures,
    };
  }

  record(): ClockRecord {
    this.countUpToNow();
    return {
      ...this.sum,
      wallMs: this.earlier.wallMs + this.now() - this.startedAt,
      aidOpenMs: this.sum.aidOpenMs + this.aidOpenNow,
      gestures: added(this.earlier.gestures, this.gestures),
      seen: [...this.seen],
    };
  }

  private get aidOpenNow(): number {
    return this.aidOpenAt === null ? 0 : this.now() - this.aidOpenAt;
  }

  private countUpToNow(): void {
    const now = this.now();
    const passed = now - this.countedTo;
    this.countedTo = now;
    if (this.leftAt !== null) {
      this.sum.blurMs += passed;
      return;
    }
    this.sum.activeMs += Math.min(passed, IDLE_LIMIT_MS);
    this.sum.idleMs += Math.max(0, passed - IDLE_LIMIT_MS);
  }
}

function added(one: Gestures, other: Gestures): Gestures {
  const sums = GESTURES.map((key) => [key, one[key] + other[key]]);
  return Object.fromEntries(sums) as unknown as Gestures;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
