import { type Types, utilities } from "@cornerstonejs/core";
import { startCornerstone } from "./cornerstone";
import { DrawingLayer } from "./drawing-layer";
import { allowance, targetOf } from "./drawing-targets";
import { FrameLoading } from "./frame-loading";
import { OutlineDrawing } from "./outline-drawing";
import { SeriesStore } from "./series-store";
import { StackStage } from "./stack-stage";
import { StateHolder } from "./state-holder";
import { ViewerCounts } from "./telemetry";
import { isDrawingTool } from "./tool-names";
import { ToolSwitch } from "./tool-switch";
import { colorByQuestion } from "./tools/appearance";
import type {
  CaseDrawings,
  DrawingTarget,
  ImageSource,
  StoredDrawings,
  ViewerSeries,
  ViewerState,
  ViewerTelemetry,
  ViewerTool,
  ViewState,
} from "./types";

const { DefaultHistoryMemo } = utilities.HistoryMemo;

export interface EngineOptions {
  source: ImageSource;
  series: readonly ViewerSeries[];
  /** Questions to draw for; null shows whatever was drawn, for whichever question. */
  targets: readonly DrawingTarget[] | null;
  drawings: StoredDrawings;
  /** The view to begin with; null for the series' own. */
  view: ViewState | null;
  onState: (state: ViewerState) => void;
  onDrawings: (drawings: CaseDrawings) => void;
  onSliceShown: (series: number, frame: number) => void;
  /** The view came to rest. */
  onView: (view: ViewState) => void;
}

let engines = 0;

/** One stack viewport of one case, without React: what the viewer does, told by `onState`. */
export class StackEngine {
  private readonly id = `reading-${++engines}`;
  private readonly options: EngineOptions;
  private readonly element: HTMLDivElement;
  private readonly state: StateHolder;
  private readonly store: SeriesStore;
  private readonly layer: DrawingLayer;
  private readonly outlines: OutlineDrawing;
  private readonly frames: FrameLoading;
  private readonly counts: ViewerCounts;
  private targets: readonly DrawingTarget[];
  private tools: ToolSwitch | null = null;
  private isDisposed = false;
  private isLocked = false;
  /** The viewport, once the library has started. */
  stage: StackStage | null = null;

  constructor(element: HTMLDivElement, options: EngineOptions) {
    this.element = element;
    this.options = options;
    this.state = new StateHolder(options.onState);
    this.counts = new ViewerCounts(options.series);
    this.store = new SeriesStore(options.source, options.series);
    this.targets = options.targets ?? [];
    this.layer = new DrawingLayer({
      store: this.store,
      initial: options.drawings,
      armed: () => this.state.value.armed,
      onChange: (drawings) => {
        this.noteHistory();
        options.onDrawings(drawings);
      },
      onCompleted: () => this.onCompleted(),
    });
    this.outlines = new OutlineDrawing(element, this.store, this.layer);
    this.setTargets(options.targets);
    this.frames = new FrameLoading({
      store: this.store,
      series: options.series.map(({ index }) => index),
      onProgress: (series, loadedFrames, failedFrames) => {
        if (this.state.value.series === series) this.state.update({ loadedFrames, failedFrames });
      },
      onPrepared: () => this.layer.restore(),
    });
  }

  /** Start the library, take over the element and show the series. */
  async start(series: number): Promise<void> {
    try {
      await startCornerstone();
      if (this.isDisposed) return;
      this.mount();
    } catch {
      this.state.fail("The image viewer could not start in this browser.");
      return;
    }
    if (this.layer.isWaiting) void this.frames.prepareAll();
    await this.stage?.showSeries(series);
  }

  /** The questions asked now: with another answer, other questions may be drawn for. */
  setTargets(targets: readonly DrawingTarget[] | null): void {
    this.targets = targets ?? [];
    const questions = this.targets
      .filter(({ tool }) => tool !== "bidirectional")
      .map(({ question }) => question);
    colorByQuestion(questions);
    this.layer.showFor(targets && questions);
    const { armed } = this.state.value;
    if (armed !== null && !this.targets.some(({ question }) => question === armed)) this.setTool("window");
    this.stage?.viewport.render();
  }

  /** Take up a tool; a drawing tool draws for the question given, or for the first that asks for such drawings. */
  setTool(tool: ViewerTool, question?: string): void {
    const { tools } = this;
    if (!tools) return;
    if (!isDrawingTool(tool)) {
      tools.take(tool, null);
      this.state.update({ tool, armed: null, hint: null });
      return;
    }
    const target = targetOf(this.targets, tool, question);
    // Measurements may also be drawn as notes for no question; marks and outlines answer one.
    if (this.isLocked || !this.state.value.canMeasure || (!target && tool !== "bidirectional")) return;
    tools.take(tool, target?.question ?? null);
    this.counts.toolTaken(tool);
    this.state.update({ tool, armed: target?.question ?? null, hint: null });
    this.state.update({ hint: this.refusal({ forgetsNumber: true }) });
  }

