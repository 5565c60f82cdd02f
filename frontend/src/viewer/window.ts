import type { DisplayWindow } from "./types";

export interface ValueRange {
  lower: number;
  upper: number;
}

/** Percentile presets for MR, whose values have no unit: the keys 1 to 5. */
export const WINDOW_PRESETS: ReadonlyArray<{ key: string; label: string; low: number; high: number }> = [
  { key: "1", label: "1–99%", low: 0.01, high: 0.99 },
  { key: "2", label: "2–98%", low: 0.02, high: 0.98 },
  { key: "3", label: "5–95%", low: 0.05, high: 0.95 },
  { key: "4", label: "10–90%", low: 0.1, high: 0.9 },
  { key: "5", label: "Full range", low: 0, high: 1 },
];

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

/** The window from the `low` to the `high` quantile (0–1) of the values. */
export function percentileWindow(values: ArrayLike<number>, low: number, high: number): DisplayWindow {
  const sorted = Float64Array.from(values).sort();
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

/** Linear interpolation between order statistics, as numpy's default quantile. */
function quantile(sorted: Float64Array, fraction: number): number {
  const place = (sorted.length - 1) * fraction;
  const below = Math.floor(place);
  const start = sorted[below] ?? 0;
  const next = sorted[Math.min(below + 1, sorted.length - 1)] ?? start;
  return start + (next - start) * (place - below);
}
