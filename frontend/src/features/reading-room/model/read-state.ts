import type { OpenRead, Read } from "../api/read";

/** Where a read stands in this browser. */
export type ReadState =
  | { kind: "loading" }
  | { kind: "ready"; read: OpenRead; problems: Readonly<Record<string, string>>; refusal: string | null }
  | { kind: "saving"; read: OpenRead }
  /** `hasFeedback`: a training case, of which the reader is told how it should have been answered. */
  | { kind: "locked"; alias: string | null; hasFeedback: boolean }
  | { kind: "lost"; error: unknown };

export type ReadEvent =
  | { kind: "loaded"; read: Read }
  | { kind: "load_failed"; error: unknown }
  | { kind: "incomplete"; problems: Readonly<Record<string, string>> }
  | { kind: "submit_started" }
  | { kind: "submit_failed"; text: string; problems?: Readonly<Record<string, string>> }
  | { kind: "answered"; question: string }
  | { kind: "locked" };

/** The life of a read. An event that has no place in a state leaves it; locked is for ever. */
export function readReducer(state: ReadState, event: ReadEvent): ReadState {
  switch (state.kind) {
    case "loading":
    case "lost":
      return afterLoading(state, event);
    case "ready":
      return whileReady(state, event);
    case "saving":
      if (event.kind === "locked") return lockedAfter(state.read);
      if (event.kind !== "submit_failed") return state;
      return { kind: "ready", read: state.read, problems: event.problems ?? {}, refusal: event.text };
    case "locked":
      return state;
  }
}

function afterLoading(state: ReadState, event: ReadEvent): ReadState {
  if (event.kind === "load_failed") return { kind: "lost", error: event.error };
  if (event.kind !== "loaded") return state;
  if (event.read.status === "submitted") {
    return { kind: "locked", alias: event.read.alias, hasFeedback: event.read.has_feedback };
  }
  return { kind: "ready", read: event.read, problems: {}, refusal: null };
}

function lockedAfter({ alias, session }: OpenRead): ReadState {
  return { kind: "locked", alias, hasFeedback: session.is_training };
}

function whileReady(state: Extract<ReadState, { kind: "ready" }>, event: ReadEvent): ReadState {
  switch (event.kind) {
    case "incomplete":
      return { ...state, problems: event.problems };
    case "submit_started":
      return { kind: "saving", read: state.read };
    case "answered": {
      const { [event.question]: _answered, ...problems } = state.problems;
      return { ...state, problems, refusal: null };
    }
    case "locked":
      return lockedAfter(state.read);
    case "submit_failed":
      return { ...state, problems: event.problems ?? {}, refusal: event.text };
    default:
      return state;
  }
}
