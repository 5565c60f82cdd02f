import { createContext, useContext } from "react";
import { DEFAULT_KEYS } from "./key-bindings";
import { chordText } from "./key-press";

/** The keys of the reader who is looking. */
export const KeysContext = createContext(DEFAULT_KEYS);

/** The first key of an action as it is written on the screen; null where it has none. */
export function useKeyText(): (id: string) => string | null {
  const keys = useContext(KeysContext);
  return (id) => {
    const [first] = keys.keysOf(id);
    return first === undefined ? null : chordText(first);
  };
}

/** A label with the key of an action behind it, as "Invert (I)". */
export function useKeyHint(): (label: string, id: string) => string {
  const textOf = useKeyText();
  return (label, id) => {
    const text = textOf(id);
    return text === null ? label : `${label} (${text})`;
  };
}
