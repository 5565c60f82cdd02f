import { RenderingEngine } from "@cornerstonejs/core";

/** How long an engine waits for the next case before its memory is given back. */
export const KEPT_MS = 10_000;

const NAME = "reading";

let made = 0;
let idle: { engine: RenderingEngine; ending: ReturnType<typeof setTimeout> } | null = null;

/**
 * The rendering engine of the case before, or a new one.
 *
 * An engine has a WebGL context and the programs that were compiled in it, which take longer than a case to paint.
 */
export function takeRendering(): RenderingEngine {
  if (!idle) return new RenderingEngine(`${NAME}-${++made}`);
  const { engine, ending } = idle;
  clearTimeout(ending);
  idle = null;
  return engine;
}

/** Leave an engine without viewports to the case that comes next. */
export function giveBackRendering(engine: RenderingEngine): void {
  if (idle) {
    engine.destroy();
    return;
  }
  const ending = setTimeout(() => {
    idle = null;
    engine.destroy();
  }, KEPT_MS);
  idle = { engine, ending };
}

/** Make the engine of the first case while its images are still on their way. */
export function warmRendering(): void {
  if (made === 0) giveBackRendering(takeRendering());
}
