import { useMemo } from "react";
import type { ViewerState } from "./types";

/** What the bars over the images show of a case. */
export type BarState = Pick<
  ViewerState,
  | "tool"
  | "layout"
  | "canMeasure"
  | "canUndo"
  | "canRedo"
  | "isPlaying"
  | "framesPerSecond"
  | "isLinked"
  | "isCrosshair"
  | "hasLines"
  | "hasNoWebGl"
  | "plane"
  | "slices"
  | "status"
>;

/** The same object for as long as nothing that the bars show has changed: a slice more is no reason to draw them anew. */
export function useBarState(state: ViewerState): BarState {
  const { tool, layout, canMeasure, canUndo, canRedo, isPlaying, framesPerSecond, isLinked } = state;
  const { isCrosshair, hasLines, hasNoWebGl, plane, slices, status } = state;
  return useMemo(
    () => ({
      tool,
      layout,
      canMeasure,
      canUndo,
      canRedo,
      isPlaying,
      framesPerSecond,
      isLinked,
      isCrosshair,
      hasLines,
      hasNoWebGl,
      plane,
      slices,
      status,
    }),
    [
      tool,
      layout,
      canMeasure,
      canUndo,
      canRedo,
      isPlaying,
      framesPerSecond,
      isLinked,
      isCrosshair,
      hasLines,
      hasNoWebGl,
      plane,
      slices,
      status,
    ],
  );
}
