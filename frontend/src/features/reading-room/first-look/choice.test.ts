import { describe, expect, it } from "vitest";
import type { OpenRead } from "../api/read";
import { openRead } from "../testing/lpln";
import { firstLook, NO_HABITS_YET } from "./choice";

const SERIES = openRead.series[0] as OpenRead["series"][number];
const T2W = { ...SERIES, index: 0, role: "T2W", slices: 20, initial_slice: 11 };
const ADC = { ...SERIES, index: 1, role: "ADC", slices: 10, initial_slice: 4 };
const VIEW = { series: 1, slice: 3, zoom: 1, pan_x: 0, pan_y: 0, mirrored: 0, rotation: 0, inverted: 1 };
const paneOf = (role: string, more = {}) => ({
  ...{ role, kind: "stack" as const, plane: null, start: null, window: null },
  ...more,
});

function read(change: Partial<OpenRead> = {}, view: object | null = null): OpenRead {
  const draft = { ...openRead.draft, view } as OpenRead["draft"];
  return { ...openRead, series: [T2W, ADC], primary_series: 0, hanging: null, draft, ...change };
}

const look = (change?: Partial<OpenRead>, view: object | null = null, habits = {}) =>
  firstLook(read(change, view), { ...NO_HABITS_YET, ...habits });

describe("firstLook", () => {
  it("is the series and slice that the case begins with", () => {
    expect(look()).toMatchObject({
      series: { index: 0 },
      slice: 11,
      window: null,
      isInverted: false,
      hasStrip: true,
      hasPaintBar: false,
      workspace: { active: 0, layout: { rows: 1, columns: 1 } },
    });
    expect(look({ series: [T2W] })?.hasStrip).toBe(false);
  });

  it("is the image that the reader left, in its window", () => {
    const view = { ...VIEW, center: 40, width: 80 };
    expect(look({}, view)).toMatchObject({
      series: { index: 1 },
      slice: 3,
      window: { center: 40, width: 80 },
      isInverted: true,
    });
  });

  it.each([{ zoom: 1.4 }, { pan_x: 12 }, { mirrored: 1 }, { rotation: 90 }])(
    "leaves an image that was moved or turned to the viewer: %o",
    (change) => expect(look({}, { ...VIEW, ...change })).toBeNull(),
  );

  it("stands in the pane and the window of the hanging protocol", () => {
    const panes = [paneOf("ADC"), paneOf("T2W", { start: "last", window: { low: 5, high: 80 } })];
    const hanging = { rows: 1, columns: 2, panes, linked: false };
    expect(look({ hanging })).toMatchObject({
      slice: 20,
      window: { low: 5, high: 80 },
      workspace: { active: 1, layout: { rows: 1, columns: 2 } },
    });
    const across = [paneOf("T2W", { kind: "mpr", plane: "sagittal" })];
    expect(look({ hanging: { rows: 1, columns: 1, panes: across, linked: false } })).toBeNull();
  });

  it("keeps the reader's habits, where they are to be kept", () => {
    const windows = { T2W: { low: 1, high: 90 } };
    expect(look({}, null, { windows, remember_windows: true })?.window).toEqual(windows.T2W);
    expect(look({}, null, { windows, remember_windows: false })?.window).toBeNull();
    const layouts = { "*": { rows: 2, columns: 2 } };
    expect(look({}, null, { layouts })?.workspace.layout).toEqual(layouts["*"]);
  });

  it("knows of the bar that paints, unless that hangs on an answer", () => {
    const mask = { ...openRead.form.questions[0], key: "nodes", kind: "mask", drawn_by: "voxels" };
    const form = (question: object) => ({ form: { ...openRead.form, questions: [question] } }) as object;
    expect(look(form(mask))?.hasPaintBar).toBe(true);
    expect(look(form({ ...mask, show_if: { question: "a", equals: "b" } }))).toBeNull();
  });
});
