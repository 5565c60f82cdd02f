import { type RenderingEngine, type Types, utilities } from "@cornerstonejs/core";
import { CanvasSizes } from "./canvas-sizes";
import { Cine } from "./cine";
import { drawsWithoutWebGl, startCornerstone } from "./cornerstone";
import { DrawingLayer } from "./drawing-layer";
import { allowance, targetOf } from "./drawing-targets";
import { FrameLoading } from "./frame-loading";
import type { SliceGeometry } from "./geometry";
import type { Habit, Habits } from "./habits";
import { INITIAL_CASE, INITIAL_PANE } from "./initial-state";
import { labelsOn } from "./label-slices";
import { paneCount, type Workspace } from "./layout";
import type { DrawnAnnotation } from "./mapping/annotation";
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
import { pixelAspect, type Thumbnail, thumbnail } from "./thumbnail";
import { isAllowed, isAnnotationKind, isDrawingTool, isPaintTool } from "./tool-names";
import { ToolSwitch } from "./tool-switch";
import { colorByQuestion } from "./tools/appearance";
import type {
  CaseDrawings,
  CaseState,
  DrawingTarget,
  ImageSource,
  PaintState,
  PaintTool,
  StoredDrawings,
  StoredLabelmap,
  ViewerSeries,
  ViewerTelemetry,
  ViewerTool,
  ViewState,
  WorkspaceState,
} from "./types";

const { DefaultHistoryMemo } = utilities.HistoryMemo;

