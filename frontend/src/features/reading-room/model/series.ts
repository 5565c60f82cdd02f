import type { ViewerSeries } from "../../../viewer/types";
import type { SeriesInfo } from "../api/read";

/** What the viewer is told of the series of a case. */
export function viewerSeries(series: readonly SeriesInfo[]): ViewerSeries[] {
  return series.map(({ initial_slice, is_synthetic, slice_step_mm, title, ...one }) => ({
    ...one,
    title: is_synthetic ? `${title} · synthetic` : title,
    initialSlice: initial_slice,
    sliceStepMm: slice_step_mm,
  }));
}
