import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

export const studySchema = z.object({
  slug: z.string(),
  title: z.string(),
  phase: z.enum(["DESIGN", "READING", "LOCKED"]),
  template: z.string(),
  protocol_version: z.number(),
  protocol_sha256: z.string(),
  washout_days: z.number(),
  frozen_at: z.string().nullable(),
  locked_at: z.string().nullable(),
  locked_by: z.string(),
  lock_reason: z.string(),
  lock_request: z
    .object({ requested_at: z.string(), requested_by: z.string(), is_own: z.boolean() })
    .nullable(),
  sessions: z.array(
    z.object({
      ordinal: z.number(),
      title: z.string(),
      washout_days: z.number(),
      arms: z.array(z.string()),
      model_ids: z.array(z.string()),
    }),
  ),
  cases: z.number(),
  readers: z.number(),
  // Null for a role that may not know how far the readers are; only who may lock is shown the count.
  missing_reads: z
    .number()
    .nullable()
    .transform((count) => count ?? 0),
  role: z.string(),
  permissions: z.object({
    progress: z.boolean(),
    cases: z.boolean(),
    freeze: z.boolean(),
    predictions: z.boolean(),
    lock: z.boolean(),
    people: z.boolean(),
    enroll: z.boolean(),
    protocol: z.boolean(),
    amend: z.boolean(),
    deviations: z.boolean(),
    unblind: z.boolean(),
    results: z.boolean(),
    audit: z.boolean(),
  }),
});
export type DeskStudy = z.infer<typeof studySchema>;

export function studyQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "study"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}`, studySchema, { signal }),
  });
}
