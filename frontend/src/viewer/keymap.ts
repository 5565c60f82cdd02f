import { LAYOUTS, type Layout } from "./layout";
import type { MprPlane, ViewerTool } from "./types";
import { presetsOf } from "./window";

export type ViewerAction =
  | { kind: "scroll"; delta: number }
  | { kind: "first" }
  | { kind: "last" }
  | { kind: "series"; delta: 1 | -1 }
  | { kind: "tool"; tool: ViewerTool }
  | { kind: "preset"; index: number }
  | { kind: "fit" }
  | { kind: "invert" }
  | { kind: "flip"; way: "horizontal" | "vertical" }
  /** By so many degrees, clockwise. */
  | { kind: "rotate"; by: 90 | -90 }
  | { kind: "cine" }
  | { kind: "reset" }
  | { kind: "cancel" }
  | { kind: "delete" }
  /** Carry the outlines of this slice over to a neighbor. */
  | { kind: "copy"; delta: 1 | -1 }
  /** To the next or previous pane. */
  | { kind: "pane"; delta: 1 | -1 }
  /** Let the active pane fill the viewer, or put it back. */
  | { kind: "maximize" }
  /** Let the other panes follow the active one, or no longer. */
  | { kind: "link" }
  | { kind: "lines" }
  | { kind: "crosshair" }
  | { kind: "layout"; layout: Layout }
  /** The series of the active pane in a plane of its axes; null as it was taken. */
  | { kind: "plane"; plane: MprPlane | null }
  /** The series of the active pane in its own plane and the two across it. */
  | { kind: "planes" }
  /** One size of the brush. */
  | { kind: "brush"; by: 1 | -1 }
  /** The region that was grown last, less or more. */
  | { kind: "strength"; by: 1 | -1 }
  | { kind: "undo" }
  | { kind: "redo" }
  | { kind: "help" };

/** What a key does on the page around the viewer. */
export type PageAction =
  | { kind: "submit" }
  | { kind: "focus_form" }
  | { kind: "two_windows" }
  /** Hide what a model shows on the images, and show it again. */
  | { kind: "overlays" };

export type KeyGroup = "Images" | "Panes" | "View" | "Window" | "Form" | "Measuring" | "Drawing" | "Page";

interface KeyRow {
  /** Stands in the preferences of readers: never changed, never used for something else. */
  id: string;
  group: KeyGroup;
  /** What it does, for the sheet. */
  does: string;
  /** Keys that it comes with, as `chordOf` writes them. */
  keys: readonly string[];
  /** It keeps its keys: without them the sheet and the drawings could not be left. */
  isFixed?: true;
}

/** Something that can be done with a key. */
export type KeyAction =
  | (KeyRow & { action: ViewerAction; isOfPage?: undefined })
  | (KeyRow & { action: PageAction; isOfPage: true });

const tool = (tool: ViewerTool, group: KeyGroup, key: string, does: string): KeyAction => ({
  id: `tool.${tool}`,
  group,
  does,
  keys: [key],
  action: { kind: "tool", tool },
});

/** A window by its place among those of a series. */
const preset = (index: number): KeyAction => {
  const { key = "", label = "" } = presetsOf(undefined)[index] ?? {};
  const ofCt = presetsOf("CT")[index]?.label;
  const words = ofCt === label ? label : `${label} (CT: ${ofCt})`;
  return {
    id: `preset.${key}`,
    group: "Window",
    does: `Window preset ${key}: ${words}`,
    keys: [key],
    action: { kind: "preset", index },
  };
};

const plane = (plane: MprPlane | null, id: string, does: string): KeyAction => ({
  id: `plane.${id}`,
  group: "Panes",
  does,
  keys: [],
  action: { kind: "plane", plane },
});

const row = (
  id: string,
  group: KeyGroup,
  does: string,
  keys: readonly string[],
  action: ViewerAction,
): KeyAction => ({ id, group, does, keys, action });

/**
 * Everything that a key can do, and the keys that it comes with: those of OHIF where that has one.
 *
 * The only table of keys: tools have none of their own. A new action is one more line.
 */
