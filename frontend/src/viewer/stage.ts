import type { RenderingEngine, Types } from "@cornerstonejs/core";
import type { Display } from "./display";
import type { FrameLoading } from "./frame-loading";
import type { SliceGeometry } from "./geometry";
import { hasUnit, type WindowChoice } from "./habits";
import type { HangingPane } from "./layout";
import { awayFrom } from "./planes";
import type { PreparedSeries, SeriesStore } from "./series-store";
import type { StateHolder } from "./state-holder";
import { turnOf, UNTURNED } from "./turn";
import type { DisplayWindow, PaneState, Turn, Vec3, ViewState } from "./types";
import { fromRange, presetsOf, windowPercentiles } from "./window";

export const BACKGROUND: Types.Point3 = [11 / 255, 13 / 255, 16 / 255];
const SETTLED_AFTER_MS = 400;
// As near to fitting as rounding of the canvas allows.
const FITS_WITHIN = 0.001;
const FITS_WITHIN_PIXELS = 1;

/** What is remembered of the series of a case, whichever pane shows them. */
export class ViewMemory {
  readonly windows = new Map<number, DisplayWindow>();
  /** 1-based. */
  readonly slices = new Map<number, number>();
  /** The window that each series began with. */
  readonly firstWindows = new Map<number, DisplayWindow>();
  /** The windows that the reader likes, by the role of the series. */
  readonly likedWindows: Readonly<Record<string, WindowChoice>>;
  /** The view to begin with, until it is shown. */
  toRestore: ViewState | null;

  constructor(view: ViewState | null, likedWindows: Readonly<Record<string, WindowChoice>>) {
    this.toRestore = view;
    this.likedWindows = likedWindows;
  }
}

export interface StageOptions {
  id: string;
  engine: RenderingEngine;
  element: HTMLDivElement;
  store: SeriesStore;
  frames: FrameLoading;
  state: StateHolder<PaneState>;
  memory: ViewMemory;
  /** The slices of a series are known and about to be shown. */
  onSeries: () => void;
  /** The range over which a window drag is scaled is known. */
  onFullWidth: () => void;
  /** Another slice or series is asked for. */
  onMoved: () => void;
  /** An acquired slice is on the screen. */
  onSliceShown: (series: number, frame: number) => void;
  /** The view came to rest. */
  onView: (view: ViewState) => void;
}

export interface ShowOptions {
  /** 1-based; null for the one shown last, or the series' own. */
  slice?: number | null;
  /** Null for the one shown last, or the series' own. */
  window?: HangingPane["window"];
}

/** The viewport of a pane: what it shows and how. */
export abstract class Stage {
  protected readonly options: StageOptions;
  protected readonly element: HTMLDivElement;
  protected readonly store: SeriesStore;
  protected readonly frames: FrameLoading;
  protected readonly state: StateHolder<PaneState>;
  protected readonly memory: ViewMemory;
  protected current: PreparedSeries | null = null;
  protected isDisposed = false;
  /** Which of several quick requests for a series is the last. */
  protected turn = 0;
  private settling: ReturnType<typeof setTimeout> | undefined;
  /** The range over which a window drag is scaled. */
  fullWidth: number | null = null;
  abstract readonly viewport: Types.IStackViewport | Types.IVolumeViewport;
  protected abstract readonly display: Display;

  constructor(options: StageOptions) {
    this.options = options;
    ({
      element: this.element,
      store: this.store,
      frames: this.frames,
      state: this.state,
      memory: this.memory,
    } = options);
  }

  /** The acquired image so many slices from the one shown; none in a reformatted view. */
  abstract imageIdAt(offset?: number): string | undefined;

  /** The acquired image whose value is at a point that the pane shows; none beside the images. */
  acquiredAt(_point: Vec3): string | undefined {
    return this.imageIdAt();
  }

  /** Where every slice that can be shown lies. */
  abstract slices(): readonly (SliceGeometry | null)[];

  /** `frame` is 1-based and is kept within the stack. */
  abstract scrollTo(frame: number): void;

  /** Show a prepared series at a 1-based slice. */
  protected abstract showPrepared(
    prepared: PreparedSeries,
    options: ShowOptions,
    turn: number,
  ): Promise<void>;

