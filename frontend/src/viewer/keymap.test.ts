import { describe, expect, it } from "vitest";
import { DEFAULT_KEYS, KeyBindings } from "./key-bindings";
import { chordOf, chordText, type KeyPress, keptBy } from "./key-press";
import { KEY_ACTIONS } from "./keymap";
import { scaleBar } from "./scale-bar";

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});
const viewerAction = (one: KeyPress) => DEFAULT_KEYS.viewerAction(one);

describe("the table of keys", () => {
  it("has every id and every key once", () => {
    const ids = KEY_ACTIONS.map(({ id }) => id);
    const keys = KEY_ACTIONS.flatMap((one) => one.keys);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("gives every key to the action that it stands beside, and takes none from the browser", () => {
    for (const { id, keys } of KEY_ACTIONS) {
      expect(DEFAULT_KEYS.keysOf(id)).toEqual(keys);
      for (const chord of keys) expect([chord, keptBy(chord)]).toEqual([chord, null]);
    }
  });
});

describe("viewerAction", () => {
  it.each([
    ["ArrowUp", { kind: "scroll", delta: -1 }],
    ["ArrowDown", { kind: "scroll", delta: 1 }],
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

  it("goes from pane to pane with the arrows to the side, as OHIF does, and with Ctrl too", () => {
    expect(viewerAction(press("ArrowLeft"))).toEqual({ kind: "pane", delta: -1 });
    expect(viewerAction(press("ArrowRight"))).toEqual({ kind: "pane", delta: 1 });
    expect(viewerAction(press("ArrowLeft", { ctrlKey: true }))).toEqual({ kind: "pane", delta: -1 });
    expect(viewerAction(press("ArrowRight", { metaKey: true }))).toEqual({ kind: "pane", delta: 1 });
  });

  it("leaves the browser's own keys alone", () => {
    for (const key of ["Tab", "F5", "Enter"]) expect(viewerAction(press(key))).toBeNull();
    expect(viewerAction(press("r", { ctrlKey: true }))).toBeNull();
    expect(viewerAction(press("ArrowLeft", { altKey: true }))).toBeNull();
  });
});

describe("chordOf", () => {
  it.each([
    [press("w"), "W"],
    [press("W", { shiftKey: true }), "Shift+W"],
    [press("?", { shiftKey: true }), "?"],
    [press(" "), "Space"],
    [press("ArrowUp", { metaKey: true, shiftKey: true }), "Ctrl+Shift+ArrowUp"],
    [press("ä"), "Ä"],
    [press("Shift", { shiftKey: true }), null],
    [press("w", { altKey: true }), null],
    [press("Dead"), null],
  ])("writes a press", (one, chord) => {
    expect(chordOf(one)).toBe(chord);
  });

  it("is shown as the keyboard has it", () => {
    expect(chordText("Ctrl+Shift+ArrowUp")).toBe("Ctrl+Shift+↑");
    expect(chordText("+")).toBe("+");
    expect(chordText("Ctrl++")).toBe("Ctrl++");
  });

  it("tells which keys belong to others", () => {
    expect(keptBy("Ctrl+W")).toBe("Ctrl+W belongs to the browser or to the form.");
    expect(keptBy("F5")).toBe("The function keys belong to the browser.");
    for (const chord of ["Tab", "Enter", "Ctrl+1"]) expect(keptBy(chord)).not.toBeNull();
    for (const chord of ["F", "Ctrl+Enter", "Shift+W", "Ctrl+ArrowUp", "9"]) expect(keptBy(chord)).toBeNull();
  });
});

describe("KeyBindings", () => {
  it("does with a chosen key what it was chosen for, and no longer what it did", () => {
    const keys = new KeyBindings(DEFAULT_KEYS.withKey("tool.zoom", "W"));
    expect(keys.viewerAction(press("w"))).toEqual({ kind: "tool", tool: "zoom" });
    expect(keys.keysOf("tool.zoom")).toEqual(["Z", "W"]);
    expect(keys.keysOf("tool.window")).toEqual([]);
    expect(keys.choices).toEqual({ "tool.zoom": ["Z", "W"], "tool.window": [] });
  });

  it("puts a key in place of those that an action had", () => {
    const keys = new KeyBindings(DEFAULT_KEYS.withOnlyKey("image.next", "W"));
    expect(keys.keysOf("image.next")).toEqual(["W"]);
    expect(keys.keysOf("tool.window")).toEqual([]);
    expect(keys.find(press("ArrowDown"))).toBeNull();
    expect(new KeyBindings(keys.withOnlyKey("image.next", "ArrowDown")).keysOf("image.next")).toEqual([
      "ArrowDown",
    ]);
    expect(DEFAULT_KEYS.withOnlyKey("invert", "Escape")).toEqual({});
  });

  it("counts Shift where a key with it was chosen, and else not", () => {
    const keys = new KeyBindings(DEFAULT_KEYS.withKey("invert", "Shift+W"));
    expect(keys.viewerAction(press("W", { shiftKey: true }))).toEqual({ kind: "invert" });
    expect(keys.viewerAction(press("w"))).toEqual({ kind: "tool", tool: "window" });
    expect(viewerAction(press("W", { shiftKey: true }))).toEqual({ kind: "tool", tool: "window" });
  });

  it("takes a key away, and gives back the one that an action came with", () => {
    const without = new KeyBindings(DEFAULT_KEYS.withoutKey("invert", "I"));
    expect(without.find(press("i"))).toBeNull();
    expect(without.withReset("invert")).toEqual({});
    const taken = new KeyBindings(DEFAULT_KEYS.withKey("tool.zoom", "W"));
    const back = new KeyBindings(taken.withReset("tool.window"));
    expect(back.choices).toEqual({});
    expect(back.keysOf("tool.window")).toEqual(["W"]);
  });

  it("never gives away a key without which nothing can be left", () => {
    expect(DEFAULT_KEYS.withKey("invert", "Escape")).toEqual({});
    const keys = new KeyBindings({ cancel: ["Y"], invert: ["Escape"] });
    expect(keys.viewerAction(press("Escape"))).toEqual({ kind: "cancel" });
    expect(keys.keysOf("invert")).toEqual([]);
  });

  it("gives a key that two have chosen to one of them, and forgets actions that are no more", () => {
    const keys = new KeyBindings({ invert: ["Y"], fit: ["Y"], gone: [";"] });
    expect(keys.holder("Y")?.id).toBe("invert");
    expect(keys.keysOf("fit")).toEqual([]);
    expect(keys.holder(";")).toBeNull();
    expect(keys.withKey("cine", ";")).toEqual({ invert: ["Y"], fit: ["Y"], cine: ["C", ";"] });
  });

  it("keeps the keys of the page apart from those of the viewer", () => {
    expect(viewerAction(press("n"))).toBeNull();
    expect(DEFAULT_KEYS.pageAction(press("n"))).toEqual({ kind: "submit" });
    expect(DEFAULT_KEYS.pageAction(press("Enter", { ctrlKey: true }))).toEqual({ kind: "submit" });
    expect(DEFAULT_KEYS.pageAction(press("w"))).toBeNull();
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
