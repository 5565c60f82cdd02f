import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const statusSchema = z.enum(["open", "nothing_now", "not_frozen", "locked", "no_adjudication"]);
export type WorklistStatus = z.infer<typeof statusSchema>;

export const modeSchema = z.enum(["third_reader", "consensus", "majority"]);
export type Mode = z.infer<typeof modeSchema>;

const worklistSchema = z.object({
  study: z.object({ slug: z.string(), title: z.string() }),
  status: statusSchema,
  mode: modeSchema.nullable(),
  open_item: z.string().nullable(),
  waiting: z.number(),
  settled: z.number(),
  minutes_per_item: z.number().nullable(),
});
export type AdjudicationWorklist = z.infer<typeof worklistSchema>;

export function worklistQuery(slug: string) {
  return queryOptions({
    queryKey: ["adjudication", "worklist", slug],
    queryFn: ({ signal }) => api.get(`/api/adjudicator/studies/${slug}/worklist`, worklistSchema, { signal }),
    // Back from a verdict the counts have moved.
    refetchOnMount: "always",
  });
}
