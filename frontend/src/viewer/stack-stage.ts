import { Enums, eventTarget, RenderingEngine, type Types } from "@cornerstonejs/core";
import { drawsWithoutWebGl } from "./cornerstone";
import { Display } from "./display";
import type { FrameLoading } from "./frame-loading";
import { orientationLetters } from "./geometry";
import type { PreparedSeries, SeriesStore } from "./series-store";
import type { StateHolder } from "./state-holder";
import type { DisplayWindow, ViewState } from "./types";
import { fromRange, WINDOW_PRESETS } from "./window";

const BACKGROUND: Types.Point3 = [11 / 255, 13 / 255, 16 / 255];
const SETTLED_AFTER_MS = 400;

export interface StageOptions {
  id: string;
  element: HTMLDivElement;
  store: SeriesStore;
  frames: FrameLoading;
  state: StateHolder;
  /** The view to begin with; null for the series' own. */
  view: ViewState | null;
  /** The slices of a series are known and about to be shown. */
  onSeries: (canMeasure: boolean) => void;
  /** The range over which a window drag is scaled. */
  onFullWidth: (fullWidth: number) => void;
  onSliceShown: (series: number, frame: number) => void;
  /** The view came to rest. */
  onView: (view: ViewState) => void;
}

/** The viewport: which slice of which series is on the screen, and how. */
export class StackStage {
  private readonly options: StageOptions;
  private readonly element: HTMLDivElement;
  private readonly store: SeriesStore;
  private readonly frames: FrameLoading;
  private readonly state: StateHolder;
  private readonly engine: RenderingEngine;
  private readonly display: Display;
  private readonly windows = new Map<number, DisplayWindow>();
  private readonly lastSlices = new Map<number, number>();
  private readonly resizing: ResizeObserver;
  private current: PreparedSeries | null = null;
  private viewToRestore: ViewState | null;
  private isDisposed = false;
  private showing = 0;
  private settling: ReturnType<typeof setTimeout> | undefined;
  readonly viewport: Types.IStackViewport;

  constructor(options: StageOptions) {
    this.options = options;
    ({ element: this.element, store: this.store, frames: this.frames, state: this.state } = options);
    this.viewToRestore = options.view;
    this.engine = new RenderingEngine(options.id);
    this.engine.enableElement({
      viewportId: options.id,
      type: Enums.ViewportType.STACK,
      element: this.element,
      defaultOptions: { background: BACKGROUND },
    });
    this.viewport = this.engine.getViewport(options.id) as Types.IStackViewport;
    this.display = new Display(this.viewport);
    this.listen("addEventListener");
    this.resizing = new ResizeObserver(() => this.engine.resize(true, true));
    this.resizing.observe(this.element);
    this.state.update({ hasNoWebGl: drawsWithoutWebGl() });
  }

  /** The image so many slices from the one shown. */
  imageIdAt(offset = 0): string | undefined {
    return this.current?.imageIds[this.state.value.slice - 1 + offset];
  }

  async showSeries(index: number, frame?: number): Promise<void> {
    const turn = ++this.showing;
    this.state.update({ status: "loading", errorText: null, hint: null, series: index });
    let prepared: PreparedSeries;
    try {
      prepared = await this.store.prepare(index);
    } catch {
      if (turn === this.showing) this.state.fail("The images of this series could not be loaded.");
      return;
    }
    if (turn !== this.showing || this.isDisposed) return;
    const kept = this.viewToRestore?.series === index ? this.viewToRestore.slice : undefined;
    const slice = frame ?? kept ?? this.lastSlices.get(index) ?? prepared.series.initialSlice;
    await this.showPrepared(prepared, Math.min(Math.max(slice, 1), prepared.imageIds.length), turn);
  }

  scrollBy(delta: number): void {
    if (this.current) this.scrollTo(this.state.value.targetSlice + delta);
  }

  /** `frame` is 1-based and is kept within the stack. */
  scrollTo(frame: number): void {
    const viewport = this.viewport;
    if (!this.current) return;
    const target = Math.min(Math.max(frame, 1), this.current.imageIds.length);
    if (target === this.state.value.targetSlice) return;
    this.state.update({ targetSlice: target, hint: null });
    viewport.scroll(target - 1 - viewport.getTargetImageIdIndex(), false);
  }

  async retryFrame(frame: number): Promise<void> {
    const prepared = this.current;
    if (!prepared || !(await this.frames.retry(prepared, frame - 1))) return;
    if (this.isDisposed) return;
    if (this.current !== prepared || this.state.value.targetSlice !== frame) return;
    // The viewport believes that it shows this frame already, so only a new stack makes it draw.
    this.state.update({ status: "loading" });
    await this.viewport.setStack(prepared.imageIds, frame - 1);
    this.state.update({ status: "ready" });
    this.applyDisplay();
  }

  setWindow(window: DisplayWindow): void {
    this.display.setWindow(window);
  }

  async applyPreset(index: number): Promise<void> {
    const preset = WINDOW_PRESETS[index];
    const prepared = this.current;
    if (!preset || !prepared) return;
    try {
      const window = await this.store.percentiles(prepared, preset.low, preset.high);
      if (this.current === prepared && !this.isDisposed) this.setWindow(window);
    } catch {
      this.frames.tell(prepared);
    }
  }

  toggleInvert(): void {
    this.state.update({ isInverted: !this.state.value.isInverted });
    this.display.invert(this.state.value.isInverted);
  }

  fit(): void {
    this.display.fit();
  }

