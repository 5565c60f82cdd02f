import type { Option } from "./types";

export interface Region {
  region: string;
  right: Option;
  left: Option;
}

/** Options that come in right and left pairs, as rows of regions; null when they do not. */
export function bySide(options: readonly Option[]): Region[] | null {
  const find = (value: string) => options.find((option) => option.value === value);
  const rights = options.filter((option) => String(option.value).startsWith("right_"));
  const regions = rights.flatMap((right) => {
    const left = find(String(right.value).replace(/^right_/, "left_"));
    const words = right.label.replace(/^right\s+/i, "");
    return left ? [{ region: words.charAt(0).toUpperCase() + words.slice(1), right, left }] : [];
  });
  return regions.length > 0 && regions.length * 2 === options.length ? regions : null;
}
