/** Kinds of arrays that a block of voxels may be made of. */
export type BlockKind = "Uint8Array" | "Int16Array" | "Uint16Array" | "Float32Array";

/** Each kind with those of which it holds every value. */
const HELD: readonly (readonly [BlockKind, ReadonlySet<string>])[] = [
  ["Uint8Array", new Set(["Uint8Array"])],
  ["Int16Array", new Set(["Int16Array", "Int8Array", "Uint8Array"])],
  ["Uint16Array", new Set(["Uint16Array", "Uint8Array"])],
];

/**
 * The kind of array that holds the values of slices of all these kinds.
 *
 * The image loader gives each slice the smallest kind that holds its own values, so that slices of one series differ.
 */
export function commonKind(kinds: Iterable<string>): BlockKind {
  const all = [...kinds];
  return HELD.find(([, held]) => all.every((kind) => held.has(kind)))?.[0] ?? "Float32Array";
}