export const KEY_ACTIONS: readonly KeyAction[] = [
  row("image.previous", "Images", "Previous image", ["ArrowUp"], { kind: "scroll", delta: -1 }),
  row("image.next", "Images", "Next image", ["ArrowDown"], { kind: "scroll", delta: 1 }),
  row("image.first", "Images", "First image", ["Home"], { kind: "first" }),
  row("image.last", "Images", "Last image", ["End"], { kind: "last" }),
  row("series.previous", "Images", "Previous series", ["PageUp"], { kind: "series", delta: -1 }),
  row("series.next", "Images", "Next series", ["PageDown"], { kind: "series", delta: 1 }),
  row("cine", "Images", "Cine: play and pause", ["C"], { kind: "cine" }),

  tool("window", "Window", "W", "Window with the left button"),
  preset(0),
  preset(1),
  preset(2),
  preset(3),
  preset(4),
  preset(5),
  row("invert", "Window", "Invert", ["I"], { kind: "invert" }),

  tool("zoom", "View", "Z", "Zoom with the left button"),
  tool("pan", "View", "P", "Pan with the left button"),
  row("fit", "View", "Fit to window", ["="], { kind: "fit" }),
  row("flip.horizontal", "View", "Flip horizontally", ["H"], { kind: "flip", way: "horizontal" }),
  row("flip.vertical", "View", "Flip vertically", ["V"], { kind: "flip", way: "vertical" }),
  row("rotate.right", "View", "Rotate right", ["R"], { kind: "rotate", by: 90 }),
  row("rotate.left", "View", "Rotate left", ["L"], { kind: "rotate", by: -90 }),
  row("reset", "View", "Reset window, zoom and pan", ["Space"], { kind: "reset" }),

  row("pane.next", "Panes", "Next pane", ["ArrowRight", "Ctrl+ArrowRight"], { kind: "pane", delta: 1 }),
  row("pane.previous", "Panes", "Previous pane", ["ArrowLeft", "Ctrl+ArrowLeft"], {
    kind: "pane",
    delta: -1,
  }),
  row("pane.maximize", "Panes", "Enlarge the pane, and back (double click)", ["."], { kind: "maximize" }),
  row("pane.link", "Panes", "Panes go together by position", ["G"], { kind: "link" }),
  row("pane.crosshair", "Panes", "Crosshair: a click shows its place in every pane", ["X"], {
    kind: "crosshair",
  }),
  row("pane.lines", "Panes", "Lines of the active slice", [], { kind: "lines" }),
  ...LAYOUTS.map((layout) =>
    row(`layout.${layout.rows}x${layout.columns}`, "Panes", `Panes ${layout.rows} × ${layout.columns}`, [], {
      kind: "layout",
      layout,
    }),
  ),
  plane(null, "taken", "Pane as it was taken"),
  plane("axial", "axial", "Pane in the axial plane"),
  plane("sagittal", "sagittal", "Pane in the sagittal plane"),
  plane("coronal", "coronal", "Pane in the coronal plane"),
  row("planes", "Panes", "Three planes side by side", [], { kind: "planes" }),

  tool("bidirectional", "Form", "B", "Bidirectional measurement"),
  tool("mark", "Form", "M", "Point mark, where the form asks for marks"),
  tool(
    "outline",
    "Form",
    "O",
    "Outline, where the form asks for one: drag around; drag across it to redraw a part",
  ),
  row("copy.next", "Form", "Copy the outline to the next image", ["Ctrl+ArrowDown", "K"], {
    kind: "copy",
    delta: 1,
  }),
  row("copy.previous", "Form", "Copy the outline to the previous image", ["Ctrl+ArrowUp"], {
    kind: "copy",
    delta: -1,
  }),

  tool("length", "Measuring", "D", "Length (distance)"),
  tool("angle", "Measuring", "A", "Angle: drag the first arm, then click the end of the second"),
  tool("ellipse", "Measuring", "E", "Ellipse with statistics, from its middle"),
  tool("freehand", "Measuring", "J", "Free region with statistics"),
  tool("arrow", "Measuring", "U", "Arrow with a label"),
  tool("text", "Measuring", "T", "Note"),
  tool("probe", "Measuring", "S", "Probe (sample): the value under the mouse"),
  tool("magnify", "Measuring", "Q", "Magnifier, while the left button is held"),

  tool("grow", "Drawing", "6", "Grow a region from a click, where the form asks for painted masks"),
  tool("brush", "Drawing", "7", "Brush; with Shift, eraser"),
  tool("threshold", "Drawing", "8", "Brush that paints only values of a range"),
  tool("eraser", "Drawing", "9", "Eraser"),
  row("grow.less", "Drawing", "Less of the region just grown (Enter keeps it)", ["-"], {
    kind: "strength",
    by: -1,
  }),
  row("grow.more", "Drawing", "More of the region just grown", ["+"], { kind: "strength", by: 1 }),
  row("brush.smaller", "Drawing", "Smaller brush", ["["], { kind: "brush", by: -1 }),
  row("brush.larger", "Drawing", "Larger brush", ["]"], { kind: "brush", by: 1 }),

  {
    id: "cancel",
    group: "Drawing",
    does: "Discard the drawing; back to the window tool",
    keys: ["Escape"],
    action: { kind: "cancel" },
    isFixed: true,
  },
  row("delete", "Drawing", "Delete the selected or last drawing", ["Delete", "Backspace"], {
    kind: "delete",
  }),
  row("undo", "Drawing", "Undo", ["Ctrl+Z"], { kind: "undo" }),
  row("redo", "Drawing", "Redo", ["Ctrl+Y", "Ctrl+Shift+Z"], { kind: "redo" }),

  {
    id: "page.form",
    group: "Page",
    does: "To the form",
    keys: ["F"],
    action: { kind: "focus_form" },
    isOfPage: true,
  },
  {
    id: "page.submit",
    group: "Page",
    does: "Submit",
    keys: ["N", "Ctrl+Enter"],
    action: { kind: "submit" },
    isOfPage: true,
  },
  {
    id: "page.windows",
    group: "Page",
    does: "Two windows: images in one, form in the other; and back",
    keys: ["Shift+F"],
    action: { kind: "two_windows" },
    isOfPage: true,
  },
  {
    id: "page.overlays",
    group: "Page",
    does: "Hide and show what the model shows on the images, where its output is released",
    keys: ["Y"],
    action: { kind: "overlays" },
    isOfPage: true,
  },
  row("help", "Page", "This sheet", ["?"], { kind: "help" }),
];
