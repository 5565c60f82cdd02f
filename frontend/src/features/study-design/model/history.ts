import type { ProtocolDocument } from "./document";

/** What is edited: the study's title and its protocol. */
export interface Draft {
  title: string;
  document: ProtocolDocument;
}

/** The draft with the ones before it; `count` grows with every change, back or forth. */
export interface History {
  draft: Draft;
  past: readonly { draft: Draft; label: string }[];
  label: string;
  changedAt: number;
  count: number;
}

export type HistoryAction =
  | { type: "change"; draft: Draft; label: string; at: number }
  | { type: "undo"; at: number }
  | { type: "reset"; draft: Draft };

const MAX_PAST = 100;
/** Typing in one field is one change as long as it does not pause for this long. */
const TYPING_PAUSE_MS = 1_500;

export function startHistory(draft: Draft): History {
  return { draft, past: [], label: "", changedAt: 0, count: 0 };
}

export function historyReducer(history: History, action: HistoryAction): History {
  switch (action.type) {
    case "change": {
      const goesOn = action.label === history.label && action.at - history.changedAt < TYPING_PAUSE_MS;
      const past = goesOn
        ? history.past
        : [...history.past, { draft: history.draft, label: action.label }].slice(-MAX_PAST);
      return {
        draft: action.draft,
        past,
        label: action.label,
        changedAt: action.at,
        count: history.count + 1,
      };
    }
    case "undo": {
      const last = history.past.at(-1);
      if (last === undefined) return history;
      return {
        draft: last.draft,
        past: history.past.slice(0, -1),
        label: "",
        changedAt: action.at,
        count: history.count + 1,
      };
    }
    case "reset":
      return startHistory(action.draft);
  }
}
