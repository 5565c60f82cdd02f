import { Enums, eventTarget, RenderingEngine, type Types, utilities } from "@cornerstonejs/core";
import { Enums as ToolEnums, ToolGroupManager, type Types as ToolTypes } from "@cornerstonejs/tools";
import { drawsWithoutWebGl, MeasureTool, measurementText, startCornerstone, TOOLS } from "./cornerstone";
import { orientationLetters, pixelToPatient, type SliceGeometry } from "./geometry";
import { MeasurementLayer } from "./measurements";
import { Prefetch } from "./prefetch";
import { type PreparedSeries, SeriesStore } from "./series-store";
import type {
  BidirectionalMeasurement,
  DisplayWindow,
  ImageRect,
  ImageSource,
  ViewerSeries,
  ViewerState,
  ViewerTool,
} from "./types";
import { fromRange, toRange, WINDOW_PRESETS } from "./window";

const { DefaultHistoryMemo } = utilities.HistoryMemo;
const { MouseBindings } = ToolEnums;
const BACKGROUND: Types.Point3 = [11 / 255, 13 / 255, 16 / 255];

export interface EngineOptions {
  source: ImageSource;
  series: readonly ViewerSeries[];
  measurements: readonly BidirectionalMeasurement[];
  onState: (state: ViewerState) => void;
  onMeasurements: (measurements: BidirectionalMeasurement[]) => void;
  onSliceShown: (series: number, frame: number) => void;
}

export const INITIAL_STATE: ViewerState = {
  status: "loading",
  errorText: null,
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
  tool: "window",
  canMeasure: false,
  loadedFrames: 0,
  failedFrames: [],
  canUndo: false,
  canRedo: false,
  hasNoWebGl: false,
};

let engines = 0;

/** One stack viewport of one case, without React: what the viewer does, told by `onState`. */
export class StackEngine {
  private readonly id = `reading-${++engines}`;
  private readonly options: EngineOptions;
  private readonly element: HTMLDivElement;
  private readonly store: SeriesStore;
  private readonly layer: MeasurementLayer;
  private readonly prefetches = new Map<number, Prefetch>();
  private readonly windows = new Map<number, DisplayWindow>();
  private readonly lastSlices = new Map<number, number>();
  private engine: RenderingEngine | null = null;
  private viewport: Types.IStackViewport | null = null;
  private current: PreparedSeries | null = null;
  private state: ViewerState = INITIAL_STATE;
  private isDisposed = false;
  private isLocked = false;
  private showing = 0;
  private resizing = new ResizeObserver(() => this.engine?.resize(true, true));

  constructor(element: HTMLDivElement, options: EngineOptions) {
    this.element = element;
    this.options = options;
    this.store = new SeriesStore(options.source, options.series);
    this.layer = new MeasurementLayer({
      store: this.store,
      initial: options.measurements,
      onChange: (measurements) => {
        this.update({ canUndo: DefaultHistoryMemo.canUndo, canRedo: DefaultHistoryMemo.canRedo });
        options.onMeasurements(measurements);
      },
      onCompleted: () => this.setTool("window"),
    });
  }

  /** Start the library, take over the element and show the series. */
  async start(series: number): Promise<void> {
    try {
      await startCornerstone();
      if (this.isDisposed) return;
      this.mount();
      await this.showSeries(series);
    } catch {
      this.fail("The image viewer could not start in this browser.");
    }
  }

  async showSeries(index: number, frame?: number): Promise<void> {
    if (!this.viewport) return;
    const turn = ++this.showing;
    this.update({ status: "loading", errorText: null, series: index });
    let prepared: PreparedSeries;
    try {
      prepared = await this.store.prepare(index);
    } catch {
      if (turn === this.showing) this.fail("The images of this series could not be loaded.");
      return;
    }
    if (turn !== this.showing || this.isDisposed) return;
    const slice = frame ?? this.lastSlices.get(index) ?? prepared.series.initialSlice;
    await this.showPrepared(prepared, Math.min(Math.max(slice, 1), prepared.imageIds.length), turn);
  }

