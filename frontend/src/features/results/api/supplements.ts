import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { ResultsSource } from "../model/source";

const supplementSchema = z.object({
  id: z.string(),
  number: z.number(),
  reason: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), rows: z.number() })),
  plan: z.record(z.string(), z.unknown()),
  content_sha256: z.string(),
  added_at: z.string(),
  added_by: z.string(),
});
export type Supplement = z.infer<typeof supplementSchema>;

const planKeySchema = z.object({
  key: z.string(),
  kind: z.enum(["text", "texts", "number", "numbers", "pairs", "words", "lists", "endpoints"]),
  help: z.string(),
});
export type PlanKey = z.infer<typeof planKeySchema>;

const supplementsSchema = z.object({
  supplements: z.array(supplementSchema),
  /** Names of the files that can be added. */
  accepts: z.array(z.string()),
  plan_keys: z.array(planKeySchema),
  columns: z.array(z.string()),
  cases: z.array(z.string()),
  models: z.array(z.string()),
});
export type Supplements = z.infer<typeof supplementsSchema>;

function path(source: ResultsSource): string {
  return `${source.api}/analysis/supplements`;
}

/** What was added to a locked study's records, newest first, and what can be. Errors: `not_locked`. */
export function supplementsQuery(source: ResultsSource) {
  return queryOptions({
    queryKey: [...source.key, "supplements"],
    queryFn: ({ signal }) => api.get(path(source), supplementsSchema, { signal }),
  });
}

export interface SupplementRequest {
  reason: string;
  files: readonly File[];
  plan: Readonly<Record<string, unknown>>;
}

/** Errors: `supplement_refused`, whose text names file and row. */
export function addSupplement(
  source: ResultsSource,
  { reason, files, plan }: SupplementRequest,
  onSent: (share: number) => void,
): Promise<Supplement> {
  const form = new FormData();
  form.append("reason", reason);
  form.append("plan", Object.keys(plan).length === 0 ? "" : JSON.stringify(plan));
  for (const file of files) form.append("files", file);
  return api.postForm(path(source), form, supplementSchema, onSent);
}
