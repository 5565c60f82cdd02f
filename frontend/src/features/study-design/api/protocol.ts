import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { documentSchema, type ProtocolDocument } from "../model/document";

const problemSchema = z.object({ path: z.string(), text: z.string(), is_blocking: z.boolean() });
export type Problem = z.infer<typeof problemSchema>;

const protocolSchema = z.object({
  slug: z.string(),
  title: z.string(),
  phase: z.enum(["DESIGN", "READING", "LOCKED"]),
  may_edit: z.boolean(),
  revision: z.number(),
  version: z.number(),
  sha256: z.string(),
  frozen_at: z.string().nullable(),
  document: documentSchema,
  problems: z.array(problemSchema),
  models: z.array(z.object({ id: z.string(), semver: z.string() })),
  centers: z.array(z.string()),
  cohorts: z.array(z.string()),
});
export type Protocol = z.infer<typeof protocolSchema>;

/** The protocol as it was last saved; while somebody edits it here the page's own state is the newer one. */
export function protocolQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "protocol"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/protocol`, protocolSchema, { signal }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

const savedSchema = z.object({ revision: z.number(), problems: z.array(problemSchema) });
export type Saved = z.infer<typeof savedSchema>;

/** Keeps the protocol. Errors: `stale_protocol` (changed elsewhere), `protocol_frozen`, `invalid`. */
export function putProtocol(
  slug: string,
  body: { revision: number; title: string; document: ProtocolDocument },
): Promise<Saved> {
  return api.put(`/api/desk/studies/${slug}/protocol`, body, savedSchema);
}

const sessionLoadSchema = z.object({
  ordinal: z.number(),
  title: z.string(),
  cases: z.number(),
  repeats: z.number(),
  reads: z.number(),
  reads_by_arm: z.record(z.string(), z.number()),
  minutes: z.number(),
  sittings: z.number(),
  first_day: z.string(),
  last_day: z.string(),
});
export type SessionLoad = z.infer<typeof sessionLoadSchema>;

const cellSchema = z.object({
  group: z.string(),
  sequence: z.string(),
  readers: z.number(),
  sessions: z.array(sessionLoadSchema),
  reads: z.number(),
  minutes: z.number(),
  last_day: z.string(),
});
export type CellLoad = z.infer<typeof cellSchema>;

const summarySchema = z.object({
  cases: z.number(),
  readers: z.number(),
  are_cases_assumed: z.boolean(),
  are_readers_assumed: z.boolean(),
  training_cases: z.number(),
  cells: z.array(cellSchema),
  reads: z.number(),
  minutes: z.number(),
  first_day: z.string(),
  last_day: z.string(),
  periods: z.array(
    z.object({ sequence: z.string(), period: z.number(), arm: z.string(), reads: z.number() }),
  ),
  coverage: z.array(
    z.object({ arm: z.string(), fewest: z.number(), most: z.number(), unread_cases: z.number() }),
  ),
  case_sets: z.array(
    z.object({
      case_set: z.string(),
      is_expected: z.boolean(),
      cases: z.number(),
      by_center: z.record(z.string(), z.number()),
      by_cohort: z.record(z.string(), z.number()),
    }),
  ),
  assumptions: z.array(z.string()),
  power_note: z.string(),
});
export type DesignSummary = z.infer<typeof summarySchema>;

const forecastSchema = z.object({
  panels: z.number(),
  share: z.number(),
  items: z.number(),
  hours: z.number(),
});

const answerSchema = z.object({
  problems: z.array(problemSchema),
  summary: summarySchema.nullable(),
  adjudication: forecastSchema.nullable(),
  answer_schema: z.record(z.string(), z.unknown()).nullable(),
});
export type DesignAnswer = z.infer<typeof answerSchema>;

export interface Pace {
  minutes: number;
  later_step_minutes: number;
}

/** Problems and summary of a document that need not be saved. */
export function postSummary(
  slug: string,
  body: { document: ProtocolDocument; pace: Pace; start: string },
  signal?: AbortSignal,
): Promise<DesignAnswer> {
  return api.post(`/api/desk/studies/${slug}/design/summary`, body, answerSchema, { signal });
}

const patternedSchema = z.object({ document: documentSchema });

/** The document with another reading design. */
export async function postPattern(
  slug: string,
  body: { document: ProtocolDocument; pattern: string; options: Record<string, number> },
): Promise<ProtocolDocument> {
  return (await api.post(`/api/desk/studies/${slug}/design/pattern`, body, patternedSchema)).document;
}
