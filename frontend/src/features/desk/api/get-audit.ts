import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const eventSchema = z.object({
  id: z.number(),
  at: z.string(),
  event: z.string(),
  actor: z.string(),
  subject_type: z.string(),
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
