import { describe, expect, it } from "vitest";
import type { ReaderProgress, SessionProgress } from "../api/get-progress";
import { attemptTitle, endOfReading } from "./progress";

function cell(changes: Partial<SessionProgress>): SessionProgress {
  return {
    ordinal: 1,
    submitted: 0,
    total: 4,
    status: "open",
    opens_at: null,
    last_submitted_at: null,
    median_active_s: null,
    ...changes,
  };
}

const training = cell({ ordinal: 0, submitted: 4, status: "complete" });

function reader(sessions: SessionProgress[], isWithdrawn = false): ReaderProgress {
  return { name: "Reader One", is_withdrawn: isWithdrawn, sessions };
}

describe("attemptTitle", () => {
  it("numbers the attempts at a training that was begun again", () => {
    const sessions = [training, { ...training }, cell({})];
    expect(attemptTitle(sessions, 0)).toBe("Training, attempt 1");
    expect(attemptTitle(sessions, 1)).toBe("Training, attempt 2");
    expect(attemptTitle([training, cell({})], 0)).toBe("Training");
  });
});

describe("endOfReading", () => {
  it("calls no session complete that the reader left", () => {
    const left = reader(
      [cell({ submitted: 4, status: "complete" }), cell({ ordinal: 2, status: "complete" })],
      true,
    );
    expect(endOfReading(left, 0, "READING")).toBeNull();
    expect(endOfReading(left, 1, "READING")).toBe("Left the study");
  });

  it("calls no session open that the lock has ended", () => {
    const one = reader([cell({ submitted: 3 })]);
    expect(endOfReading(one, 0, "READING")).toBeNull();
    expect(endOfReading(one, 0, "LOCKED")).toBe("Not finished");
  });

  it("says of an attempt that another followed that it was not passed", () => {
    const again = reader([training, { ...training, submitted: 1, status: "open" }]);
    expect(endOfReading(again, 0, "READING")).toBe("Not passed");
    expect(endOfReading(again, 1, "READING")).toBeNull();
  });
});
