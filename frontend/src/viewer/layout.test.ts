import { describe, expect, it } from "vitest";
import { contentsFor, type Hanging, type HangingPane, initialWorkspace, stackOf } from "./layout";
import type { ViewerSeries, ViewState } from "./types";

const series: ViewerSeries[] = ["T2W", "T1W", "DWI"].map((role, index) => ({
  index,
  title: role,
  role,
  slices: 10 + index,
  initialSlice: 5,
  window: null,
}));
const PANE: HangingPane = { role: null, kind: "stack", plane: null, start: null, window: null };
const VIEW: ViewState = { series: 2, slice: 3, window: null, zoom: 1, pan: [0, 0] };

const hanging = (columns: number, ...panes: Partial<HangingPane>[]): Hanging => ({
  rows: 1,
  columns,
  panes: panes.map((one) => ({ ...PANE, ...one })),
  linked: true,
});

describe("initialWorkspace", () => {
  it("is one pane with the series given where no protocol says otherwise", () => {
    expect(initialWorkspace(null, series, 1, null)).toEqual({
      layout: { rows: 1, columns: 1 },
      contents: [stackOf(1)],
      active: 0,
      isLinked: false,
      hasLines: true,
    });
  });

  it("hangs series by their roles, and the rest in the order of the case", () => {
    const { contents, isLinked } = initialWorkspace(
      hanging(3, {}, { role: "DWI", start: "last" }, { role: "T2W", kind: "mpr", plane: "coronal" }),
      series,
      2,
      null,
    );
    expect(contents.map((one) => one.series)).toEqual([1, 2, 0]);
    expect(contents.map((one) => one.slice)).toEqual([null, 12, null]);
    expect(contents.map((one) => one.plane)).toEqual([null, null, "coronal"]);
    expect(isLinked).toBe(true);
  });

  it("begins at the first, middle or last slice, in the window asked for", () => {
    const window = { low: 1, high: 99 };
    const { contents } = initialWorkspace(
      hanging(2, { role: "T2W", start: "first", window }, { role: "T1W", start: "middle" }),
      series,
      0,
      null,
    );
    expect(contents.map((one) => one.slice)).toEqual([1, 6]);
    expect(contents[0]?.window).toEqual(window);
  });

  it("says which images the case does not have", () => {
    const { contents } = initialWorkspace(hanging(2, { role: "T2W" }, { role: "ADC" }), series, 0, null);
    expect(contents[1]).toMatchObject({ series: null, emptyText: "This case has no ADC images." });
  });

  it("leaves panes empty that the protocol does not speak of once every series hangs", () => {
    const { contents } = initialWorkspace({ ...hanging(3, {}, {}, {}), rows: 2 }, series, 0, null);
    expect(contents.map((one) => one.series)).toEqual([0, 1, 2, null, null, null]);
  });

  it("makes the pane active that shows the series the reader left", () => {
    const both = hanging(2, { role: "T2W" }, { role: "DWI" });
    expect(initialWorkspace(both, series, 2, VIEW).active).toBe(1);
    const { active, contents } = initialWorkspace(both, series, 1, { ...VIEW, series: 1 });
    expect([active, contents[0]?.series]).toEqual([0, 1]);
  });

  it("goes back to the slice the reader left, wherever the protocol begins", () => {
    const both = hanging(2, { role: "T2W", start: "first" }, { role: "DWI", start: "middle" });
    const { contents } = initialWorkspace(both, series, 2, VIEW);
    expect(contents.map((one) => one.slice)).toEqual([1, VIEW.slice]);
  });
});

describe("a hanging by acquired planes", () => {
  const taken = (index: number, role: string, plane: string): ViewerSeries => ({
    index,
    title: `${role} ${plane}`,
    role,
    plane,
    slices: 9,
    initialSlice: 5,
    window: null,
  });
  const planes = [
    taken(0, "T2W", "axial"),
    taken(1, "T2W", "coronal"),
    taken(2, "T2W", "sagittal"),
    taken(3, "DWI", "axial"),
  ];
  const shown = (panes: Partial<HangingPane>[], of = planes) =>
    initialWorkspace(hanging(panes.length, ...panes), of, 0, null).contents;
  const indices = (...panes: Partial<HangingPane>[]) => shown(panes).map((one) => one.series);

  it("takes the series of that role and plane", () => {
    const three = ["axial", "sagittal", "coronal"].map(
      (plane) => ({ role: "T2W", plane }) as Partial<HangingPane>,
    );
    const contents = shown(three);
    expect(contents.map((one) => one.series)).toEqual([0, 2, 1]);
    expect(contents.map(({ kind, plane }) => [kind, plane])).toEqual(three.map(() => ["stack", null]));
  });

  it("takes no series twice in the same way before another fits", () => {
    expect(indices({ role: "T2W" }, { role: "T2W" }, { role: "T2W" }, { role: "T2W" })).toEqual([0, 1, 2, 0]);
    expect(indices({ role: "T2W" }, { role: "T2W", plane: "axial" })).toEqual([1, 0]);
    expect(indices({}, { plane: "axial" }, { role: "T2W", plane: "axial" })).toEqual([1, 3, 0]);
    expect(indices({ role: "DWI" }, { role: "DWI" })).toEqual([3, 3]);
  });

  it("shows planes across the slices of the series that stands beside them", () => {
    const across = (plane: "sagittal" | "coronal") => ({ role: "T2W", kind: "mpr", plane }) as const;
    expect(indices({ role: "T2W" }, across("sagittal"), across("coronal"))).toEqual([0, 0, 0]);
    expect(indices(across("sagittal"), across("sagittal"))).toEqual([0, 1]);
  });

  it("says which images of that plane the case does not have", () => {
    const texts = (...panes: Partial<HangingPane>[]) =>
      shown(panes, [taken(0, "T2W", "oblique"), taken(1, "DWI", "axial")]).map((one) => one.emptyText);
    expect(texts({ role: "T2W", plane: "sagittal" }, { role: "T2W" })).toEqual([
      "This case has no sagittal T2W images.",
      null,
    ]);
    expect(texts({ plane: "axial" }, { plane: "axial" }, { role: "CT" })).toEqual([
      null,
      "This case has no other axial images.",
      "This case has no CT images.",
    ]);
  });
});

describe("contentsFor", () => {
  it("keeps what is shown and gives new panes the series that none shows", () => {
    const shown = [stackOf(1), stackOf(0)];
    const contents = contentsFor({ rows: 2, columns: 2 }, shown, series);
    expect(contents.slice(0, 2)).toEqual(shown);
    expect(contents.slice(2).map((one) => one.series)).toEqual([2, null]);
    expect(contentsFor({ rows: 1, columns: 1 }, shown, series)).toEqual([stackOf(1)]);
  });
});
