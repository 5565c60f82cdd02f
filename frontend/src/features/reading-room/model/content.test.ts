import { describe, expect, it, vi } from "vitest";
import type { DraftContent } from "../api/put-draft";
import { labelmapOf } from "../testing/lpln";
import { isSameContent } from "./content";

const content: DraftContent = { answers: { x: 1, y: 2 }, measurements: [] };

describe("isSameContent", () => {
  it("does not care for the order of keys, but for that of measurements", () => {
    expect(isSameContent(content, { ...content, answers: { y: 2, x: 1 } })).toBe(true);
    expect(isSameContent(content, { ...content, answers: { y: 2, x: 3 } })).toBe(false);
  });

  it("takes an absent part for an empty one", () => {
    expect(isSameContent(content, { ...content, annotations: [], labelmaps: [] })).toBe(true);
    expect(isSameContent(content, { ...content, labelmaps: [labelmapOf("H4sI")] })).toBe(false);
  });

  it("compares what was painted, copies too, and never writes megabytes out", () => {
    const write = vi.spyOn(JSON, "stringify");
    const large = "x".repeat(2_000_000);
    const one = { ...content, labelmaps: [labelmapOf(large)] };
    expect(isSameContent(one, { ...one, answers: { x: 1, y: 2 } })).toBe(true);
    expect(isSameContent(one, { ...one, labelmaps: [labelmapOf(large)] })).toBe(true);
    expect(isSameContent(one, { ...one, labelmaps: [labelmapOf(`${large.slice(1)}y`)] })).toBe(false);
    expect(isSameContent(one, { ...one, labelmaps: [{ ...labelmapOf(large), series: 1 }] })).toBe(false);
    for (const { value } of write.mock.results) expect(String(value).length).toBeLessThan(1_000);
    write.mockRestore();
  });
});
