import { describe, expect, it } from "vitest";
import { changes, faultText, roleText } from "./audit-text";

describe("changes", () => {
  it("lists the fields that changed, with what stood before", () => {
    const old = { max_cases: 40, break_minutes: 15, titles: ["a"] };
    const now = { max_cases: 20, break_minutes: 15, titles: ["a", "b"], note: "new" };
    expect(changes(old, now)).toEqual([
      { label: "max cases", from: "40", to: "20" },
      { label: "titles", from: "a", to: "a, b" },
      { label: "note", from: "–", to: "new" },
    ]);
  });

  it("shows what was added, what was taken away, and a value as a whole", () => {
    expect(changes(null, { role: "READER" })).toEqual([{ label: "role", from: "–", to: "READER" }]);
    expect(changes({ role: "READER" }, null)).toEqual([{ label: "role", from: "READER", to: "–" }]);
    expect(changes("REQUESTED", "GRANTED")).toEqual([{ label: "", from: "REQUESTED", to: "GRANTED" }]);
    expect(changes(null, null)).toEqual([]);
    expect(changes({ a: 1 }, { a: 1 })).toEqual([]);
  });
});

describe("texts", () => {
  it("writes roles and findings for people", () => {
    expect(roleText("SITE_DATA_MANAGER")).toBe("site data manager");
    expect(faultText({ sequence: 12, kind: "altered", text: "its content does not match its digest" })).toBe(
      "Event 12 is altered: its content does not match its digest.",
    );
    expect(faultText({ sequence: null, kind: "inserted", text: "it has no place in the chain" })).toBe(
      "An event is inserted: it has no place in the chain.",
    );
  });
});
