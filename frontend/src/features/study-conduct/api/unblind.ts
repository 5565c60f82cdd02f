import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const unblindingsSchema = z.object({ cases: z.array(z.string()), meaning: z.string(), name: z.string() });
export type Unblindings = z.infer<typeof unblindingsSchema>;

export function unblindingsQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "unblindings"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/unblind`, unblindingsSchema, { signal }),
  });
}

const unblindedSchema = z.object({
  number: z.string(),
  unblinded_at: z.string(),
  reason: z.string(),
  truth: z.boolean().nullable(),
  outputs: z.array(
    z.object({
      model: z.string(),
      semver: z.string(),
      score: z.number().nullable(),
      probability: z.number().nullable(),
      is_positive: z.boolean().nullable(),
    }),
  ),
  reads: z.array(
    z.object({
      reader: z.string(),
      session: z.number(),
      arm: z.string(),
      step: z.number(),
      answers: z.array(z.object({ section: z.string(), label: z.string(), answer: z.string() })),
    }),
  ),
});
export type Unblinded = z.infer<typeof unblindedSchema>;

/** Asked for when it is opened, and not kept: what it shows is secret to everybody else who may sit here. */
export function unblindedQuery(slug: string, number: string) {
  return queryOptions({
    queryKey: ["desk", slug, "unblinded", number],
    queryFn: ({ signal }) =>
      api.get(`/api/desk/studies/${slug}/unblind/${encodeURIComponent(number)}`, unblindedSchema, { signal }),
    gcTime: 0,
  });
}

export interface Unblinding {
  case: string;
  reason: string;
  name: string;
  password: string;
}

/** Errors: `wrong_password`, `wrong_name`, `already_unblinded`, `study_not_reading`; 404 for an unknown case. */
export function unblind(slug: string, sent: Unblinding): Promise<Unblinded> {
  return api.post(`/api/desk/studies/${slug}/unblind`, sent, unblindedSchema);
}
