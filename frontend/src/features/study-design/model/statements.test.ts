import { describe, expect, it } from "vitest";
import type { ProtocolDocument } from "./document";
import { STATEMENT_FIELDS, state } from "./statements";

describe("the statements of a protocol", () => {
  it("are kept by key, and leave nothing behind when the last is taken away", () => {
    const document = { objective: "Why?" } as ProtocolDocument;
    state(document, "ethics", "Approved.");
    state(document, "funding", "None.");
    expect(document.statements).toEqual({ ethics: "Approved.", funding: "None." });
    state(document, "ethics", "");
    expect(document.statements).toEqual({ funding: "None." });
    state(document, "funding", "");
    expect(document).toEqual({ objective: "Why?" });
  });

  it("are asked for once each", () => {
    const keys = STATEMENT_FIELDS.flatMap(({ fields }) => fields.map((field) => field.key));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
