import { rotationOf } from "../../../viewer/turn";
import type { ViewState } from "../../../viewer/types";
import type { SeriesInfo, StoredView } from "../api/read";

/** A view as it is kept with the draft. */
export function storedView(view: ViewState): StoredView {
  const [pan_x, pan_y] = view.pan;
  return {
    series: view.series,
    slice: view.slice,
    ...(view.window && { center: view.window.center, width: view.window.width }),
    zoom: view.zoom,
    pan_x,
    pan_y,
    mirrored: view.turn?.isMirrored ? 1 : 0,
    rotation: view.turn?.rotation ?? 0,
    inverted: view.isInverted ? 1 : 0,
  };
}

/** The kept view, where it can be shown: its series and slice must be there. */
export function viewOf(stored: StoredView | null, series: readonly SeriesInfo[]): ViewState | null {
  const shown = series.find((one) => one.index === stored?.series);
  const slice = stored?.slice;
  if (!stored || !shown || slice === undefined || slice < 1 || slice > shown.slices) return null;
  const { center, width } = stored;
  return {
    series: shown.index,
    slice,
    window: center !== undefined && width !== undefined && width > 0 ? { center, width } : null,
    zoom: stored.zoom !== undefined && stored.zoom > 0 ? stored.zoom : 1,
    pan: [stored.pan_x ?? 0, stored.pan_y ?? 0],
    turn: { isMirrored: stored.mirrored === 1, rotation: rotationOf(stored.rotation) },
    isInverted: stored.inverted === 1,
  };
}
