import type { Curve, Estimate, Interval, NotEstimable } from "../api/get-results";

export function isEstimable<T>(value: T | NotEstimable): value is T {
  return !(typeof value === "object" && value !== null && "not_estimable" in value);
}

/** Fixed decimals with a true minus sign, and no minus before a zero; as the tables, which round halves to even. */
export function formatNumber(value: number, digits = 3): string {
  const text = fixed(Math.abs(value), digits);
  const isNegative = value < 0 && Number(text) !== 0;
  return isNegative ? `−${text}` : text;
}

/** As `toFixed`, but what lies exactly between two numbers becomes the even one: 52.25 is 52.2. */
function fixed(value: number, digits: number): string {
  const scaled = value * 10 ** digits;
  // Only a multiple of this power of two can be a half at all; then the product is exact.
  const isHalf = Number.isInteger(value * 2 ** (digits + 1)) && scaled % 1 === 0.5;
  const below = Math.floor(scaled);
  return isHalf && below % 2 === 0 ? (below / 10 ** digits).toFixed(digits) : value.toFixed(digits);
}

/** `0.031`, or `<0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

/** `0.624–0.844`; with `to` between the bounds where one is negative. */
export function formatInterval(interval: { low: number; high: number }, digits = 3): string {
  const low = formatNumber(interval.low, digits);
  const high = formatNumber(interval.high, digits);
  return interval.low < 0 || interval.high < 0 ? `${low} to ${high}` : `${low}–${high}`;
}

/** A value for a table: its text, or a dash and the reason for which there is none. */
export interface Shown {
  text: string;
  reason: string | null;
}

export const DASH = "–";

export function showEstimate(value: Estimate, format: (value: number) => string = formatNumber): Shown {
  if (!isEstimable(value)) return { text: DASH, reason: value.not_estimable };
  return { text: format(value), reason: null };
}

export function showInterval(interval: Interval, digits = 3): Shown {
  if (!isEstimable(interval)) return { text: DASH, reason: interval.not_estimable };
  return { text: formatInterval(interval, digits), reason: null };
}

/** A row's values with each reason told once, at the first value that it concerns. */
export function tellOnce(row: readonly Shown[]): Shown[] {
  const told = new Set<string>();
  return row.map((shown) => {
    if (shown.reason === null || told.has(shown.reason)) return { text: shown.text, reason: null };
    told.add(shown.reason);
    return shown;
  });
}

/** `95%` of a confidence level of 0.95. */
export function formatLevel(level: number): string {
  return `${Number((100 * level).toFixed(2))}%`;
}

/** A word in capitals; shorter ones are abbreviations. */
const CAPITALS = /\b[A-Z]{5,}\b/g;

/** An arm within a sentence: `UNAIDED` as `unaided`, `CT with AI` as it is. */
export function armInText(arm: string): string {
  return arm.replace(CAPITALS, (word) => word.toLowerCase());
}

/** `UNAIDED` as `Unaided`. */
export function armLabel(arm: string): string {
  const text = armInText(arm);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Decimals that show about three digits of numbers of this spread, as in the printed figures. */
export function digitsFor(spread: number): number {
  if (spread === 0) return 2;
  return [100, 10, 1, 0.1].filter((least) => Math.abs(spread) < least).length;
}

/** `Reader One, aided`, or the model's name. */
export function curveLabel(curve: Curve): string {
  return curve.arm === null ? curve.name : `${curve.name}, ${armInText(curve.arm)}`;
}

/** The rule by which a threshold calls a case positive; readers' scores are whole numbers. */
export function formatThreshold(threshold: number | null): string {
  if (threshold === null) return "none positive";
  return `≥ ${Number.isInteger(threshold) ? formatNumber(threshold, 0) : formatNumber(threshold, 3)}`;
}

/** A reason as it stands in results, as a sentence. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