  /** Take up the tool of a question; once more lays it down. */
  arm(question: string): void {
    const target = this.targets.find((one) => one.question === question);
    if (!target) return;
    if (this.state.value.armed === question) this.setTool("window");
    else this.setTool(target.tool, question);
  }

  /** Whether a drawing must not begin now; the state then says why. */
  refusesDrawing(): boolean {
    const hint = isDrawingTool(this.state.value.tool) ? this.refusal() : null;
    this.state.update({ hint });
    return hint !== null;
  }

  /** Carry the outlines of this slice over to a neighbor, and go there. */
  copyOutlines(delta: 1 | -1): void {
    const { armed, slice, targetSlice } = this.state.value;
    const target = targetOf(this.targets, "outline", armed ?? undefined);
    const from = this.stage?.imageIdAt();
    const to = this.stage?.imageIdAt(delta);
    if (!target || !from || this.isLocked || slice !== targetSlice) return;
    if (armed !== target.question) this.setTool("outline", target.question);
    if (!to || this.refusesDrawing()) return;
    this.stage?.scrollBy(delta);
    this.state.update({ hint: this.outlines.copy(from, to, target.question) });
    this.stage?.viewport.render();
  }

  /** Discard what is being drawn; with nothing being drawn, go back to the window tool. */
  cancel(): void {
    const isDiscarded = this.tools?.discard() ?? false;
    if (isDiscarded) this.stage?.viewport.render();
    // A hand at outlines goes on to the next one; a single measurement is given up.
    if (!isDiscarded || this.state.value.tool !== "outline") this.setTool("window");
  }

  undo(): void {
    if (!this.isLocked) DefaultHistoryMemo.undo();
    this.stage?.viewport.render();
    this.noteHistory();
  }

  redo(): void {
    if (!this.isLocked) DefaultHistoryMemo.redo();
    this.stage?.viewport.render();
    this.noteHistory();
  }

  /** Remove a drawing, or else the selected one, or else the last of the tool in hand. */
  removeDrawing(uuid?: string): void {
    const { tool } = this.state.value;
    if (uuid !== undefined) this.layer.remove(uuid, this.element);
    else {
      const imageId = this.stage?.imageIdAt();
      this.layer.removeSelectedOrLast(this.element, isDrawingTool(tool) ? tool : null, imageId);
    }
    this.stage?.viewport.render();
  }

  rateMark(uuid: string, rating: string | number | null): void {
    this.layer.rate(uuid, rating);
  }

  lock(isLocked: boolean): void {
    this.isLocked = isLocked;
    if (isLocked) this.setTool("window");
    this.layer.lock(isLocked);
  }

  telemetry(): ViewerTelemetry {
    return this.counts.report();
  }

  dispose(): void {
    this.isDisposed = true;
    this.state.stop();
    this.frames.stop();
    this.layer.dispose();
    this.tools?.dispose();
    this.stage?.dispose();
    this.stage = null;
    this.store.dispose();
  }

  private mount(): void {
    const { id, element, store, frames, state, options } = this;
    this.stage = new StackStage({
      id,
      element,
      store,
      frames,
      state,
      view: options.view,
      onSeries: (canMeasure) => {
        if (!canMeasure && isDrawingTool(state.value.tool)) this.setTool("window");
        this.layer.restore();
      },
      onFullWidth: (fullWidth) => this.tools?.setFullWidth(fullWidth),
      onSliceShown: (series, frame) => {
        this.counts.sliceShown(series, frame);
        options.onSliceShown(series, frame);
      },
      onView: (view) => {
        this.counts.viewSettled(view);
        options.onView(view);
      },
    });
    this.tools = new ToolSwitch(id, element, {
      onStroke: (points) => this.onStroke(points),
      markNumber: (uuid) => this.layer.markNumber(uuid),
    });
  }

  private onStroke(points: readonly Types.Point3[]): void {
    const imageId = this.stage?.imageIdAt();
    const { armed, mmPerPixel } = this.state.value;
    if (!imageId || !armed || mmPerPixel === null || this.isLocked) return;
    this.state.update({ hint: this.outlines.stroke(points, imageId, armed, mmPerPixel) });
    this.stage?.viewport.render();
  }

  /** One measurement at a time; marks go on until there are enough of them. */
  private onCompleted(): void {
    if (this.state.value.tool !== "mark" || this.refusal() !== null) this.setTool("window");
  }

  private refusal({ forgetsNumber = false } = {}): string | null {
    const { armed, series } = this.state.value;
    const target = this.targets.find(({ question }) => question === armed);
    if (!target) return null;
    return allowance(target, this.options.series, series, forgetsNumber ? null : this.layer.all);
  }

  private noteHistory(): void {
    this.state.update({ canUndo: DefaultHistoryMemo.canUndo, canRedo: DefaultHistoryMemo.canRedo });
  }
}
