import { describe, expect, it } from "vitest";
import type { InForce } from "../api/versions";
import { amended, draftOf } from "./amendment";
import { deviationText, REASON_MAX, reasonProblem, valueText } from "./words";

const inForce: InForce = {
  title: "Nodes",
  version: 1,
  document: {
    template: "blank",
    objective: "Why?",
    instructions: "",
    design: {
      kind: "crossover",
      sessions: [
        { ordinal: 1, title: "Session 1", washout_days: 0, plan: [{ arms: ["a"] }] },
        { ordinal: 2, title: "Session 2", washout_days: 28, plan: [] },
      ],
    },
    sittings: { max_cases: null, max_minutes: 90, break_minutes: 15 },
    training: { pass_mark: 0.825, max_attempts: 3, questions: ["rating"] },
    signature: false,
    form: { version: 1, questions: [{ key: "rating", kind: "scale", label: "Rating" }] },
    adjudication: null,
    analysis: { rating_question: "rating" },
    cases: ["A-0001"],
  },
};

describe("an amendment", () => {
  it("changes nothing by being opened, not even a digit", () => {
    expect(amended(inForce, draftOf(inForce))).toEqual({ title: "Nodes", document: inForce.document });
  });

  it("changes the parts that were edited and passes the rest through", () => {
    const draft = {
      ...draftOf(inForce),
      objective: "Whether?",
      washoutDays: { 1: 0, 2: 42 },
      passMarkPercent: 70,
      adjudication: '{"mode": "majority"}',
    };
    const result = amended(inForce, draft);
    if ("problem" in result) throw new Error(result.problem);
    expect(result.document.objective).toBe("Whether?");
    expect(result.document.design.sessions.map((one) => one.washout_days)).toEqual([0, 42]);
    expect(result.document.training).toEqual({ pass_mark: 0.7, max_attempts: 3, questions: ["rating"] });
    expect(result.document.adjudication).toEqual({ mode: "majority" });
    expect(result.document.cases).toEqual(["A-0001"]);
  });

  it("names the part that is no JSON", () => {
    expect(amended(inForce, { ...draftOf(inForce), adjudication: "{" })).toEqual({
      problem: "The adjudication is not valid JSON.",
    });
    expect(amended(inForce, { ...draftOf(inForce), plan: "{margin" })).toEqual({
      problem: "The analysis plan is not valid JSON.",
    });
    expect(amended(inForce, { ...draftOf(inForce), statements: "ethics" })).toEqual({
      problem: "The statements for the report are not valid JSON.",
    });
  });

  it("changes the analysis plan and nothing else of the analysis", () => {
    const result = amended(inForce, { ...draftOf(inForce), plan: '{"margin": 0.1}' });
    if ("problem" in result) throw new Error(result.problem);
    expect(result.document.analysis).toEqual({ rating_question: "rating", plan: { margin: 0.1 } });
    const planned = { ...inForce, document: result.document };
    expect(amended(planned, draftOf(planned))).toEqual({ title: "Nodes", document: result.document });
  });
});

describe("the statements of an amendment", () => {
  it("are put in, changed and taken away, and come by no other way", () => {
    const made = amended(inForce, { ...draftOf(inForce), statements: '{"ethics": "Approved."}' });
    if ("problem" in made) throw new Error(made.problem);
    expect(made.document).toEqual({ ...inForce.document, statements: { ethics: "Approved." } });
    const stated = { ...inForce, document: made.document };
    expect(amended(stated, draftOf(stated))).toEqual({ title: "Nodes", document: made.document });
    const gone = amended(stated, { ...draftOf(stated), statements: "null" });
    expect("document" in gone && gone.document.statements).toBeNull();
  });
});

describe("words", () => {
  it("reads kinds and values, also ones it does not know", () => {
    expect(deviationText("CASE_UNBLINDED")).toBe("Case unblinded");
    expect(deviationText("SOMETHING_NEW")).toBe("something new");
    expect([null, "", "x", true, 3].map(valueText)).toEqual(["–", "(empty)", "x", "yes", "3"]);
  });

  it("wants a reason that is not only blanks and not a book", () => {
    expect(reasonProblem(" \n")).toBe("Give a reason.");
    expect(reasonProblem("It rained.")).toBeNull();
    expect(reasonProblem("x".repeat(REASON_MAX + 1))).toContain(String(REASON_MAX));
  });
});
