import { describe, expect, it } from "vitest";
import type { ProtocolDocument } from "./document";
import {
  fieldText,
  PLAN_FIELDS,
  plan,
  readField,
  readMargin,
  readNames,
  readNumbers,
  readPairs,
} from "./plan";

const FIELDS = PLAN_FIELDS.flatMap(({ fields }) => fields);
const VALUES = {
  margin: 0.1,
  prevalences: [0.1, 0.3],
  subgroups: ["center", "sex"],
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
} as const;

describe("the fields of the analysis plan", () => {
  it("show every value so that it is read again as it was", () => {
    expect(FIELDS.map(({ key }) => key)).toEqual(Object.keys(VALUES));
    for (const field of FIELDS) {
      const value = structuredClone(VALUES[field.key]) as never;
      expect(readField(field, fieldText(value))).toEqual({ value });
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
