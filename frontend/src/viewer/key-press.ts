export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Keys that are parts of others, or that no keyboard handler is told the meaning of. */
const NO_KEYS = new Set([
  "Alt",
  "AltGraph",
  "CapsLock",
  "Control",
  "Dead",
  "Fn",
  "FnLock",
  "Hyper",
  "Meta",
  "NumLock",
  "OS",
  "Process",
  "ScrollLock",
  "Shift",
  "Super",
  "Symbol",
  "Unidentified",
]);

const SHOWN: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Escape: "Esc",
  Delete: "Del",
};

/** Keys with which a browser, or the page's own controls, are steered. */
const KEPT_BY_OTHERS = new Set([
  "Tab",
  "Shift+Tab",
  "Enter",
  "Shift+Enter",
  "ContextMenu",
  ..."ACFHJLNOPQRSTVWX".split("").flatMap((letter) => [`Ctrl+${letter}`, `Ctrl+Shift+${letter}`]),
  ..."0123456789+-=".split("").map((sign) => `Ctrl+${sign}`),
  "Ctrl+Tab",
  "Ctrl+Shift+Tab",
  "Ctrl+F4",
  "Ctrl+F5",
  "Ctrl+PageUp",
  "Ctrl+PageDown",
]);

/**
 * A key with its modifiers as it is stored, as "W", "Shift+W", "Ctrl+ArrowUp" or "?"; null when it is not ours.
 *
 * Cmd is Ctrl. Shift is part of letters and of keys with names, not of signs: "?" is one key wherever it lies.
 */
export function chordOf(press: KeyPress): string | null {
  if (press.altKey || NO_KEYS.has(press.key) || press.key === "") return null;
  const base = press.key === " " ? "Space" : press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const isLetter = base.length === 1 && base.toLowerCase() !== base;
  const shift = press.shiftKey && (isLetter || base.length > 1) ? "Shift+" : "";
  return `${press.ctrlKey || press.metaKey ? "Ctrl+" : ""}${shift}${base}`;
}

/** How a stored key is written on the screen, as "Ctrl+↑". */
export function chordText(chord: string): string {
  const parts = /^((?:Ctrl\+)?(?:Shift\+)?)(.+)$/.exec(chord);
  const base = parts?.[2] ?? chord;
  return `${parts?.[1] ?? ""}${SHOWN[base] ?? base}`;
}

/** Why a key cannot be chosen; null when it can. */
export function keptBy(chord: string): string | null {
  if (/^(?:Ctrl\+)?(?:Shift\+)?F\d+$/.test(chord)) return "The function keys belong to the browser.";
  if (chord === "Ctrl+Enter") return null;
  return KEPT_BY_OTHERS.has(chord) ? `${chordText(chord)} belongs to the browser or to the form.` : null;
}
