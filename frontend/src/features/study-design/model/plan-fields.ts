import type { AnalysisPlan } from "./document";

type Lists = "prevalences" | "risk_cutoffs" | "times";
type Names =
  | "primary"
  | "subgroups"
  | "development"
  | "predictors"
  | "covariates"
  | "clinical"
  | "survival_groups"
  | "nomogram";
type Margins =
  | "margin"
  | "margin_sensitivity"
  | "margin_specificity"
  | "margin_partial_specificity"
  | "margin_partial_sensitivity";
type Fractions = "normality_alpha" | "power_difference" | "power" | "power_alpha";
type Choices =
  | "compare_counts"
  | "normality"
  | "compare_means"
  | "survival_interval"
  | "power_generalizes_to";

interface FieldOf<Kind extends string, Key extends keyof AnalysisPlan> {
  kind: Kind;
  key: Key;
  label: string;
  help: string;
  example: string;
}

/** A field whose value is one of these words, or several of them. */
interface Chosen {
  options: readonly { value: string; label: string }[];
}

export type PlanField =
  | FieldOf<"margin", Margins>
  | FieldOf<"fraction", Fractions>
  | (FieldOf<"from-0", "fisher_below" | "fisher_share"> & { below: number })
  | FieldOf<"time", "tau">
  | FieldOf<"shares" | "times", Lists>
  | FieldOf<"counts", "power_readers" | "power_cases">
  | FieldOf<"range", "partial_specificity" | "partial_sensitivity">
  | FieldOf<"names", Names>
  | FieldOf<"text", "strata" | "time_unit">
  | FieldOf<"pairs", "reclassification">
  | (FieldOf<"choice", Choices> & Chosen)
  | (FieldOf<"choices", "bootstrap"> & Chosen)
  | (FieldOf<"words", "tests" | "positive_answers" | "reference_levels" | "labels"> & {
      known?: readonly string[];
    })
  | FieldOf<"lists", "ordered">
  | FieldOf<"endpoints", "event_probabilities">
  | FieldOf<"links", "model_answers">;

export const TABLE_TESTS = ["chi-square", "yates", "fisher", "welch", "student", "mann-whitney"] as const;

/** Kinds that are written over several lines. */
export const LINED: ReadonlySet<PlanField["kind"]> = new Set([
  "pairs",
  "words",
  "lists",
  "endpoints",
  "links",
]);

