import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const notEstimableSchema = z.object({ not_estimable: z.string() });
/** Why a quantity has no value with these data. */
export type NotEstimable = z.infer<typeof notEstimableSchema>;

const estimateSchema = z.union([z.number(), notEstimableSchema]);
export type Estimate = z.infer<typeof estimateSchema>;

const boundsSchema = z.object({ low: z.number(), high: z.number(), level: z.number() });
const intervalSchema = z.union([boundsSchema, notEstimableSchema]);
export type Interval = z.infer<typeof intervalSchema>;

const curveSchema = z.object({
  kind: z.enum(["reader", "model"]),
  name: z.string(),
  arm: z.string().nullable(),
});
export type Curve = z.infer<typeof curveSchema>;

const droppedSchema = z.object({ case: z.string(), reason: z.string() });
export type DroppedCase = z.infer<typeof droppedSchema>;

const rocPointSchema = z.object({
  /** Null where no case is called positive. */
  threshold: z.number().nullable(),
  sensitivity: z.number(),
  specificity: z.number(),
  true_positives: z.number(),
  false_positives: z.number(),
});
export type RocPoint = z.infer<typeof rocPointSchema>;

const rocSchema = z.object({
  points: z.array(rocPointSchema),
  n_positive: z.number(),
  n_negative: z.number(),
});
export type Roc = z.infer<typeof rocSchema>;

const proportionSchema = z.object({
  successes: z.number(),
  n: z.number(),
  estimate: estimateSchema,
  clopper_pearson: intervalSchema,
});
export type Proportion = z.infer<typeof proportionSchema>;

const curveResultSchema = z.object({
  curve: curveSchema,
  auc: z.object({
    method: z.string(),
    auc: estimateSchema,
    se: estimateSchema,
    ci: intervalSchema,
    n_positive: z.number(),
    n_negative: z.number(),
    warnings: z.array(z.string()),
  }),
  roc: z.union([rocSchema, notEstimableSchema]),
  youden: z.union([z.object({ index: z.number(), points: z.array(rocPointSchema) }), notEstimableSchema]),
  threshold_rule: z.string(),
  operating_point: z.object({
    true_positives: z.number(),
    false_negatives: z.number(),
    true_negatives: z.number(),
    false_positives: z.number(),
    sensitivity: proportionSchema,
    specificity: proportionSchema,
  }),
  n: z.number(),
  dropped: z.array(droppedSchema),
});
export type CurveResult = z.infer<typeof curveResultSchema>;

const comparisonSchema = z.object({
  kind: z.enum(["arms", "reader_vs_model"]),
  a: curveSchema,
  b: curveSchema,
  result: z.object({
    auc_a: estimateSchema,
    auc_b: estimateSchema,
    difference: estimateSchema,
    se: estimateSchema,
    ci: intervalSchema,
    z: estimateSchema,
    p: estimateSchema,
    warnings: z.array(z.string()),
  }),
  n: z.number(),
  dropped: z.array(droppedSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const kappaPairSchema = z.object({
  rater_a: z.string(),
  rater_b: z.string(),
  result: z.object({
    kappa: estimateSchema,
    ci: intervalSchema,
    n: z.number(),
    n_dropped: z.number(),
    percent_agreement: estimateSchema,
    band: z.union([z.string(), notEstimableSchema]),
  }),
});
export type KappaPair = z.infer<typeof kappaPairSchema>;

const agreementSchema = z.object({
  arm: z.string(),
  question: z.string(),
  label: z.string(),
  matrix: z.object({
    raters: z.array(z.string()),
    weights: z.enum(["unweighted", "linear", "quadratic"]),
    pairs: z.array(kappaPairSchema),
  }),
});
export type AgreementTable = z.infer<typeof agreementSchema>;

const methodSchema = z.object({
  key: z.string(),
  name: z.string(),
  text: z.string(),
  references: z.array(z.string()),
});
export type Method = z.infer<typeof methodSchema>;

const deviationSchema = z.object({
  number: z.number(),
  kind: z.string(),
  reason: z.string(),
  day: z.number().nullable(),
  reader: z.string().nullable(),
  replaced_by: z.string().nullable(),
  session: z.number().nullable(),
  position: z.number().nullable(),
  case: z.string().nullable(),
  missing_reads: z.number().nullable(),
  unsettled_items: z.number().nullable(),
});
export type FrozenDeviation = z.infer<typeof deviationSchema>;

const provenanceSchema = z.object({
  frozen_dataset_sha256: z.string(),
  frozen_at: z.string(),
  computed_at: z.string(),
  protocol_sha256: z.string(),
  protocol_version: z.number(),
  lock_reason: z.string(),
  deviations: z.array(deviationSchema),
  versions: z.record(z.string(), z.string()),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const resultsSchema = z.object({
  schema_version: z.literal(1),
  title: z.string(),
  is_synthetic: z.boolean(),
  level: z.number(),
  positive_class: z.string(),
  positive_from: z.number(),
  n_cases: z.number(),
  n_positive: z.number(),
  n_negative: z.number(),
  n_without_truth: z.number(),
  readers: z.array(z.string()),
  arms: z.array(z.string()),
  is_rated: z.boolean(),
  models: z.array(z.string()),
  agreement: z.array(agreementSchema),
  curves: z.array(curveResultSchema),
  comparisons: z.array(comparisonSchema),
  methods: z.array(methodSchema),
  provenance: provenanceSchema,
});
export type Results = z.infer<typeof resultsSchema>;

/** The study's report. Errors: `not_locked`, `no_results`. */
export function resultsQuery(slug: string) {
  return queryOptions({
    queryKey: ["desk", slug, "results"],
    queryFn: ({ signal }) => api.get(`/api/desk/studies/${slug}/results`, resultsSchema, { signal }),
    staleTime: 5 * 60_000,
  });
}
