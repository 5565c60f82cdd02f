import type { AnnotationKind, DrawingTool, PaintTool, ViewerTool } from "./types";

/** What the viewer library calls its tools. */
export const TOOLS = {
  window: "RangeWindow",
  pan: "Pan",
  zoom: "Zoom",
  bidirectional: "Bidirectional",
  mark: "Mark",
  outline: "Outline",
  length: "LengthNote",
  angle: "AngleNote",
  ellipse: "EllipseNote",
  freehand: "FreehandNote",
  arrow: "ArrowNote",
  text: "TextNote",
  probe: "HoverProbe",
  magnify: "Magnify",
  scroll: "StackScroll",
} as const;

export const ANNOTATION_KINDS = ["length", "angle", "ellipse", "freehand", "arrow", "text"] as const;

export const DRAWING_TOOLS = ["bidirectional", "mark", "outline", ...ANNOTATION_KINDS] as const;

export const isDrawingTool = (tool: ViewerTool): tool is DrawingTool =>
  (DRAWING_TOOLS as readonly string[]).includes(tool);

export const PAINT_TOOLS = ["grow", "brush", "threshold", "eraser"] as const;

export const isPaintTool = (tool: ViewerTool): tool is PaintTool =>
  (PAINT_TOOLS as readonly string[]).includes(tool);

/** What the library calls a tool. Voxels are painted without it: meanwhile it leaves the image alone. */
export const libraryName = (tool: ViewerTool): string => TOOLS[isPaintTool(tool) ? "probe" : tool];

/** Whether a tool draws beside the form, and answers no question of it. */
export const isAnnotationKind = (tool: ViewerTool): tool is AnnotationKind =>
  (ANNOTATION_KINDS as readonly string[]).includes(tool);

/** The kind of annotation that the library knows under a name; undefined for its other tools. */
export const kindOf = (name: string | undefined): AnnotationKind | undefined =>
  ANNOTATION_KINDS.find((kind) => TOOLS[kind] === name);

/** Tools that a protocol may leave out; those that look at images and answer questions are always there. */
export const OPTIONAL_TOOLS = [...ANNOTATION_KINDS, "probe", "magnify"] as const;

export const isAllowed = (tool: ViewerTool, allowed: readonly string[] | null): boolean =>
  allowed === null || !(OPTIONAL_TOOLS as readonly string[]).includes(tool) || allowed.includes(tool);
