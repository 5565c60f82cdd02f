import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const optionSchema = z.object({
  key: z.string(),
  label: z.string(),
  default: z.number(),
  minimum: z.number(),
  maximum: z.number(),
});
export type DesignOption = z.infer<typeof optionSchema>;

const templateSchema = z.object({
  key: z.string(),
  title: z.string(),
  summary: z.string(),
  reference: z.string(),
  options: z.array(optionSchema),
});
export type Template = z.infer<typeof templateSchema>;

const patternSchema = z.object({
  key: z.string(),
  title: z.string(),
  summary: z.string(),
  options: z.array(optionSchema),
});
export type Pattern = z.infer<typeof patternSchema>;

const templatesSchema = z.object({ templates: z.array(templateSchema), patterns: z.array(patternSchema) });

export const templatesQuery = queryOptions({
  queryKey: ["desk-templates"],
  queryFn: ({ signal }) => api.get("/api/desk/templates", templatesSchema, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

const newStudySchema = z.object({ slug: z.string(), title: z.string() });

/** Creates a study. Errors: `invalid` with `fields`, `forbidden`. */
export function postStudy(body: {
  slug: string;
  title: string;
  template: string;
  options: Record<string, number>;
}): Promise<{ slug: string; title: string }> {
  return api.post("/api/desk/new-study", body, newStudySchema);
}
