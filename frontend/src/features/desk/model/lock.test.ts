import { describe, expect, it } from "vitest";
import { checkLock, REASON_MAX, readsMissingText } from "./lock";

describe("checkLock", () => {
  it("needs only the confirmation when every read is submitted", () => {
    expect(checkLock({ missingReads: 0, reason: "", isConfirmed: false })).toEqual({
      isReasonNeeded: false,
      problem: "Confirm that the lock is final.",
    });
    expect(checkLock({ missingReads: 0, reason: "", isConfirmed: true }).problem).toBeNull();
  });

  it("needs a reason that is not only blanks when reads are missing", () => {
    const check = checkLock({ missingReads: 3, reason: "  \n", isConfirmed: true });
    expect(check.isReasonNeeded).toBe(true);
    expect(check.problem).toContain("reason");
    expect(checkLock({ missingReads: 3, reason: "Reader left.", isConfirmed: true }).problem).toBeNull();
  });

  it("needs the confirmation also with a reason", () => {
    expect(checkLock({ missingReads: 3, reason: "Reader left.", isConfirmed: false }).problem).toContain(
      "Confirm",
    );
  });

  it("refuses a reason that the server would refuse", () => {
    const reason = "x".repeat(REASON_MAX + 1);
    expect(checkLock({ missingReads: 1, reason, isConfirmed: true }).problem).toContain(String(REASON_MAX));
  });
});

it("readsMissingText counts in words", () => {
  expect(readsMissingText(0)).toBe("All reads are submitted.");
  expect(readsMissingText(1)).toBe("1 read is not submitted.");
  expect(readsMissingText(63)).toBe("63 reads are not submitted.");
});
