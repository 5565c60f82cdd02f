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

const progressSchema = z.object({
  readers: z.array(z.object({ name: z.string(), is_withdrawn: z.boolean(), sessions: z.array(cellSchema) })),
  totals: z.object({ submitted: z.number(), total: z.number() }),
  blinded_note: z.string(),
});
export type StudyProgress = z.infer<typeof progressSchema>;

export function progressQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "progress"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/progress`, progressSchema, { signal }),
    refetchInterval: 30_000,
  });
}