  abstract retryFrame(frame: number): Promise<void>;

  async showSeries(index: number, options: ShowOptions = {}): Promise<void> {
    const turn = ++this.turn;
    this.current = null;
    this.state.update({ status: "loading", errorText: null, canRetry: true, series: index });
    this.options.onMoved();
    let prepared: PreparedSeries;
    try {
      prepared = await this.store.prepare(index);
    } catch {
      if (turn === this.turn) this.fail("The images of this series could not be loaded.");
      return;
    }
    if (this.isCurrent(turn)) await this.showPrepared(prepared, options, turn);
  }

  scrollBy(delta: number): void {
    if (this.current) this.scrollTo(this.state.value.targetSlice + delta);
  }

  setWindow(window: DisplayWindow): void {
    this.display.setWindow(window);
  }

  async applyPreset(index: number): Promise<void> {
    const prepared = this.current;
    const preset = presetsOf(prepared?.series.role)[index];
    if (!preset || !prepared) return;
    try {
      const window = await this.store.presetWindow(prepared, preset);
      if (this.current === prepared && !this.isDisposed) this.setWindow(window);
    } catch {
      this.frames.tell(prepared);
    }
  }

  toggleInvert(): void {
    this.state.update({ isInverted: !this.state.value.isInverted });
    this.display.invert(this.state.value.isInverted);
  }

  /** How the image is turned. */
  protected get turned(): Turn {
    const { geometry } = this.state.value;
    return geometry ? turnOf(this.display.placement(geometry)) : UNTURNED;
  }

  /** Let the whole image fill the pane, turned as it is. */
  fit(): void {
    const { turned } = this;
    this.fitUnturned();
    this.display.turn(turned);
    this.notePlace();
  }

  protected fitUnturned(): void {
    this.display.fit();
  }

  flip(way: "horizontal" | "vertical"): void {
    if (this.current) this.display.flip(way);
  }

  /** Clockwise. */
  rotate(degrees: number): void {
    if (this.current) this.display.rotate(degrees);
  }

  async reset(): Promise<void> {
    const prepared = this.current;
    if (!prepared) return;
    this.state.update({ isInverted: false });
    this.display.invert(false);
    this.display.unturn();
    this.fit();
    const window = await this.store.initialWindow(prepared).catch(() => null);
    if (window && this.current === prepared && !this.isDisposed) this.setWindow(window);
  }

  /** Whether the whole image fills the pane: then it goes on doing so when the pane changes its size. */
  get isFitted(): boolean {
    if (!this.current || this.state.value.status !== "ready") return false;
    const [across, down] = this.viewport.getPan();
    const isCentered = Math.hypot(across, down) < FITS_WITHIN_PIXELS;
    return isCentered && Math.abs(this.viewport.getZoom() - 1) < FITS_WITHIN;
  }

