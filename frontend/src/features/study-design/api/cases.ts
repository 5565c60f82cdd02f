import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const designCaseSchema = z.object({
  number: z.string(),
  center: z.string(),
  purpose: z.enum(["STUDY", "TRAINING"]),
  cohort: z.string(),
  case_info: z.array(z.object({ label: z.string(), value: z.string() })),
  training_key: z.object({
    answers: z.record(z.string(), z.unknown()).default({}),
    text: z.string().default(""),
  }),
});
export type DesignCase = z.infer<typeof designCaseSchema>;

const candidateSchema = z.object({ number: z.string(), center: z.string(), studies: z.array(z.string()) });
export type Candidate = z.infer<typeof candidateSchema>;

export function designCasesQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "design-cases"],
    queryFn: ({ signal }) =>
      api.get(`/api/desk/studies/${slug}/design/cases`, z.array(designCaseSchema), { signal }),
  });
}

export function candidatesQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "design-candidates"],
    queryFn: ({ signal }) =>
      api.get(`/api/desk/studies/${slug}/design/candidates`, z.array(candidateSchema), { signal }),
  });
}

/** Errors: `protocol_frozen`, `invalid`. */
export function postCases(
  slug: string,
  body: { numbers: string[]; purpose: DesignCase["purpose"]; cohort: string },
): Promise<DesignCase[]> {
  return api.post(`/api/desk/studies/${slug}/design/cases`, body, z.array(designCaseSchema));
}

export function putCase(
  slug: string,
  number: string,
  body: Partial<Pick<DesignCase, "purpose" | "cohort" | "case_info" | "training_key">>,
): Promise<DesignCase> {
  return api.put(
    `/api/desk/studies/${slug}/design/cases/${encodeURIComponent(number)}`,
    body,
    designCaseSchema,
  );
}

export function deleteCase(slug: string, number: string): Promise<void> {
  return api.delete(`/api/desk/studies/${slug}/design/cases/${encodeURIComponent(number)}`);
}
