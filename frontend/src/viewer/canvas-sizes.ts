import type { RenderingEngine } from "@cornerstonejs/core";
import type { Stage } from "./stage";

/** Keeps the canvases as sharp as the screen when panes, window or screen change. */
export class CanvasSizes {
  private readonly observer: ResizeObserver;
  private readonly resize: () => void;
  private density: MediaQueryList | null = null;

  constructor(engine: RenderingEngine, stages: () => readonly Stage[]) {
    this.resize = () => {
      const fitted = stages().filter(({ isFitted }) => isFitted);
      engine.resize(true, true);
      for (const stage of fitted) stage.fit();
    };
    this.observer = new ResizeObserver(this.resize);
    this.watchDensity();
  }

  observe(element: HTMLDivElement): void {
    this.observer.observe(element);
  }

  forget(element: HTMLDivElement): void {
    this.observer.unobserve(element);
  }

  dispose(): void {
    this.observer.disconnect();
    this.density?.removeEventListener("change", this.onDensity);
  }

  /** A query holds for one density only: after each change the next one is watched. */
  private watchDensity(): void {
    this.density = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    this.density.addEventListener("change", this.onDensity, { once: true });
  }

  private readonly onDensity = (): void => {
    this.resize();
    this.watchDensity();
  };
}