/** Every field of the plan, as the designer asks for it. */
export const PLAN_FIELDS: readonly { title: string; fields: readonly PlanField[] }[] = [
  {
    title: "Accuracy",
    fields: [
      {
        kind: "names",
        key: "primary",
        label: "Results that answer the study's question",
        help: "Section and key of the results, as the results pages and the command line name them; every other result is secondary.",
        example: "mrmc/or_jackknife/AUC",
      },
      {
        kind: "margin",
        key: "margin",
        label: "Margin of non-inferiority",
        help: "Of the area under the curve: by how much the later arm may be worse than the earlier, or a model than the readers; above 0 and below 0.5.",
        example: "0.1",
      },
      {
        kind: "margin",
        key: "margin_sensitivity",
        label: "Margin in sensitivity",
        help: "By how much sensitivity may be worse. Readers are taken at their cut-off, models by their own calls.",
        example: "0.05",
      },
      {
        kind: "margin",
        key: "margin_specificity",
        label: "Margin in specificity",
        help: "By how much specificity may be worse. Readers are taken at their cut-off, models by their own calls.",
        example: "0.05",
      },
      {
        kind: "shares",
        key: "prevalences",
        label: "Prevalences",
        help: "Predictive values are also given at these, besides the study’s own.",
        example: "0.1, 0.3",
      },
      {
        kind: "names",
        key: "subgroups",
        label: "Subgroups",
        help: "Columns of the cases; results are repeated in each of their groups.",
        example: "center, sex",
      },
      {
        kind: "range",
        key: "partial_specificity",
        label: "Partial area over specificity",
        help: "Low and high end of the range; partial areas are compared between curves.",
        example: "0.8, 1",
      },
      {
        kind: "range",
        key: "partial_sensitivity",
        label: "Partial area over sensitivity",
        help: "Low and high end of the range; partial areas are compared between curves.",
        example: "0.9, 1",
      },
      {
        kind: "margin",
        key: "margin_partial_specificity",
        label: "Margin, partial area over specificity",
        help: "By how much this partial area may be worse; less than the width of its range.",
        example: "0.02",
      },
      {
        kind: "margin",
        key: "margin_partial_sensitivity",
        label: "Margin, partial area over sensitivity",
        help: "By how much this partial area may be worse; less than the width of its range.",
        example: "0.02",
      },
      {
        kind: "choices",
        key: "bootstrap",
        label: "Bootstrap of curves",
        help: "Intervals by resampling, besides those that are given without it.",
        example: "",
        options: [
          { value: "differences", label: "Differences of areas" },
          { value: "bands", label: "A band around every curve" },
        ],
      },
    ],
  },
  {
    title: "Questions",
    fields: [
      {
        kind: "words",
        key: "positive_answers",
        label: "Positive answers",
        help: "A line for each question of two or more answers: its key, a colon, the answer. Of yes and no it is yes.",
        example: "side: left",
      },
      {
        kind: "links",
        key: "model_answers",
        label: "Models’ answers to questions",
        help: "A line for each: model, question, call: the answer to negative, to positive. Or probability or score, with the limits between the answers.",
        example: "net, margin, call: no, yes",
      },
    ],
  },
  {
    title: "Table 1",
    fields: [
      {
        kind: "words",
        key: "labels",
        label: "Labels of columns",
        help: "What tables and figures call them, without a colon. A line for each: its name, a colon, the label; else its name with spaces for underscores, and a question’s title.",
        example: "cea: CEA, ng/mL",
      },
      {
        kind: "words",
        key: "tests",
        label: "Tests",
        help: `Where the rules are not to choose. A line for each column: its name, a colon, one of ${TABLE_TESTS.join(", ")}.`,
        example: "sex: fisher",
        known: TABLE_TESTS,
      },
      {
        kind: "from-0",
        key: "fisher_below",
        label: "Fisher’s test below an expected count of",
        help: "0 means never. Left empty it is 5.",
        example: "5",
        below: 1000,
      },
      {
        kind: "from-0",
        key: "fisher_share",
        label: "Share of expected counts that low",
        help: "Fisher’s test is used only where more of them are below that count. Left empty it is 0: one is enough.",
        example: "0.2",
        below: 1,
      },
      {
        kind: "choice",
        key: "compare_counts",
        label: "Other categories",
        help: "The test where Fisher’s is not used. Left empty it is chi-square.",
        example: "",
        options: [
          { value: "chi-square", label: "Chi-square" },
          { value: "yates", label: "Chi-square, two by two with Yates’s correction" },
        ],
      },
      {
        kind: "choice",
        key: "normality",
        label: "Normality",
        help: "Groups that are not normal are compared by ranks. Left empty it is tested.",
        example: "",
        options: [
          { value: "shapiro", label: "Tested (Shapiro-Wilk)" },
          { value: "assumed", label: "Assumed" },
          { value: "not_assumed", label: "Not assumed" },
        ],
      },
      {
        kind: "fraction",
        key: "normality_alpha",
        label: "Level of the normality test",
        help: "Below this P value a group counts as not normal. Left empty it is 0.05.",
        example: "0.05",
      },
      {
        kind: "choice",
        key: "compare_means",
        label: "Means",
        help: "The test of groups that are normal. Left empty it is Welch’s.",
        example: "",
        options: [
          { value: "welch", label: "Welch: variances may differ" },
          { value: "student", label: "Student: variances are equal" },
        ],
      },
      {
        kind: "lists",
        key: "ordered",
        label: "Columns with an order",
        help: "A line for each: its name, a colon, the groups from the lowest on. They are tested for a trend in survival too.",
        example: "stage: T2, T3, T4",
      },
      {
        kind: "words",
        key: "reference_levels",
        label: "Reference levels",
        help: "Of Cox and logistic regressions. A line for each column: its name, a colon, the group that the others are set against; else the lowest of its order.",
        example: "ypN: N0",
      },
    ],
  },
  {
    title: "Models",
    fields: [
      {
        kind: "names",
        key: "development",
        label: "Cohorts the models were made on",
        help: "Names of cohorts, or “all cases”.",
        example: "development",
      },
      {
        kind: "names",
        key: "predictors",
        label: "Predictors of the reference standard",
        help: "Columns or models of a logistic regression, drawn as a nomogram.",
        example: "radiomics, age",
      },
      {
        kind: "pairs",
        key: "reclassification",
        label: "Reclassification (NRI, IDI)",
        help: "One pair of models a line: the old one, the new one.",
        example: "clinical, nomogram",
      },
      {
        kind: "shares",
        key: "risk_cutoffs",
        label: "Limits of risk categories",
        help: "They divide the risks for the reclassification by categories.",
        example: "0.2, 0.5",
      },
    ],
  },
  {
    title: "Survival",
    fields: [
      {
        kind: "times",
        key: "times",
        label: "Times",
        help: "Survival and time-dependent curves are given at these, ascending.",
        example: "12, 24, 36",
      },
      {
        kind: "text",
        key: "time_unit",
        label: "Unit of time",
        help: "As follow-up is given.",
        example: "months",
      },
      {
        kind: "names",
        key: "survival_groups",
        label: "Groups of survival curves",
        help: "Columns compared by the log-rank test.",
        example: "stage",
      },
      {
        kind: "text",
        key: "strata",
        label: "Strata of the log-rank test",
        help: "One column; groups are compared within its values.",
        example: "center",
      },
      {
        kind: "names",
        key: "covariates",
        label: "Covariates of the Cox models",
        help: "Columns or models that are screened one by one.",
        example: "age, stage",
      },
      {
        kind: "names",
        key: "clinical",
        label: "Clinical covariates",
        help: "These always enter the multivariate model.",
        example: "stage",
      },
      {
        kind: "names",
        key: "nomogram",
        label: "Predictors of the Cox nomogram",
        help: "Columns or models. Left empty it is what the screen enters.",
        example: "net, stage",
      },
      {
        kind: "time",
        key: "tau",
        label: "Horizon",
        help: "Of Uno’s C and of restricted means. Left empty it is the last of the times.",
        example: "36",
      },
      {
        kind: "choice",
        key: "survival_interval",
        label: "Intervals of survival curves",
        help: "The scale on which they are symmetric. Left empty it is log-log.",
        example: "",
        options: [
          { value: "log-log", label: "log-log" },
          { value: "log", label: "log" },
        ],
      },
      {
        kind: "endpoints",
        key: "event_probabilities",
        label: "Probabilities of an event",
        help: "Models whose probability is that of an endpoint by a time. A line for each endpoint: its name, the time, a colon, the models.",
        example: "OS, 36: net",
      },
    ],
  },
  {
    title: "A further study",
    fields: [
      {
        kind: "fraction",
        key: "power_difference",
        label: "Difference to find",
        help: "Of the areas of two arms. Left empty it is 0.05.",
        example: "0.05",
      },
      {
        kind: "fraction",
        key: "power",
        label: "Power",
        help: "Left empty it is 0.8.",
        example: "0.9",
      },
      {
        kind: "fraction",
        key: "power_alpha",
        label: "Level of the test",
        help: "Two-sided. Left empty it is 0.05.",
        example: "0.05",
      },
      {
        kind: "counts",
        key: "power_readers",
        label: "Numbers of readers",
        help: "The power is computed for each of them; ascending whole numbers from 2 on.",
        example: "4, 6, 8",
      },
      {
        kind: "counts",
        key: "power_cases",
        label: "Numbers of cases",
        help: "The power is computed for each of them; ascending whole numbers from 2 on.",
        example: "100, 200, 400",
      },
      {
        kind: "choice",
        key: "power_generalizes_to",
        label: "Generalizes to",
        help: "Left empty it is readers and cases.",
        example: "",
        options: [
          { value: "readers_and_cases", label: "Readers and cases" },
          { value: "cases", label: "Cases: the readers are fixed" },
          { value: "readers", label: "Readers: the cases are fixed" },
        ],
      },
    ],
  },
];
