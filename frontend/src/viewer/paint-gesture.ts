import type { CaseEngine } from "./case-engine";

/** Of `MouseEvent.buttons`. */
const LEFT = 1;
/** A hand that clicks moves less than this. */
const PIXELS_A_STEP = 16;

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
  const move = (event: MouseEvent) => {
    // The button was let go where the page could not see it.
    if ((event.buttons & LEFT) === 0) end();
    else {
      engine.desk.move(pointAt(event));
      const [right, up] = [event.clientX - press.clientX, press.clientY - event.clientY];
      engine.desk.pull(Math.trunc((right + up) / PIXELS_A_STEP));
    }
  };
  const end = () => {
    window.removeEventListener("mousemove", move);
    window.removeEventListener("mouseup", end);
    window.removeEventListener("blur", end);
    engine.desk.end();
  };
  window.addEventListener("mousemove", move);
  window.addEventListener("mouseup", end);
  window.addEventListener("blur", end);
  engine.desk.begin(pointAt(press), { series, frame: slice }, press.shiftKey);
}
