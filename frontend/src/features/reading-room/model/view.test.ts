import { describe, expect, it } from "vitest";
import type { ViewState } from "../../../viewer/types";
import { openRead } from "../testing/lpln";
import { storedView, viewOf } from "./view";

const view: ViewState = {
  series: 0,
  slice: 12,
  window: { center: 40, width: 300 },
  zoom: 1.5,
  pan: [3, -2],
  turn: { isMirrored: true, rotation: 270 },
  isInverted: true,
};

describe("viewOf", () => {
  it("gives back what was kept", () => {
    expect(viewOf(storedView(view), openRead.series)).toEqual(view);
    const plain = { ...view, window: null };
    expect(viewOf(storedView(plain), openRead.series)).toEqual(plain);
  });

  it("begins anew without a kept view, or with one of a series or slice that is not there", () => {
    expect(viewOf(null, openRead.series)).toBeNull();
    expect(viewOf({}, openRead.series)).toBeNull();
    expect(viewOf(storedView({ ...view, series: 3 }), openRead.series)).toBeNull();
    expect(viewOf(storedView({ ...view, slice: 41 }), openRead.series)).toBeNull();
  });

  it("turns an image by quarters only", () => {
    const kept = viewOf({ series: 0, slice: 1, mirrored: 2, rotation: 45, inverted: 0.5 }, openRead.series);
    expect(kept).toMatchObject({ turn: { isMirrored: false, rotation: 0 }, isInverted: false });
  });

  it("leaves out a window or a zoom that shows nothing", () => {
    const kept = viewOf({ series: 0, slice: 1, center: 40, width: 0, zoom: 0 }, openRead.series);
    const turn = { isMirrored: false, rotation: 0 };
    expect(kept).toEqual({
      series: 0,
      slice: 1,
      window: null,
      zoom: 1,
      pan: [0, 0],
      turn,
      isInverted: false,
    });
  });
});
