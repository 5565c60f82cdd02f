import { type RenderingEngine, utilities } from "@cornerstonejs/core";
import type { Drags } from "../shared/viewer-preferences/preferences";
import { CanvasSizes } from "./canvas-sizes";
import { Cine } from "./cine";
import { drawsWithoutWebGl, startCornerstone } from "./cornerstone";
import { DrawingLayer } from "./drawing-layer";
import type { EngineOptions } from "./engine-options";
import { FrameLoading } from "./frame-loading";
import type { SliceGeometry } from "./geometry";
import { INITIAL_CASE, INITIAL_PANE } from "./initial-state";
import { labelsOn } from "./label-slices";
import { paneCount, type Workspace } from "./layout";
import { storeOf } from "./next-case";
import type { NoteLayer } from "./note-layer";
import { NoteWriting } from "./note-writing";
import { OutlineDrawing } from "./outline-drawing";
import { PaintDesk } from "./paint-desk";
import { PaintLayer } from "./paint-layer";
import { Pane } from "./pane";
import { PaneSet } from "./pane-set";
import type { Shape } from "./segmentation/box";
import type { SeriesStore } from "./series-store";
import { giveBackRendering, takeRendering } from "./shared-rendering";
import { type Stage, ViewMemory } from "./stage";
import { StateHolder } from "./state-holder";
import { ViewerCounts } from "./telemetry";
import { ToolHand } from "./tool-hand";
import { isDrawingTool, isPaintTool } from "./tool-names";
import { ToolSwitch } from "./tool-switch";
import type { CaseState, PaintState, ViewerTelemetry, ViewState } from "./types";
import { WindowHabits } from "./window-habits";

const { DefaultHistoryMemo } = utilities.HistoryMemo;

let engines = 0;

/**
 * One case in its panes, without React: what the viewer does, told by `onState`.
 *
 * All panes share one rendering engine, one set of tools and one set of drawings.
 */
export class CaseEngine {
  private readonly id = `reading-${++engines}`;
  private readonly options: EngineOptions;
  private readonly state: StateHolder<CaseState>;
  readonly store: SeriesStore;
  private readonly memory: ViewMemory;
  private readonly layer: DrawingLayer;
  private readonly windows: WindowHabits;
  private readonly writing = new NoteWriting({
    current: () => this.state.value.writing,
    show: (writing) => this.state.update({ writing }),
    finish: (uuid, text) => this.keepText(uuid, text),
  });
  private readonly frames: FrameLoading;
  private readonly counts: ViewerCounts;
  /** What is painted on the series. */
  readonly painted: PaintLayer;
  /** The hand with the tools that paint. */
  readonly desk: PaintDesk;
  /** The hand with the tool that it holds. */
  readonly hand: ToolHand;
  readonly panes: PaneSet;
  private readonly started: Promise<boolean>;
  private readonly cine = new Cine({
    step: () => this.stepCine(),
    onChange: (isPlaying) => this.state.update({ isPlaying }),
  });
  private rendering: RenderingEngine | null = null;
  private sizes: CanvasSizes | null = null;
  private tools: ToolSwitch | null = null;
  private toldSeries: number | null = null;
  private isDisposed = false;

