import type { Types } from "@cornerstonejs/core";
import type { DrawingLayer } from "./drawing-layer";
import { allowance, targetOf } from "./drawing-targets";
import type { DrawnAnnotation } from "./mapping/annotation";
import type { OutlineDrawing } from "./outline-drawing";
import type { PaintDesk } from "./paint-desk";
import type { PaintLayer } from "./paint-layer";
import type { Pane } from "./pane";
import type { StateHolder } from "./state-holder";
import type { ViewerCounts } from "./telemetry";
import { isAllowed, isAnnotationKind, isDrawingTool, isPaintTool } from "./tool-names";
import type { ToolSwitch } from "./tool-switch";
import { colorByQuestion } from "./tools/appearance";
import type { CaseState, DrawingTarget, PaintTool, ViewerSeries, ViewerTool } from "./types";

interface HandOptions {
  series: readonly ViewerSeries[];
  /** Annotations and looking glasses that the protocol has; null for all. */
  allowedTools: readonly string[] | null;
  state: StateHolder<CaseState>;
  layer: DrawingLayer;
  painted: PaintLayer;
  desk: PaintDesk;
  outlines: OutlineDrawing;
  counts: ViewerCounts;
  /** Null before the library has started. */
  tools: () => ToolSwitch | null;
  /** The active pane, once its element is there. */
  active: () => Pane | undefined;
  render: () => void;
}

/** The tool in the reader's hand: which it may be, what it is taken up for, and what comes of its strokes. */
export class ToolHand {
  private readonly options: HandOptions;
  private readonly state: StateHolder<CaseState>;
  private targets: readonly DrawingTarget[] = [];
  /** Nothing may be changed. */
  isLocked = false;

  constructor(options: HandOptions) {
    this.options = options;
    this.state = options.state;
  }

  /** The tool in hand that paints; null for every other. */
  get paintTool(): PaintTool | null {
    const { tool } = this.state.value;
    return isPaintTool(tool) && !this.isLocked ? tool : null;
  }

  /** The questions asked now: with another answer, other questions may be drawn for. Null shows all drawings. */
  setTargets(targets: readonly DrawingTarget[] | null): void {
    const { layer, painted, render } = this.options;
    this.targets = targets ?? [];
    const questions = this.targets
      .filter(({ tool }) => tool !== "bidirectional" && tool !== "paint")
      .map(({ question }) => question);
    colorByQuestion(questions);
    layer.showFor(targets && questions);
    painted.setTargets(targets);
    const { armed } = this.state.value;
    if (armed !== null && !this.targets.some(({ question }) => question === armed)) this.take("window");
    render();
  }

  /** Take up a tool; a drawing tool draws for the question given, or for the first that asks for such drawings. */
  take(tool: ViewerTool, question?: string): void {
    const tools = this.options.tools();
    if (!tools || !isAllowed(tool, this.options.allowedTools)) return;
    this.options.desk.keep();
    if (isPaintTool(tool)) {
      this.takePaint(tool, question);
      return;
    }
    if (!isDrawingTool(tool)) {
      tools.take(tool, null);
      this.state.update({ tool, armed: null, hint: this.unseen(tool) });
      return;
    }
    const target = targetOf(this.targets, tool, question);
    // Measurements may also be drawn as notes for no question; marks and outlines answer one.
    const isFree = tool === "bidirectional" || isAnnotationKind(tool);
    if (this.isLocked || !this.canMeasure || (!target && !isFree)) return;
    tools.take(tool, target?.question ?? null);
    this.options.counts.toolTaken(tool);
    this.state.update({ tool, armed: target?.question ?? null, hint: null });
    this.state.update({ hint: this.refusal({ forgetsNumber: true }) });
  }

  /** Take up the tool of a question; once more lays it down. */
  arm(question: string): void {
    const target = this.targets.find((one) => one.question === question);
    if (!target) return;
    if (this.state.value.armed === question) this.take("window");
    else if (target.tool !== "paint") this.take(target.tool, question);
    else this.take(this.state.value.paint.growProblem === null ? "grow" : "brush", question);
  }

  /** Whether nothing must be drawn or magnified now; the state then says why. */
  refusesDrawing(): boolean {
    const { tool } = this.state.value;
    const hint = isDrawingTool(tool) || isPaintTool(tool) ? this.refusal() : this.unseen(tool);
    this.state.update({ hint });
    return hint !== null;
  }

