import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const seriesSchema = z.object({
  title: z.string(),
  role: z.string(),
  slices: z.number(),
  rows: z.number(),
  columns: z.number(),
  row_spacing_mm: z.number().nullable(),
  column_spacing_mm: z.number().nullable(),
  slice_step_mm: z.number().nullable(),
  warnings: z.array(z.object({ code: z.string(), reason: z.string() })),
});
export type DeskSeries = z.infer<typeof seriesSchema>;

const predictionSchema = z.object({
  status: z.enum(["none", "queued", "running", "done", "failed", "cancelled"]),
  progress: z.number(),
  reason: z.string(),
});
export type PredictionState = z.infer<typeof predictionSchema>;

const caseSchema = z.object({
  number: z.string(),
  center: z.string(),
  series: z.array(seriesSchema),
  masks: z.number(),
  prediction: predictionSchema,
  synthetic: z.boolean(),
});
export type DeskCase = z.infer<typeof caseSchema>;

const WHILE_RUNNING_MS = 1_500;

function isUnderWay(cases: DeskCase[] | undefined): boolean {
  return (
    cases?.some((one) => one.prediction.status === "queued" || one.prediction.status === "running") ?? false
  );
}

export function casesQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "cases"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/cases`, z.array(caseSchema), { signal }),
    refetchInterval: (query) => (isUnderWay(query.state.data) ? WHILE_RUNNING_MS : false),
  });
}
