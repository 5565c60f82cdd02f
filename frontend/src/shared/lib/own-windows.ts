interface Heard {
  type: string;
  listener: EventListenerOrEventListenerObject;
  options: boolean | AddEventListenerOptions | undefined;
}

/**
 * The windows that a page has: its own, and any that it opened and draws in.
 *
 * A listener hears all of them, those that are opened later too.
 */
export class OwnWindows implements Pick<EventTarget, "addEventListener" | "removeEventListener"> {
  private readonly windows: Set<Window>;
  private heard: Heard[] = [];

  constructor(first: Window) {
    this.windows = new Set([first]);
  }

  add(opened: Window): void {
    this.windows.add(opened);
    for (const { type, listener, options } of this.heard) opened.addEventListener(type, listener, options);
  }

  /** A window is closed, and hears nothing any more. */
  remove(closed: Window): void {
    this.windows.delete(closed);
    for (const { type, listener, options } of this.heard) closed.removeEventListener(type, listener, options);
  }

  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    if (listener === null) return;
    this.heard.push({ type, listener, options });
    for (const one of this.windows) one.addEventListener(type, listener, options);
    if (typeof options !== "object") return;
    options.signal?.addEventListener("abort", () => this.removeEventListener(type, listener, options));
  }

  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void {
    if (listener === null) return;
    this.heard = this.heard.filter(
      (one) =>
        one.type !== type || one.listener !== listener || isCapture(one.options) !== isCapture(options),
    );
    for (const one of this.windows) one.removeEventListener(type, listener, options);
  }

  /** Whether the keyboard is with another of these windows than the one that has just lost it. */
  hasFocusBeside(left: Window): boolean {
    return [...this.windows].some((one) => one !== left && one.document.hasFocus());
  }
}

/** The windows of this page. */
export const ownWindows = new OwnWindows(window);

/** Where an event happened. What lies in a second window is no `Element` of this one. */
export function elementOf({ target }: Event): Element | null {
  return target !== null && "closest" in target ? (target as Element) : null;
}

const isCapture = (options: boolean | EventListenerOptions | undefined): boolean =>
  typeof options === "object" ? options.capture === true : options === true;