  scrollBy(delta: number): void {
    if (this.viewport && this.current) this.scrollTo(this.state.targetSlice + delta);
  }

  /** `frame` is 1-based and is kept within the stack. */
  scrollTo(frame: number): void {
    const viewport = this.viewport;
    if (!viewport || !this.current) return;
    const target = Math.min(Math.max(frame, 1), this.current.imageIds.length);
    if (target === this.state.targetSlice) return;
    this.update({ targetSlice: target });
    viewport.scroll(target - 1 - viewport.getTargetImageIdIndex(), false);
  }

  async retryFrame(frame: number): Promise<void> {
    const prefetch = this.prefetches.get(this.state.series);
    const prepared = this.current;
    if (!(await prefetch?.retry(frame - 1)) || this.isDisposed || !this.viewport || !prepared) return;
    if (this.current !== prepared || this.state.targetSlice !== frame) return;
    // The viewport believes that it shows this frame already, so only a new stack makes it draw.
    this.update({ status: "loading" });
    await this.viewport.setStack(prepared.imageIds, frame - 1);
    this.update({ status: "ready" });
    this.applyDisplay();
  }

  setTool(tool: ViewerTool): void {
    const group = ToolGroupManager.getToolGroup(this.id);
    if (!group || (tool === "bidirectional" && (this.isLocked || !this.state.canMeasure))) return;
    group.setToolPassive(TOOLS[this.state.tool], { removeAllBindings: true });
    group.setToolActive(TOOLS.pan, { bindings: [{ mouseButton: MouseBindings.Auxiliary }] });
    group.setToolActive(TOOLS.zoom, { bindings: [{ mouseButton: MouseBindings.Secondary }] });
    group.setToolActive(TOOLS[tool], { bindings: [{ mouseButton: MouseBindings.Primary }] });
    this.update({ tool });
  }

  setWindow(window: DisplayWindow): void {
    this.viewport?.setProperties({ voiRange: toRange(window) });
    this.viewport?.render();
  }

  async applyPreset(index: number): Promise<void> {
    const preset = WINDOW_PRESETS[index];
    const prepared = this.current;
    if (!preset || !prepared) return;
    try {
      const window = await this.store.percentiles(prepared, preset.low, preset.high);
      if (this.current === prepared && !this.isDisposed) this.setWindow(window);
    } catch {
      this.noteFailures();
    }
  }

  toggleInvert(): void {
    this.update({ isInverted: !this.state.isInverted });
    this.applyInversion();
  }

  fit(): void {
    this.viewport?.resetCamera({ resetPan: true, resetZoom: true });
    this.viewport?.render();
  }

  async reset(): Promise<void> {
    const prepared = this.current;
    if (!prepared) return;
    this.update({ isInverted: false });
    this.applyInversion();
    this.fit();
    const window = await this.store.initialWindow(prepared).catch(() => null);
    if (window && this.current === prepared && !this.isDisposed) this.setWindow(window);
  }

  /** Discard what is being drawn; with nothing being drawn, go back to the window tool. */
  cancel(): void {
    const tool = ToolGroupManager.getToolGroup(this.id)?.getToolInstance(TOOLS.bidirectional);
    if (tool instanceof MeasureTool && tool.discard(this.element)) this.viewport?.render();
    this.setTool("window");
  }

  undo(): void {
    if (!this.isLocked) DefaultHistoryMemo.undo();
    this.noteHistory();
  }

  redo(): void {
    if (!this.isLocked) DefaultHistoryMemo.redo();
    this.noteHistory();
  }

  removeMeasurement(uuid?: string): void {
    if (uuid === undefined) this.layer.removeSelectedOrLast(this.element);
    else this.layer.remove(uuid, this.element);
    this.viewport?.render();
  }

  lock(isLocked: boolean): void {
    this.isLocked = isLocked;
    if (isLocked) this.setTool("window");
    this.layer.lock(isLocked);
  }