  async reset(): Promise<void> {
    const prepared = this.current;
    if (!prepared) return;
    this.state.update({ isInverted: false });
    this.display.invert(false);
    this.fit();
    const window = await this.store.initialWindow(prepared).catch(() => null);
    if (window && this.current === prepared && !this.isDisposed) this.setWindow(window);
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.settling);
    this.resizing.disconnect();
    this.listen("removeEventListener");
    this.engine.destroy();
  }

  private listen(how: "addEventListener" | "removeEventListener"): void {
    this.element[how](Enums.Events.IMAGE_RENDERED, this.onRendered);
    this.element[how](Enums.Events.STACK_NEW_IMAGE, this.onNewImage);
    this.element[how](Enums.Events.STACK_VIEWPORT_SCROLL, this.onScroll);
    this.element[how](Enums.Events.VOI_MODIFIED, this.onWindow);
    eventTarget[how](Enums.Events.IMAGE_LOAD_ERROR, this.onLoadError);
  }

  private async showPrepared(prepared: PreparedSeries, slice: number, turn: number): Promise<void> {
    const { index } = prepared.series;
    this.current = prepared;
    // Lengths on slices without position or spacing would be in no unit.
    const canMeasure = prepared.geometries.every((geometry) => geometry !== null);
    this.state.update({
      slice: 0,
      targetSlice: slice,
      slices: prepared.imageIds.length,
      letters: null,
      imageRect: null,
      mmPerPixel: null,
      canMeasure,
    });
    await this.chooseWindow(prepared);
    if (turn !== this.showing || this.isDisposed) return;
    this.options.onSeries(canMeasure);
    this.frames.tell(prepared);
    try {
      await this.viewport.setStack(prepared.imageIds, slice - 1);
    } catch {
      await this.frames.retry(prepared, slice - 1);
    }
    if (turn !== this.showing || this.isDisposed) return;
    this.state.update({ status: "ready", series: index });
    this.applyDisplay();
    this.restoreView(index, slice);
    void this.frames.run(prepared, slice - 1);
  }

  private async chooseWindow(prepared: PreparedSeries): Promise<void> {
    const { index } = prepared.series;
    try {
      const kept = this.viewToRestore?.series === index ? this.viewToRestore.window : null;
      if (!this.windows.has(index))
        this.windows.set(index, kept ?? (await this.store.initialWindow(prepared)));
      const full = await this.store.percentiles(prepared, 0.005, 0.995);
      this.options.onFullWidth(full.width);
    } catch {
      // The middle slice failed to load; that is told where it is shown, and a window follows with its retry.
      this.frames.tell(prepared);
    }
  }

  private applyDisplay(): void {
    const { current, display } = this;
    const window = current && this.windows.get(current.series.index);
    if (!current || !window) return;
    display.isMonochrome1 = current.isMonochrome1;
    display.isInverted = this.state.value.isInverted;
    display.apply(window);
    this.state.update({ window });
  }

  /** The view as the reader left it, once: from then on it is theirs to change. */
  private restoreView(series: number, slice: number): void {
    const view = this.viewToRestore;
    const geometry = this.current?.geometries[slice - 1];
    if (view?.series !== series) return;
    this.viewToRestore = null;
    if (geometry) this.display.restore(view, geometry);
  }

  private readonly onNewImage = (event: Event): void => {
    const { imageIdIndex } = (event as CustomEvent<{ imageIdIndex: number }>).detail;
    this.state.update({ targetSlice: imageIdIndex + 1 });
  };

  private readonly onScroll = (event: Event): void => {
    const { newImageIdIndex } = (event as CustomEvent<{ newImageIdIndex: number }>).detail;
    this.state.update({ targetSlice: newImageIdIndex + 1 });
  };

  private readonly onWindow = (event: Event): void => {
    const { range } = (event as CustomEvent<{ range: { lower: number; upper: number } }>).detail;
    if (!this.current || this.state.value.status !== "ready") return;
    const window = fromRange(range);
    this.windows.set(this.current.series.index, window);
    this.state.update({ window });
  };

  private readonly onRendered = (): void => {
    const { viewport, current, display } = this;
    if (!current) return;
    const place = this.store.place(viewport.getCornerstoneImage()?.imageId);
    if (!place || place.series !== current.series.index) return;
    this.lastSlices.set(place.series, place.frame);
    const isNew = this.state.value.slice !== place.frame || this.state.value.series !== place.series;
    this.state.update({
      slice: place.frame,
      letters: place.geometry && orientationLetters(place.geometry),
      imageRect: place.geometry && display.imageRect(place.geometry),
      mmPerPixel: place.geometry && display.mmPerPixel(place.geometry),
      zoom: viewport.getZoom(),
    });
    if (isNew) this.options.onSliceShown(place.series, place.frame);
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.noteView(), SETTLED_AFTER_MS);
  };

  private readonly onLoadError = (event: Event): void => {
    const { imageId } = (event as CustomEvent<{ imageId?: string }>).detail;
    const place = this.store.place(imageId);
    if (!place || place.series !== this.state.value.series) return;
    this.state.update({
      failedFrames: [...new Set([...this.state.value.failedFrames, place.frame])].sort((a, b) => a - b),
    });
  };

  private noteView(): void {
    const { series, slice, window, status } = this.state.value;
    const geometry = this.current?.geometries[slice - 1];
    if (status !== "ready" || slice === 0) return;
    const pan = geometry ? this.display.panMm(geometry) : ([0, 0] as const);
    const view: ViewState = { series, slice, window, zoom: this.display.zoom, pan };
    this.options.onView(view);
  }
}
