import { describe, expect, it } from "vitest";
import { habitOf, hangingName, NO_HABITS, withHabits } from "./habits";
import { INITIAL_CASE } from "./initial-state";
import { type Hanging, type HangingPane, initialWorkspace } from "./layout";
import type { ViewerSeries } from "./types";

const series: ViewerSeries[] = ["T2W", "DWI", "ADC"].map((role, index) => ({
  index,
  title: role,
  slices: 10,
  initialSlice: 6,
  window: null,
  role,
}));
const pane = (role: string | null, more: Partial<HangingPane> = {}): HangingPane => ({
  role,
  kind: "stack",
  plane: null,
  start: null,
  window: null,
  ...more,
});
const hanging: Hanging = { rows: 1, columns: 2, linked: true, panes: [pane("DWI"), pane("T2W")] };

describe("hangingName", () => {
  it("tells hangings apart by roles and planes, and says nothing else", () => {
    expect(hangingName(null)).toBe("*");
    expect(hangingName(hanging)).toBe("DWI,T2W");
    const planes = [pane("T2W"), pane(null), pane("T2W", { kind: "mpr", plane: "sagittal" }), pane("ADC")];
    expect(hangingName({ rows: 2, columns: 2, linked: false, panes: planes })).toBe("T2W,*/T2W:sagittal,ADC");
    const taken = [pane("T2W", { plane: "sagittal" }), pane(null, { plane: "axial" })];
    expect(hangingName({ ...hanging, panes: taken })).toBe("T2W@sagittal,*@axial");
  });
});

describe("withHabits", () => {
  const hung = initialWorkspace(hanging, series, 0, null);
  const shown = (layout: { rows: number; columns: number }) => {
    const { active, contents } = withHabits(hung, { ...NO_HABITS, layout }, series);
    return { active, series: contents.map((one) => one.series) };
  };

  it("leaves everything to the study where nothing was chosen", () => {
    expect(withHabits(hung, NO_HABITS, series)).toEqual(hung);
    expect(hung.isLinked).toBe(true);
  });

  it("puts the reader's choices in place of the study's", () => {
    const liked = withHabits(hung, { ...NO_HABITS, linked: false, lines: false }, series);
    expect([liked.isLinked, liked.hasLines]).toEqual([false, false]);
  });

  it("fills more panes, and of fewer keeps the active one", () => {
    expect(shown({ rows: 1, columns: 3 })).toEqual({ active: 1, series: [1, 0, 2] });
    expect(shown({ rows: 1, columns: 1 })).toEqual({ active: 0, series: [0] });
  });
});

describe("habitOf", () => {
  it("knows what may hold for the cases to come", () => {
    const state = { ...INITIAL_CASE, isLinked: true, hasLines: false, layout: { rows: 2, columns: 2 } };
    expect(habitOf({ kind: "link" }, state)).toEqual({ kind: "linked", isOn: true });
    expect(habitOf({ kind: "lines" }, state)).toEqual({ kind: "lines", isOn: false });
    const layout = { rows: 2, columns: 2 };
    expect(habitOf({ kind: "layout", layout }, state)).toEqual({ kind: "layout", layout });
    expect(habitOf({ kind: "invert" }, state)).toBeNull();
    expect(habitOf({ kind: "planes" }, state)).toBeNull();
  });
});
