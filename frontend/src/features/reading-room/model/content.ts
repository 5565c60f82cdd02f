import type { DraftContent } from "../api/put-draft";
import type { Labelmap } from "../api/read";

/** Equal up to the order of keys, which JSON stores do not keep. */
export function isSameContent(a: DraftContent, b: DraftContent): boolean {
  return (
    isSame(a.answers, b.answers) &&
    isSame(a.measurements, b.measurements) &&
    isSame(a.annotations ?? [], b.annotations ?? []) &&
    isSameLabelmaps(a.labelmaps, b.labelmaps)
  );
}

/** Whether what was sent holds every answer that was given, and every drawing; an answer that was cleared is none. */
export function isAllSent(content: DraftContent, sent: DraftContent): boolean {
  const hasAnswers = Object.entries(content.answers).every(
    ([key, answer]) => isEmpty(answer) || isSame(answer, sent.answers[key]),
  );
  return hasAnswers && hasDrawings(sent, content);
}

/** Whether a draft has each of the drawings of another one, in whichever shape. */
export function hasDrawings(draft: DraftContent, other: DraftContent): boolean {
  const drawn = ({ measurements, annotations = [] }: DraftContent) =>
    [...measurements, ...annotations].map(({ uuid }) => uuid);
  const known = new Set(drawn(draft));
  return drawn(other).every((uuid) => known.has(uuid));
}

function isEmpty(answer: unknown): boolean {
  return answer === null || answer === undefined || answer === "" || isSame(answer, []);
}

/** Megabytes are compared by identity first, and written out never. */
export function isSameLabelmaps(a: readonly Labelmap[] = [], b: readonly Labelmap[] = []): boolean {
  return a === b || (a.length === b.length && a.every((one, place) => isSameLabelmap(one, b[place])));
}

function isSameLabelmap(one: Labelmap, other: Labelmap | undefined): boolean {
  if (one === other) return true;
  if (other === undefined || one.data !== other.data) return false;
  return isSame({ ...one, data: "" }, { ...other, data: "" });
}

/** Equal up to the order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (one === null || typeof one !== "object" || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
