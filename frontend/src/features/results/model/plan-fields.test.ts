import { describe, expect, it } from "vitest";
import type { PlanKey } from "../api/supplements";
import { planOf, planText } from "./plan-fields";

const keys: PlanKey[] = [
  { key: "cohort", kind: "text", help: "" },
  { key: "predictors", kind: "texts", help: "" },
  { key: "horizon", kind: "number", help: "" },
  { key: "times", kind: "numbers", help: "" },
  { key: "comparisons", kind: "pairs", help: "" },
  { key: "tests", kind: "words", help: "" },
  { key: "ordered", kind: "lists", help: "" },
  { key: "event_probabilities", kind: "endpoints", help: "" },
];

describe("the fields of a plan", () => {
  it("are read by their kind", () => {
    const fields = {
      cohort: " center ",
      predictors: "age, score,",
      horizon: "36",
      times: "12, 24.5",
      comparisons: "a, b\n\n b ,c",
      tests: "sex: fisher",
      ordered: "stage: I, II\n",
      event_probabilities: "OS, 36: net",
    };
    expect(planOf(fields, keys)).toEqual({
      plan: {
        cohort: "center",
        predictors: ["age", "score"],
        horizon: 36,
        times: [12, 24.5],
        comparisons: [
          ["a", "b"],
          ["b", "c"],
        ],
        tests: { sex: "fisher" },
        ordered: { stage: ["I", "II"] },
        event_probabilities: [{ endpoint: "OS", by: 36, models: ["net"] }],
      },
      problems: {},
    });
  });

  it("tell what cannot be read, and leave out what is not asked for", () => {
    const fields = {
      cohort: " ",
      horizon: "1, 2",
      times: "1; 2",
      comparisons: "a, b, c",
      tests: " ",
      ordered: "x",
    };
    const { plan, problems } = planOf(fields, keys);
    expect(plan).toEqual({});
    expect(Object.keys(problems)).toEqual(["cohort", "horizon", "times", "comparisons", "tests", "ordered"]);
  });

  it("are written as a person reads them", () => {
    expect(planText({ stage: ["I", "II"] })).toBe("stage (I, II)");
    expect(planText([{ endpoint: "OS", by: 36 }])).toBe("endpoint (OS), by (36)");
    expect([planText("x"), planText([1, 2]), planText([["a", "b"]])]).toEqual(["x", "1, 2", "a / b"]);
  });
});
