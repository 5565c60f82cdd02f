import type { ReportContent, ReportFigure, ReportSection, ReportTable } from "../api/report-content";

export interface NavEntry {
  /** Last part of the address; empty for the summary. */
  path: string;
  label: string;
  /** Why the section has nothing to say about this study. */
  reason: string | null;
}

/** Short names of the sections of every analysis, in their order. */
export const SECTION_LABELS: Readonly<Record<string, string>> = {
  flow: "Participant flow",
  agreement: "Agreement",
  intra_reader: "Intra-reader",
  features: "Features",
  roc: "ROC",
  operating_points: "Operating points",
  mrmc: "MRMC",
  free_response: "Free response",
  change_of_mind: "Change of mind",
  reading_time: "Reading time",
  periods: "Order of arms",
  models: "Models",
  survival: "Survival",
  table_one: "Table 1",
  per_protocol: "Per-protocol",
  register: "All results",
};

/** Parts of a report that are no analysis of their own. */
const OF_REPORT: ReadonlySet<string> = new Set(["flow", "register"]);

export const FIXED_PAGES = [
  { path: "methods", label: "Methods" },
  { path: "checklists", label: "Checklists" },
  { path: "provenance", label: "Provenance & deviations" },
  { path: "files", label: "Files" },
] as const;

export const SUMMARY: NavEntry = { path: "", label: "Summary", reason: null };

/** Underscores read badly in an address. */
export function sectionPath(key: string): string {
  return key.replaceAll("_", "-");
}

/** The report's own sections in their order, or before there is a report those of every analysis. */
export function sectionEntries(report: ReportContent | undefined): NavEntry[] {
  if (report === undefined) {
    return Object.entries(SECTION_LABELS)
      .filter(([key]) => !OF_REPORT.has(key))
      .map(([key, label]) => ({
        path: sectionPath(key),
        label,
        reason: null,
      }));
  }
  return report.sections.map(({ key, title, not_applicable }) => ({
    path: sectionPath(key),
    label: SECTION_LABELS[key.replaceAll("-", "_")] ?? title,
    reason: not_applicable,
  }));
}

export function sectionOf(report: ReportContent, path: string): ReportSection | undefined {
  return report.sections.find((section) => sectionPath(section.key) === path);
}

/** The key that the results give a section of the report. */
export function resultsKey(section: ReportSection): string {
  return section.key.replaceAll("-", "_");
}

/** All tables of a section and of those within it, as they are read. */
export function tablesOf(section: ReportSection): ReportTable[] {
  return [...section.tables, ...section.sections.flatMap(tablesOf)];
}

export function figuresOf(section: ReportSection): ReportFigure[] {
  return [...section.figures, ...section.sections.flatMap(figuresOf)];
}
