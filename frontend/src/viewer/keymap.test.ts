import { describe, expect, it } from "vitest";
import { type KeyPress, viewerAction } from "./keymap";
import { scaleBar } from "./scale-bar";

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

describe("viewerAction", () => {
  it.each([
    ["ArrowUp", { kind: "scroll", delta: -1 }],
    ["ArrowRight", { kind: "scroll", delta: 1 }],
    ["PageDown", { kind: "series", delta: 1 }],
    ["Home", { kind: "first" }],
    ["B", { kind: "tool", tool: "bidirectional" }],
    ["m", { kind: "tool", tool: "mark" }],
    ["O", { kind: "tool", tool: "outline" }],
    ["k", { kind: "copy", delta: 1 }],
    ["w", { kind: "tool", tool: "window" }],
    [" ", { kind: "reset" }],
    ["Escape", { kind: "cancel" }],
    ["Backspace", { kind: "delete" }],
    ["5", { kind: "preset", index: 4 }],
    ["?", { kind: "help" }],
  ])("knows %s", (key, action) => {
    expect(viewerAction(press(key))).toEqual(action);
  });

  it("undoes and redoes with Ctrl or Cmd only", () => {
    expect(viewerAction(press("z", { ctrlKey: true }))).toEqual({ kind: "undo" });
    expect(viewerAction(press("Z", { metaKey: true, shiftKey: true }))).toEqual({ kind: "redo" });
    expect(viewerAction(press("y", { ctrlKey: true }))).toEqual({ kind: "redo" });
    expect(viewerAction(press("y"))).toBeNull();
    expect(viewerAction(press("z"))).toEqual({ kind: "tool", tool: "zoom" });
  });

  it("copies outlines with Ctrl and the arrows, which scroll without it", () => {
    expect(viewerAction(press("ArrowDown", { ctrlKey: true }))).toEqual({ kind: "copy", delta: 1 });
    expect(viewerAction(press("ArrowUp", { metaKey: true }))).toEqual({ kind: "copy", delta: -1 });
  });

  it("goes from pane to pane with Ctrl and the arrows to the side", () => {
    expect(viewerAction(press("ArrowLeft", { ctrlKey: true }))).toEqual({ kind: "pane", delta: -1 });
    expect(viewerAction(press("ArrowRight", { metaKey: true }))).toEqual({ kind: "pane", delta: 1 });
  });

  it("leaves the browser's own keys alone", () => {
    for (const key of ["Tab", "F5", "Enter"]) expect(viewerAction(press(key))).toBeNull();
    expect(viewerAction(press("r", { ctrlKey: true }))).toBeNull();
    expect(viewerAction(press("ArrowLeft", { altKey: true }))).toBeNull();
  });
});

describe("scaleBar", () => {
  it("is the longest round length that fits", () => {
    expect(scaleBar(0.5, 160)).toEqual({ mm: 50, pixels: 100 });
    expect(scaleBar(0.05, 160)).toEqual({ mm: 5, pixels: 100 });
  });

  it("is absent where no length is known or none fits", () => {
    expect(scaleBar(Number.NaN, 160)).toBeNull();
    expect(scaleBar(0.001, 160)).toBeNull();
  });
});
