import { describe, expect, it } from "vitest";
import { phaseText, turnText } from "./turn-text";

const nothing = { opensAt: null, isCorrecting: false };

describe("turnText", () => {
  it.each([
    ["open", "A case waits for you"],
    ["to_sign", "A session waits for your signature"],
  ])("calls %s work", (status, text) => {
    expect(turnText({ ...nothing, status })).toEqual({ text, until: null, isWork: true });
  });

  it.each(["complete", "nothing_now", "failed", "waiting"])("calls %s no work", (status) => {
    expect(turnText({ ...nothing, status })?.isWork).toBe(false);
  });

  it("names the instant that a reader waits for", () => {
    const opensAt = "2026-12-05T13:30:00Z";
    expect(turnText({ ...nothing, status: "break", opensAt })).toMatchObject({
      text: "Opens",
      until: opensAt,
    });
  });

  it("puts a correction before everything but the lock", () => {
    const correcting = { opensAt: null, isCorrecting: true };
    expect(turnText({ ...correcting, status: "waiting" })?.text).toBe("A correction waits for you");
    expect(turnText({ ...correcting, status: "locked" })).toBeNull();
  });
});

describe("phaseText", () => {
  it("speaks for the studies that nobody reads in", () => {
    expect(phaseText("DESIGN")?.text).toBe("Reading has not begun");
    expect(phaseText("LOCKED")?.text).toBe("The study is closed");
    expect(phaseText("READING")).toBeNull();
  });
});
