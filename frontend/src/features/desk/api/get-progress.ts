import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const cellSchema = z.object({
  ordinal: z.number(),
  submitted: z.number(),
  total: z.number(),
  status: z.enum(["not_open", "open", "waiting", "to_sign", "failed", "complete"]),
  opens_at: z.string().nullable(),
  last_submitted_at: z.string().nullable(),
  median_active_s: z.number().nullable(),
});
export type SessionProgress = z.infer<typeof cellSchema>;

const adjudicationSchema = z.object({
  /** Cases times adjudicated arms. */
  panels: z.number(),
  complete: z.number(),
  raised: z.number(),
  open: z.number(),
  settled: z.number(),
  by_majority: z.number(),
  needs_review: z.number(),
  forecast: z.object({ items: z.number(), hours: z.number() }),
});
export type AdjudicationProgress = z.infer<typeof adjudicationSchema>;

const readerSchema = z.object({
  name: z.string(),
  is_withdrawn: z.boolean(),
  sessions: z.array(cellSchema),
});
export type ReaderProgress = z.infer<typeof readerSchema>;

const progressSchema = z.object({
  readers: z.array(readerSchema),
  totals: z.object({ submitted: z.number(), total: z.number() }),
  blinded_note: z.string(),
  adjudication: adjudicationSchema.nullable(),
});
export type StudyProgress = z.infer<typeof progressSchema>;

export function progressQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "progress"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/progress`, progressSchema, { signal }),
    refetchInterval: 30_000,
  });
}
