import type { RenderingEngine } from "@cornerstonejs/core";
import type { Stage } from "./stage";

// Each try is one frame; the library does nothing while another pane is being painted.
const MOST_TRIES = 60;

/** Keeps the canvases as sharp as the screen when panes, window or screen change. */
export class CanvasSizes {
  private readonly engine: RenderingEngine;
  private readonly stages: () => readonly Stage[];
  private readonly observer: ResizeObserver;
  private density: MediaQueryList | null = null;
  private isDisposed = false;

  constructor(engine: RenderingEngine, stages: () => readonly Stage[]) {
    this.engine = engine;
    this.stages = stages;
    this.observer = new ResizeObserver(() => this.resize());
    this.watchDensity();
  }

  observe(element: HTMLDivElement): void {
    this.observer.observe(element);
  }

  forget(element: HTMLDivElement): void {
    this.observer.unobserve(element);
  }

  dispose(): void {
    this.isDisposed = true;
    this.observer.disconnect();
    this.density?.removeEventListener("change", this.onDensity);
  }

  private resize(fitted = this.stages().filter(({ isFitted }) => isFitted), triesLeft = MOST_TRIES): void {
    if (this.isDisposed) return;
    this.engine.resize(true, true);
    for (const stage of fitted) if (this.stages().includes(stage)) stage.fit();
    // A canvas takes its new size when it is painted, which is asked for before this.
    requestAnimationFrame(() => {
      const isSharp = this.stages().every(({ viewport }) => hasSizeOfScreen(viewport.canvas));
      if (!isSharp && triesLeft > 0) this.resize(fitted, triesLeft - 1);
    });
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

function hasSizeOfScreen({ width, height, clientWidth, clientHeight }: HTMLCanvasElement): boolean {
  const onScreen = (size: number) => Math.round(size * window.devicePixelRatio);
  return width === onScreen(clientWidth) && height === onScreen(clientHeight);
}
