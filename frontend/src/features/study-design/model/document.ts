import { z } from "../../../shared/api/zod";

/** The protocol document, format 2. What the designer does not edit passes through it unchanged. */
const armSchema = z.looseObject({ key: z.string(), title: z.string(), model_id: z.string() });
const namedSchema = z.looseObject({ key: z.string(), title: z.string() });
const caseSetSchema = z.looseObject({
  key: z.string(),
  title: z.string(),
  how: z.enum(["all", "list", "random", "center", "cohort", "part"]),
  cases: z.array(z.string()).optional(),
  n: z.number().optional(),
  centers: z.array(z.string()).optional(),
  cohorts: z.array(z.string()).optional(),
  of: z.number().optional(),
  part: z.number().optional(),
});
const rowSchema = z.looseObject({
  group: z.string(),
  sequence: z.string(),
  case_set: z.string(),
  arms: z.array(z.string()),
});
const sessionSchema = z.looseObject({
  ordinal: z.number(),
  title: z.string(),
  period: z.number(),
  washout_days: z.number(),
  is_reread: z.boolean().optional(),
  plan: z.array(rowSchema),
});
const questionSchema = z.looseObject({
  key: z.string(),
  kind: z.string(),
  label: z.string().optional(),
  type: z.string().optional(),
  unit: z.string().optional(),
  options: z
    .array(z.looseObject({ value: z.union([z.string(), z.number(), z.boolean()]), label: z.string() }))
    .optional(),
});
const ruleSchema = z.looseObject({
  question: z.string(),
  when: z.string(),
  more_than: z.number().optional(),
  more_than_mm: z.number().optional(),
  less_than: z.number().optional(),
});

const paneSchema = z.looseObject({
  role: z.string().nullable(),
  kind: z.enum(["stack", "mpr"]),
  plane: z.enum(["acquired", "axial", "sagittal", "coronal"]).nullable(),
  start: z.enum(["first", "middle", "last"]).nullable(),
  window: z
    .union([
      z.object({ center: z.number(), width: z.number() }),
      z.object({ low: z.number(), high: z.number() }),
    ])
    .nullable(),
});
const hangingSchema = z.looseObject({
  rows: z.number(),
  columns: z.number(),
  panes: z.array(paneSchema),
  linked: z.boolean(),
});