  constructor(options: EngineOptions) {
    const { workspace } = options;
    this.options = options;
    this.state = new StateHolder<CaseState>(initialCase(workspace), () => this.tell());
    this.panes = new PaneSet({
      series: options.series,
      contents: workspace.contents,
      state: this.state,
      onActive: () => this.onActive(),
    });
    this.counts = new ViewerCounts(options.series);
    this.store = storeOf(options.source, options.series);
    this.memory = new ViewMemory(options.view, options.habits.windows);
    this.layer = new DrawingLayer({
      store: this.store,
      initial: options.drawings,
      armed: () => this.state.value.armed,
      onChange: () => this.tellDrawings(),
      onCompleted: (event) => this.hand.completed(event),
    });
    const remember = (restore: (isUndo: boolean) => void) => {
      const restoreMemo = (isUndo = true) => restore(isUndo);
      DefaultHistoryMemo.push({ id: this.id, operationType: "labelmap", restoreMemo });
      this.noteHistory();
    };
    this.painted = new PaintLayer({
      store: this.store,
      initial: options.drawings.labelmaps ?? [],
      onChange: () => this.tellDrawings(),
      onLabelmaps: options.onLabelmaps,
      onUnkept: options.onUnkept,
      onUnreadable: (title) => this.state.update({ hint: unreadable(title) }),
      remember,
    });
    this.desk = new PaintDesk({
      layer: this.painted,
      store: this.store,
      tool: () => this.hand.paintTool,
      question: () => this.state.value.armed,
      state: () => this.state.value.paint,
      onState: (change) => this.showPaint(change),
      onHint: (hint) => this.state.update({ hint }),
      undo: () => this.undo(),
      remember,
    });
    const { layer, painted, desk, counts, state } = this;
    this.hand = new ToolHand({
      ...{ series: options.series, allowedTools: options.allowedTools, state, layer, painted, desk, counts },
      outlines: new OutlineDrawing(() => this.active?.element ?? null, this.store, layer),
      tools: () => this.tools,
      active: () => this.active,
      render: () => this.render(),
    });
    this.hand.setTargets(options.targets);
    this.windows = new WindowHabits({
      store: this.store,
      known: options.habits.windows,
      isWanted: options.remembersWindows,
      isOver: () => this.isDisposed,
      onHabit: options.onHabit,
    });
    this.frames = new FrameLoading({
      store: this.store,
      series: options.series.map(({ index }) => index),
      onProgress: (series, loadedFrames, failedFrames) => {
        for (const { state } of this.panes.all) {
          if (state.value.series === series) state.update({ loadedFrames, failedFrames });
        }
      },
      onPrepared: () => this.restoreDrawings(),
      onLoaded: options.onLoaded,
    });
    this.started = this.start();
  }

  get caseState(): CaseState {
    return this.state.value;
  }

  /** The active pane, once its element is there. */
  get active(): Pane | undefined {
    return this.panes.active;
  }

  /** The viewport of the active pane, once the library has started. */
  get stage(): Stage | null {
    return this.active?.stage ?? null;
  }

  /** The viewport of any pane. */
  paneStage(place: number): Stage | null {
    return this.panes.at(place)?.stage ?? null;
  }

  /** Take over the element of a pane and show in it what belongs there; answers how to leave it again. */
  attach(place: number, element: HTMLDivElement): () => void {
    let isGone = false;
    let leave = () => {};
    void this.started.then((hasStarted) => {
      if (!isGone && !this.isDisposed) leave = this.mount(place, element, hasStarted);
    });
    return () => {
      isGone = true;
      leave();
    };
  }

  undo(): void {
    if (this.desk.discardStroke()) return;
    if (!this.hand.isLocked) DefaultHistoryMemo.undo();
    this.render();
    this.noteHistory();
  }

  redo(): void {
    this.desk.end();
    if (!this.hand.isLocked) DefaultHistoryMemo.redo();
    this.render();
    this.noteHistory();
  }

  /** Remove a drawing, or else the selected one, or else the last of the tool in hand. */
  removeDrawing(uuid?: string): void {
    const element = this.active?.element;
    const { tool } = this.state.value;
    if (isPaintTool(tool) && uuid === undefined) {
      this.desk.remove();
      return;
    }
    if (!element) return;
    this.desk.keep();
    if (uuid !== undefined) this.layer.remove(uuid, element);
    else {
      const imageId = this.stage?.imageIdAt();
      this.layer.removeSelectedOrLast(element, isDrawingTool(tool) ? tool : null, imageId);
    }
    this.render();
  }

  /** Begin to write the text of a note or an arrow. */
  startWriting(uuid: string): void {
    if (!this.hand.isLocked) this.writing.start(uuid, this.panes.activePlace);
  }

  /** The text that is being written is now this. */
  typeText(text: string): void {
    this.writing.type(text);
  }

  /** Keep the text that was written; null leaves it as it was, and takes away a note that has none yet. */
  finishWriting(text: string | null): void {
    this.desk.keep();
    this.writing.end(text);
  }

