import type { DevelopmentScores } from "../api/get-aid";

/** Where a score stands among cases that are known by their bins alone. */
export interface Standing {
  /** The bin that holds the score, from 0; null beyond the bins. */
  bin: number | null;
  /** Shares of the cases, 0 to 1, that surely lie below the score, and that may lie below it. */
  atLeast: number;
  atMost: number;
  cases: number;
}

export function standingOf(score: number, { bin_edges, counts }: DevelopmentScores): Standing {
  const cases = counts.reduce((sum, count) => sum + count, 0);
  const upTo = (bins: number) => counts.slice(0, bins).reduce((sum, count) => sum + count, 0) / cases;
  const last = bin_edges.length - 1;
  const lowest = bin_edges[0] ?? 0;
  const highest = bin_edges[last] ?? 0;
  if (score < lowest) return { bin: null, atLeast: 0, atMost: 0, cases };
  if (score > highest) return { bin: null, atLeast: 1, atMost: 1, cases };
  const above = bin_edges.findIndex((edge) => edge > score);
  const bin = above === -1 ? last - 1 : above - 1;
  return { bin, atLeast: upTo(bin), atMost: upTo(bin + 1), cases };
}

/** The standing in words; `source` says which cases they are. */
export function standingText({ bin, atLeast, atMost }: Standing, source: string): string {
  if (bin === null) return `${atMost === 0 ? "Lower" : "Higher"} than all of ${source}`;
  const [low, high] = [Math.round(atLeast * 100), Math.round(atMost * 100)];
  return `Higher than ${low === high ? low : `${low} to ${high}`} % of ${source}`;
}
