import { describe, expect, it } from "vitest";
import { numberOf } from "./number-of";

describe("numberOf", () => {
  it("takes what the input shows, as number or as text with its decimals", () => {
    expect([6.5, "4.0", "6.50", "12"].map(numberOf)).toEqual([6.5, 4, 6.5, 12]);
  });

  it("is none for an empty or unfinished entry", () => {
    expect(["", "-", Number.NaN].map(numberOf)).toEqual([null, null, null]);
  });
});
