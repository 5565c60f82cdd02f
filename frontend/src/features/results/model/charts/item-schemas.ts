import { z } from "../../../../shared/api/zod";

export const notEstimable = z.object({ not_estimable: z.string() });
export const estimate = z.union([z.number(), notEstimable]);
const bounds = z.object({ low: z.number(), high: z.number(), level: z.number().optional() });
export const interval = z.union([bounds, notEstimable]);

export type Bounds = z.infer<typeof bounds>;
export type MaybeNumber = z.infer<typeof estimate>;
export type MaybeBounds = z.infer<typeof interval>;

/** The number, or null where it is not estimable. */
export function numberOf(value: MaybeNumber | null | undefined): number | null {
  return typeof value === "number" ? value : null;
}

export function boundsOf(value: MaybeBounds | null | undefined): Bounds | null {
  return value !== null && value !== undefined && "low" in value ? value : null;
}

const rocPoint = z.object({
  threshold: z.number().nullable(),
  sensitivity: z.number(),
  specificity: z.number(),
  true_positives: z.number(),
  false_positives: z.number(),
});

export const curveItem = z.object({
  curve: z.object({
    kind: z.enum(["reader", "consensus", "model"]),
    name: z.string(),
    arm: z.string().nullable(),
  }),
  auc: z.object({ auc: estimate, ci: interval }),
  roc: z.union([
    z.object({ points: z.array(rocPoint), n_positive: z.number(), n_negative: z.number() }),
    notEstimable,
  ]),
  operating_point: z.object({
    sensitivity: z.object({ estimate }),
    specificity: z.object({ estimate }),
  }),
  youden: z.unknown(),
});
export type CurveItem = z.infer<typeof curveItem>;

/** Points of a curve that meet a rule equally well. */
export const cutoffItem = z.object({
  points: z.array(rocPoint),
  target: z.number().nullish(),
  n_positive: z.number(),
  n_negative: z.number(),
});
export type RocPoint = z.infer<typeof rocPoint>;

const groupCurve = z.object({
  points: z.array(rocPoint),
  n_positive: z.number(),
  n_negative: z.number(),
});
export const rocGroupsItem = z.object({
  by: z.tuple([z.string(), z.string()]),
  groups: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      result: z.object({ auc: estimate, plain: interval }),
      curve: z.union([groupCurve, notEstimable]).nullable(),
    }),
  ),
});
export type RocGroupsItem = z.infer<typeof rocGroupsItem>;

export const averageRocItem = z.array(
  z.object({
    arm: z.string(),
    result: z.union([
      z.object({
        readers: z.array(z.string()),
        points: z.array(z.object({ specificity: z.number(), sensitivity: z.number(), ci: bounds })),
        auc: z.number(),
        auc_ci: interval,
        n_positive: z.number(),
        n_negative: z.number(),
      }),
      notEstimable,
    ]),
  }),
);
export type AverageRocItem = z.infer<typeof averageRocItem>;

const proportion = z.object({ successes: z.number(), n: z.number(), estimate, wilson: interval });
export type ProportionItem = z.infer<typeof proportion>;

export const confusionItem = z.object({
  rater: z.string(),
  categories: z.array(z.union([z.string(), z.number()])),
  table: z.array(z.array(z.number())),
  reference_totals: z.array(z.number()),
  n: z.number(),
  accuracy: proportion,
});
export type ConfusionItem = z.infer<typeof confusionItem>;

export const impactItem = z.object({
  population: z.number(),
  n: z.number(),
  points: z.array(
    z.object({
      threshold: z.number(),
      high_risk_number: z.number(),
      high_risk_number_ci: interval,
      true_high_risk_number: z.number(),
      true_high_risk_number_ci: interval,
    }),
  ),
});

export const componentsItem = z.object({
  n: z.number(),
  points: z.array(
    z.object({ threshold: z.number(), sensitivity: proportion, false_positive_rate: proportion }),
  ),
});

export const kappaGridItem = z.object({
  raters: z.array(z.string()),
  models: z.array(z.string()),
  weights: z.string(),
  bands: z.array(z.object({ name: z.string(), low: z.number(), high: z.number() })),
  cells: z.array(
    z.array(
      z
        .object({
          kappa: estimate,
          ci: interval,
          band: z.union([z.string(), notEstimable]),
          n: z.number(),
          text: z.string(),
        })
        .nullable(),
    ),
  ),
});
export type KappaGridItem = z.infer<typeof kappaGridItem>;

const limit = z.object({ value: estimate, exact_ci: interval });
export const blandAltmanItem = z.object({
  rater_a: z.string(),
  rater_b: z.string(),
  n: z.number(),
  bias: estimate,
  bias_ci: interval,
  lower: limit,
  upper: limit,
  points: z.array(z.object({ case: z.string(), mean: z.number(), difference: z.number() })),
});
export type BlandAltmanItem = z.infer<typeof blandAltmanItem>;

export const orItem = z.object({
  figure: z.string(),
  modalities: z.array(z.string()),
  readers: z.array(z.string()),
  reader_figures: z.array(
    z.object({ modality: z.string(), reader: z.string(), estimate: z.number(), ci: interval }),
  ),
  reader_differences: z.array(
    z.object({
      reader: z.string(),
      modality_a: z.string(),
      modality_b: z.string(),
      difference: z.number(),
      p: estimate,
      ci: interval,
    }),
  ),
  random_readers_random_cases: z.object({
    means: z.array(z.object({ modality: z.string(), mean: estimate, ci: interval })),
    differences: z.array(
      z.object({
        modality_a: z.string(),
        modality_b: z.string(),
        difference: estimate,
        p: estimate,
        ci: interval,
      }),
    ),
  }),
});
export type OrItem = z.infer<typeof orItem>;

