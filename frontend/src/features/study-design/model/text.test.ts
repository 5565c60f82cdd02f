import { describe, expect, it } from "vitest";
import { sectionOf } from "../../../shared/lib/protocol-parts";
import { daysBetween, duration, problemCounts, slugOf, span, toldLines } from "./text";

describe("words of the designer", () => {
  it("says times as people do", () => {
    expect([45, 60, 300, 7_320].map(duration)).toEqual(["45 min", "1.0 h", "5.0 h", "122 h"]);
  });

  it("says one value where all are equal", () => {
    expect([span([]), span([4, 4]), span([8, 4])]).toEqual(["–", "4", "4 – 8"]);
  });

  it("counts both ends of a stretch of days", () => {
    expect(daysBetween("2026-01-05", "2026-01-05")).toBe(1);
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(3);
  });

  it("makes a short name of a title", () => {
    expect(slugOf("  Überprüfung: T2W & DWI, 2nd round! ")).toBe("uberprufung-t2w-dwi-2nd-round");
    expect(slugOf(`${"x".repeat(49)} yz`)).toHaveLength(49);
  });

  it("reads what readers are told", () => {
    expect(toldLines("MRI: after treatment; Age: 61 ; 3 T; ")).toEqual([
      { label: "MRI", value: "after treatment" },
      { label: "Age", value: "61" },
      { label: "Note", value: "3 T" },
    ]);
  });
});

describe("problems", () => {
  it("are mended in the section that edits their path", () => {
    const paths = {
      "design.sessions[1].washout_days": "order",
      "design.sessions[1].plan[0].arms": "design",
      readers: "design",
      "hidden_repeats.sessions[0]": "order",
      "form.questions[2].key": "form",
      "analysis.positive_from": "outline",
      "adjudication.rules[0]": "adjudication",
      cases: "cases",
    };
    expect(Object.fromEntries(Object.keys(paths).map((path) => [path, sectionOf(path)]))).toEqual(paths);
  });

  it("are counted by section and weight", () => {
    const counts = problemCounts([
      { path: "cases", text: "", is_blocking: true },
      { path: "objective", text: "", is_blocking: false },
      { path: "analysis", text: "", is_blocking: true },
    ]);
    expect(counts.get("outline")).toEqual({ blocking: 1, advice: 1 });
    expect(counts.get("cases")).toEqual({ blocking: 1, advice: 0 });
  });
});
