import { describe, expect, it } from "vitest";
import type { Correctable } from "../api/get-worklist";
import { askable, readName, requested, requestText } from "./corrections";

type Status = NonNullable<Correctable["request"]>["status"];

const read = (alias: string, status: Status | null): Correctable => ({
  read_id: `id of ${alias}`,
  alias,
  session_title: "Session 1",
  step: 1,
  steps: 1,
  submitted_at: "2026-11-22T10:00:00Z",
  request: status && { status, decision: "A plain slip." },
});
const reads = [
  read("AA-001", null),
  read("BB-002", "requested"),
  read("CC-003", "granted"),
  read("DD-004", "refused"),
  read("FF-005", "corrected"),
];

describe("corrections", () => {
  it("may be asked for where no request is open", () => {
    expect(askable(reads).map(({ value }) => value)).toEqual([
      "id of AA-001",
      "id of DD-004",
      "id of FF-005",
    ]);
  });

  it("lists every request with what has become of it", () => {
    expect(requested(reads).map(requestText)).toEqual([
      "Asked for; the study's coordinator decides.",
      "Open for your correction: A plain slip.",
      "Not granted: A plain slip.",
      "Corrected.",
    ]);
  });

  it("names a read by its step where the case has several", () => {
    expect(readName(read("AA-001", null))).toBe("AA-001, Session 1");
    expect(readName({ ...read("AA-001", null), step: 2, steps: 2 })).toBe("AA-001, Session 1, step 2 of 2");
  });
});
