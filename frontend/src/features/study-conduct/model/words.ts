/** The study as the pages of its conduct need it; the app hands it over. */
export interface ConductStudy {
  slug: string;
  title: string;
  phase: "DESIGN" | "READING" | "LOCKED";
  permissions: { enroll: boolean; amend: boolean; unblind: boolean };
}

export const ROLES: readonly { value: string; label: string }[] = [
  { value: "READER", label: "Reader" },
  { value: "COORDINATOR", label: "Coordinator" },
  { value: "SITE_DATA_MANAGER", label: "Site data manager" },
  { value: "ADJUDICATOR", label: "Adjudicator" },
  { value: "STATISTICIAN", label: "Statistician" },
  { value: "AUDITOR", label: "Auditor" },
];

export function roleText(role: string): string {
  return ROLES.find((one) => one.value === role)?.label ?? role;
}

const DEVIATIONS: Readonly<Record<string, string>> = {
  WASHOUT_OVERRIDDEN: "Washout overridden",
  READ_REOPENED: "Read re-opened",
  READER_REPLACED: "Reader replaced",
  READER_WITHDRAWN: "Reader withdrawn",
  READER_ENROLLED_LATE: "Reader enrolled late",
  CASE_UNBLINDED: "Case unblinded",
  LOCKED_INCOMPLETE: "Locked with reads missing",
};

export function deviationText(kind: string): string {
  return DEVIATIONS[kind] ?? kind.toLowerCase().replaceAll("_", " ");
}

/** A value of the protocol as one reads it: texts as they are, the rest as JSON, nothing as a dash. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return JSON.stringify(value, null, 1);
}

export const REASON_MAX = 2000;

/** What is wrong with a reason, null when nothing is. */
export function reasonProblem(reason: string): string | null {
  const length = reason.trim().length;
  if (length === 0) return "Give a reason.";
  return length > REASON_MAX ? `A reason may have ${REASON_MAX} characters; this has ${length}.` : null;
}
