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

/** One thing that an event changed, as texts; `label` is empty when the whole value changed. */
export interface Change {
  label: string;
  from: string;
  to: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stood before and what stands now, by field; fields that stayed as they were are left out. */
export function changes(old: unknown, now: unknown): Change[] {
  const isNothing = (value: unknown) => value === null || value === undefined;
  if (isNothing(old) && isNothing(now)) return [];
  if ((isRecord(old) || isNothing(old)) && (isRecord(now) || isNothing(now))) {
    const before = isRecord(old) ? old : {};
    const after = isRecord(now) ? now : {};
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .map((key) => ({
        label: key.replaceAll("_", " "),
        from: valueText(before[key]),
        to: valueText(after[key]),
        isSame: JSON.stringify(before[key]) === JSON.stringify(after[key]),
      }))
      .filter(({ isSame }) => !isSame)
      .map(({ label, from, to }) => ({ label, from, to }));
  }
  return [{ label: "", from: valueText(old), to: valueText(now) }];
}

/** `SITE_DATA_MANAGER` as `site data manager`. */
export function roleText(role: string): string {
  return role.replaceAll("_", " ").toLowerCase();
}

interface Fault {
  sequence: number | null;
  kind: string;
  text: string;
}

/** A finding of the verification as a sentence. */
export function faultText({ sequence, kind, text }: Fault): string {
  const subject = sequence === null ? "An event" : `Event ${sequence}`;
  return `${subject} is ${kind}: ${text}.`;
}
