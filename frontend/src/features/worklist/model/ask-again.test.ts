import { describe, expect, it } from "vitest";
import { askAgainIn } from "./ask-again";

const now = new Date("2026-11-22T12:00:00Z");
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();

describe("askAgainIn", () => {
  it("asks for nothing while nothing is waited for", () => {
    expect(askAgainIn({ status: "open", opens_at: null }, now)).toBe(false);
    expect(askAgainIn({ status: "to_sign", opens_at: null }, now)).toBe(false);
    expect(askAgainIn({ status: "waiting", opens_at: null }, now)).toBe(false);
  });

  it("asks when the turn opens, and now and then before", () => {
    expect(askAgainIn({ status: "break", opens_at: inSeconds(8) }, now)).toBe(8_250);
    expect(askAgainIn({ status: "break", opens_at: inSeconds(800) }, now)).toBe(30_000);
    expect(askAgainIn({ status: "waiting", opens_at: inSeconds(800_000) }, now)).toBe(300_000);
  });

  it("keeps asking when this browser's clock is ahead of the server's", () => {
    expect(askAgainIn({ status: "break", opens_at: inSeconds(-40) }, now)).toBe(5_000);
  });
});
