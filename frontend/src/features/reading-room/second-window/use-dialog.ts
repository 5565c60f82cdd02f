import { createContext, useContext, useEffect, useEffectEvent } from "react";
import type { SecondWindow } from "./second-window";

/** The second window where a part of the page stands in it, else null. */
export const StandsIn = createContext<SecondWindow | null>(null);

interface InWindow {
  /** Of the dialog's element: the library does not carry an open dialog from one window to the other. */
  key: "here" | "there";
  props: DialogProps;
}

interface DialogProps {
  portalProps?: { target: HTMLElement };
  trapFocus?: boolean;
  closeOnEscape?: boolean;
  returnFocus?: boolean;
  transitionProps?: { duration: number };
}

const HERE: InWindow = { key: "here", props: {} };

/**
 * What a dialog needs to open in the window that it belongs to.
 *
 * The component library listens to the keys of this window's document only: in the second one they are ours.
 */
export function useDialog(isOpen: boolean, onClose: () => void): InWindow {
  const second = useContext(StandsIn);
  const close = useEffectEvent(onClose);

  useEffect(() => {
    if (second === null || !isOpen) return;
    const there = second.window.document;
    const before = there.activeElement as HTMLElement | null;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.isComposing) close();
    };
    // The rest of the window is out of reach of keys and readers of the screen, as a trap for the focus leaves it.
    second.root.inert = true;
    there.addEventListener("keydown", onKeyDown, true);
    const begun = setTimeout(() => focusFirst(second.overlays));
    return () => {
      clearTimeout(begun);
      there.removeEventListener("keydown", onKeyDown, true);
      second.root.inert = false;
      before?.focus({ preventScroll: true });
    };
  }, [second, isOpen]);

  if (second === null) return HERE;
  const props = {
    portalProps: { target: second.overlays },
    trapFocus: false,
    closeOnEscape: false,
    returnFocus: false,
    // A transition waits for frames of the first window, which has none while it is covered.
    transitionProps: { duration: 0 },
  };
  return { key: "there", props };
}

function focusFirst(overlays: HTMLElement): void {
  const dialog = overlays.querySelector("[role=dialog]");
  const first = dialog?.querySelector<HTMLElement>("[data-autofocus]") ?? dialog?.querySelector("button");
  first?.focus({ preventScroll: true });
}
