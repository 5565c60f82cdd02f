import { chordOf, type KeyPress } from "./key-press";
import { KEY_ACTIONS, type KeyAction, type PageAction, type ViewerAction } from "./keymap";

/** Keys that a reader has chosen, by the id of the action; what is not named keeps its own. */
export type KeyChoices = Readonly<Record<string, readonly string[]>>;

/** Which key does what, with the choices of one reader. */
export class KeyBindings {
  readonly choices: KeyChoices;
  private readonly byChord = new Map<string, KeyAction>();
  private readonly byId = new Map<string, string[]>();

  constructor(choices: KeyChoices = {}) {
    this.choices = choices;
    // What was chosen comes first: a key of an action that came later is free only where nobody has taken it.
    const isChosen = ({ id, isFixed }: KeyAction) => !isFixed && choices[id] !== undefined;
    const fixed = KEY_ACTIONS.filter(({ isFixed }) => isFixed);
    const chosen = KEY_ACTIONS.filter(isChosen);
    const others = KEY_ACTIONS.filter((one) => !one.isFixed && !isChosen(one));
    for (const one of [...fixed, ...chosen, ...others]) {
      const keys = isChosen(one) ? (choices[one.id] ?? []) : one.keys;
      const held = keys.filter((chord) => !this.byChord.has(chord));
      this.byId.set(one.id, held);
      for (const chord of held) this.byChord.set(chord, one);
    }
  }

  /** Keys of an action as they are stored. */
  keysOf(id: string): readonly string[] {
    return this.byId.get(id) ?? [];
  }

  /** The action that has a key as it is stored. */
  holder(chord: string): KeyAction | null {
    return this.byChord.get(chord) ?? null;
  }

  /** What a key does; Shift counts only where a key with it has been chosen. */
  find(press: KeyPress): KeyAction | null {
    const chord = chordOf(press);
    if (chord === null) return null;
    return this.holder(chord) ?? this.holder(chord.replace("Shift+", ""));
  }

  viewerAction(press: KeyPress): ViewerAction | null {
    const found = this.find(press);
    return found && !found.isOfPage ? found.action : null;
  }

  /** What a key does on the page around the viewer. */
  pageAction(press: KeyPress): PageAction | null {
    const found = this.find(press);
    return found?.isOfPage ? found.action : null;
  }

  /** Whether an action has other keys than it came with. */
  isChanged({ id, keys, isFixed }: KeyAction): boolean {
    return !isFixed && this.choices[id] !== undefined && !isSame(this.keysOf(id), keys);
  }

  /** One more key for an action, taken away from the one that has it. */
  withKey(id: string, chord: string): KeyChoices {
    const holder = this.holder(chord);
    if (holder?.id === id || holder?.isFixed) return this.choices;
    const kept = holder ? { [holder.id]: this.keysOf(holder.id).filter((one) => one !== chord) } : {};
    return tidy({ ...this.choices, ...kept, [id]: [...this.keysOf(id), chord] });
  }

  /** A key in place of all that an action has, taken away from the one that has it. */
  withOnlyKey(id: string, chord: string): KeyChoices {
    if (this.holder(chord)?.isFixed) return this.choices;
    const withKey = new KeyBindings(this.withKey(id, chord));
    return tidy({ ...withKey.choices, [id]: [chord] });
  }

  withoutKey(id: string, chord: string): KeyChoices {
    return tidy({ ...this.choices, [id]: this.keysOf(id).filter((one) => one !== chord) });
  }

  /** The keys that an action came with, taken back from whichever has them now. */
  withReset(id: string): KeyChoices {
    const action = KEY_ACTIONS.find((one) => one.id === id);
    const { [id]: _, ...others } = this.choices;
    const choices: Record<string, readonly string[]> = others;
    for (const chord of action?.keys ?? []) {
      const holder = this.holder(chord);
      if (!holder || holder.id === id || holder.isFixed) continue;
      const left = choices[holder.id] ?? this.keysOf(holder.id);
      choices[holder.id] = left.filter((one) => one !== chord);
    }
    return tidy(choices);
  }
}

export const DEFAULT_KEYS = new KeyBindings();

/** Without choices that change nothing, and without those of actions that are no more. */
function tidy(choices: KeyChoices): KeyChoices {
  const isChoice = ([id, keys]: [string, readonly string[]]) => {
    const action = KEY_ACTIONS.find((one) => one.id === id);
    return action !== undefined && !action.isFixed && !isSame(keys, action.keys);
  };
  return Object.fromEntries(Object.entries(choices).filter(isChoice));
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, place) => one === b[place]);