  /** What the middle and the right mouse button drag from now on. */
  setDrags(drags: Drags): void {
    this.tools?.setDrags(drags);
  }

  /** Take hold of a drawing and go to its slice. */
  select(uuid: string, series: number, frame: number): void {
    this.layer.select(uuid);
    this.panes.showSlice(series, frame);
    this.render();
  }

  /** The stored value under a place of a pane, in CSS pixels; null where there is none. */
  probe(place: number, x: number, y: number): ReturnType<NoteLayer["valueAt"]> {
    const stage = this.paneStage(place);
    const point = stage?.pointAt(x, y);
    return stage && point ? this.layer.notes.valueAt(point, stage.acquiredAt(point)) : null;
  }

  /** Show one slice after the other, or pause. */
  toggleCine(): void {
    if ((this.active?.state.value.slices ?? 0) < 2) return;
    this.cine.toggle();
  }

  setCineSpeed(framesPerSecond: number): void {
    this.cine.setSpeed(framesPerSecond);
    this.state.update({ framesPerSecond });
  }

  rateMark(uuid: string, rating: string | number | null): void {
    this.desk.keep();
    this.layer.rate(uuid, rating);
  }

  /** Hand over what was painted last, to be kept; resolves when it has been. */
  async settle(): Promise<void> {
    this.stage?.settleView();
    this.desk.discardStroke();
    this.desk.keep();
    this.writing.keep();
    this.layer.publish();
    await this.painted.settle();
  }

  lock(isLocked: boolean): void {
    if (isLocked) this.writing.keep();
    this.hand.lock(isLocked);
    this.layer.lock(isLocked);
  }

  telemetry(): ViewerTelemetry {
    return this.counts.report();
  }

  dispose(): void {
    this.writing.keep();
    this.isDisposed = true;
    this.cine.pause();
    this.state.stop();
    this.frames.stop();
    this.desk.dispose();
    this.painted.dispose();
    this.layer.dispose();
    for (const pane of this.panes.all) this.unmount(pane);
    this.tools?.dispose();
    this.sizes?.dispose();
    if (this.rendering) giveBackRendering(this.rendering);
    this.store.dispose();
  }

  private keepText(uuid: string, text: string | null): void {
    const element = this.active?.element;
    if (!element) return;
    this.layer.finishWriting(uuid, text, element);
    this.render();
  }

  private stepCine(): void {
    const pane = this.active?.state.value;
    // While a slice loads the next one waits for it.
    if (!pane || pane.slice !== pane.targetSlice) return;
    this.stage?.scrollTo(pane.slice < pane.slices ? pane.slice + 1 : 1);
  }

  private render(): void {
    if (!this.isDisposed) this.rendering?.render();
  }

  /** Start the library; false when this browser cannot. */
  private async start(): Promise<boolean> {
    try {
      await startCornerstone();
      if (this.isDisposed) return false;
      this.rendering = takeRendering();
      this.tools = new ToolSwitch(this.id, this.rendering.id, {
        onStroke: (points) => this.hand.stroke(points),
        markNumber: (uuid) => this.layer.markNumber(uuid),
        drags: this.options.habits.drags,
        proposeShortAxis: (drawn) => this.layer.notes.shortAxis(drawn),
        notes: {
          linesOf: (drawn) => this.layer.notes.lines(drawn),
          outlineOf: (points, drawn) => this.layer.notes.outline(points, drawn),
          onRefused: (text) => this.state.update({ hint: text }),
          onWrite: (uuid) => this.startWriting(uuid),
        },
      });
    } catch {
      return false;
    }
    this.sizes = new CanvasSizes(this.rendering, () => this.panes.stages);
    this.state.update({ hasNoWebGl: drawsWithoutWebGl() });
    if (this.layer.isWaiting || this.painted.isWaiting) void this.frames.prepareAll();
    return true;
  }

