import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { isUnderWay, runSchema } from "./analysis-runs";

const datasetSchema = z.object({
  id: z.string(),
  title: z.string(),
  source: z.enum(["demonstration", "upload"]),
  is_synthetic: z.boolean(),
  content_sha256: z.string(),
  given_at: z.string(),
  cases: z.number(),
  readers: z.number(),
  models: z.number(),
  newest_run: runSchema.nullable(),
});
export type Dataset = z.infer<typeof datasetSchema>;

const demonstrationSchema = z.object({ name: z.string(), title: z.string(), description: z.string() });
export type Demonstration = z.infer<typeof demonstrationSchema>;

const analysesSchema = z.object({
  may_add: z.boolean(),
  demonstrations: z.array(demonstrationSchema),
  datasets: z.array(datasetSchema),
});
export type Analyses = z.infer<typeof analysesSchema>;

const withFilesSchema = datasetSchema.extend({
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type DatasetWithFiles = z.infer<typeof withFilesSchema>;

const PATH = "/api/desk/analyses";
const POLL_MS = 3_000;

/** The datasets of this account and the demonstrations; asked again while a run is under way. */
export const analysesQuery = queryOptions({
  queryKey: ["analyses"],
  queryFn: ({ signal }) => api.get(PATH, analysesSchema, { signal }),
  refetchInterval: (query) =>
    query.state.data?.datasets.some(({ newest_run: run }) => run !== null && isUnderWay(run))
      ? POLL_MS
      : false,
});

export function datasetQuery(id: string) {
  return queryOptions({
    queryKey: ["analyses", id, "dataset"],
    queryFn: ({ signal }) => api.get(`${PATH}/${id}`, withFilesSchema, { signal }),
  });
}

/** Takes a dataset back, with its runs. Errors: `analysis_under_way`. */
export function deleteDataset(id: string): Promise<void> {
  return api.delete(`${PATH}/${id}`);
}

/** Errors: `unknown_demonstration`. */
export function giveDemonstration(name: string): Promise<Dataset> {
  return api.post(PATH, { demonstration: name }, datasetSchema);
}

/** Errors: `dataset_refused` and `dataset_too_large`, whose text names file and row. */
export function giveFiles(
  title: string,
  files: readonly File[],
  onSent: (share: number) => void,
): Promise<Dataset> {
  const form = new FormData();
  form.append("title", title);
  for (const file of files) form.append("files", file);
  return api.postForm(PATH, form, datasetSchema, onSent);
}