const namesSchema = z.array(z.string()).optional();
const numbersSchema = z.array(z.number()).optional();
/** What a model's output says to a question: answers from the lowest output on, with the limits between them. */
const modelAnswerSchema = z.object({
  model: z.string(),
  question: z.string(),
  output: z.enum(["call", "probability", "score"]),
  answers: z.array(z.string()),
  cut_offs: z.array(z.number()).optional(),
});
const planSchema = z.looseObject({
  margin: z.number().nullish(),
  margin_sensitivity: z.number().nullish(),
  margin_specificity: z.number().nullish(),
  margin_partial_specificity: z.number().nullish(),
  margin_partial_sensitivity: z.number().nullish(),
  prevalences: numbersSchema,
  risk_cutoffs: numbersSchema,
  subgroups: namesSchema,
  development: namesSchema,
  predictors: namesSchema,
  reclassification: z.array(z.array(z.string())).optional(),
  times: numbersSchema,
  time_unit: z.string().optional(),
  covariates: namesSchema,
  clinical: namesSchema,
  strata: z.string().optional(),
  survival_groups: namesSchema,
  primary: namesSchema,
  reference_levels: z.record(z.string(), z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  nomogram: namesSchema,
  tau: z.number().nullish(),
  survival_interval: z.string().optional(),
  event_probabilities: z
    .array(z.object({ endpoint: z.string(), by: z.number(), models: z.array(z.string()) }))
    .optional(),
  positive_answers: z.record(z.string(), z.string()).optional(),
  model_answers: z.array(modelAnswerSchema).optional(),
  tests: z.record(z.string(), z.string()).optional(),
  fisher_below: z.number().nullish(),
  fisher_share: z.number().nullish(),
  compare_counts: z.string().optional(),
  normality: z.string().optional(),
  normality_alpha: z.number().nullish(),
  compare_means: z.string().optional(),
  ordered: z.record(z.string(), z.array(z.string())).optional(),
  partial_specificity: numbersSchema,
  partial_sensitivity: numbersSchema,
  bootstrap: namesSchema,
  power_difference: z.number().nullish(),
  power: z.number().nullish(),
  power_alpha: z.number().nullish(),
  power_readers: numbersSchema,
  power_cases: numbersSchema,
  power_generalizes_to: z.string().optional(),
});

export const documentSchema = z.looseObject({
  template: z.string(),
  objective: z.string(),
  instructions: z.string(),
  design: z.looseObject({
    kind: z.string(),
    arms: z.array(armSchema),
    reader_groups: z.array(namedSchema),
    sequences: z.array(namedSchema),
    case_sets: z.array(caseSetSchema),
    sessions: z.array(sessionSchema),
  }),
  case_order: z.looseObject({ rule: z.string(), balance: z.enum(["prevalence"]).nullable() }),
  washout: z.looseObject({ count_from: z.enum(["read", "session"]), rule: z.string() }),
  hidden_repeats: z
    .looseObject({ count: z.number(), min_lag: z.number(), sessions: z.array(z.number()) })
    .nullable(),
  training: z
    .looseObject({
      pass_mark: z.number(),
      max_attempts: z.number(),
      questions: z.array(z.string()),
      tolerance: z.record(z.string(), z.number()),
    })
    .nullable(),
  sittings: z.looseObject({
    max_cases: z.number().nullable(),
    max_minutes: z.number().nullable(),
    break_minutes: z.number(),
  }),
  signature: z.boolean(),
  sees_case_info: z.boolean(),
  form: z.looseObject({ version: z.number(), questions: z.array(questionSchema) }),
  primary_role: z.string(),
  hanging: hangingSchema.nullish(),
  /** Tools beside the form that readers have; all of them where none is named. */
  tools: z.array(z.string()).nullish(),
  /** What it says for the report, by key. */
  statements: z.record(z.string(), z.string()).nullish(),
  analysis: z.looseObject({
    rating_question: z.string().nullable(),
    positive_from: z.union([z.number(), z.string()]).nullable(),
    positive_class: z.string(),
    reference: z.enum(["truth", "consensus"]),
    plan: planSchema.nullish(),
  }),
  adjudication: z
    .looseObject({
      mode: z.enum(["third_reader", "consensus", "majority"]),
      arms: z.array(z.string()).nullable(),
      rules: z.array(ruleSchema),
      expected_discordance: z.number(),
      minutes_per_item: z.number(),
    })
    .nullable(),
});

export type ProtocolDocument = z.infer<typeof documentSchema>;
export type Design = ProtocolDocument["design"];
export type AnalysisPlan = z.infer<typeof planSchema>;
export type ModelAnswer = z.infer<typeof modelAnswerSchema>;
export type Arm = z.infer<typeof armSchema>;
export type CaseSet = z.infer<typeof caseSetSchema>;
export type Hanging = z.infer<typeof hangingSchema>;
export type HangingPane = z.infer<typeof paneSchema>;
export type PlanRow = z.infer<typeof rowSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type Question = z.infer<typeof questionSchema>;
export type AdjudicationRule = z.infer<typeof ruleSchema>;

export const EVERY = "*";

/** The next free key of a kind: `arm3`, `g2`, ... */
export function freeKey(prefix: string, taken: readonly { key: string }[]): string {
  const keys = new Set(taken.map((one) => one.key));
  let number = taken.length + 1;
  while (keys.has(`${prefix}${number}`)) number += 1;
  return `${prefix}${number}`;
}

export function titleOf(list: readonly { key: string; title: string }[], key: string): string {
  if (key === EVERY) return "Every";
  return list.find((one) => one.key === key)?.title || key;
}

/** Ordinals and periods follow the place of a session; what names a session elsewhere follows it. */
function renumber(document: ProtocolDocument): void {
  const places = new Map(document.design.sessions.map((session, index) => [session.ordinal, index + 1]));
  document.design.sessions.forEach((session, index) => {
    session.ordinal = index + 1;
    session.period = index + 1;
  });
  if (document.hidden_repeats !== null) {
    document.hidden_repeats.sessions = document.hidden_repeats.sessions.flatMap(
      (ordinal) => places.get(ordinal) ?? [],
    );
  }
}

export function addSession(document: ProtocolDocument): void {
  const { arms, case_sets, sessions } = document.design;
  const arm = arms[0];
  const set = case_sets[0];
  if (arm === undefined || set === undefined) return;
  const ordinal = sessions.length + 1;
  sessions.push({
    ordinal,
    title: `Session ${ordinal}`,
    period: ordinal,
    washout_days: ordinal === 1 ? 0 : 28,
    plan: [{ group: EVERY, sequence: EVERY, case_set: set.key, arms: [arm.key] }],
  });
  document.design.kind = "custom";
}

export function removeSession(document: ProtocolDocument, ordinal: number): void {
  const { sessions } = document.design;
  document.design.sessions = sessions.filter((session) => session.ordinal !== ordinal);
  renumber(document);
  document.design.kind = "custom";
}

type Part = "arms" | "reader_groups" | "sequences" | "case_sets";

/** Takes an arm, group, sequence or case set away, with every row of a plan that cannot do without it. */
export function removePart(document: ProtocolDocument, part: Part, key: string): void {
  const design = document.design;
  if (part === "arms") design.arms = design.arms.filter((one) => one.key !== key);
  if (part === "reader_groups") design.reader_groups = design.reader_groups.filter((one) => one.key !== key);
  if (part === "sequences") design.sequences = design.sequences.filter((one) => one.key !== key);
  if (part === "case_sets") design.case_sets = design.case_sets.filter((one) => one.key !== key);
  for (const session of design.sessions) {
    session.plan = session.plan
      .map((row) => (part === "arms" ? { ...row, arms: row.arms.filter((arm) => arm !== key) } : row))
      .filter((row) => row.arms.length > 0)
      .filter((row) => part !== "reader_groups" || row.group !== key)
      .filter((row) => part !== "sequences" || row.sequence !== key)
      .filter((row) => part !== "case_sets" || row.case_set !== key);
  }
  const adjudication = document.adjudication;
  if (part === "arms" && adjudication !== null && adjudication.arms !== null) {
    const left = adjudication.arms.filter((arm) => arm !== key);
    adjudication.arms = left.length > 0 ? left : null;
  }
  design.kind = "custom";
}

/** A case set that selects in another way keeps its name and forgets how it selected before. */
export function caseSetOf(set: CaseSet, how: CaseSet["how"]): CaseSet {
  const named = { key: set.key, title: set.title, how };
  switch (how) {
    case "list":
      return { ...named, cases: set.cases ?? [] };
    case "random":
      return { ...named, n: set.n ?? 30 };
    case "center":
      return { ...named, centers: set.centers ?? [] };
    case "cohort":
      return { ...named, cohorts: set.cohorts ?? [] };
    case "part":
      return { ...named, of: set.of ?? 2, part: set.part ?? 1 };
    default:
      return named;
  }
}

/** Questions that can stand as the rating of an ROC analysis. */
export function ratingQuestions(questions: readonly Question[]): Question[] {
  return questions.filter(
    (one) =>
      one.kind === "ordinal" || one.kind === "yes_no" || (one.kind === "derived" && one.type === "boolean"),
  );
}

/** The rules by which answers to a question can be compared, as the server has them. */
export function comparisonsOf(question: Question): string[] {
  switch (question.kind) {
    case "choice":
    case "yes_no":
    case "location":
      return ["mismatch"];
    case "ordinal":
      return ["mismatch", "difference"];
    case "derived":
      return question.type === "number" ? ["difference"] : ["mismatch"];
    case "number":
    case "measurement":
    case "probability":
      return ["difference"];
    case "mark":
      return ["distance"];
    case "mask":
      return ["dice"];
    default:
      return [];
  }
}

export function isNumeric(question: Question): boolean {
  return (
    ["measurement", "number", "probability"].includes(question.kind) ||
    (question.kind === "derived" && question.type === "number")
  );
}

export function questionName(question: Question): string {
  return question.label || question.key;
}
