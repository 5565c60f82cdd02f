import { describe, expect, it } from "vitest";
import { allowance, targetOf } from "./drawing-targets";
import type { DrawingTarget, ViewerSeries } from "./types";

const target = (question: string, tool: DrawingTarget["tool"], more: Partial<DrawingTarget> = {}) => ({
  question,
  label: "Tumor",
  tool,
  role: null,
  most: null,
  ...more,
});
const series = (index: number, title: string, role: string): ViewerSeries => ({
  index,
  title,
  role,
  slices: 9,
  initialSlice: 5,
  window: null,
});
const CASE = [series(0, "T2W axial", "T2W"), series(1, "DWI axial", "DWI"), series(2, "T2W coronal", "T2W")];
const mark = (question: string) => ({
  uuid: question,
  question,
  series: 0,
  frame: 1,
  sop_uid: "2.25.1",
  frame_of_reference_uid: "2.25.2",
  point_mm: [0, 0, 0] as const,
  rating: null,
});
const drawings = (count: number) => ({
  measurements: [],
  marks: [...Array.from({ length: count }, () => mark("nodes")), mark("others")],
  contours: [],
  annotations: [],
});

describe("targetOf", () => {
  it("is the question named, or the first of the tool", () => {
    const targets = [target("a", "outline"), target("b", "outline"), target("c", "mark")];
    expect(targetOf(targets, "outline", "b")?.question).toBe("b");
    expect(targetOf(targets, "outline")?.question).toBe("a");
    expect(targetOf(targets, "mark")?.question).toBe("c");
    expect(targetOf(targets, "mark", "a")).toBeUndefined();
  });

  it("leaves open which of two pairs of axes is measured", () => {
    const left = target("left", "bidirectional");
    expect(targetOf([left], "bidirectional")?.question).toBe("left");
    expect(targetOf([left, target("right", "bidirectional")], "bidirectional")).toBeUndefined();
  });
});

describe("allowance", () => {
  it("names the series to draw on", () => {
    const tumor = target("tumor", "outline", { role: "T2W" });
    expect(allowance(tumor, CASE, 0, drawings(0))).toBeNull();
    expect(allowance(tumor, CASE, 1, drawings(0))).toBe("Tumor is drawn on T2W axial or T2W coronal only.");
    expect(allowance({ ...tumor, role: "CT" }, CASE, 1, null)).toBe(
      "Tumor is drawn on CT images, and this case has none.",
    );
  });

  it("ends when the question has all its marks", () => {
    const nodes = target("nodes", "mark", { most: 2, label: "Nodes" });
    expect(allowance(nodes, CASE, 0, drawings(1))).toBeNull();
    expect(allowance(nodes, CASE, 0, drawings(2))).toBe("Nodes: at most 2 marks.");
    expect(allowance({ ...nodes, most: 1 }, CASE, 0, drawings(1))).toBe("Nodes: at most one mark.");
  });
});