const slope = z.object({ measure: z.string(), before: estimate, after: estimate });
const square = z.array(z.array(z.number()));
const reclassification = z.object({ scale: z.array(z.number()), positive: square, negative: square });
const advice = z
  .object({
    model: z.string(),
    followed_right: proportion,
    followed_wrong: proportion,
    left_right: proportion,
    left_wrong: proportion,
  })
  .nullable();
export type Advice = NonNullable<z.infer<typeof advice>>;
const timeChange = z.object({
  n: z.number(),
  ratio: z.union([z.object({ estimate, ci: interval, p: estimate }), notEstimable]),
});
export type TimeChange = z.infer<typeof timeChange>;
export const changeItem = z.object({
  before: z.string(),
  after: z.string(),
  readers: z.array(
    z.object({
      reader: z.string(),
      n: z.number(),
      reclassification,
      slopes: z.array(slope),
      advice,
      time: timeChange,
    }),
  ),
  pooled: z.object({ n: z.number(), reclassification, advice, time: timeChange }),
});
export type ChangeItem = z.infer<typeof changeItem>;

export const timesItem = z.object({
  sessions: z.array(
    z.object({
      reader: z.string(),
      session: z.number(),
      arms: z.array(z.string()),
      n: z.number(),
      median: z.number(),
      points: z.array(
        z.object({
          position: z.number(),
          case: z.string(),
          arm: z.string(),
          seconds: z.number(),
          trend: estimate,
          running_median: z.number(),
        }),
      ),
    }),
  ),
});
export type TimesItem = z.infer<typeof timesItem>;

const wald = z.object({ estimate, ci: interval });
export const calibrationItem = z.object({
  recalibration: z.object({ intercept: wald, slope: wald, in_the_large: wald }),
  brier: z.number(),
  ici: z.number(),
  n: z.number(),
  curve: z.array(z.object({ predicted: z.number(), smoothed: z.number() })),
  bins: z.array(
    z.object({
      low: z.number(),
      high: z.number(),
      mean_predicted: z.number(),
      observed: z.object({ successes: z.number(), n: z.number(), estimate, wilson: interval }),
    }),
  ),
  distribution: z.array(
    z.object({ low: z.number(), high: z.number(), events: z.number(), non_events: z.number() }),
  ),
});
export type CalibrationItem = z.infer<typeof calibrationItem>;

const decisionPoint = z.object({
  threshold: z.number(),
  net_benefit: estimate,
  net_benefit_ci: interval,
  standardized: estimate,
  standardized_ci: interval,
  avoided: estimate,
  avoided_ci: interval,
});
const strategy = z.object({ name: z.string(), points: z.array(decisionPoint) });
export const decisionItem = z.object({
  at: z.number().nullable().default(null),
  prevalence: estimate,
  models: z.array(strategy),
  treat_all: strategy,
  n: z.number(),
});
export type DecisionItem = z.infer<typeof decisionItem>;
export type Strategy = z.infer<typeof strategy>;

export const survivalItem = z.object({
  endpoint: z.string(),
  column: z.string(),
  groups: z.array(
    z.object({
      label: z.string(),
      curve: z.object({
        n: z.number(),
        n_events: z.number(),
        median: z.object({ estimate }),
        points: z.array(
          z.object({
            time: z.number(),
            at_risk: z.number(),
            events: z.number(),
            censored: z.number(),
            survival: z.number(),
            ci: interval,
          }),
        ),
      }),
    }),
  ),
  test: z.object({ chi_square: estimate, df: z.number(), p: estimate }).nullable(),
});
export type SurvivalItem = z.infer<typeof survivalItem>;

const coxModel = z.object({
  terms: z.array(
    z.object({
      covariate: z.string(),
      level: z.string().nullable(),
      reference: z.string().nullable(),
      hazard_ratio: estimate,
      ci: interval,
      p: estimate,
    }),
  ),
  n: z.number(),
  n_events: z.number(),
});
export const coxItem = z.object({
  univariate: z.array(
    z.object({ covariate: z.string(), model: z.union([coxModel, notEstimable]), p: estimate }),
  ),
  multivariate: z.union([coxModel, notEstimable]),
});
export type CoxItem = z.infer<typeof coxItem>;

export const timeRocItem = z.array(
  z.object({
    time: z.number(),
    auc: estimate,
    ci: interval,
    points: z.array(
      z.object({ threshold: z.number().nullable(), sensitivity: z.number(), specificity: z.number() }),
    ),
    cases: z.number(),
    controls: z.number(),
  }),
);
export type TimeRocItem = z.infer<typeof timeRocItem>;

export const frocItem = z.object({
  modality: z.string(),
  reader: z.string(),
  n_positive: z.number(),
  n_negative: z.number(),
  n_lesions: z.number(),
  figures: z.record(z.string(), z.number()),
  points: z.array(
    z.object({
      threshold: z.number().nullable(),
      false_marks: z.number(),
      lesions: z.number(),
      weighted_lesions: z.number(),
      false_cases: z.number().nullable(),
      localized: z.number(),
    }),
  ),
});
export type FrocItem = z.infer<typeof frocItem>;

export const bandItem = z.object({
  points: z.array(z.object({ specificity: z.number(), sensitivity: z.number(), ci: interval })),
  n_positive: z.number(),
  n_negative: z.number(),
});
export type BandItem = z.infer<typeof bandItem>;
