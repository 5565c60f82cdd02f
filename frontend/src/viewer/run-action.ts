import type { ViewerAction } from "./keymap";
import type { StackEngine } from "./stack-engine";

export type EngineAction = Exclude<ViewerAction, { kind: "help" | "series" }>;

const RUN: {
  [Kind in EngineAction["kind"]]: (
    engine: StackEngine,
    action: Extract<EngineAction, { kind: Kind }>,
  ) => unknown;
} = {
  scroll: (engine, { delta }) => engine.scrollBy(delta),
  first: (engine) => engine.scrollTo(1),
  last: (engine) => engine.scrollTo(Number.MAX_SAFE_INTEGER),
  tool: (engine, { tool }) => engine.setTool(tool),
  preset: (engine, { index }) => engine.applyPreset(index),
  fit: (engine) => engine.fit(),
  invert: (engine) => engine.toggleInvert(),
  reset: (engine) => engine.reset(),
  cancel: (engine) => engine.cancel(),
  delete: (engine) => engine.removeMeasurement(),
  undo: (engine) => engine.undo(),
  redo: (engine) => engine.redo(),
};

export function runAction<Kind extends EngineAction["kind"]>(
  engine: StackEngine,
  action: Extract<EngineAction, { kind: Kind }>,
): void {
  void RUN[action.kind as Kind](engine, action);
}
