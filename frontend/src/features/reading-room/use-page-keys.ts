import { useEffect, useEffectEvent } from "react";
import type { Form } from "../../shared/forms/types";
import { elementOf, ownWindows } from "../../shared/lib/own-windows";
import type { KeyBindings } from "../../viewer/key-bindings";
import { type KeyPlace, type PageKey, pageKey } from "./model/page-keys";

const TEXT_ENTRY =
  "textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox]):not([type=range])";

/** Keys pressed anywhere in the page's windows but on the image, which has its own. */
export function usePageKeys(
  form: Form,
  keys: KeyBindings,
  isOff: boolean,
  onKey: (key: PageKey, event: KeyboardEvent) => void,
): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    if (isOff || event.defaultPrevented || event.isComposing) return;
    const target = elementOf(event) ?? document.body;
    if (target.closest("[role=dialog]")) return;
    const key = pageKey(event, placeOf(target), form, keys);
    if (key) onKey(key, event);
  });
  useEffect(() => {
    const listener = (event: Event) => handle(event as KeyboardEvent);
    ownWindows.addEventListener("keydown", listener);
    return () => ownWindows.removeEventListener("keydown", listener);
  }, []);
}

function placeOf(target: Element): KeyPlace {
  if (target.closest(TEXT_ENTRY)) return "text";
  if (target.closest("[data-reading-panel]")) return "panel";
  return target.closest("button, a") ? "button" : "page";
}
