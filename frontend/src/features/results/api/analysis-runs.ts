import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

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
});
export type AnalysisRun = z.infer<typeof runSchema>;

const runsSchema = z.object({ runs: z.array(runSchema) });

export interface RunRequest {
  analysis_set: AnalysisRun["analysis_set"];
  level: number;
  seed: number;
}

const POLL_MS = 2_000;

function base(slug: string): string {
  return `/api/desk/studies/${slug}/analysis`;
}

export function isUnderWay(run: AnalysisRun): boolean {
  return run.state === "queued" || run.state === "running";
}

/** The study's runs, newest first; asked again while one of them is under way. Errors: `not_locked`. */
export function runsQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "analysis"],
    queryFn: async ({ signal }) => (await api.get(base(slug), runsSchema, { signal })).runs,
    refetchInterval: (query) => (query.state.data?.some(isUnderWay) ? POLL_MS : false),
  });
}

/** Ask for one more run; the answer is its row in the queue. */
export function startRun(slug: string, request: RunRequest): Promise<AnalysisRun> {
  return api.post(base(slug), request, runSchema);
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

export function filesQuery(slug: string, run: string) {
  return queryOptions({
    ...STORED,
    queryKey: ["desk", slug, "analysis", run, "files"],
    queryFn: async ({ signal }) =>
      (await api.get(`${base(slug)}/${run}/files`, filesSchema, { signal })).files,
  });
}

export function analysisFileUrl(slug: string, run: string, path: string): string {
  return `${base(slug)}/${run}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}
