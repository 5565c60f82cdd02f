import { afterEach, describe, expect, it, vi } from "vitest";
import { elementOf, OwnWindows } from "./own-windows";

afterEach(() => document.body.replaceChildren());

/** A window with a document of its own. */
function another(): Window {
  const frame = document.body.appendChild(document.createElement("iframe"));
  if (frame.contentWindow === null) throw new Error("The frame has no window.");
  return frame.contentWindow;
}

const press = (where: Window) => where.dispatchEvent(new Event("keydown"));

describe("OwnWindows", () => {
  it("hears every window, those opened later too, until they are closed", () => {
    const own = new OwnWindows(window);
    const early = another();
    const late = another();
    const heard = vi.fn();
    own.add(early);
    own.addEventListener("keydown", heard, true);
    own.add(late);
    for (const one of [window, early, late]) press(one);
    expect(heard).toHaveBeenCalledTimes(3);
    own.remove(late);
    press(late);
    expect(heard).toHaveBeenCalledTimes(3);
    own.removeEventListener("keydown", heard, { capture: true });
    own.add(late);
    for (const one of [window, early, late]) press(one);
    expect(heard).toHaveBeenCalledTimes(3);
  });

  it("forgets a listener by its phase, and one whose signal has ended", () => {
    const own = new OwnWindows(window);
    const heard = vi.fn();
    const ended = vi.fn();
    const listening = new AbortController();
    own.addEventListener("keydown", heard);
    own.removeEventListener("keydown", heard, true);
    own.addEventListener("keydown", ended, { signal: listening.signal });
    listening.abort();
    const late = another();
    own.add(late);
    for (const one of [window, late]) press(one);
    expect(heard).toHaveBeenCalledTimes(2);
    expect(ended).not.toHaveBeenCalled();
    own.removeEventListener("keydown", heard);
  });

  it("knows whether the keyboard went to another of its windows", () => {
    const own = new OwnWindows(window);
    const second = another();
    own.add(second);
    const hasFocus = vi.spyOn(second.document, "hasFocus").mockReturnValue(true);
    expect(own.hasFocusBeside(window)).toBe(true);
    hasFocus.mockReturnValue(false);
    expect(own.hasFocusBeside(window)).toBe(false);
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    expect(own.hasFocusBeside(window)).toBe(false);
    expect(own.hasFocusBeside(second)).toBe(true);
    vi.restoreAllMocks();
  });
});

describe("elementOf", () => {
  it("knows elements of other windows, and that a window is none", () => {
    const there = another().document;
    const seen: (Element | null)[] = [];
    const field = there.body.appendChild(there.createElement("input"));
    field.addEventListener("focus", (event) => seen.push(elementOf(event)));
    field.dispatchEvent(new Event("focus"));
    const note = (event: Event) => void seen.push(elementOf(event));
    window.addEventListener("focus", note);
    window.dispatchEvent(new Event("focus"));
    window.removeEventListener("focus", note);
    expect(seen).toEqual([field, null]);
  });
});
