/** `read_submitted` as `Read submitted`. */
export function eventText(event: string): string {
  const words = event.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "string") return /^[0-9a-f]{40,}$/.test(value) ? `${value.slice(0, 12)}…` : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${valueText(inner)}`)
    .join(", ");
}

/** An event's detail as label and value pairs, long digests shortened. */
export function detailPairs(detail: Readonly<Record<string, unknown>>): [label: string, value: string][] {
  return Object.entries(detail).map(([key, value]) => [key.replaceAll("_", " "), valueText(value)]);
}