  dispose(): void {
    this.isDisposed = true;
    this.resizing.disconnect();
    for (const prefetch of this.prefetches.values()) prefetch.stop();
    this.layer.dispose();
    this.listen("removeEventListener");
    ToolGroupManager.destroyToolGroup(this.id);
    this.engine?.destroy();
    this.engine = null;
    this.viewport = null;
    this.store.dispose();
  }

  private mount(): void {
    this.engine = new RenderingEngine(this.id);
    this.engine.enableElement({
      viewportId: this.id,
      type: Enums.ViewportType.STACK,
      element: this.element,
      defaultOptions: { background: BACKGROUND },
    });
    this.viewport = this.engine.getViewport(this.id) as Types.IStackViewport;
    const group = ToolGroupManager.createToolGroup(this.id) as ToolTypes.IToolGroup;
    for (const name of Object.values(TOOLS)) group.addTool(name);
    group.setToolConfiguration(TOOLS.bidirectional, { getTextLines: measurementText });
    group.addViewport(this.id, this.id);
    group.setToolPassive(TOOLS.bidirectional);
    group.setToolActive(TOOLS.scroll, { bindings: [{ mouseButton: MouseBindings.Wheel }] });
    this.setTool("window");
    this.listen("addEventListener");
    this.resizing.observe(this.element);
    this.update({ hasNoWebGl: drawsWithoutWebGl() });
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
    this.update({
      slice: 0,
      targetSlice: slice,
      slices: prepared.imageIds.length,
      letters: null,
      imageRect: null,
      mmPerPixel: null,
      canMeasure,
    });
    if (!canMeasure && this.state.tool === "bidirectional") this.setTool("window");
    await this.chooseWindow(prepared);
    if (turn !== this.showing || !this.viewport) return;
    this.layer.restore(prepared);
    const prefetch = this.prefetchOf(prepared);
    this.update({
      loadedFrames: prefetch.progress.loaded,
      failedFrames: prefetch.progress.failed.map((f) => f + 1),
    });
    try {
      await this.viewport.setStack(prepared.imageIds, slice - 1);
    } catch {
      await prefetch.retry(slice - 1);
    }
    if (turn !== this.showing || this.isDisposed) return;
    this.update({ status: "ready", series: index });
    this.applyDisplay();
    void this.prefetchFrom(prepared, slice - 1);
  }

  private async chooseWindow(prepared: PreparedSeries): Promise<void> {
    const { index } = prepared.series;
    try {
      if (!this.windows.has(index)) this.windows.set(index, await this.store.initialWindow(prepared));
      const full = await this.store.percentiles(prepared, 0.005, 0.995);
      const group = ToolGroupManager.getToolGroup(this.id);
      group?.setToolConfiguration(TOOLS.window, { fullWidth: full.width });
    } catch {
      // The middle slice failed to load; that is told where it is shown, and a window follows with its retry.
      this.noteFailures();
    }
  }

  private prefetchOf(prepared: PreparedSeries): Prefetch {
    const { index } = prepared.series;
    const known = this.prefetches.get(index);
    if (known) return known;
    const prefetch = new Prefetch({
      total: prepared.imageIds.length,
      load: (frame) => this.store.loadFrame(prepared.imageIds[frame] ?? ""),
      onProgress: ({ loaded, failed }) => {
        if (this.state.series !== index || this.isDisposed) return;
        this.update({ loadedFrames: loaded, failedFrames: failed.map((frame) => frame + 1) });
      },
    });
    this.prefetches.set(index, prefetch);
    return prefetch;
  }

  /** All frames of the series on the screen, from the slice shown outward; then the other series. */
  private async prefetchFrom(prepared: PreparedSeries, slice: number): Promise<void> {
    await this.prefetchOf(prepared).run(slice);
    for (const { index } of this.options.series) {
      if (this.isDisposed || this.current !== prepared) return;
      const other = await this.store.prepare(index).catch(() => null);
      if (other && !this.isDisposed) await this.prefetchOf(other).run(other.series.initialSlice - 1);
    }
  }

