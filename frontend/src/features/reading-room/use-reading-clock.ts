import { useEffect, useRef } from "react";
import { ownWindows } from "../../shared/lib/own-windows";
import type { OpenRead } from "./api/read";
import { lookedSince } from "./first-look/page";
import type { LocalDrafts } from "./model/local-draft";
import { ReadingClock } from "./model/timing";

type Target = Pick<EventTarget, "addEventListener">;

/** A clock that listens to the windows of the page for as long as the read is open in it, and goes on after a reload. */
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
      lookedSince: lookedSince(id),
    });
    clock.current = started;
    if (document.hidden) started.left();
    const listeners = new AbortController();
    const { signal } = listeners;
    const listen = (target: Target, event: string, does: (event: Event) => void) =>
      target.addEventListener(event, does, { capture: true, passive: true, signal });
    listen(ownWindows, "pointerdown", () => started.interacted("click"));
    listen(ownWindows, "keydown", (event) => {
      // A key that is held down repeats itself and was pressed once.
      if ("repeat" in event && event.repeat) started.moved();
      else started.interacted("key");
    });
    listen(ownWindows, "wheel", () => started.interacted("wheel"));
    listen(ownWindows, "pointermove", () => started.moved());
    listen(window, "pagehide", () => local.keepClock(id, started.record()));
    // Captured events of inner elements come by here too; only the window's own loss of focus counts.
    const leave = (from: Window) => {
      if (!ownWindows.hasFocusBeside(from)) started.left();
    };
    listen(document, "visibilitychange", () => (document.hidden ? leave(window) : started.returned()));
    ownWindows.addEventListener("blur", ({ target }) => leave(target as Window), { signal });
    ownWindows.addEventListener("focus", () => started.returned(), { signal });
    return () => {
      listeners.abort();
      local.keepClock(id, started.record());
    };
  }, [id, series, local, isHere]);

  return clock;
}