  /** Carry the outlines of this slice over to a neighbor, and go there. */
  copyOutlines(delta: 1 | -1): void {
    const { outlines, active, render } = this.options;
    const stage = active()?.stage;
    const pane = active()?.state.value;
    const target = targetOf(this.targets, "outline", this.state.value.armed ?? undefined);
    const from = stage?.imageIdAt();
    const to = stage?.imageIdAt(delta);
    if (!target || !from || this.isLocked || pane?.slice !== pane?.targetSlice) return;
    if (this.state.value.armed !== target.question) this.take("outline", target.question);
    if (!to || this.refusesDrawing()) return;
    stage?.scrollBy(delta);
    this.state.update({ hint: outlines.copy(from, to, target.question) });
    render();
  }

  /** Discard what is being drawn; with nothing being drawn, go back to the window tool. */
  cancel(): void {
    const { desk, active, tools, render } = this.options;
    if (desk.cancel()) return;
    const element = active()?.element;
    const isDiscarded = (element && tools()?.discard(element)) ?? false;
    if (isDiscarded) render();
    // A hand at outlines goes on to the next one; a single measurement is given up.
    if (!isDiscarded || this.state.value.tool !== "outline") this.take("window");
  }

  lock(isLocked: boolean): void {
    this.isLocked = isLocked;
    if (isLocked) this.take("window");
  }

  /** Another pane is active, or it shows something else: what cannot be drawn on is not drawn on. */
  enterPane(): void {
    const { tool } = this.state.value;
    const isDrawing = isDrawingTool(tool) || isPaintTool(tool);
    if (this.options.active()?.stage && !this.canMeasure && isDrawing) this.take("window");
  }

  /** An outline was drawn, or a part of one. */
  stroke(points: readonly Types.Point3[]): void {
    const { outlines, active, render } = this.options;
    const imageId = active()?.stage?.imageIdAt();
    const { armed } = this.state.value;
    const mmPerPixel = active()?.state.value.mmPerPixel ?? null;
    if (!imageId || !armed || mmPerPixel === null || this.isLocked) return;
    this.state.update({ hint: outlines.stroke(points, imageId, armed, mmPerPixel) });
    render();
  }

  /** A drawing is done. One measurement at a time; marks go on until there are enough of them. */
  completed(event: Event): void {
    const { annotation: drawn } = (event as CustomEvent<{ annotation?: DrawnAnnotation }>).detail;
    if (this.state.value.tool !== "mark" || this.refusal() !== null) this.take("window");
    if (drawn?.data.isProposed) this.state.update({ hint: PROPOSED });
  }

  private get canMeasure(): boolean {
    return this.options.active()?.state.value.canMeasure ?? false;
  }

  /** Take up a tool that paints, for the question given or the first that is painted. */
  private takePaint(tool: PaintTool, question?: string): void {
    const { tools, desk, counts } = this.options;
    const painted = this.targets.filter((target) => target.tool === "paint");
    const wanted = question ?? this.state.value.armed;
    const target = painted.find((one) => one.question === wanted) ?? painted[0];
    if (!target || this.isLocked || !this.canMeasure) return;
    tools()?.take(tool, null);
    if (tool === "grow") desk.warm();
    counts.toolTaken(tool);
    this.state.update({ tool, armed: target.question, hint: null });
    this.state.update({ hint: this.refusal() });
  }

  /** Why a tool that only looks shows nothing in the active pane. */
  private unseen(tool: ViewerTool): string | null {
    const isReformatted = this.options.active()?.state.value.kind === "mpr";
    return tool === "magnify" && isReformatted ? MAGNIFIES_ACQUIRED : null;
  }

  private refusal({ forgetsNumber = false } = {}): string | null {
    const { series, layer, active } = this.options;
    const { armed } = this.state.value;
    const pane = active()?.state.value;
    if (pane?.kind === "mpr") return DRAWS_ON_ACQUIRED;
    const target = this.targets.find(({ question }) => question === armed);
    if (!target || !pane) return null;
    return allowance(target, series, pane.series, forgetsNumber ? null : layer.all);
  }
}

const PROPOSED = "The short axis is proposed from the image. Pull its ends to adjust it.";
const MAGNIFIES_ACQUIRED = "The magnifier shows the images as they were taken, not reformatted ones.";
const DRAWS_ON_ACQUIRED = "Drawings are made on the images as they were taken, not on reformatted ones.";
