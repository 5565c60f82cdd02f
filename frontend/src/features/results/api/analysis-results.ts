import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { ResultsSource } from "../model/source";
import { runsPath } from "./analysis-runs";

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
  /** Of follow-up, as `months`; empty where the dataset names none. */
  time_unit: z.string().default(""),
  /** Of columns and covariates that are called otherwise than in the dataset. */
  labels: z.record(z.string(), z.string()).default({}),
  /** Of the measurements, by the key of the question. */
  units: z.record(z.string(), z.string()).default({}),
  sections: z.array(z.object({ key: z.string(), items: z.array(itemSchema) })),
});
export type AnalysisResults = z.infer<typeof analysisResultsSchema>;

/** All numbers of a finished run, which never change. Errors: `not_done`. */
export function analysisResultsQuery(source: ResultsSource, run: string) {
  return queryOptions({
    queryKey: [...source.key, "analysis", run, "results"],
    queryFn: ({ signal }) => api.get(`${runsPath(source)}/${run}/results`, analysisResultsSchema, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
