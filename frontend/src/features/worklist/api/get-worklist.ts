import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const sessionSchema = z.object({
  ordinal: z.number(),
  title: z.string(),
  is_aided: z.boolean(),
  total: z.number(),
  submitted: z.number(),
  status: z.enum(["not_open", "open", "waiting", "complete"]),
  opens_at: z.string().nullable(),
});
export type WorklistSession = z.infer<typeof sessionSchema>;

const nextSchema = z.object({
  status: z.enum(["open", "waiting", "complete", "not_frozen", "locked"]),
  session_ordinal: z.number().nullable(),
  position: z.number().nullable(),
  total: z.number().nullable(),
  opens_at: z.string().nullable(),
  resumes_draft: z.boolean(),
});
export type NextTurn = z.infer<typeof nextSchema>;

const worklistSchema = z.object({
  study: z.object({ slug: z.string(), title: z.string(), instructions: z.string() }),
  washout_days: z.number().optional(),
  sessions: z.array(sessionSchema),
  next: nextSchema,
});
export type Worklist = z.infer<typeof worklistSchema>;

export function worklistQuery(slug: string) {
  return queryOptions({
    queryKey: ["worklist", slug],
    queryFn: ({ signal }) => api.get(`/api/reader/studies/${slug}/worklist`, worklistSchema, { signal }),
    // Back from a submitted read the counts have moved.
    refetchOnMount: "always",
  });
}
