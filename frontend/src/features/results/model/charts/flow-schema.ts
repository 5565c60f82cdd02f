import { z } from "../../../../shared/api/zod";

const flowReason = z.object({ text: z.string(), n: z.number(), names: z.array(z.string()).default([]) });
export type FlowReason = z.infer<typeof flowReason>;
export const flowItem = z.object({
  positive_class: z.string(),
  cases_enrolled: z.number(),
  cases_excluded: z.array(flowReason),
  cases_included: z.number(),
  positive: z.number(),
  negative: z.number(),
  without_truth: z.number(),
  readers_enrolled: z.number(),
  readers_excluded: z.array(flowReason),
  readers_included: z.number(),
  groups: z.array(
    z.object({
      arm: z.string(),
      session: z.number(),
      readers: z.number(),
      cases: z.number(),
      planned: z.number().nullable(),
      not_read: z.array(flowReason),
      read: z.number(),
      not_analyzed: z.array(flowReason),
      analyzed: z.number(),
    }),
  ),
  warnings: z.array(z.string()),
  cases_read: z.number(),
  cases_not_read: z.array(flowReason),
  cohorts: z.array(
    z.object({
      label: z.string(),
      cases: z.number(),
      positive: z.number(),
      negative: z.number(),
      without_truth: z.number(),
      read: z.number(),
    }),
  ),
  raters: z.array(
    z.object({
      kind: z.enum(["model", "consensus"]),
      label: z.string(),
      cases: z.number(),
      scored: z.number(),
      not_analyzed: z.array(flowReason),
      analyzed: z.number(),
    }),
  ),
});
export type FlowItem = z.infer<typeof flowItem>;