  /** The point of the patient at a place of the pane, in CSS pixels. */
  pointAt(x: number, y: number): Vec3 {
    const [px, py, pz] = this.viewport.canvasToWorld([x, y]);
    return [px, py, pz];
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.settling);
    this.options.engine.disableElement(this.options.id);
  }

  protected fail(errorText: string, canRetry = true): void {
    this.state.update({ status: "failed", errorText, canRetry });
  }

  protected isCurrent(turn: number): boolean {
    return turn === this.turn && !this.isDisposed;
  }

  /** The window to show a series in; null while it is not known for want of the middle slice. */
  protected async chooseWindow(
    prepared: PreparedSeries,
    asked: HangingPane["window"],
  ): Promise<DisplayWindow | null> {
    const { index } = prepared.series;
    const { firstWindows, toRestore, windows } = this.memory;
    try {
      const kept = toRestore?.series === index ? toRestore.window : null;
      const liked = this.memory.likedWindows[prepared.series.role ?? ""] ?? null;
      const window =
        kept ??
        (await this.askedWindow(prepared, asked)) ??
        windows.get(index) ??
        (await this.askedWindow(prepared, liked)) ??
        (await this.store.initialWindow(prepared));
      windows.set(index, window);
      firstWindows.set(index, window);
    } catch {
      // The middle slice failed to load; that is told where it is shown, and a window follows with its retry.
      this.frames.tell(prepared);
    }
    // A drag needs it, the first image does not.
    void this.learnFullWidth(prepared);
    return windows.get(index) ?? null;
  }

  private async learnFullWidth(prepared: PreparedSeries): Promise<void> {
    const full = await this.store.percentiles(prepared, 0.005, 0.995).catch(() => null);
    if (!full || this.isDisposed || this.current !== prepared) return;
    this.fullWidth = full.width;
    this.options.onFullWidth();
  }

  /**
   * What the window says about the cases to come: null for the series' own, undefined where it was not set by hand.
   */
  async windowHabit(): Promise<WindowChoice | null | undefined> {
    const prepared = this.current;
    const { window, status } = this.state.value;
    if (!prepared || !window || status !== "ready") return undefined;
    const isFirst = isSameWindow(window, this.memory.firstWindows.get(prepared.series.index));
    try {
      if (isSameWindow(window, await this.store.initialWindow(prepared))) return null;
      if (isFirst) return undefined;
      if (hasUnit(prepared.series.role)) return window;
      const { values } = await this.store.middleSlice(prepared);
      return windowPercentiles(values, window) ?? undefined;
    } catch {
      // The middle slice failed to load, which is told where it is shown.
      return undefined;
    }
  }

  /** The window that is seen now; null while a series is on its way, for then the library tells of the one before. */
  protected noteWindow(event: Event): DisplayWindow | null {
    const { range } = (event as CustomEvent<{ range: { lower: number; upper: number } }>).detail;
    if (!this.current || this.state.value.status !== "ready") return null;
    const window = fromRange(range);
    this.memory.windows.set(this.current.series.index, window);
    this.state.update({ window });
    return window;
  }

  /** What a slice on the screen tells of itself. */
  protected noteSlice(slice: number, geometry: SliceGeometry | null): void {
    // Told where it stands: what is written over it comes with the next drawing of the page.
    this.element.dataset.drawn = String(slice);
    this.state.update({
      slice,
      geometry,
      letters: geometry && this.display.letters(geometry),
      imageRect: geometry && this.display.imageRect(geometry),
      placement: geometry && this.display.placement(geometry),
      stepMm: this.stepAt(slice),
      mmPerPixel: geometry && this.display.mmPerPixel(geometry),
      zoom: this.viewport.getZoom(),
    });
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.noteView(), SETTLED_AFTER_MS);
  }

  /** Where the image lies, before it is painted there. */
  protected notePlace(): void {
    const { geometry } = this.state.value;
    if (!geometry) return;
    this.state.update({
      imageRect: this.display.imageRect(geometry),
      placement: this.display.placement(geometry),
      mmPerPixel: this.display.mmPerPixel(geometry),
      zoom: this.viewport.getZoom(),
    });
  }

  /** Mm from a 1-based slice to its neighbor. */
  private stepAt(slice: number): number | null {
    const slices = this.slices();
    const here = slices[slice - 1];
    const neighbor = slices[slice] ?? slices[slice - 2];
    return here && neighbor ? awayFrom(neighbor.origin, here) : null;
  }

  private async askedWindow(
    prepared: PreparedSeries,
    asked: HangingPane["window"],
  ): Promise<DisplayWindow | null> {
    if (asked === null || asked === undefined) return null;
    if ("width" in asked) return asked;
    return this.store.percentiles(prepared, asked.low / 100, asked.high / 100);
  }

  /** Tell now what the reader looks at, where that has changed a moment ago. */
  settleView(): void {
    if (this.settling === undefined) return;
    clearTimeout(this.settling);
    this.noteView();
  }

  private noteView(): void {
    this.settling = undefined;
    const { series, slice, window, status, geometry, kind, isInverted } = this.state.value;
    if (status !== "ready" || slice === 0 || kind !== "stack") return;
    const pan = geometry ? this.display.panMm(geometry) : ([0, 0] as const);
    const { zoom } = this.display;
    this.options.onView({ series, slice, window, zoom, pan, turn: this.turned, isInverted });
  }
}

/** The same but for rounding. */
function isSameWindow(a: DisplayWindow, b: DisplayWindow | undefined): boolean {
  const slack = 1e-6 * Math.abs(a.width);
  return b !== undefined && Math.abs(a.center - b.center) <= slack && Math.abs(a.width - b.width) <= slack;
}
