import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const deviationSchema = z.object({
  number: z.number(),
  kind: z.string(),
  reason: z.string(),
  recorded_at: z.string(),
  recorded_by: z.string(),
  about: z.string(),
});
export type Deviation = z.infer<typeof deviationSchema>;

export function deviationsQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "deviations"],
    queryFn: ({ signal }) =>
      api.get(`/api/desk/studies/${slug}/deviations`, z.array(deviationSchema), { signal }),
  });
}

const reopeningSchema = z.object({
  id: z.string(),
  reader: z.string(),
  session_title: z.string(),
  alias: z.string(),
  status: z.enum(["requested", "granted", "refused", "corrected"]),
  reason: z.string(),
  requested_at: z.string(),
  decision: z.string(),
  decided_at: z.string().nullable(),
  decided_by: z.string(),
});
export type Reopening = z.infer<typeof reopeningSchema>;

export function reopeningsQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "reopenings"],
    queryFn: ({ signal }) =>
      api.get(`/api/desk/studies/${slug}/reopenings`, z.array(reopeningSchema), { signal }),
  });
}

export type Verdict = "grant" | "refuse";

/** Errors: `reopening_status`, when somebody has decided already. */
export function decide(slug: string, id: string, verdict: Verdict, decision: string): Promise<unknown> {
  return api.post(`/api/desk/studies/${slug}/reopenings/${id}/${verdict}`, { decision });
}
