import type { Types } from "@cornerstonejs/core";
import { Enums, ToolGroupManager, type Types as ToolTypes } from "@cornerstonejs/tools";
import { DRAWING_TOOLS, TOOLS } from "./tool-names";
import { MarkTool } from "./tools/mark-tool";
import { MeasureTool, measurementText } from "./tools/measure-tool";
import { OutlineTool } from "./tools/outline-tool";
import type { ViewerTool } from "./types";

const { MouseBindings } = Enums;

interface SwitchOptions {
  onStroke: (points: Types.Point3[]) => void;
  markNumber: (uuid: string) => number | undefined;
}

/** The tools of one viewport: which of them the left button has, and what is under way with it. */
export class ToolSwitch {
  private readonly id: string;
  private readonly element: HTMLDivElement;
  private readonly group: ToolTypes.IToolGroup;
  private tool: ViewerTool = "window";

  constructor(id: string, element: HTMLDivElement, options: SwitchOptions) {
    this.id = id;
    this.element = element;
    this.group = ToolGroupManager.createToolGroup(id) as ToolTypes.IToolGroup;
    for (const name of Object.values(TOOLS)) this.group.addTool(name);
    this.group.setToolConfiguration(TOOLS.bidirectional, { getTextLines: measurementText });
    this.group.setToolConfiguration(TOOLS.mark, { numberOf: options.markNumber });
    this.group.addViewport(id, id);
    for (const tool of DRAWING_TOOLS) this.rest(tool);
    const outline = this.group.getToolInstance(TOOLS.outline);
    if (outline instanceof OutlineTool) outline.onStroke = options.onStroke;
    this.group.setToolActive(TOOLS.scroll, { bindings: [{ mouseButton: MouseBindings.Wheel }] });
    this.take("window", null);
  }

  /** Give the left button a tool, for a question where it draws. */
  take(tool: ViewerTool, question: string | null): void {
    this.rest(this.tool);
    this.group.setToolActive(TOOLS.pan, { bindings: [{ mouseButton: MouseBindings.Auxiliary }] });
    this.group.setToolActive(TOOLS.zoom, { bindings: [{ mouseButton: MouseBindings.Secondary }] });
    this.group.setToolActive(TOOLS[tool], { bindings: [{ mouseButton: MouseBindings.Primary }] });
    this.tool = tool;
    const outline = this.group.getToolInstance(TOOLS.outline);
    if (outline instanceof OutlineTool) outline.question = question;
  }

  /** Take back what is being drawn. Answers whether there was anything. */
  discard(): boolean {
    return DRAWING_TOOLS.some((tool) => {
      const instance = this.group.getToolInstance(TOOLS[tool]);
      const canDiscard =
        instance instanceof MeasureTool || instance instanceof MarkTool || instance instanceof OutlineTool;
      return canDiscard && instance.discard(this.element);
    });
  }

  /** The range over which a window drag is scaled. */
  setFullWidth(fullWidth: number): void {
    this.group.setToolConfiguration(TOOLS.window, { fullWidth });
  }

  dispose(): void {
    ToolGroupManager.destroyToolGroup(this.id);
  }

  /** Drawings stay in sight; measurements and marks can be dragged, outlines are redrawn with their own tool only. */
  private rest(tool: ViewerTool): void {
    if (tool === "outline") this.group.setToolEnabled(TOOLS.outline);
    else this.group.setToolPassive(TOOLS[tool], { removeAllBindings: true });
  }
}
