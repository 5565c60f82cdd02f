import { describe, expect, it } from "vitest";
import { formatDate, formatDateTime, formatDuration, formatRelative, formatUtc } from "./dates";

describe("formatDateTime", () => {
  it("shows the same instant in each time zone's own day and hour", () => {
    expect(formatDateTime("2026-12-05T13:30:00Z", "UTC")).toBe("2026-12-05 13:30");
    expect(formatDateTime("2026-12-05T13:30:00Z", "Asia/Seoul")).toBe("2026-12-05 22:30");
    expect(formatDateTime("2026-12-05T23:30:00Z", "Asia/Seoul")).toBe("2026-12-06 08:30");
  });

  it("follows summer time", () => {
    expect(formatDateTime("2026-07-01T12:00:00Z", "Europe/Berlin")).toBe("2026-07-01 14:00");
    expect(formatDateTime("2026-12-01T12:00:00Z", "Europe/Berlin")).toBe("2026-12-01 13:00");
  });

  it("writes midnight as 00:00", () => {
    expect(formatDateTime("2026-12-05T00:00:00Z", "UTC")).toBe("2026-12-05 00:00");
  });
});

it("formatDate is the day alone, formatUtc says its zone", () => {
  expect(formatDate("2026-12-05T23:30:00Z", "Asia/Seoul")).toBe("2026-12-06");
  expect(formatUtc("2026-12-05T14:30:00+01:00")).toBe("2026-12-05 13:30 UTC");
});

describe("formatRelative", () => {
  const now = new Date("2026-11-22T12:00:00Z");

  it.each([
    ["2026-12-05T13:30:00Z", "in 13 days"],
    ["2026-11-24T12:00:00Z", "in 2 days"],
    ["2026-11-24T11:00:00Z", "in 47 hours"],
    ["2026-11-22T13:10:00Z", "in 1 hour"],
    ["2026-11-22T12:01:00Z", "in 1 minute"],
    ["2026-11-22T12:00:30Z", "now"],
    ["2026-11-22T11:59:30Z", "now"],
    ["2026-11-22T11:15:00Z", "45 minutes ago"],
    ["2026-11-12T12:00:00Z", "10 days ago"],
  ])("%s is %s", (iso, expected) => {
    expect(formatRelative(iso, now)).toBe(expected);
  });
});

describe("formatDuration", () => {
  it.each([
    [null, "–"],
    [0, "0 s"],
    [48.4, "48 s"],
    [59.6, "1 min 00 s"],
    [125, "2 min 05 s"],
    [3599, "59 min 59 s"],
    [4320, "1 h 12 min"],
  ])("%s s is %s", (seconds, expected) => {
    expect(formatDuration(seconds)).toBe(expected);
  });
});
