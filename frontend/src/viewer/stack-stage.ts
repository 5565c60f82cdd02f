import { Enums, eventTarget, type Types } from "@cornerstonejs/core";
import { Display } from "./display";
import type { SliceGeometry } from "./geometry";
import type { PreparedSeries } from "./series-store";
import { BACKGROUND, type ShowOptions, Stage, type StageOptions } from "./stage";
import type { DisplayWindow } from "./types";

/** The slices of a series as they were taken. */
export class StackStage extends Stage {
  readonly viewport: Types.IStackViewport;
  protected readonly display: Display;
  private window: DisplayWindow | null = null;

  constructor(options: StageOptions) {
    super(options);
    options.engine.enableElement({
      viewportId: options.id,
      type: Enums.ViewportType.STACK,
      element: this.element,
      defaultOptions: { background: BACKGROUND },
    });
    this.viewport = options.engine.getViewport(options.id) as Types.IStackViewport;
    this.display = new Display(this.viewport);
    this.listen("addEventListener");
  }

  imageIdAt(offset = 0): string | undefined {
    return this.current?.imageIds[this.state.value.slice - 1 + offset];
  }

  slices(): readonly (SliceGeometry | null)[] {
    return this.current?.geometries ?? [];
  }

  scrollTo(frame: number): void {
    if (!this.current) return;
    const target = Math.min(Math.max(frame, 1), this.current.imageIds.length);
    if (target === this.state.value.targetSlice) return;
    this.state.update({ targetSlice: target });
    this.options.onMoved();
    this.goToTarget();
  }

  async retryFrame(frame: number): Promise<void> {
    const prepared = this.current;
    if (!prepared || !(await this.frames.retry(prepared, frame - 1))) return;
    if (this.isDisposed) return;
    if (this.current !== prepared || this.state.value.targetSlice !== frame) return;
    // The viewport believes that it shows this frame already, so only a new stack makes it draw.
    this.state.update({ status: "loading" });
    await this.viewport.setStack(prepared.imageIds, frame - 1);
    if (this.isDisposed || this.current !== prepared) return;
    this.window ??= this.memory.windows.get(prepared.series.index) ?? null;
    this.state.update({ status: "ready" });
    this.applyDisplay();
    this.goToTarget();
  }

  override dispose(): void {
    this.listen("removeEventListener");
    super.dispose();
  }

  protected async showPrepared(prepared: PreparedSeries, asked: ShowOptions, turn: number): Promise<void> {
    const { index } = prepared.series;
    const kept = this.memory.toRestore?.series === index ? this.memory.toRestore.slice : undefined;
    const wanted = asked.slice ?? kept ?? this.memory.slices.get(index) ?? prepared.series.initialSlice;
    const first = Math.min(Math.max(wanted, 1), prepared.imageIds.length);
    this.current = prepared;
    // Lengths on slices without position or spacing would be in no unit.
    const canMeasure = prepared.geometries.every((geometry) => geometry !== null);
    this.state.update({
      slice: 0,
      targetSlice: first,
      slices: prepared.imageIds.length,
      letters: null,
      imageRect: null,
      geometry: null,
      placement: null,
      mmPerPixel: null,
      canMeasure,
    });
    this.options.onMoved();
    this.window = await this.chooseWindow(prepared, asked.window ?? null);
    if (!this.isCurrent(turn)) return;
    this.options.onSeries();
    this.frames.tell(prepared);
    // A linked pane may have been sent on since.
    const slice = this.state.value.targetSlice;
    try {
      await this.viewport.setStack(prepared.imageIds, slice - 1);
    } catch {
      await this.frames.retry(prepared, slice - 1);
    }
    if (!this.isCurrent(turn)) return;
    this.state.update({ status: "ready", series: index });
    this.applyDisplay();
    this.restoreView(index, slice);
    this.goToTarget();
    void this.frames.run(prepared, slice - 1);
  }

  /** Bring the viewport to the slice asked for; one that still takes its stack is sent there when it has it. */
  private goToTarget(): void {
    const { status, targetSlice } = this.state.value;
    if (status !== "ready") return;
    this.viewport.scroll(targetSlice - 1 - this.viewport.getTargetImageIdIndex(), false);
  }

  private listen(how: "addEventListener" | "removeEventListener"): void {
    this.element[how](Enums.Events.IMAGE_RENDERED, this.onRendered);
    this.element[how](Enums.Events.STACK_NEW_IMAGE, this.onNewImage);
    this.element[how](Enums.Events.STACK_VIEWPORT_SCROLL, this.onScroll);
    this.element[how](Enums.Events.VOI_MODIFIED, this.onWindow);
    eventTarget[how](Enums.Events.IMAGE_LOAD_ERROR, this.onLoadError);
  }

  private applyDisplay(): void {
    const { current, display, window } = this;
    if (!current || !window) return;
    display.isMonochrome1 = current.isMonochrome1;
    display.isInverted = this.state.value.isInverted;
    display.apply(window);
    this.state.update({ window });
  }

  /** The view as the reader left it, once: from then on it is theirs to change. */
  private restoreView(series: number, slice: number): void {
    const view = this.memory.toRestore;
    const geometry = this.current?.geometries[slice - 1];
    if (view?.series !== series) return;
    this.memory.toRestore = null;
    if (!geometry) return;
    this.display.restore(view, geometry);
    this.state.update({ isInverted: this.display.isInverted });
  }

  private readonly onNewImage = (): void => {
    // The library writes down which slice it shows only after it has told of it: to be sent on by what is told
    // would be forgotten, and the slice asked for thrown away when it comes.
    queueMicrotask(() => this.noteTarget());
  };

  private readonly onScroll = (): void => this.noteTarget();

  private noteTarget(): void {
    const targetSlice = this.viewport.getTargetImageIdIndex() + 1;
    const { status, targetSlice: known } = this.state.value;
    // A viewport that still takes its stack may tell of the one before.
    if (this.isDisposed || status !== "ready" || targetSlice === known) return;
    this.state.update({ targetSlice });
    this.options.onMoved();
  }

  private readonly onWindow = (event: Event): void => {
    this.window = this.noteWindow(event) ?? this.window;
  };

  private readonly onRendered = (): void => {
    const { viewport, current } = this;
    if (!current) return;
    const place = this.store.place(viewport.getCornerstoneImage()?.imageId);
    if (!place || place.series !== current.series.index) return;
    this.memory.slices.set(place.series, place.frame);
    const isNew = this.state.value.slice !== place.frame || this.state.value.series !== place.series;
    this.noteSlice(place.frame, place.geometry);
    if (isNew) this.options.onSliceShown(place.series, place.frame);
  };

  private readonly onLoadError = (event: Event): void => {
    const { imageId } = (event as CustomEvent<{ imageId?: string }>).detail;
    const place = this.store.place(imageId);
    if (!place || place.series !== this.state.value.series) return;
    this.state.update({
      failedFrames: [...new Set([...this.state.value.failedFrames, place.frame])].sort((a, b) => a - b),
    });
  };
}
