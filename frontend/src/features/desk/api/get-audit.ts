import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const eventSchema = z.object({
  sequence: z.number(),
  sha256: z.string(),
  at: z.string(),
  event: z.string(),
  actor: z.string(),
  role: z.string(),
  subject_type: z.string(),
  old: z.unknown(),
  new: z.unknown(),
  reason: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEvent = z.infer<typeof eventSchema>;

const pageSchema = z.object({ events: z.array(eventSchema), next_before: z.number().nullable() });

/** The trail, newest first, page by page. */
export function auditQuery(slug: string) {
  return infiniteQueryOptions({
    queryKey: ["desk", slug, "audit"],
    queryFn: ({ pageParam, signal }) => {
      const before = pageParam === null ? "" : `?before=${pageParam}`;
      return api.get(`/api/desk/studies/${slug}/audit${before}`, pageSchema, { signal });
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
  });
}

const verificationSchema = z.object({
  verified_at: z.string(),
  count: z.number(),
  last_sequence: z.number(),
  last_sha256: z.string(),
  faults: z.array(z.object({ sequence: z.number().nullable(), kind: z.string(), text: z.string() })),
});
export type AuditVerification = z.infer<typeof verificationSchema>;

/** Whether every event of the study still fits its hashes, as the server finds it now. */
export function auditVerificationQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "audit", "verification"],
    queryFn: ({ signal }) =>
      api.get(`/api/desk/studies/${slug}/audit/verification`, verificationSchema, { signal }),
  });
}

export function auditExportUrl(slug: string): string {
  return `/api/desk/studies/${slug}/audit/export`;
}
