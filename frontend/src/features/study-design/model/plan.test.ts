import { describe, expect, it } from "vitest";
import type { ProtocolDocument } from "./document";
import {
  fieldText,
  plan,
  readCounts,
  readField,
  readLinks,
  readMargin,
  readNames,
  readNumbers,
  readPairs,
  readRange,
} from "./plan";
import { LINED, PLAN_FIELDS } from "./plan-fields";

const FIELDS = PLAN_FIELDS.flatMap(({ fields }) => fields);
const VALUES = {
  primary: ["mrmc/or_jackknife/AUC"],
  margin: 0.1,
  margin_sensitivity: 0.05,
  margin_specificity: 0.05,
  margin_partial_specificity: 0.02,
  margin_partial_sensitivity: 0.02,
  prevalences: [0.1, 0.3],
  subgroups: ["center", "sex"],
  partial_specificity: [0.8, 1],
  partial_sensitivity: [0.9, 1],
  bootstrap: ["differences", "bands"],
  positive_answers: { side: "left", margin: "yes" },
  model_answers: [
    { model: "net", question: "margin", output: "call", answers: ["no", "yes"] },
    { model: "net", question: "grade", output: "score", answers: ["1", "2", "3"], cut_offs: [-0.5, 1.25] },
  ],
  reference_levels: { ypN: "N0" },
  labels: { cea: "CEA, ng/mL", "information: center": "Center" },
  tests: { sex: "fisher", "information: center": "chi-square" },
  fisher_below: 0,
  fisher_share: 0.2,
  compare_counts: "yates",
  normality: "not_assumed",
  normality_alpha: 0.01,
  compare_means: "student",
  ordered: { stage: ["T2", "T3", "T4"] },
  development: ["old"],
  predictors: ["net", "age"],
  reclassification: [
    ["clinical", "nomogram"],
    ["net", "nomogram"],
  ],
  risk_cutoffs: [0.2, 0.5],
  times: [12, 36.5],
  time_unit: "months",
  survival_groups: ["stage"],
  strata: "center",
  covariates: ["age"],
  clinical: ["stage"],
  nomogram: ["net"],
  tau: 36,
  survival_interval: "log",
  event_probabilities: [{ endpoint: "OS", by: 36, models: ["net"] }],
  power_difference: 0.05,
  power: 0.9,
  power_alpha: 0.05,
  power_readers: [4, 6],
  power_cases: [100, 200],
  power_generalizes_to: "cases",
} as const;

describe("the fields of the analysis plan", () => {
  it("show every value so that it is read again as it was", () => {
    expect(FIELDS.map(({ key }) => key).toSorted()).toEqual(Object.keys(VALUES).toSorted());
    for (const field of FIELDS) {
      const value = structuredClone(VALUES[field.key]) as never;
      const text = fieldText(field, { [field.key]: value });
      expect(readField(field, text)).toEqual({ value });
      expect(text.includes("\n") && !LINED.has(field.kind)).toBe(false);
      expect(fieldText(field, null)).toBe("");
      expect(readField(field, "  ")).toEqual({ value: undefined });
      expect("value" in readField(field, field.example)).toBe(true);
    }
  });

  it("take numbers with or without spaces and say what is none", () => {
    expect(readNumbers("0.1,0.3 , .5", "shares")).toEqual({ value: [0.1, 0.3, 0.5] });
    expect(readNumbers("0.1,, 0.3", "shares")).toEqual({ problem: "A number is missing beside a comma." });
    expect(readNumbers("12, x", "times")).toEqual({ problem: "“x” is no number." });
    expect(readNumbers("1e3", "times")).toEqual({ problem: "“1e3” is no number." });
  });

  it("refuse what the server would refuse", () => {
    expect(readNumbers("0.3, 1", "shares")).toHaveProperty("problem");
    expect(readNumbers("0.3, 0.3", "shares")).toHaveProperty("problem");
    expect(readNumbers("24, 12", "times")).toHaveProperty("problem");
    expect(readNumbers("0, 12", "times")).toHaveProperty("problem");
    for (const text of ["0", "0.5", "-0.1", "0,1"]) expect(readMargin(text)).toHaveProperty("problem");
    expect(readNames("age, , sex")).toEqual({ problem: "A name is missing beside a comma." });
    expect(readNames("age, age")).toEqual({ problem: "“age” stands here twice." });
    expect(readPairs("clinical")).toHaveProperty("problem");
    expect(readPairs("a, b, c")).toHaveProperty("problem");
    expect(readPairs("a, a")).toHaveProperty("problem");
    expect(readPairs("a, b\n\na, b")).toHaveProperty("problem");
    for (const text of ["1, 2", "2.5", "6, 4", "x"]) expect(readCounts(text)).toHaveProperty("problem");
    for (const text of ["0.8", "1, 0.8", "0.8, 1.1", "0.1, 0.2, 0.3"]) {
      expect(readRange(text)).toHaveProperty("problem");
    }
    for (const [key, text] of [
      ["fisher_below", "-1"],
      ["fisher_below", "1, 2"],
      ["fisher_share", "1"],
      ["normality_alpha", "1"],
    ]) {
      const field = FIELDS.find((one) => one.key === key);
      expect(field && readField(field, text ?? "")).toHaveProperty("problem");
    }
    for (const key of ["power", "tau"]) {
      const field = FIELDS.find((one) => one.key === key);
      expect(field && readField(field, "0")).toHaveProperty("problem");
    }
  });

  it("take a model's output as an answer, with limits or by its call", () => {
    for (const text of [
      "net, margin: no, yes",
      "net, margin, guess: no, yes",
      "net, margin, call: no",
      "net, margin, call: no, 0.5, yes",
      "net, margin, score: no, yes",
      "net, margin, score: low, 2, middle, 1, high",
      "net, margin, score: low, 2,",
      "net, margin, call: no, yes\nnet, margin, score: no, 2, yes",
    ]) {
      expect(readLinks(text), text).toHaveProperty("problem");
    }
  });
});

describe("a plan", () => {
  it("is there while something is planned, and keeps what the page does not know", () => {
    const document = { analysis: { plan: { nomogram: ["age"] } } } as unknown as ProtocolDocument;
    plan(document, "times", [12]);
    expect(document.analysis.plan).toEqual({ nomogram: ["age"], times: [12] });
    plan(document, "times", undefined);
    expect(document.analysis.plan).toEqual({ nomogram: ["age"] });

    const empty = { analysis: { plan: null } } as unknown as ProtocolDocument;
    plan(empty, "margin", 0.1);
    expect(empty.analysis.plan).toEqual({ margin: 0.1 });
    plan(empty, "margin", undefined);
    expect("plan" in empty.analysis).toBe(false);
  });
});
