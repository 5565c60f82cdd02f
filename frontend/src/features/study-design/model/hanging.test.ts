import { describe, expect, it } from "vitest";
import type { Hanging, HangingPane } from "./document";
import { gridOf, lookOf, windowKind, withGrid, withLook, withWindowKind } from "./hanging";

const roles = ({ panes }: Hanging) => panes.map(({ role }) => role);
const pane: HangingPane = { role: "T2W", kind: "stack", plane: null, start: "last", window: null };

describe("withGrid", () => {
  it("begins with the series shown first, and fills new panes with other sequences", () => {
    const two = withGrid(null, "1x2", "DWI");
    expect([two.rows, two.columns, two.linked, roles(two)]).toEqual([1, 2, true, ["DWI", "T2W"]]);
    const six = withGrid(two, "2x3", "DWI");
    expect(roles(six)).toEqual(["DWI", "T2W", "ADC", "T1", "CT", null]);
    expect(gridOf(six)).toBe("2x3");
  });

  it("keeps the panes that stay, as they are", () => {
    const four = { ...withGrid(null, "2x2", "T2W"), linked: false };
    four.panes[1] = { ...pane, role: "T1" };
    const two = withGrid(four, "2x1", "T2W");
    expect([two.panes, two.linked]).toEqual([four.panes.slice(0, 2), false]);
  });
});

describe("a pane", () => {
  it("begins in the middle of a plane across its slices", () => {
    const sagittal = withLook(pane, "sagittal");
    expect(sagittal).toEqual({ ...pane, kind: "mpr", plane: "sagittal", start: null });
    expect([lookOf(pane), lookOf(sagittal)]).toEqual(["stack", "sagittal"]);
    expect(lookOf(withLook(sagittal, "stack"))).toBe("stack");
  });

  it("may ask for the plane that its series was taken in, and keeps where it begins", () => {
    const taken = withLook(pane, "taken-coronal");
    expect(taken).toEqual({ ...pane, plane: "coronal" });
    expect(lookOf(taken)).toBe("taken-coronal");
    expect(lookOf(withLook(taken, "coronal"))).toBe("coronal");
    expect(withLook(taken, "stack")).toEqual(pane);
  });

  it("has a window of percentiles, of values, or its own", () => {
    const percentiles = withWindowKind(pane, "percentiles");
    expect(percentiles.window).toEqual({ low: 1, high: 99 });
    expect(withWindowKind(percentiles, "percentiles")).toBe(percentiles);
    const values = withWindowKind(percentiles, "values");
    expect([windowKind(values), windowKind(withWindowKind(values, "own"))]).toEqual(["values", "own"]);
  });
});
