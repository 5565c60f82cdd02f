import type { Layout } from "./layout";
import type { MprPlane, ViewerTool } from "./types";

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
  | { kind: "undo" }
  | { kind: "redo" }
  | { kind: "help" };

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const PLAIN: Readonly<Record<string, ViewerAction>> = {
  ArrowUp: { kind: "scroll", delta: -1 },
  ArrowLeft: { kind: "scroll", delta: -1 },
  ArrowDown: { kind: "scroll", delta: 1 },
  ArrowRight: { kind: "scroll", delta: 1 },
  Home: { kind: "first" },
  End: { kind: "last" },
  PageUp: { kind: "series", delta: -1 },
  PageDown: { kind: "series", delta: 1 },
  w: { kind: "tool", tool: "window" },
  z: { kind: "tool", tool: "zoom" },
  p: { kind: "tool", tool: "pan" },
  b: { kind: "tool", tool: "bidirectional" },
  m: { kind: "tool", tool: "mark" },
  o: { kind: "tool", tool: "outline" },
  d: { kind: "tool", tool: "length" },
  a: { kind: "tool", tool: "angle" },
  e: { kind: "tool", tool: "ellipse" },
  j: { kind: "tool", tool: "freehand" },
  u: { kind: "tool", tool: "arrow" },
  t: { kind: "tool", tool: "text" },
  s: { kind: "tool", tool: "probe" },
  q: { kind: "tool", tool: "magnify" },
  h: { kind: "flip", way: "horizontal" },
  v: { kind: "flip", way: "vertical" },
  r: { kind: "rotate", by: 90 },
  l: { kind: "rotate", by: -90 },
  c: { kind: "cine" },
  k: { kind: "copy", delta: 1 },
  g: { kind: "link" },
  x: { kind: "crosshair" },
  ".": { kind: "maximize" },
  "=": { kind: "fit" },
  i: { kind: "invert" },
  " ": { kind: "reset" },
  Escape: { kind: "cancel" },
  Backspace: { kind: "delete" },
  Delete: { kind: "delete" },
  "1": { kind: "preset", index: 0 },
  "2": { kind: "preset", index: 1 },
  "3": { kind: "preset", index: 2 },
  "4": { kind: "preset", index: 3 },
  "5": { kind: "preset", index: 4 },
  "?": { kind: "help" },
};

/** What a key does in the viewer, or null when it is not ours. The only keymap: tools have no keys of their own. */
export function viewerAction(press: KeyPress): ViewerAction | null {
  if (press.altKey) return null;
  if (press.ctrlKey || press.metaKey) {
    const key = press.key.toLowerCase();
    if (key === "arrowdown") return { kind: "copy", delta: 1 };
    if (key === "arrowup") return { kind: "copy", delta: -1 };
    if (key === "arrowright") return { kind: "pane", delta: 1 };
    if (key === "arrowleft") return { kind: "pane", delta: -1 };
    if (key === "z") return press.shiftKey ? { kind: "redo" } : { kind: "undo" };
    return key === "y" ? { kind: "redo" } : null;
  }
  return PLAIN[press.key.length === 1 ? press.key.toLowerCase() : press.key] ?? null;
}

/** The sheet behind `?`. */
export const VIEWER_KEYS: ReadonlyArray<{ keys: readonly string[]; does: string }> = [
  { keys: ["↑", "↓"], does: "Previous, next image" },
  { keys: ["Home", "End"], does: "First, last image" },
  { keys: ["PgUp", "PgDn"], does: "Previous, next series" },
  { keys: ["Ctrl+→", "Ctrl+←"], does: "Next, previous pane" },
  { keys: ["."], does: "Enlarge the pane, and back (double click)" },
  { keys: ["G"], does: "Panes go together by position" },
  { keys: ["X"], does: "Crosshair: a click shows its place in every pane" },
  { keys: ["W"], does: "Window with the left button" },
  { keys: ["B"], does: "Bidirectional measurement" },
  { keys: ["M"], does: "Point mark, where the form asks for marks" },
  { keys: ["O"], does: "Outline, where the form asks for one: drag around; drag across it to redraw a part" },
  { keys: ["Ctrl+↓", "Ctrl+↑"], does: "Copy the outline to the next, previous image (K: to the next)" },
  { keys: ["D"], does: "Length (distance)" },
  { keys: ["A"], does: "Angle: drag the first arm, then click the end of the second" },
  { keys: ["E", "J"], does: "Region with statistics: ellipse from its middle, or drawn freely" },
  { keys: ["U", "T"], does: "Arrow with a label, note" },
  { keys: ["S"], does: "Probe (sample): the value under the mouse" },
  { keys: ["Q"], does: "Magnifier, while the left button is held" },
  { keys: ["C"], does: "Cine: play and pause" },
  { keys: ["H", "V"], does: "Flip horizontally, vertically" },
  { keys: ["R", "L"], does: "Rotate right, left" },
  { keys: ["Z"], does: "Zoom with the left button" },
  { keys: ["P"], does: "Pan with the left button" },
  { keys: ["1", "–", "5"], does: "Window presets (percentiles)" },
  { keys: ["="], does: "Fit to window" },
  { keys: ["I"], does: "Invert" },
  { keys: ["Space"], does: "Reset window, zoom and pan" },
  { keys: ["Esc"], does: "Discard the drawing; back to the window tool" },
  { keys: ["Del"], does: "Delete the selected or last drawing" },
  { keys: ["Ctrl+Z", "Ctrl+Y"], does: "Undo, redo" },
];
