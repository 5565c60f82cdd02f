import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { ResultsSource } from "../model/source";

export const runSchema = z.object({
  id: z.string(),
  state: z.enum(["queued", "running", "done", "failed"]),
  analysis_set: z.enum(["as-read", "per-protocol"]),
  level: z.number(),
  seed: z.number(),
  asked_at: z.string(),
  asked_by: z.string().nullable(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  sections_done: z.number(),
  sections_total: z.number(),
  /** Title of the section under way. */
  section: z.string().nullable(),
  error: z.string().nullable(),
  dataset_sha256: z.string().nullable(),
  is_default: z.boolean(),
  /** What was added to the study's own records for this run. */
  supplement: z.object({ id: z.string(), number: z.number(), reason: z.string() }).nullish(),
});
export type AnalysisRun = z.infer<typeof runSchema>;

const runsSchema = z.object({ runs: z.array(runSchema) });

export interface RunRequest {
  analysis_set: AnalysisRun["analysis_set"];
  level: number;
  seed: number;
  supplement?: string | null;
}

const POLL_MS = 2_000;

/** Where the server answers for the runs. */
export function runsPath(source: ResultsSource): string {
  return `${source.api}/analysis`;
}

export function isUnderWay(run: AnalysisRun): boolean {
  return run.state === "queued" || run.state === "running";
}

/** Its runs, newest first; asked again while one of them is under way. Errors: `not_locked`. */
export function runsQuery(source: ResultsSource) {
  return queryOptions({
    queryKey: [...source.key, "analysis"],
    queryFn: async ({ signal }) => (await api.get(runsPath(source), runsSchema, { signal })).runs,
    refetchInterval: (query) => (query.state.data?.some(isUnderWay) ? POLL_MS : false),
  });
}

/** Ask for one more run; the answer is its row in the queue. */
export function startRun(source: ResultsSource, request: RunRequest): Promise<AnalysisRun> {
  return api.post(runsPath(source), request, runSchema);
}

const fileSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  content_type: z.string(),
});
export type AnalysisFile = z.infer<typeof fileSchema>;

const filesSchema = z.object({ files: z.array(fileSchema) });

/** What a finished run stored never changes. */
const STORED = { staleTime: Number.POSITIVE_INFINITY } as const;

export function filesQuery(source: ResultsSource, run: string) {
  return queryOptions({
    ...STORED,
    queryKey: [...source.key, "analysis", run, "files"],
    queryFn: async ({ signal }) =>
      (await api.get(`${runsPath(source)}/${run}/files`, filesSchema, { signal })).files,
  });
}

export function analysisFileUrl(source: ResultsSource, run: string, path: string): string {
  return `${runsPath(source)}/${run}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}
