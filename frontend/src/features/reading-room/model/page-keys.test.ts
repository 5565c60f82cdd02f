import { describe, expect, it } from "vitest";
import { KeyBindings } from "../../../viewer/key-bindings";
import { lplnForm } from "../testing/lpln";
import { type KeyPlace, pageKey } from "./page-keys";

const at = (place: KeyPlace, key: string, ctrlKey = false, keys?: KeyBindings) =>
  pageKey({ key, ctrlKey, metaKey: false, altKey: false, shiftKey: false }, place, lplnForm, keys);

describe("pageKey", () => {
  it("rates with digits in the form and sets the window with them elsewhere", () => {
    expect(at("panel", "4")).toEqual({ kind: "answer", question: "rating", value: 4 });
    expect(at("panel", "7")).toEqual({ kind: "viewer" });
    expect(at("page", "4")).toEqual({ kind: "viewer" });
  });

  it("types in a text field, and leaves it with Escape", () => {
    for (const key of ["4", "n", "b", "Backspace", "ArrowLeft"]) expect(at("text", key)).toBeNull();
    expect(at("text", "Escape")).toEqual({ kind: "focus_image" });
    expect(at("text", "z", true)).toBeNull();
  });

  it("submits with n, and with Ctrl+Enter from a text field too", () => {
    expect(at("page", "n")).toEqual({ kind: "submit" });
    expect(at("text", "Enter", true)).toEqual({ kind: "submit" });
  });

  it("goes to two windows and back with Shift+F, and to the form with f", () => {
    const press = { key: "F", ctrlKey: false, metaKey: false, altKey: false, shiftKey: true };
    for (const place of ["page", "panel", "button"] as const) {
      expect(pageKey(press, place, lplnForm)).toEqual({ kind: "two_windows" });
      expect(at(place, "f")).toEqual({ kind: "focus_form" });
    }
    expect(pageKey(press, "text", lplnForm)).toBeNull();
  });

  it("hides and shows what the model shows on the images with y, but not while something is typed", () => {
    for (const place of ["page", "panel", "button"] as const)
      expect(at(place, "y")).toEqual({ kind: "overlays" });
    expect(at("text", "y")).toBeNull();
    expect(at("page", "y", true)).toEqual({ kind: "viewer" });
  });

  it("follows the keys that were chosen, and lets the form's own go first", () => {
    const keys = new KeyBindings({ "page.submit": ["4", "Space"], "page.form": ["Y"] });
    expect(at("page", "4", false, keys)).toEqual({ kind: "submit" });
    expect(at("page", "y", false, keys)).toEqual({ kind: "focus_form" });
    expect(at("page", "n", false, keys)).toEqual({ kind: "viewer" });
    expect(at("panel", "4", false, keys)).toEqual({ kind: "answer", question: "rating", value: 4 });
    expect(at("panel", " ", false, keys)).toBeNull();
    expect(at("text", "4", false, keys)).toBeNull();
  });

  it("leaves radio buttons and buttons their keys", () => {
    for (const place of ["panel", "button"] as const) {
      for (const key of [" ", "Enter", "Tab", "ArrowDown", "Delete"]) expect(at(place, key)).toBeNull();
    }
  });

  it("reaches the image's tools from the form", () => {
    expect(at("panel", "b")).toEqual({ kind: "viewer" });
    expect(at("panel", "z", true)).toEqual({ kind: "viewer" });
    expect(at("panel", "Escape")).toEqual({ kind: "focus_image" });
  });
});
