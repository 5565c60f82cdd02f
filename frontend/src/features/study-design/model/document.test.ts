import { describe, expect, it } from "vitest";
import {
  addSession,
  caseSetOf,
  comparisonsOf,
  EVERY,
  freeKey,
  type ProtocolDocument,
  ratingQuestions,
  removePart,
  removeSession,
} from "./document";

function protocol(): ProtocolDocument {
  const row = { group: EVERY, sequence: EVERY, case_set: "all" };
  return {
    template: "blank",
    objective: "",
    instructions: "",
    design: {
      kind: "fixed_order",
      arms: [
        { key: "a", title: "A", model_id: "" },
        { key: "b", title: "B", model_id: "m" },
      ],
      reader_groups: [{ key: "g1", title: "All" }],
      sequences: [{ key: "s1", title: "One" }],
      case_sets: [{ key: "all", title: "All", how: "all" }],
      sessions: [
        { ordinal: 1, title: "First", period: 1, washout_days: 0, plan: [{ ...row, arms: ["a"] }] },
        { ordinal: 2, title: "Second", period: 2, washout_days: 28, plan: [{ ...row, arms: ["b"] }] },
        { ordinal: 3, title: "Both", period: 3, washout_days: 28, plan: [{ ...row, arms: ["a", "b"] }] },
      ],
    },
    case_order: { rule: "", balance: null },
    washout: { count_from: "read", rule: "" },
    hidden_repeats: { count: 5, min_lag: 10, sessions: [1, 3] },
    training: null,
    sittings: { max_cases: null, max_minutes: null, break_minutes: 15 },
    signature: false,
    sees_case_info: true,
    form: { version: 1, questions: [] },
    primary_role: "T2W",
    analysis: { rating_question: null, positive_from: null, positive_class: "", reference: "truth" },
    adjudication: {
      mode: "third_reader",
      arms: ["b"],
      rules: [],
      expected_discordance: 0.25,
      minutes_per_item: 4,
    },
  };
}

describe("sessions", () => {
  it("are numbered anew when one goes, and hidden repeats follow them", () => {
    const document = protocol();
    removeSession(document, 1);
    expect(document.design.sessions.map((one) => [one.ordinal, one.period, one.title])).toEqual([
      [1, 1, "Second"],
      [2, 2, "Both"],
    ]);
    expect(document.hidden_repeats?.sessions).toEqual([2]);
  });

  it("begin with a row for everybody", () => {
    const document = protocol();
    addSession(document);
    expect(document.design.sessions.at(-1)).toMatchObject({
      ordinal: 4,
      washout_days: 28,
      plan: [{ group: EVERY, sequence: EVERY, case_set: "all", arms: ["a"] }],
    });
    expect(document.design.kind).toBe("custom");
  });
});

describe("removePart", () => {
  it("takes an arm out of every row, and a row without arms away", () => {
    const document = protocol();
    removePart(document, "arms", "b");
    expect(document.design.sessions.map((one) => one.plan.map((row) => row.arms))).toEqual([
      [["a"]],
      [],
      [["a"]],
    ]);
    expect(document.adjudication?.arms).toBeNull();
  });

  it("takes the rows of a case set away", () => {
    const document = protocol();
    document.design.case_sets.push({ key: "some", title: "Some", how: "random", n: 3 });
    for (const session of document.design.sessions) {
      session.plan.push({ group: "g1", sequence: EVERY, case_set: "some", arms: ["a"] });
    }
    removePart(document, "case_sets", "some");
    expect(document.design.sessions.every((one) => one.plan.length === 1)).toBe(true);
  });
});

describe("keys and kinds", () => {
  it("gives a key that is not taken", () => {
    expect(freeKey("arm", [{ key: "a" }, { key: "arm3" }])).toBe("arm4");
  });

  it("forgets how a case set selected before", () => {
    const set = { key: "x", title: "X", how: "part", of: 3, part: 2 } as const;
    expect(caseSetOf(set, "random")).toEqual({ key: "x", title: "X", how: "random", n: 30 });
    expect(caseSetOf(set, "all")).toEqual({ key: "x", title: "X", how: "all" });
  });

  it("knows which questions can be a rating, and how answers are compared", () => {
    const questions = [
      { key: "scale", kind: "ordinal" },
      { key: "sure", kind: "yes_no" },
      { key: "positive", kind: "derived", type: "boolean" },
      { key: "ratio", kind: "derived", type: "number" },
      { key: "tumor", kind: "mask" },
      { key: "note", kind: "text" },
    ];
    expect(ratingQuestions(questions).map((one) => one.key)).toEqual(["scale", "sure", "positive"]);
    expect(questions.map(comparisonsOf)).toEqual([
      ["mismatch", "difference"],
      ["mismatch"],
      ["mismatch"],
      ["difference"],
      ["dice"],
      [],
    ]);
  });
});
