import { createContext, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { ownWindows } from "../../../shared/lib/own-windows";
import { keepPlace, openSecondWindow, type SecondWindow } from "./second-window";

export interface SecondInHand {
  /** The window that the form stands in; null while it stands beside the images. */
  shown: SecondWindow | null;
  /** The browser would not open it. */
  isBlocked: boolean;
  /** Open the second window, or close it. */
  toggle: () => void;
  dismissBlocked: () => void;
}

export const SecondWindowContext = createContext<SecondInHand>({
  shown: null,
  isBlocked: false,
  toggle: () => {},
  dismissBlocked: () => {},
});

/** The second window of the reading room: it lives as long as the room does, from case to case. */
export function useSecondWindow(): SecondInHand {
  const [shown, setShown] = useState<SecondWindow | null>(null);
  const [isBlocked, setBlocked] = useState(false);
  const opened = useRef<SecondWindow | null>(null);

  const open = useCallback(() => {
    const second = openSecondWindow();
    setBlocked(second === null);
    if (second === null) return;
    opened.current = second;
    ownWindows.add(second.window);
    second.window.addEventListener("pagehide", () => {
      opened.current = null;
      ownWindows.remove(second.window);
      keepPlace(second.window);
      // What stands in the window is to be out of it before it is gone.
      flushSync(() => setShown(null));
      // A window that is loaded anew would stay, and stay empty.
      second.window.close();
    });
    void second.styled.then(() => {
      if (opened.current === second) setShown(second);
    });
  }, []);

  const toggle = useCallback(() => {
    if (opened.current) opened.current.window.close();
    else open();
  }, [open]);

  useEffect(() => {
    const close = () => opened.current?.window.close();
    window.addEventListener("pagehide", close);
    return () => {
      window.removeEventListener("pagehide", close);
      close();
    };
  }, []);

  const dismissBlocked = useCallback(() => setBlocked(false), []);
  return useMemo(
    () => ({ shown, isBlocked, toggle, dismissBlocked }),
    [shown, isBlocked, toggle, dismissBlocked],
  );
}
