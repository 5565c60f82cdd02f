import type { DisplayWindow } from "./types";

export interface ValueRange {
  lower: number;
  upper: number;
}

/** A window to choose with one key: of values without a unit the quantiles (0 to 1) of the middle slice, or as sent. */
export type WindowPreset = { key: string; label: string } & (
  | { low: number; high: number }
  | DisplayWindow
  | { isSent: true }
);

const AS_SENT: WindowPreset = { key: "0", label: "As sent", isSent: true };

/** For MR, whose values have no unit. */
const QUANTILE_PRESETS: readonly WindowPreset[] = [
  { key: "1", label: "1–99%", low: 0.01, high: 0.99 },
  { key: "2", label: "2–98%", low: 0.02, high: 0.98 },
  { key: "3", label: "5–95%", low: 0.05, high: 0.95 },
  { key: "4", label: "10–90%", low: 0.1, high: 0.9 },
  { key: "5", label: "Full range", low: 0, high: 1 },
  AS_SENT,
];

/** For CT, in Hounsfield units: those of OHIF. */
const CT_PRESETS: readonly WindowPreset[] = [
  { key: "1", label: "Soft tissue", center: 40, width: 400 },
  { key: "2", label: "Lung", center: -600, width: 1500 },
  { key: "3", label: "Liver", center: 90, width: 150 },
  { key: "4", label: "Bone", center: 480, width: 2500 },
  { key: "5", label: "Brain", center: 40, width: 80 },
  AS_SENT,
];

/** The presets of a series by its role. */
export const presetsOf = (role: string | undefined): readonly WindowPreset[] =>
  role === "CT" ? CT_PRESETS : QUANTILE_PRESETS;

// What the bright end of an image takes of the gray at least, and what may be plain white.
const BRIGHT_END = 0.99;
const LEAST_GRAY = 0.65;
const MOST_WHITE = 0.1;
// What the dark end may take of it.
const DARK_END = 0.01;
const MOST_GRAY = 0.5;

// Horizontal drag over this many pixels changes the width by the whole range of the image.
const DRAG_PIXELS = 700;

/**
 * The values between which gray rises (PS3.3 C.11.2.1.3.2, LINEAR_EXACT).
 *
 * Cornerstone's own LINEAR gives an empty or inverted range for widths up to 1, as ADC maps in mm²/s have.
 */
export function toRange({ center, width }: DisplayWindow): ValueRange {
  return { lower: center - width / 2, upper: center + width / 2 };
}

export function fromRange({ lower, upper }: ValueRange): DisplayWindow {
  return { center: (lower + upper) / 2, width: upper - lower };
}

/** A window one can show, or null: absent, without width, or not a number. */
export function usableWindow(window: DisplayWindow | null): DisplayWindow | null {
  if (window === null) return null;
  const isUsable = Number.isFinite(window.center) && Number.isFinite(window.width) && window.width > 0;
  return isUsable ? window : null;
}

/**
 * Whether values can be seen in a window: their brightest hundredth comes to two thirds of white, or nearly, their
 * darkest one is not above the middle, and no tenth of them is plain white. Values that do not differ are seen in any.
 */
export function showsWell(values: ArrayLike<number>, window: DisplayWindow): boolean {
  const sorted = inOrder(values);
  const { lower, upper } = toRange(window);
  const [dark, bright] = [quantile(sorted, DARK_END), quantile(sorted, BRIGHT_END)];
  if (bright <= dark) return true;
  const isDark = bright < lower + LEAST_GRAY * window.width;
  const isPale = dark > lower + MOST_GRAY * window.width || quantile(sorted, 1 - MOST_WHITE) >= upper;
  return !isDark && !isPale;
}

/** The window to begin with where values have no unit: as sent, if they can be seen well in it, or their own. */
export function readableWindow(values: ArrayLike<number>, sent: DisplayWindow | null): DisplayWindow {
  return sent && showsWell(values, sent) ? sent : percentileWindow(values, 0.01, 0.99);
}

/** The window from the `low` to the `high` quantile (0–1) of the values. */
export function percentileWindow(values: ArrayLike<number>, low: number, high: number): DisplayWindow {
  const sorted = inOrder(values);
  const lower = quantile(sorted, low);
  const upper = quantile(sorted, high);
  if (upper > lower) return fromRange({ lower, upper });
  const smallest = sorted[0] ?? 0;
  const largest = sorted[sorted.length - 1] ?? 0;
  return largest > smallest ? fromRange({ lower: smallest, upper: largest }) : { center: lower, width: 1 };
}

/** The window after a drag: right is wider, down is brighter center, both in proportion to the image's range. */
export function dragWindow(start: DisplayWindow, dx: number, dy: number, fullWidth: number): DisplayWindow {
  const perPixel = fullWidth / DRAG_PIXELS;
  return {
    center: start.center + dy * perPixel,
    width: Math.max(start.width + dx * perPixel, fullWidth / 1000),
  };
}

/** A number of a window with as many decimals as its width makes meaningful. */
export function formatWindowValue(value: number, width: number): string {
  const decimals = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(width))));
  return value.toFixed(width >= 100 ? 0 : decimals).replace(/^-0(\.0+)?$/, "0");
}

/**
 * The percentiles (0 to 100, to a tenth) of the values at which a window begins and ends: `percentileWindow` the other
 * way round. Null where both fall on one.
 */
export function windowPercentiles(
  values: ArrayLike<number>,
  window: DisplayWindow,
): { low: number; high: number } | null {
  const sorted = inOrder(values);
  const { lower, upper } = toRange(window);
  const low = Math.round(1000 * quantilePlace(sorted, lower, false)) / 10;
  const high = Math.round(1000 * quantilePlace(sorted, upper, true)) / 10;
  return low < high ? { low, high } : null;
}

const ordered = new WeakMap<object, Float64Array>();

/** The values in order; of an image, whose values never change, they are put in order once. */
function inOrder(values: ArrayLike<number>): Float64Array {
  const known = ordered.get(values);
  if (known) return known;
  const sorted = Float64Array.from(values).sort();
  ordered.set(values, sorted);
  return sorted;
}

/** The fraction of sorted values at which a value lies; of equal ones the first, or the last. */
function quantilePlace(sorted: Float64Array, value: number, isLast: boolean): number {
  const last = sorted.length - 1;
  if (last < 1) return isLast ? 1 : 0;
  const first = firstAtLeast(sorted, value);
  const after = firstAtLeast(sorted, value, true);
  if (after > first) return (isLast ? after - 1 : first) / last;
  if (first === 0) return 0;
  if (first > last) return 1;
  const below = sorted[first - 1] ?? 0;
  const above = sorted[first] ?? 0;
  return (first - 1 + (value - below) / (above - below)) / last;
}

/** The first place whose value is not below the one given, or is above it. */
function firstAtLeast(sorted: Float64Array, value: number, isAbove = false): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const here = sorted[middle] ?? 0;
    if (here < value || (isAbove && here === value)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Linear interpolation between order statistics, as numpy's default quantile. */
function quantile(sorted: Float64Array, fraction: number): number {
  const place = (sorted.length - 1) * fraction;
  const below = Math.floor(place);
  const start = sorted[below] ?? 0;
  const next = sorted[Math.min(below + 1, sorted.length - 1)] ?? start;
  return start + (next - start) * (place - below);
}
