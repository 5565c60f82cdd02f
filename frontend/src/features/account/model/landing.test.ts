import { describe, expect, it } from "vitest";
import type { Me, Membership } from "../api/get-me";
import { onlyPlace, placeLabel, placeOf, safeNext } from "./landing";

const reader: Membership = { study: "lpln", title: "LPLN", role: "READER", phase: "READING" };
const coordinator: Membership = { study: "lpln", title: "LPLN", role: "COORDINATOR", phase: "READING" };

function person(memberships: Membership[], isOperator = false): Me {
  return {
    username: "u",
    display_name: "U",
    memberships,
    is_operator: isOperator,
    may_create_studies: isOperator,
  };
}

describe("placeOf", () => {
  it("leads readers and adjudicators to their worklists and everybody else to the desk", () => {
    expect(placeOf(reader)).toBe("/read/lpln");
    expect(placeOf({ ...reader, role: "ADJUDICATOR" })).toBe("/adjudicate/lpln");
    expect(placeLabel({ ...reader, role: "ADJUDICATOR" })).toBe("Open worklist");
    expect(placeLabel(coordinator)).toBe("Open desk");
    expect(placeOf(coordinator)).toBe("/desk/lpln");
    expect(placeOf({ ...coordinator, role: "AUDITOR" })).toBe("/desk/lpln");
  });
});

describe("onlyPlace", () => {
  it("is the place of the one membership", () => {
    expect(onlyPlace(person([reader]))).toBe("/read/lpln");
  });

  it("is one place for two roles at the same desk", () => {
    expect(onlyPlace(person([coordinator, { ...coordinator, role: "AUDITOR" }]))).toBe("/desk/lpln");
  });

  it("is none when there is a choice, nothing, or the administration besides", () => {
    expect(onlyPlace(person([reader, { ...coordinator, study: "other" }]))).toBeNull();
    expect(onlyPlace(person([]))).toBeNull();
    expect(onlyPlace(person([reader], true))).toBeNull();
  });
});

describe("safeNext", () => {
  it("keeps a path of this site with its query", () => {
    expect(safeNext("/desk/lpln/cases?page=2")).toBe("/desk/lpln/cases?page=2");
  });

  it.each([null, "", "https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)"])(
    "drops %s",
    (next) => {
      expect(safeNext(next)).toBe("/");
    },
  );
});
