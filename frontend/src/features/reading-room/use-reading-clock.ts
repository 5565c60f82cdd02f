import { useEffect, useRef } from "react";
import type { OpenRead } from "./api/read";
import type { LocalDrafts } from "./model/local-draft";
import { ReadingClock } from "./model/timing";

/** A clock that listens to the page for as long as the read is open in it, and goes on after a reload. */
export function useReadingClock(
  read: OpenRead,
  local: LocalDrafts,
  isHere: boolean,
): React.RefObject<ReadingClock | null> {
  const clock = useRef<ReadingClock | null>(null);
  const { id, series } = read;

  useEffect(() => {
    if (!isHere) return;
    const started = new ReadingClock({
      slicesTotal: series.reduce((sum, one) => sum + one.slices, 0),
      earlier: local.findClock(id),
    });
    clock.current = started;
    const listeners = new AbortController();
    const listen = (target: Window | Document, event: string, does: (event: Event) => void) =>
      target.addEventListener(event, does, { capture: true, passive: true, signal: listeners.signal });
    listen(window, "pointerdown", () => started.interacted("click"));
    listen(window, "keydown", (event) => {
      // A key that is held down repeats itself and was pressed once.
      if (event instanceof KeyboardEvent && event.repeat) started.moved();
      else started.interacted("key");
    });
    listen(window, "wheel", () => started.interacted("wheel"));
    listen(window, "pointermove", () => started.moved());
    listen(window, "pagehide", () => local.keepClock(id, started.record()));
    // Captured events of inner elements come by here too; only the window's own loss of focus counts.
    listen(document, "visibilitychange", () => (document.hidden ? started.left() : started.returned()));
    window.addEventListener("blur", () => started.left(), { signal: listeners.signal });
    window.addEventListener("focus", () => started.returned(), { signal: listeners.signal });
    return () => {
      listeners.abort();
      local.keepClock(id, started.record());
    };
  }, [id, series, local, isHere]);

  return clock;
}
