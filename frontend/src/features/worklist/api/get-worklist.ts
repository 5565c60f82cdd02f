import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { askAgainIn } from "../model/ask-again";

const sessionSchema = z.object({
  ordinal: z.number(),
  title: z.string(),
  is_aided: z.boolean(),
  is_training: z.boolean(),
  /** Which try at the training this is; every other session has one. */
  attempt: z.number(),
  /** How often each case is committed. */
  steps: z.number(),
  total: z.number(),
  submitted: z.number(),
  status: z.enum(["not_open", "open", "waiting", "to_sign", "failed", "complete"]),
  opens_at: z.string().nullable(),
  /** Of a training that is read to its end: the share of right answers. */
  score: z.number().nullable(),
  is_passed: z.boolean().nullable(),
  /** What the reader signs; null unless the session waits for it. */
  meaning: z.string().nullable(),
});
export type WorklistSession = z.infer<typeof sessionSchema>;

const nextSchema = z.object({
  status: z.enum(["open", "waiting", "break", "to_sign", "failed", "complete", "not_frozen", "locked"]),
  session_ordinal: z.number().nullable(),
  position: z.number().nullable(),
  total: z.number().nullable(),
  opens_at: z.string().nullable(),
  resumes_draft: z.boolean(),
});
export type NextTurn = z.infer<typeof nextSchema>;

const correctableSchema = z.object({
  read_id: z.string(),
  alias: z.string(),
  session_title: z.string(),
  step: z.number(),
  steps: z.number(),
  submitted_at: z.string(),
  request: z
    .object({
      status: z.enum(["requested", "granted", "refused", "corrected"]),
      decision: z.string(),
    })
    .nullable(),
});
export type Correctable = z.infer<typeof correctableSchema>;

const worklistSchema = z.object({
  study: z.object({ slug: z.string(), title: z.string(), instructions: z.string() }),
  washout_days: z.number(),
  training: z.object({ pass_mark: z.number(), max_attempts: z.number() }).nullable(),
  sessions: z.array(sessionSchema),
  next: nextSchema,
  /** One's own submitted reads, without what they hold. */
  correctable: z.array(correctableSchema),
});
export type Worklist = z.infer<typeof worklistSchema>;

export function worklistQuery(slug: string) {
  return queryOptions({
    queryKey: ["worklist", slug],
    queryFn: ({ signal }) => api.get(`/api/reader/studies/${slug}/worklist`, worklistSchema, { signal }),
    // Back from a submitted read the counts have moved.
    refetchOnMount: "always",
    // The clock of a browser opens nothing: it only says when to ask the server again.
    refetchInterval: ({ state }) => (state.data ? askAgainIn(state.data.next, new Date()) : false),
  });
}
