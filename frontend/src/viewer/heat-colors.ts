/**
 * Plasma of matplotlib 3 (CC0), ten places of it: lightness rises evenly from end to end, so the order of two values
 * is seen in gray too and by every kind of color vision, and no color is a gray of the image below.
 */
const PLASMA = [
  "#0d0887",
  "#46039f",
  "#7201a8",
  "#9c179e",
  "#bd3786",
  "#d8576b",
  "#ed7953",
  "#fb9f3a",
  "#fdca26",
  "#f0f921",
] as const;

/** The colors of a map by value, "#rrggbb": 1 is the low end, 255 the high one, and 0 has none. */
export const HEAT_COLORS: ReadonlyMap<number, string> = new Map(
  Array.from({ length: 255 }, (_, place) => [place + 1, between(place / 254)]),
);

/** The colors from left to right, for a color bar. */
export const HEAT_GRADIENT = `linear-gradient(to right, ${PLASMA.join(", ")})`;

/** Of a region that a model shows: none of the colors that readers paint in. */
export const REGION_COLOR = "#ff5ad1";
export const REGION_COLORS: ReadonlyMap<number, string> = new Map([[1, REGION_COLOR]]);

function between(share: number): string {
  const place = share * (PLASMA.length - 1);
  const below = Math.min(Math.floor(place), PLASMA.length - 2);
  const [from, to] = [channels(PLASMA[below] as string), channels(PLASMA[below + 1] as string)];
  const mixed = from.map((value, at) => Math.round(value + ((to[at] as number) - value) * (place - below)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Red, green and blue of a color written as "#rrggbb". */
export function channels(color: string): [number, number, number] {
  const at = (from: number) => Number.parseInt(color.slice(from, from + 2), 16);
  return [at(1), at(3), at(5)];
}
