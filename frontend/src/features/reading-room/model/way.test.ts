import { describe, expect, it } from "vitest";
import { openRead } from "../testing/lpln";
import { wayAfter } from "./way";

const submitted = (status: string, session_ordinal = 1, position = 8) => ({
  kind: "submitted" as const,
  next: { status, session_ordinal, position },
  opened: null,
});
const training = { ...openRead, session: { ...openRead.session, ordinal: 0, is_training: true } };

describe("wayAfter", () => {
  it("goes on to what the server has open, and else to the worklist", () => {
    expect(wayAfter(submitted("open"), openRead)).toBe("next");
    for (const status of ["waiting", "break", "to_sign", "complete"]) {
      expect(wayAfter(submitted(status), openRead)).toBe("worklist");
    }
    expect(wayAfter({ kind: "submitted", next: null, opened: null }, openRead)).toBe("next");
  });

  it("goes back to the worklist after a correction", () => {
    expect(wayAfter({ kind: "corrected" }, openRead)).toBe("worklist");
  });

  it("shows the feedback of a training case, and ends with the attempt", () => {
    expect(wayAfter(submitted("open", 0, 2), training)).toBe("feedback");
    expect(wayAfter(submitted("open", 1, 1), training)).toBe("feedback_and_end");
    expect(wayAfter(submitted("open", 0, 1), training)).toBe("feedback_and_end");
    expect(wayAfter(submitted("failed", 0), training)).toBe("feedback_and_end");
    expect(wayAfter(submitted("break", 0, 2), training)).toBe("feedback_and_end");
    expect(wayAfter({ kind: "submitted", next: null, opened: null }, training)).toBe("feedback");
  });
});