  private applyDisplay(): void {
    const window = this.current && this.windows.get(this.current.series.index);
    if (!this.viewport || !window || this.viewport.getImageIds().length === 0) return;
    this.viewport.setProperties({ voiRange: toRange(window) });
    // Without WebGL the function cannot be set, and asking for it throws.
    if (!this.state.hasNoWebGl) {
      this.viewport.setProperties({ VOILUTFunction: Enums.VOILUTFunctionType.LINEAR });
    }
    this.applyInversion();
    this.update({ window });
  }

  private applyInversion(): void {
    const isInverted = this.state.isInverted !== Boolean(this.current?.isMonochrome1);
    this.viewport?.setProperties({ invert: isInverted });
    this.viewport?.render();
  }

  private readonly onNewImage = (event: Event): void => {
    const { imageIdIndex } = (event as CustomEvent<{ imageIdIndex: number }>).detail;
    this.update({ targetSlice: imageIdIndex + 1 });
  };

  private readonly onScroll = (event: Event): void => {
    const { newImageIdIndex } = (event as CustomEvent<{ newImageIdIndex: number }>).detail;
    this.update({ targetSlice: newImageIdIndex + 1 });
  };

  private readonly onWindow = (event: Event): void => {
    const { range } = (event as CustomEvent<{ range: { lower: number; upper: number } }>).detail;
    if (!this.current || this.state.status !== "ready") return;
    const window = fromRange(range);
    this.windows.set(this.current.series.index, window);
    this.update({ window });
  };

  private readonly onRendered = (): void => {
    const { viewport, current } = this;
    if (!viewport || !current) return;
    const place = this.store.place(viewport.getCornerstoneImage()?.imageId);
    if (!place || place.series !== current.series.index) return;
    this.lastSlices.set(place.series, place.frame);
    const isNew = this.state.slice !== place.frame || this.state.series !== place.series;
    const rect = place.geometry && this.imageRect(place.geometry);
    this.update({
      slice: place.frame,
      letters: place.geometry && orientationLetters(place.geometry),
      imageRect: rect,
      mmPerPixel:
        rect && place.geometry
          ? (place.geometry.columns * place.geometry.columnSpacingMm) / rect.width
          : null,
      zoom: viewport.getZoom(),
    });
    if (isNew) this.options.onSliceShown(place.series, place.frame);
  };

  private readonly onLoadError = (event: Event): void => {
    const { imageId } = (event as CustomEvent<{ imageId?: string }>).detail;
    const place = this.store.place(imageId);
    if (!place || place.series !== this.state.series) return;
    this.update({
      failedFrames: [...new Set([...this.state.failedFrames, place.frame])].sort((a, b) => a - b),
    });
  };

  private imageRect(geometry: SliceGeometry): ImageRect {
    const { columns, rows } = geometry;
    const toCanvas = (column: number, row: number) =>
      (this.viewport as Types.IStackViewport).worldToCanvas([...pixelToPatient(column, row, geometry)]);
    const [left, top] = toCanvas(-0.5, -0.5);
    const [right, bottom] = toCanvas(columns - 0.5, rows - 0.5);
    return { left, top, width: right - left, height: bottom - top };
  }

  private noteHistory(): void {
    this.viewport?.render();
    this.update({ canUndo: DefaultHistoryMemo.canUndo, canRedo: DefaultHistoryMemo.canRedo });
  }

  private noteFailures(): void {
    const failed = this.prefetches.get(this.state.series)?.progress.failed ?? [];
    this.update({ failedFrames: failed.map((frame) => frame + 1) });
  }

  private fail(errorText: string): void {
    if (!this.isDisposed) this.update({ status: "failed", errorText });
  }

  private update(change: Partial<ViewerState>): void {
    if (this.isDisposed) return;
    const next = { ...this.state, ...change };
    const keys = Object.keys(change) as (keyof ViewerState)[];
    if (keys.every((key) => JSON.stringify(next[key]) === JSON.stringify(this.state[key]))) return;
    this.state = next;
    this.options.onState(next);
  }
}
