import type { FrozenDeviation } from "../api/get-results";

const KINDS: Readonly<Record<string, string>> = {
  WASHOUT_OVERRIDDEN: "Washout overridden",
  READ_REOPENED: "Read re-opened",
  READER_REPLACED: "Reader replaced",
  READER_WITHDRAWN: "Reader withdrawn",
  READER_ENROLLED_LATE: "Reader enrolled late",
  CASE_UNBLINDED: "Case unblinded",
  LOCKED_INCOMPLETE: "Locked incomplete",
};

export function kindText(kind: string): string {
  return KINDS[kind] ?? kind.toLowerCase().replaceAll("_", " ");
}

/** `R1, session 2, place 5, case A-0004`: whatever the deviation is about. */
export function aboutText(one: FrozenDeviation): string {
  const parts = [
    one.reader,
    one.replaced_by === null ? null : `replaced by ${one.replaced_by}`,
    one.session === null ? null : `session ${one.session}`,
    one.position === null ? null : `place ${one.position}`,
    one.case === null ? null : `case ${one.case}`,
    one.missing_reads ? `${one.missing_reads} reads missing` : null,
    one.unsettled_items ? `${one.unsettled_items} cases not adjudicated` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "–" : parts.join(", ");
}