export interface EngineOptions {
  source: ImageSource;
  series: readonly ViewerSeries[];
  workspace: Workspace;
  /** Questions to draw for; null shows whatever was drawn, for whichever question. */
  targets: readonly DrawingTarget[] | null;
  drawings: StoredDrawings;
  /** The view to begin with; null for the series' own. */
  view: ViewState | null;
  /** Annotations and looking glasses that the protocol has; null for all. */
  allowedTools: readonly string[] | null;
  /** How the reader likes a case to begin; the workspace knows of it already. */
  habits: Habits;
  onHabit: (habit: Habit) => void;
  /** Whether windows are told by `onHabit`: telling one takes all values of a slice. */
  remembersWindows: () => boolean;
  onState: (state: WorkspaceState) => void;
  onDrawings: (drawings: CaseDrawings) => void;
  /** What was painted, packed to be kept. */
  onLabelmaps: (labelmaps: readonly StoredLabelmap[]) => void;
  /** Something painted is still to be handed over, or nothing any more. */
  onUnkept: (isUnkept: boolean) => void;
  onSliceShown: (series: number, frame: number) => void;
  /** The active pane shows another series, or another pane is active. */
  onSeries: (series: number) => void;
  /** The view of the active pane came to rest. */
  onView: (view: ViewState) => void;
  /** All images of the case are there, but for those that failed. */
  onLoaded: () => void;
}

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
  private readonly store: SeriesStore;
  private readonly memory: ViewMemory;
  private readonly layer: DrawingLayer;
  private readonly outlines: OutlineDrawing;
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
  readonly panes: PaneSet;
  private readonly started: Promise<boolean>;
  private readonly cine = new Cine({
    step: () => this.stepCine(),
    onChange: (isPlaying) => this.state.update({ isPlaying }),
  });
  private targets: readonly DrawingTarget[];
  private rendering: RenderingEngine | null = null;
  private sizes: CanvasSizes | null = null;
  private tools: ToolSwitch | null = null;
  private toldSeries: number | null = null;
  /** What was told of the windows of a role. */
  private readonly toldWindows = new Map<string, string>();
  private isDisposed = false;
  private isLocked = false;

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
    this.targets = options.targets ?? [];
    this.layer = new DrawingLayer({
      store: this.store,
      initial: options.drawings,
      armed: () => this.state.value.armed,
      onChange: () => this.tellDrawings(),
      onCompleted: (event) => this.onCompleted(event),
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
      tool: () => this.paintTool,
      question: () => this.state.value.armed,
      state: () => this.state.value.paint,
      onState: (change) => this.showPaint(change),
      onHint: (hint) => this.state.update({ hint }),
      undo: () => this.undo(),
      remember,
    });
    this.outlines = new OutlineDrawing(() => this.active?.element ?? null, this.store, this.layer);
    this.setTargets(options.targets);
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

  /** A slice of a series within a square of so many pixels; null where it cannot be painted. */
  async thumbnail(series: number, size: number): Promise<Thumbnail | null> {
    try {
      const prepared = await this.store.prepare(series);
      const { values, slice } = await this.store.middleSlice(prepared);
      const { rows, columns } = prepared.grids[slice] ?? { rows: 0, columns: 0 };
      const window = await this.store.initialWindow(prepared);
      const aspect = pixelAspect(prepared.geometries[slice]);
      const isInverted = prepared.isMonochrome1;
      return thumbnail({ values, rows, columns, pixelAspect: aspect, window, isInverted }, size);
    } catch {
      // The pane that shows the series tells of it.
      return null;
    }
  }

  /** The questions asked now: with another answer, other questions may be drawn for. */
  setTargets(targets: readonly DrawingTarget[] | null): void {
    this.targets = targets ?? [];
    const questions = this.targets
      .filter(({ tool }) => tool !== "bidirectional" && tool !== "paint")
      .map(({ question }) => question);
    colorByQuestion(questions);
    this.layer.showFor(targets && questions);
    this.painted.setTargets(targets);
    const { armed } = this.state.value;
    if (armed !== null && !this.targets.some(({ question }) => question === armed)) this.setTool("window");
    this.render();
  }

  /** Take up a tool; a drawing tool draws for the question given, or for the first that asks for such drawings. */
  setTool(tool: ViewerTool, question?: string): void {
    const { tools } = this;
    if (!tools || !isAllowed(tool, this.options.allowedTools)) return;
    this.desk.keep();
    if (isPaintTool(tool)) {
      this.takePaint(tool, question);
      return;
    }
    if (!isDrawingTool(tool)) {
      tools.take(tool, null);
      this.state.update({ tool, armed: null, hint: null });
      return;
    }
    const target = targetOf(this.targets, tool, question);
    // Measurements may also be drawn as notes for no question; marks and outlines answer one.
    const isFree = tool === "bidirectional" || isAnnotationKind(tool);
    if (this.isLocked || !this.canMeasure || (!target && !isFree)) return;
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
    else if (target.tool !== "paint") this.setTool(target.tool, question);
    else this.setTool(this.state.value.paint.growProblem === null ? "grow" : "brush", question);
  }

  /** Whether a drawing must not begin now; the state then says why. */
  refusesDrawing(): boolean {
    const { tool } = this.state.value;
    const hint = isDrawingTool(tool) || isPaintTool(tool) ? this.refusal() : null;
    this.state.update({ hint });
    return hint !== null;
  }

  /** Carry the outlines of this slice over to a neighbor, and go there. */
  copyOutlines(delta: 1 | -1): void {
    const pane = this.active?.state.value;
    const target = targetOf(this.targets, "outline", this.state.value.armed ?? undefined);
    const from = this.stage?.imageIdAt();
    const to = this.stage?.imageIdAt(delta);
    if (!target || !from || this.isLocked || pane?.slice !== pane?.targetSlice) return;
    if (this.state.value.armed !== target.question) this.setTool("outline", target.question);
    if (!to || this.refusesDrawing()) return;
    this.stage?.scrollBy(delta);
    this.state.update({ hint: this.outlines.copy(from, to, target.question) });
    this.render();
  }

  /** Discard what is being drawn; with nothing being drawn, go back to the window tool. */
  cancel(): void {
    if (this.desk.cancel()) return;
    const element = this.active?.element;
    const isDiscarded = (element && this.tools?.discard(element)) ?? false;
    if (isDiscarded) this.render();
    // A hand at outlines goes on to the next one; a single measurement is given up.
    if (!isDiscarded || this.state.value.tool !== "outline") this.setTool("window");
  }

  undo(): void {
    if (this.desk.discardStroke()) return;
    if (!this.isLocked) DefaultHistoryMemo.undo();
    this.render();
    this.noteHistory();
  }

  redo(): void {
    this.desk.end();
    if (!this.isLocked) DefaultHistoryMemo.redo();
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
    if (!this.isLocked) this.writing.start(uuid, this.panes.activePlace);
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

  /** Take hold of a drawing and go to its slice. */
  select(uuid: string, series: number, frame: number): void {
    this.layer.select(uuid);
    this.panes.showSlice(series, frame);
    this.render();
  }

  /** The stored value under a place of a pane, in CSS pixels; null where there is none. */
  probe(place: number, x: number, y: number): ReturnType<NoteLayer["valueAt"]> {
    const stage = this.paneStage(place);
    return stage ? this.layer.notes.valueAt(stage.pointAt(x, y), stage.imageIdAt()) : null;
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
    this.desk.discardStroke();
    this.desk.keep();
    this.writing.keep();
    this.layer.publish();
    await this.painted.settle();
  }

  lock(isLocked: boolean): void {
    if (isLocked) this.writing.keep();
    this.isLocked = isLocked;
    if (isLocked) this.setTool("window");
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

  private get canMeasure(): boolean {
    return this.active?.state.value.canMeasure ?? false;
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
        onStroke: (points) => this.onStroke(points),
        markNumber: (uuid) => this.layer.markNumber(uuid),
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

  /** Take up a tool that paints, for the question given or the first that is painted. */
  private takePaint(tool: PaintTool, question?: string): void {
    const painted = this.targets.filter((target) => target.tool === "paint");
    const wanted = question ?? this.state.value.armed;
    const target = painted.find((one) => one.question === wanted) ?? painted[0];
    if (!target || this.isLocked || !this.canMeasure) return;
    this.tools?.take(tool, null);
    if (tool === "grow") this.desk.warm();
    this.counts.toolTaken(tool);
    this.state.update({ tool, armed: target.question, hint: null });
    this.state.update({ hint: this.refusal() });
  }

  /** Labels that lie on a series, on a slice of it, from 1, or on a plane across it; null while it is not known. */
  labelsOn(series: number, labels: { labels: Uint8Array; shape: Shape }, place: number | SliceGeometry) {
    return labelsOn(this.store, series, labels, place);
  }

  /** How what is painted is shown. */
  showPaint(change: Partial<PaintState>): void {
    this.state.update({ paint: { ...this.state.value.paint, ...change } });
  }

  /** The tool in hand that paints; null for every other. */
  get paintTool(): PaintTool | null {
    const { tool } = this.state.value;
    return isPaintTool(tool) && !this.isLocked ? tool : null;
  }

  private onActive(): void {
    this.desk.end();
    this.writing.enter(this.panes.activePlace);
    const { tool } = this.state.value;
    if (this.stage && !this.canMeasure && (isDrawingTool(tool) || isPaintTool(tool))) this.setTool("window");
    const series = this.active?.state.value.series;
    if (this.stage && series !== undefined) this.desk.enter(series);
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
    void this.noteWindow(pane);
  }

  private async noteWindow(pane: Pane): Promise<void> {
    if (!this.options.remembersWindows()) return;
    const role = this.store.info(pane.state.value.series)?.role;
    const window = await pane.stage?.windowHabit();
    if (role === undefined || window === undefined || this.isDisposed) return;
    const told = this.toldWindows.get(role) ?? JSON.stringify(this.options.habits.windows[role] ?? null);
    const tells = JSON.stringify(window);
    if (tells === told) return;
    this.toldWindows.set(role, tells);
    this.options.onHabit({ kind: "window", role, window });
  }

  private onStroke(points: readonly Types.Point3[]): void {
    const imageId = this.stage?.imageIdAt();
    const { armed } = this.state.value;
    const mmPerPixel = this.active?.state.value.mmPerPixel ?? null;
    if (!imageId || !armed || mmPerPixel === null || this.isLocked) return;
    this.state.update({ hint: this.outlines.stroke(points, imageId, armed, mmPerPixel) });
    this.render();
  }

  /** One measurement at a time; marks go on until there are enough of them. */
  private onCompleted(event: Event): void {
    const { annotation: drawn } = (event as CustomEvent<{ annotation?: DrawnAnnotation }>).detail;
    if (this.state.value.tool !== "mark" || this.refusal() !== null) this.setTool("window");
    if (drawn?.data.isProposed) this.state.update({ hint: PROPOSED });
  }

  private refusal({ forgetsNumber = false } = {}): string | null {
    const { armed } = this.state.value;
    const pane = this.active?.state.value;
    if (pane?.kind === "mpr") return DRAWS_ON_ACQUIRED;
    const target = this.targets.find(({ question }) => question === armed);
    if (!target || !pane) return null;
    return allowance(target, this.options.series, pane.series, forgetsNumber ? null : this.layer.all);
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
const PROPOSED = "The short axis is proposed from the image. Pull its ends to adjust it.";
const unreadable = (title: string): string =>
  `What was painted on ${title} cannot be read here. It stays as it was kept.`;
const DRAWS_ON_ACQUIRED = "Drawings are made on the images as they were taken, not on reformatted ones.";

export function initialCase({ layout, active, isLinked, hasLines }: Workspace): CaseState {
  return { ...INITIAL_CASE, layout, active, isLinked, hasLines };
}
