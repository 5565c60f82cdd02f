import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const itemSchema = z.object({
  key: z.string(),
  title: z.string(),
  /** Of as many shapes as there are methods; whoever draws an item checks its own. */
  result: z.unknown(),
});
export type AnalysisItem = z.infer<typeof itemSchema>;

export const analysisResultsSchema = z.object({
  schema_version: z.literal(1),
  is_synthetic: z.boolean(),
  level: z.number(),
  sections: z.array(z.object({ key: z.string(), items: z.array(itemSchema) })),
});
export type AnalysisResults = z.infer<typeof analysisResultsSchema>;

/** All numbers of a finished run, which never change. Errors: `not_done`. */
export function analysisResultsQuery(slug: string, run: string) {
  return queryOptions({
    queryKey: ["desk", slug, "analysis", run, "results"],
    queryFn: ({ signal }) =>
      api.get(`/api/desk/studies/${slug}/analysis/${run}/results`, analysisResultsSchema, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
