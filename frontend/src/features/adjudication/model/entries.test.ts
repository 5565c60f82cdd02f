import { describe, expect, it } from "vitest";
import type { Entries } from "../api/item";
import { itemOf, paintedItem } from "../testing";
import { adoptedQuestions, checkedForm, entryProblems, sendable, verdictForm } from "./entries";

const nothing: Entries = { answers: {}, reason: "", attendees: [] };
const complete: Entries = {
  answers: { region: "left", length: 9, tumor: { reading: "B" } },
  reason: "Seen on two slices.",
  attendees: [],
};

describe("the verdict form", () => {
  it("asks what is open, drawings by whose stands", () => {
    expect(verdictForm(itemOf()).questions.map(({ key }) => key)).toEqual(["region", "length"]);
    expect(adoptedQuestions(itemOf()).map(({ key }) => key)).toEqual(["tumor"]);
  });

  it("computes from what stands together with what was entered", () => {
    expect(checkedForm(itemOf(), nothing, false).state.values.points).toBe(1);
    const open = itemOf({
      to_settle: ["signal"],
      fixed: [{ question: "margin", value: true, how: "unanimous" }],
    });
    const entries = { ...nothing, answers: { signal: true } };
    expect(checkedForm(open, entries, false).state.values.points).toBe(2);
  });
});

describe("entryProblems", () => {
  it("names all that is missing, the reason too", () => {
    expect(Object.keys(entryProblems(itemOf(), nothing)).sort()).toEqual([
      "length",
      "reason",
      "region",
      "tumor",
    ]);
  });

  it("asks whose mask stands where a mask is painted, whose drawing elsewhere", () => {
    expect(entryProblems(paintedItem(), nothing).nodes).toBe("Please choose the reading whose mask stands.");
    expect(entryProblems(itemOf(), nothing).tumor).toBe("Please choose the reading whose drawing stands.");
  });

  it("is empty for a whole verdict", () => {
    expect(entryProblems(itemOf(), complete)).toEqual({});
  });

  it("asks who took part in a meeting", () => {
    const item = itemOf({ mode: "consensus", attendee_codes: ["R1", "R2"] });
    expect(entryProblems(item, complete)).toEqual({
      attendees: "Please name who took part in the meeting.",
    });
    expect(entryProblems(item, { ...complete, attendees: ["R1"] })).toEqual({});
  });
});

describe("sendable", () => {
  it("sends what is asked and nothing that is not", () => {
    expect(sendable(itemOf(), complete).answers).toEqual(complete.answers);
    const stray = { ...complete, answers: { ...complete.answers, margin: false, region: null } };
    expect(sendable(itemOf(), stray).answers).toEqual({ length: 9, tumor: { reading: "B" } });
  });
});
