import { describe, expect, it } from "vitest";
import { checkLock, confirmProblem, REASON_MAX, readsMissingText } from "./lock";

describe("checkLock", () => {
  it("needs nothing when every read is submitted", () => {
    expect(checkLock({ missingReads: 0, isUnsettled: false, reason: "" })).toEqual({
      isReasonNeeded: false,
      problem: null,
    });
  });

  it("needs a reason that is not only blanks when reads are missing", () => {
    const check = checkLock({ missingReads: 3, isUnsettled: false, reason: "  \n" });
    expect(check.isReasonNeeded).toBe(true);
    expect(check.problem).toContain("reason");
    expect(checkLock({ missingReads: 3, isUnsettled: false, reason: "Reader left." }).problem).toBeNull();
  });

  it("needs a reason when cases wait for an adjudicator", () => {
    const form = { missingReads: 0, isUnsettled: true };
    expect(checkLock({ ...form, reason: "" }).problem).toContain("reason");
    expect(checkLock({ ...form, reason: "No adjudicator was found." }).problem).toBeNull();
  });

  it("refuses a reason that the server would refuse", () => {
    const reason = "x".repeat(REASON_MAX + 1);
    expect(checkLock({ missingReads: 1, isUnsettled: false, reason }).problem).toContain(String(REASON_MAX));
  });
});

it("the confirmation is understood and signed with the password", () => {
  expect(confirmProblem(false, "secret")).toContain("final");
  expect(confirmProblem(true, "")).toContain("password");
  expect(confirmProblem(true, "secret")).toBeNull();
});

it("readsMissingText counts in words", () => {
  expect(readsMissingText(0)).toBe("All reads are submitted.");
  expect(readsMissingText(1)).toBe("1 read is not submitted.");
  expect(readsMissingText(63)).toBe("63 reads are not submitted.");
});
