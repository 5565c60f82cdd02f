import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { isApiError } from "../../shared/api/client";
import {
  type DesignAnswer,
  type Pace,
  type Problem,
  type Protocol,
  postSummary,
  putProtocol,
} from "./api/protocol";
import type { Design, ProtocolDocument } from "./model/document";
import { type Draft, historyReducer, startHistory } from "./model/history";

export type SaveState =
  | { kind: "saved" }
  | { kind: "unsaved" }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "refused"; text: string; isStale: boolean };

const UNSAVED: SaveState = { kind: "unsaved" };
const SAVE_AFTER_MS = 900;
const SUMMARY_AFTER_MS = 250;
const RETRY_MS = 5_000;

/** Everything a section of the designer works with. */
export interface Designer {
  slug: string;
  protocol: Protocol;
  draft: Draft;
  document: ProtocolDocument;
  isReadOnly: boolean;
  /** Edit a copy of the document; changes with one label that follow each other closely are undone together. */
  change: (label: string, edit: (document: ProtocolDocument) => void) => void;
  replace: (label: string, document: ProtocolDocument) => void;
  rename: (title: string) => void;
  undo: () => void;
  undoLabel: string | null;
  save: SaveState;
  /** The last answer, with the design that it is about. */
  answer: (DesignAnswer & { design: Design }) | undefined;
  isAnswerOld: boolean;
  problems: readonly Problem[];
  pace: Pace;
  setPace: (pace: Pace) => void;
  start: string;
  setStart: (start: string) => void;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function useDesigner(protocol: Protocol): Designer {
  const slug = protocol.slug;
  const [history, dispatch] = useReducer(
    historyReducer,
    { title: protocol.title, document: protocol.document },
    startHistory,
  );
  const [pace, setPace] = useState<Pace>({ minutes: 3, later_step_minutes: 1 });
  const [start, setStart] = useState(protocol.frozen_at?.slice(0, 10) ?? today());
  const { draft, count } = history;
  const isReadOnly = !protocol.may_edit;
  const save = useAutosave(slug, protocol.revision, draft, count, isReadOnly);

  const [asked] = useDebouncedValue({ document: draft.document, pace, start }, SUMMARY_AFTER_MS);
  const answer = useQuery({
    queryKey: ["desk", slug, "design-summary", asked],
    queryFn: async ({ signal }) => ({
      ...(await postSummary(slug, asked, signal)),
      design: asked.document.design,
    }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

  const replace = useCallback(
    (label: string, document: ProtocolDocument) =>
      dispatch({ type: "change", draft: { title: draft.title, document }, label, at: Date.now() }),
    [draft.title],
  );
  const change = useCallback(
    (label: string, edit: (document: ProtocolDocument) => void) => {
      const document = structuredClone(draft.document);
      edit(document);
      replace(label, document);
    },
    [draft.document, replace],
  );
  const rename = useCallback(
    (title: string) =>
      dispatch({
        type: "change",
        draft: { title, document: draft.document },
        label: "the title",
        at: Date.now(),
      }),
    [draft.document],
  );
  const undo = useCallback(() => dispatch({ type: "undo", at: Date.now() }), []);

  return {
    slug,
    protocol,
    draft,
    document: draft.document,
    isReadOnly,
    change,
    replace,
    rename,
    undo,
    undoLabel: history.past.at(-1)?.label ?? null,
    save,
    answer: answer.data,
    isAnswerOld: answer.isPlaceholderData || asked.document !== draft.document,
    problems: isReadOnly ? [] : (answer.data?.problems ?? protocol.problems),
    pace,
    setPace,
    start,
    setStart,
  };
}

/** Saves the draft a moment after its last change, one request at a time; what cannot be saved now is tried again. */
function useAutosave(
  slug: string,
  firstRevision: number,
  draft: Draft,
  count: number,
  isReadOnly: boolean,
): SaveState {
  const queryClient = useQueryClient();
  const [state, setState] = useState<SaveState>({ kind: "saved" });
  const [round, setRound] = useState(0);
  const revision = useRef(firstRevision);
  const saved = useRef(0);
  const latest = useRef({ draft, count });
  const isBusy = useRef(false);
  const isStuck = useRef(isReadOnly);
  latest.current = { draft, count };
  // An effect would say so a drawing too late: whoever saw "Saved" then would leave without the last change.
  const shown = state.kind === "saved" && count !== saved.current ? UNSAVED : state;

  const send = useCallback(async () => {
    if (isBusy.current || isStuck.current || latest.current.count === saved.current) return;
    isBusy.current = true;
    const sent = latest.current;
    setState({ kind: "saving" });
    try {
      const body = { revision: revision.current, ...sent.draft };
      revision.current = (await putProtocol(slug, body)).revision;
      saved.current = sent.count;
      // What was changed meanwhile is not saved yet.
      setState(latest.current.count === sent.count ? { kind: "saved" } : UNSAVED);
      void queryClient.invalidateQueries({ queryKey: ["desk", slug, "study"] });
    } catch (error) {
      setState(refusalOf(error));
      isStuck.current = isApiError(error, "stale_protocol") || isApiError(error, "protocol_frozen");
      if (isApiError(error) && error.isOffline) window.setTimeout(() => setRound((at) => at + 1), RETRY_MS);
    } finally {
      isBusy.current = false;
      if (latest.current.count !== sent.count) setRound((at) => at + 1);
    }
  }, [slug, queryClient]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every change and every new round starts the wait anew
  useEffect(() => {
    if (isStuck.current || latest.current.count === saved.current) return;
    setState((before) => (before.kind === "saving" ? before : UNSAVED));
    const timer = window.setTimeout(() => void send(), SAVE_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [count, round, send]);

  // Who leaves the page in the moment after a change does not lose it.
  useEffect(
    () => () => {
      if (latest.current.count === saved.current) return;
      void send().then(() => queryClient.invalidateQueries({ queryKey: ["desk", slug, "protocol"] }));
    },
    [send, slug, queryClient],
  );

  useEffect(() => {
    if (shown.kind === "saved") return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [shown.kind]);

  return shown;
}

function refusalOf(error: unknown): SaveState {
  if (!isApiError(error))
    return { kind: "refused", text: "The protocol could not be saved.", isStale: false };
  if (error.isOffline) return { kind: "offline" };
  const [path, text] = Object.entries(error.fields)[0] ?? [];
  const detail = text === undefined ? "" : ` ${path === "" ? "" : `${path}: `}${text}`;
  return { kind: "refused", text: `${error.text}${detail}`, isStale: error.code === "stale_protocol" };
}
