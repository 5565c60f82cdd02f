import { describe, expect, it } from "vitest";
import { openRead } from "../testing/lpln";
import { stepText, submitWords } from "./submit-words";

describe("submitWords", () => {
  it("submits a case that is read once", () => {
    expect(submitWords(openRead)).toMatchObject({ ask: "Submit", confirm: "Submit and lock" });
    expect(stepText(openRead)).toBeNull();
  });

  it("commits the steps of a case, and says that the first one goes on", () => {
    const first = submitWords({ ...openRead, step: 1, steps: 2 });
    expect(first).toMatchObject({ ask: "Commit step 1 of 2", confirm: "Commit and go on" });
    expect(first.detail).toContain("step 2");
    const last = submitWords({ ...openRead, step: 2, steps: 2 });
    expect(last).toMatchObject({ ask: "Commit step 2 of 2", confirm: "Commit and lock" });
  });

  it("names the step by what the reader has for it", () => {
    expect(stepText({ ...openRead, steps: 2 })).toBe("Step 1 of 2: without the model");
    const session = { ...openRead.session, is_aided: true };
    expect(stepText({ ...openRead, step: 2, steps: 2, session })).toBe("Step 2 of 2: with the model");
  });

  it("corrects a read that was opened again, whatever its step", () => {
    const words = submitWords({ ...openRead, status: "reopened", step: 2, steps: 2 });
    expect(words.confirm).toBe("Submit correction");
    expect(words.detail).toContain("stay on record");
  });
});
