import type { DrawingTool, ViewerTool } from "./types";

/** What the viewer library calls its tools. */
export const TOOLS = {
  window: "RangeWindow",
  pan: "Pan",
  zoom: "Zoom",
  bidirectional: "Bidirectional",
  mark: "Mark",
  outline: "Outline",
  scroll: "StackScroll",
} as const;

export const DRAWING_TOOLS = ["bidirectional", "mark", "outline"] as const;

export const isDrawingTool = (tool: ViewerTool): tool is DrawingTool =>
  (DRAWING_TOOLS as readonly string[]).includes(tool);
