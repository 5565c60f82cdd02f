import { type Answer, type Form, isOfKind } from "../../../shared/forms/types";

export type KeyPlace = "text" | "panel" | "button" | "page";

export type PageKey =
  | { kind: "submit" }
  | { kind: "focus_image" }
  | { kind: "focus_form" }
  | { kind: "answer"; question: string; value: Answer }
  | { kind: "viewer" };

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Keys that steer the form's own controls and stay with them. */
const CONTROL_KEYS = new Set([" ", "Enter", "Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);
const SCROLL_KEYS = new Set(["PageUp", "PageDown", "Home", "End"]);

/**
 * What a key does outside the image, by where the focus is; null when it is the browser's.
 *
 * The digits are the one conflict: in the form they rate, anywhere else they set the window.
 */
export function pageKey(press: Press, place: KeyPlace, form: Form): PageKey | null {
  if (press.altKey) return null;
  const hasModifier = press.ctrlKey || press.metaKey;
  if (hasModifier && press.key === "Enter") return { kind: "submit" };
  if (place === "text") return press.key === "Escape" ? { kind: "focus_image" } : null;
  if (hasModifier) return { kind: "viewer" };
  if (press.key.toLowerCase() === "n") return { kind: "submit" };
  if (press.key.toLowerCase() === "f") return { kind: "focus_form" };
  if (place === "page") return { kind: "viewer" };
  if (CONTROL_KEYS.has(press.key) || press.key === "Backspace" || press.key === "Delete") return null;
  if (place === "button") return { kind: "viewer" };
  if (press.key === "Escape") return { kind: "focus_image" };
  if (SCROLL_KEYS.has(press.key)) return null;
  return ratingKey(press.key, form) ?? { kind: "viewer" };
}

function ratingKey(key: string, form: Form): PageKey | null {
  if (!/^[0-9]$/.test(key)) return null;
  // Of several scales the one in focus takes the digit itself.
  const scales = form.questions.filter(isOfKind("ordinal"));
  const scale = scales.length === 1 ? scales[0] : undefined;
  const option = scale?.options.find(({ value }) => String(value) === key);
  return scale && option ? { kind: "answer", question: scale.key, value: option.value } : null;
}

export const PAGE_KEYS: ReadonlyArray<{ keys: readonly string[]; does: string }> = [
  { keys: ["F"], does: "To the form" },
  { keys: ["1", "–", "5"], does: "In the form: the rating" },
  { keys: ["Esc"], does: "In the form: back to the image" },
  { keys: ["N", "Ctrl+Enter"], does: "Submit" },
];
