import { describe, expect, it } from "vitest";
import { ViewerCounts } from "./telemetry";
import type { ViewState } from "./types";

const SERIES = [
  { index: 0, title: "T2W axial", slices: 4, initialSlice: 2, window: null },
  { index: 1, title: "DWI axial", slices: 10, initialSlice: 5, window: null },
];
const VIEW: ViewState = { series: 0, slice: 2, window: { center: 300, width: 600 }, zoom: 1, pan: [0, 0] };

describe("ViewerCounts", () => {
  it("tells for each series which share of its slices was seen", () => {
    const counts = new ViewerCounts(SERIES);
    for (const frame of [2, 3, 2, 1]) counts.sliceShown(0, frame);
    counts.sliceShown(1, 5);
    const { series, scrolls } = counts.report();
    expect(series).toEqual([
      { series: 0, slices: 4, seen: 3, seen_share: 0.75 },
      { series: 1, slices: 10, seen: 1, seen_share: 0.1 },
    ]);
    // Going over to another series is no scrolling.
    expect(scrolls).toBe(3);
  });

  it("counts a gesture once, and neither the first view nor another series", () => {
    const counts = new ViewerCounts(SERIES);
    counts.viewSettled(VIEW);
    counts.viewSettled({ ...VIEW, window: { center: 310, width: 640 } });
    counts.viewSettled({ ...VIEW, window: { center: 310, width: 640 }, zoom: 2, pan: [4, 0] });
    counts.viewSettled({ ...VIEW, window: { center: 310, width: 640 }, zoom: 2, pan: [9, 0] });
    counts.viewSettled({ ...VIEW, series: 1, window: { center: 5, width: 9 } });
    expect(counts.report()).toMatchObject({ window_changes: 1, zooms: 1, pans: 1 });
  });

  it("counts how often a tool was taken up", () => {
    const counts = new ViewerCounts(SERIES);
    for (const tool of ["outline", "window", "outline"] as const) counts.toolTaken(tool);
    expect(counts.report().tools).toEqual({ outline: 2, window: 1 });
  });
});
