import type { Segment } from "./drawn";

interface Named {
  labels?: readonly { key: string; label: string }[];
  statuses?: readonly { key: string; label: string }[];
}

/** A painted segment in words: what it is called, how large it is, and where. */
export function segmentWords(segment: Segment, { labels = [], statuses = [] }: Named = {}): string {
  const word = (words: NonNullable<Named["labels"]>, key: string | null) =>
    key === null ? null : (words.find((one) => one.key === key)?.label ?? key);
  const name = [word(labels, segment.label), word(statuses, segment.status)].filter((one) => one !== null);
  const called = name.length > 0 ? name.join(", ") : "not named yet";
  const borderline = segment.painted?.isBorderline ? ", borderline" : "";
  return `${called}: ${segmentSize(segment)}${borderline}, ${sliceWords(segment.slices)}`;
}

/** Long and short axis and volume, as far as there are any. */
export function segmentSize({ long_axis_mm, short_axis_mm, volume_ml }: Segment): string {
  const axes =
    long_axis_mm === null || short_axis_mm === null
      ? "too small for a diameter"
      : `${long_axis_mm.toFixed(1)} × ${short_axis_mm.toFixed(1)} mm`;
  return volume_ml === null ? axes : `${axes}, ${volume_ml.toFixed(2)} ml`;
}

function sliceWords(slices: readonly number[]): string {
  const [first] = slices;
  const last = slices.at(-1);
  return first === last ? `slice ${first}` : `slices ${first} to ${last}`;
}
