import { type Answer, type Form, isOfKind } from "../../../shared/forms/types";
import { DEFAULT_KEYS, type KeyBindings } from "../../../viewer/key-bindings";
import type { KeyPress } from "../../../viewer/key-press";
import type { PageAction } from "../../../viewer/keymap";

export type KeyPlace = "text" | "panel" | "button" | "page";

export type PageKey =
  | PageAction
  | { kind: "focus_image" }
  | { kind: "answer"; question: string; value: Answer }
  | { kind: "viewer" };

/** Keys that steer the form's own controls and stay with them. */
const CONTROL_KEYS = new Set([" ", "Enter", "Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);
const SCROLL_KEYS = new Set(["PageUp", "PageDown", "Home", "End"]);

/**
 * What a key does outside the image, by where the focus is; null when it is the browser's.
 *
 * The digits are the one conflict: in the form they rate, anywhere else they set the window.
 */
export function pageKey(
  press: KeyPress,
  place: KeyPlace,
  form: Form,
  keys: KeyBindings = DEFAULT_KEYS,
): PageKey | null {
  if (press.altKey) return null;
  const action = keys.pageAction(press);
  const hasModifier = press.ctrlKey || press.metaKey;
  if (hasModifier && action?.kind === "submit") return action;
  if (place === "text") return press.key === "Escape" ? { kind: "focus_image" } : null;
  if (hasModifier || place === "page") return action ?? { kind: "viewer" };
  if (CONTROL_KEYS.has(press.key) || press.key === "Backspace" || press.key === "Delete") return null;
  if (place === "button") return action ?? { kind: "viewer" };
  if (press.key === "Escape") return { kind: "focus_image" };
  if (SCROLL_KEYS.has(press.key)) return null;
  return ratingKey(press.key, form) ?? action ?? { kind: "viewer" };
}

function ratingKey(key: string, form: Form): PageKey | null {
  if (!/^[0-9]$/.test(key)) return null;
  // Of several scales the one in focus takes the digit itself.
  const scales = form.questions.filter(isOfKind("ordinal"));
  const scale = scales.length === 1 ? scales[0] : undefined;
  const option = scale?.options.find(({ value }) => String(value) === key);
  return scale && option ? { kind: "answer", question: scale.key, value: option.value } : null;
}

/** Keys of the form itself, which stay as they are. */
export const FORM_KEYS: ReadonlyArray<{ keys: readonly string[]; does: string }> = [
  { keys: ["1", "–", "5"], does: "In the form: the rating" },
  { keys: ["Esc"], does: "In the form: back to the image" },
];
