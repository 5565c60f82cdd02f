import type { CaseEngine } from "./case-engine";
import type { ViewerAction } from "./keymap";

export type EngineAction = Exclude<ViewerAction, { kind: "help" | "series" | "pane" }>;

const RUN: {
  [Kind in EngineAction["kind"]]: (
    engine: CaseEngine,
    action: Extract<EngineAction, { kind: Kind }>,
  ) => unknown;
} = {
  scroll: ({ stage }, { delta }) => stage?.scrollBy(delta),
  first: ({ stage }) => stage?.scrollTo(1),
  last: ({ stage }) => stage?.scrollTo(Number.MAX_SAFE_INTEGER),
  tool: ({ hand }, { tool }) => hand.take(tool),
  preset: ({ stage }, { index }) => stage?.applyPreset(index),
  fit: ({ stage }) => stage?.fit(),
  invert: ({ stage }) => stage?.toggleInvert(),
  flip: ({ stage }, { way }) => stage?.flip(way),
  rotate: ({ stage }, { by }) => stage?.rotate(by),
  cine: (engine) => engine.toggleCine(),
  reset: ({ stage }) => stage?.reset(),
  cancel: ({ hand }) => hand.cancel(),
  delete: (engine) => engine.removeDrawing(),
  copy: ({ hand }, { delta }) => hand.copyOutlines(delta),
  maximize: (engine) => engine.panes.toggleMaximized(),
  lines: (engine) => engine.panes.toggleLines(),
  layout: (engine, { layout }) => engine.panes.setLayout(layout),
  plane: (engine, { plane }) => engine.panes.showPlane(plane),
  planes: (engine) => engine.panes.showThreePlanes(),
  link: (engine) => engine.panes.toggleLink(),
  crosshair: (engine) => engine.panes.toggleCrosshair(),
  brush: ({ desk }, { by }) => desk.stepBrush(by),
  strength: ({ desk }, { by }) => desk.stepStrength(by),
  undo: (engine) => engine.undo(),
  redo: (engine) => engine.redo(),
};

export function runAction<Kind extends EngineAction["kind"]>(
  engine: CaseEngine,
  action: Extract<EngineAction, { kind: Kind }>,
): void {
  void RUN[action.kind as Kind](engine, action);
}
