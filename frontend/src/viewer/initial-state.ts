import { CINE_SPEED } from "./cine";
import { ONE_PANE } from "./layout";
import type { CaseState, PaintState, PaneState } from "./types";

export const INITIAL_PANE: PaneState = {
  kind: "stack",
  plane: null,
  status: "loading",
  errorText: null,
  canRetry: true,
  series: 0,
  slice: 0,
  targetSlice: 0,
  slices: 0,
  window: null,
  isInverted: false,
  letters: null,
  mmPerPixel: null,
  zoom: 1,
  imageRect: null,
  geometry: null,
  placement: null,
  stepMm: null,
  canMeasure: false,
  loadedFrames: 0,
  failedFrames: [],
};

export const INITIAL_PAINT: PaintState = {
  brushMm: 6,
  range: null,
  strength: null,
  isGrowing: false,
  opacity: 0.35,
  hasOutline: true,
  active: null,
  growProblem: null,
};

export const INITIAL_CASE: CaseState = {
  layout: ONE_PANE,
  active: 0,
  maximized: null,
  isLinked: false,
  hasLines: true,
  isCrosshair: false,
  crosshair: null,
  tool: "window",
  armed: null,
  hint: null,
  writing: null,
  paint: INITIAL_PAINT,
  isPlaying: false,
  framesPerSecond: CINE_SPEED,
  canUndo: false,
  canRedo: false,
  hasNoWebGl: false,
};