  private mount(place: number, element: HTMLDivElement, hasStarted: boolean): () => void {
    const { rendering, store, frames, memory, options } = this;
    const pane: Pane = new Pane({
      place,
      id: `${this.id}-${place}`,
      element,
      context: {
        engine: rendering as RenderingEngine,
        store,
        frames,
        memory,
        onSeries: () => this.onSeries(pane),
        onFullWidth: () => this.tellFullWidth(),
        onMoved: () => this.onMoved(pane),
        onSliceShown: (series, frame) => {
          this.counts.sliceShown(series, frame, pane === this.active);
          options.onSliceShown(series, frame);
        },
        onView: (view) => this.onView(pane, view),
      },
      onState: () => this.tell(),
      onStage: () => this.onPaneReady(pane),
      onLeave: () => this.onPaneLeft(pane),
    });
    this.panes.add(pane);
    this.sizes?.observe(element);
    if (hasStarted) this.panes.begin(pane);
    else pane.state.update({ status: "failed", errorText: CANNOT_START, canRetry: false });
    return () => this.unmount(pane);
  }

  private unmount(pane: Pane): void {
    this.sizes?.forget(pane.element);
    this.panes.remove(pane);
  }

  /** A pane has a new viewport, of the kind that its state says: what lies on every image is put on it here. */
  private onPaneReady(pane: Pane): void {
    this.tools?.join(pane.id, pane.state.value.kind);
  }

  /** The viewport of a pane is about to go. */
  private onPaneLeft(pane: Pane): void {
    this.tools?.leave(pane.id);
  }

  private onSeries(pane: Pane): void {
    if (pane === this.active) this.onActive();
    this.restoreDrawings();
  }

  private restoreDrawings(): void {
    this.layer.restore();
    this.painted.restore();
  }

  private tellDrawings(): void {
    this.noteHistory();
    this.desk.tell();
    const { segments } = this.painted;
    this.options.onDrawings(segments ? { ...this.layer.all, segments } : this.layer.all);
  }

  /** Labels that lie on a series, on a slice of it, from 1, or on a plane across it; null while it is not known. */
  labelsOn(series: number, labels: { labels: Uint8Array; shape: Shape }, place: number | SliceGeometry) {
    return labelsOn(this.store, series, labels, place);
  }

  /** How what is painted is shown. */
  showPaint(change: Partial<PaintState>): void {
    this.state.update({ paint: { ...this.state.value.paint, ...change } });
  }

  private onActive(): void {
    this.desk.end();
    this.writing.enter(this.panes.activePlace);
    this.hand.enterPane();
    const series = this.active?.state.value.series;
    if (this.stage && series !== undefined) this.desk.enter(series);
    this.tellFullWidth();
  }

  /** A window drag is scaled by the values of what is shown in the active pane. */
  private tellFullWidth(): void {
    const fullWidth = this.stage?.fullWidth ?? null;
    if (fullWidth !== null) this.tools?.setFullWidth(fullWidth);
  }

  private onMoved(pane: Pane): void {
    if (pane === this.active) {
      // A stroke belongs to the slice that it began on.
      this.desk.end();
      this.state.update({ hint: null });
    }
    this.panes.noteMoved(pane);
  }

  private onView(pane: Pane, view: ViewState): void {
    this.counts.viewSettled(view, pane.place);
    if (pane === this.active) this.options.onView(view);
    void this.windows.note(pane);
  }

  private noteHistory(): void {
    this.state.update({ canUndo: DefaultHistoryMemo.canUndo, canRedo: DefaultHistoryMemo.canRedo });
  }

  private tell(): void {
    if (this.isDisposed) return;
    const places = Array.from({ length: paneCount(this.state.value.layout) }, (_, place) => place);
    const panes = places.map((place) => this.panes.at(place)?.state.value ?? INITIAL_PANE);
    this.options.onState({ case: this.state.value, panes });
    const active = this.stage && this.active?.state.value;
    if (!active || active.series === this.toldSeries) return;
    this.toldSeries = active.series;
    this.options.onSeries(active.series);
  }
}

const CANNOT_START = "The image viewer could not start in this browser.";
const unreadable = (title: string): string =>
  `What was painted on ${title} cannot be read here. It stays as it was kept.`;
export function initialCase({ layout, active, isLinked, hasLines }: Workspace): CaseState {
  return { ...INITIAL_CASE, layout, active, isLinked, hasLines };
}
