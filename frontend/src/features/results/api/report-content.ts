import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { ResultsSource } from "../model/source";
import { runsPath } from "./analysis-runs";

const tableSchema = z.object({
  key: z.string(),
  caption: z.string(),
  header: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  /** How many columns at the left name the row. */
  row_headers: z.number(),
  notes: z.array(z.string()),
});
export type ReportTable = z.infer<typeof tableSchema>;

const figureSchema = z.object({
  /** The name of its files without their ending. */
  key: z.string(),
  caption: z.string(),
  alt: z.string(),
  notes: z.array(z.string()),
  /** Section and item of the results that it shows. */
  section: z.string(),
  item: z.string(),
  kind: z.string(),
});
export type ReportFigure = z.infer<typeof figureSchema>;

const failureSchema = z.object({ key: z.string(), title: z.string(), code: z.string(), text: z.string() });
export type ItemFailure = z.infer<typeof failureSchema>;

const sectionSchema = z.object({
  key: z.string(),
  title: z.string(),
  paragraphs: z.array(z.string()),
  tables: z.array(tableSchema),
  figures: z.array(figureSchema),
  warnings: z.array(z.string()),
  not_applicable: z.string().nullable(),
  failures: z.array(failureSchema),
  get sections() {
    return z.array(sectionSchema);
  },
});
export type ReportSection = z.infer<typeof sectionSchema>;

const checklistItemSchema = z.object({
  number: z.string(),
  section: z.string(),
  content: z.string(),
  status: z.enum(["filled", "partly filled", "to complete"]),
  text: z.string(),
  where: z.string(),
});
export type ChecklistItem = z.infer<typeof checklistItemSchema>;

const checklistSchema = z.object({
  key: z.string(),
  name: z.string(),
  citation: z.string(),
  items: z.array(checklistItemSchema),
});
export type Checklist = z.infer<typeof checklistSchema>;

export const reportSchema = z.object({
  schema_version: z.literal(1),
  title: z.string(),
  subtitle: z.string(),
  synthetic_label: z.string().nullable(),
  provenance: z.array(z.object({ label: z.string(), value: z.string() })),
  sections: z.array(sectionSchema),
  methods: z.object({
    paragraphs: z.array(z.object({ title: z.string(), text: z.string() })),
    references: z.array(z.string()),
  }),
  not_applicable: z.array(z.object({ analysis: z.string(), reason: z.string() })),
  deviations: z
    .array(z.object({ when: z.string(), what: z.string(), subject: z.string(), reason: z.string() }))
    .nullable(),
  checklists: z.array(checklistSchema),
});
export type ReportContent = z.infer<typeof reportSchema>;

/** The report of a finished run, whose bytes never change. Errors: `not_done`. */
export function reportQuery(source: ResultsSource, run: string) {
  return queryOptions({
    queryKey: [...source.key, "analysis", run, "report"],
    queryFn: ({ signal }) => api.get(`${runsPath(source)}/${run}/report`, reportSchema, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
