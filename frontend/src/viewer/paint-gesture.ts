import type { CaseEngine } from "./case-engine";

/**
 * A stroke of the left button on a pane, from here until the button is let go.
 *
 * The viewer library waits for a possible second click before it tells of the first one; a brush cannot wait.
 */
export function followStroke(engine: CaseEngine, press: MouseEvent, pane: HTMLElement): void {
  const stage = engine.stage;
  const { series, slice } = engine.active?.state.value ?? {};
  if (!stage || series === undefined || !slice) return;
  const pointAt = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = pane.getBoundingClientRect();
    return stage.pointAt(clientX - left, clientY - top);
  };
  const move = (event: MouseEvent) => engine.desk.move(pointAt(event));
  const end = () => {
    window.removeEventListener("mousemove", move);
    window.removeEventListener("mouseup", end);
    engine.desk.end();
  };
  window.addEventListener("mousemove", move);
  window.addEventListener("mouseup", end);
  engine.desk.begin(pointAt(press), { series, frame: slice }, press.shiftKey);
}
