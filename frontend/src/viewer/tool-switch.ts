import type { Types } from "@cornerstonejs/core";
import { Enums, ToolGroupManager, type Types as ToolTypes } from "@cornerstonejs/tools";
import type { Drags } from "../shared/viewer-preferences/preferences";
import { ANNOTATION_KINDS, DRAWING_TOOLS, libraryName, TOOLS } from "./tool-names";
import { type AnnotationHooks, ShapeTool } from "./tools/annotation-tool";
import { MarkTool } from "./tools/mark-tool";
import { MeasureTool, measurementText } from "./tools/measure-tool";
import { OutlineTool } from "./tools/outline-tool";
import type { PaneKind, ViewerTool } from "./types";

const { MouseBindings } = Enums;

const LOOK_TOOLS = ["window", "pan", "zoom", "probe"] as const;

// Of the height of the pane, so that the lens shows about three times what is under it.
const MAGNIFICATION = 8;

const lookId = (id: string): string => `${id} reformatted`;

interface SwitchOptions {
  onStroke: (points: Types.Point3[]) => void;
  markNumber: (uuid: string) => number | undefined;
  notes: AnnotationHooks;
  proposeShortAxis: MeasureTool["propose"];
  drags: Drags;
}

/** The tools of all panes of a case: which of them the left button has, and what is under way with it. */
export class ToolSwitch {
  private readonly id: string;
  private readonly renderingId: string;
  private readonly group: ToolTypes.IToolGroup;
  /** Reformatted panes: nothing is drawn on slices that were not taken. */
  private readonly lookGroup: ToolTypes.IToolGroup;
  private drags: Drags;
  private tool: ViewerTool = "window";

  /** `renderingId` names the rendering engine of the panes. */
  constructor(id: string, renderingId: string, options: SwitchOptions) {
    this.id = id;
    this.renderingId = renderingId;
    this.drags = options.drags;
    this.lookGroup = ToolGroupManager.createToolGroup(lookId(id)) as ToolTypes.IToolGroup;
    for (const name of LOOK_TOOLS) this.lookGroup.addTool(TOOLS[name]);
    this.group = ToolGroupManager.createToolGroup(id) as ToolTypes.IToolGroup;
    for (const name of Object.values(TOOLS)) this.group.addTool(name);
    this.group.setToolConfiguration(TOOLS.bidirectional, { getTextLines: measurementText });
    this.group.setToolConfiguration(TOOLS.mark, { numberOf: options.markNumber });
    for (const tool of DRAWING_TOOLS) this.rest(tool);
    const outline = this.group.getToolInstance(TOOLS.outline);
    if (outline instanceof OutlineTool) outline.onStroke = options.onStroke;
    const measure = this.group.getToolInstance(TOOLS.bidirectional);
    if (measure instanceof MeasureTool) measure.propose = options.proposeShortAxis;
    for (const kind of ANNOTATION_KINDS) {
      const instance = this.group.getToolInstance(TOOLS[kind]);
      if (instance instanceof ShapeTool) instance.hooks = options.notes;
    }
    this.group.setToolConfiguration(TOOLS.magnify, { magnifySize: MAGNIFICATION });
    this.group.setToolActive(TOOLS.scroll, { bindings: [{ mouseButton: MouseBindings.Wheel }] });
    this.take("window", null);
  }

  /** Put the tools on a viewport of the rendering engine of this case. */
  join(viewportId: string, kind: PaneKind): void {
    (kind === "stack" ? this.group : this.lookGroup).addViewport(viewportId, this.renderingId);
  }

  leave(viewportId: string): void {
    for (const group of [this.group, this.lookGroup]) {
      if (group.getViewportIds().includes(viewportId)) group.removeViewports(this.renderingId, viewportId);
    }
  }

  /** Give the left button a tool, for a question where it draws. */
  take(tool: ViewerTool, question: string | null): void {
    this.rest(this.tool);
    this.tool = tool;
    this.bindAll();
    const outline = this.group.getToolInstance(TOOLS.outline);
    if (outline instanceof OutlineTool) outline.question = question;
  }

  /** Take back what is being drawn on an element. Answers whether there was anything. */
  discard(element: HTMLDivElement): boolean {
    return DRAWING_TOOLS.some((tool) => {
      const instance = this.group.getToolInstance(TOOLS[tool]);
      const canDiscard =
        instance instanceof MeasureTool ||
        instance instanceof MarkTool ||
        instance instanceof OutlineTool ||
        instance instanceof ShapeTool;
      return canDiscard && instance.discard(element);
    });
  }

  /** The range over which a window drag is scaled. */
  setFullWidth(fullWidth: number): void {
    for (const group of [this.group, this.lookGroup]) {
      group.setToolConfiguration(TOOLS.window, { fullWidth });
    }
  }

  dispose(): void {
    ToolGroupManager.destroyToolGroup(this.id);
    ToolGroupManager.destroyToolGroup(lookId(this.id));
  }

  /** What the middle and the right button drag from now on. */
  setDrags(drags: Drags): void {
    this.drags = drags;
    this.bindAll();
  }

  private bindAll(): void {
    this.bind(this.group, libraryName(this.tool));
    this.bind(this.lookGroup, TOOLS[LOOK_TOOLS.find((one) => one === this.tool) ?? "window"]);
  }

  /** Give the mouse buttons their tools; one tool may have several. */
  private bind(group: ToolTypes.IToolGroup, left: string): void {
    for (const one of LOOK_TOOLS) group.setToolPassive(TOOLS[one], { removeAllBindings: true });
    const buttons: [string, ToolTypes.IToolBinding][] = [
      [left, { mouseButton: MouseBindings.Primary }],
      [TOOLS[this.drags.middle], { mouseButton: MouseBindings.Auxiliary }],
      [TOOLS[this.drags.right], { mouseButton: MouseBindings.Secondary }],
    ];
    for (const name of new Set(buttons.map(([tool]) => tool))) {
      const bindings = buttons.filter(([tool]) => tool === name).map(([, binding]) => binding);
      group.setToolActive(name, { bindings });
    }
  }

  /** Drawings stay in sight; measurements and marks can be dragged, outlines are redrawn with their own tool only. */
  private rest(tool: ViewerTool): void {
    if (tool === "outline") this.group.setToolEnabled(TOOLS.outline);
    else this.group.setToolPassive(libraryName(tool), { removeAllBindings: true });
  }
}
