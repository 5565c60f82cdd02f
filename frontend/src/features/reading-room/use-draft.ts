import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { formState, soundAnswers } from "../../shared/forms/check";
import { computedValues } from "../../shared/forms/computed";
import type { Drawings } from "../../shared/forms/drawn";
import type { Answer } from "../../shared/forms/types";
import type { CaseDrawings, ViewState } from "../../viewer/types";
import { type DraftContent, putDraft } from "./api/put-draft";
import { getRead, type OpenRead } from "./api/read";
import { DraftSaver, isSameContent, type SaveState } from "./model/draft-saver";
import { drawnAnswers } from "./model/drawings";
import type { LocalDrafts } from "./model/local-draft";
import { bindMeasurements, bindOnly, measuredAnswers } from "./model/measured";
import { restoreDraft } from "./model/restore";
import { storedView } from "./model/view";

export interface Draft {
  content: DraftContent;
  saveState: SaveState;
  /** Entries of this browser that differ from those saved elsewhere since; the reader chooses. */
  conflict: { keptAt: number } | null;
  /** Changes when all of the content was replaced, so that the viewer draws it anew. */
  generation: number;
  setAnswer: (key: string, value: Answer) => void;
  /** Marks and outlines on the images, with the slices they lie on. */
  drawn: Drawings;
  setDrawn: (drawn: CaseDrawings) => void;
  /** Let a measurement fill the pair of axes of a question. */
  fillFrom: (uuid: string, question: string) => void;
  resolveConflict: (keep: "here" | "server") => void;
  /** The reader looks here now. */
  look: (view: ViewState) => void;
  sendable: () => DraftContent;
  /** Send what is unsent now, the view included. */
  flush: () => Promise<void>;
  /** The revision that the server has once nothing is under way. */
  settle: () => Promise<number>;
  /** Go on saving after a submission that failed. */
  resume: () => void;
  finish: () => void;
}

const NOTHING_DRAWN: Drawings = { marks: [], contours: [] };

/** The draft of an open read: what the reader entered, kept here at once and on the server a moment later. */
export function useDraft(read: OpenRead, local: LocalDrafts, onLocked: () => void): Draft {
  const { form, schema } = read;
  const toSend = useCallback(
    (content: DraftContent): DraftContent => ({
      answers: soundAnswers(form, schema, content.answers),
      measurements: content.measurements,
    }),
    [form, schema],
  );
  const [restored] = useState(() => restoreDraft(read.draft, local.find(read.id), toSend));
  const [content, setContent] = useState(restored.content);
  const [conflict, setConflict] = useState(restored.kind === "conflict" ? restored : null);
  const [generation, setGeneration] = useState(0);
  const [drawn, setDrawings] = useState<Drawings>(NOTHING_DRAWN);
  const isCorrection = read.status === "reopened";
  const [saveState, setSaveState] = useState<SaveState>(
    isCorrection ? { kind: "kept", isKept: true } : { kind: "saved", at: read.draft.saved_at },
  );
  const latest = useRef(content);
  const saver = useRef<DraftSaver | null>(null);
  const noteLocked = useEffectEvent(onLocked);

  useEffect(() => {
    if (isCorrection) return;
    const started = new DraftSaver({
      readId: read.id,
      content: restored.content,
      revision: read.draft.revision,
      savedAt: read.draft.saved_at,
      server: {
        put: (draft, keepalive) => putDraft(read.id, draft, { keepalive }),
        current: async () => {
          const now = await getRead(read.id);
          return now.status === "draft" ? now.draft : null;
        },
      },
      local,
      sendable: toSend,
      onState: setSaveState,
      onLocked: () => noteLocked(),
    });
    saver.current = started;
    if (restored.kind === "local") started.change(restored.content);
    const saveNow = () => {
      if (document.visibilityState === "hidden") void started.flush(true);
    };
    document.addEventListener("visibilitychange", saveNow);
    return () => {
      document.removeEventListener("visibilitychange", saveNow);
      void started.flush(true).finally(() => started.stop());
    };
  }, [read.id, read.draft.revision, read.draft.saved_at, isCorrection, local, toSend, restored]);

  const change = useCallback(
    (next: DraftContent) => {
      if (isSameContent(next, latest.current)) return;
      latest.current = next;
      setContent(next);
      saver.current?.change(next);
      if (!isCorrection) return;
      const kept = { content: next, baseRevision: read.draft.revision, keptAt: Date.now() };
      setSaveState({ kind: "kept", isKept: local.keep(read.id, kept) });
    },
    [isCorrection, local, read.id, read.draft.revision],
  );

  const setAnswer = useCallback(
    (key: string, value: Answer) => {
      const { answers, measurements } = latest.current;
      const isBound = measurements.some((one) => one.question === key);
      change({
        answers: { ...answers, [key]: value },
        // A typed value stands by itself: the measurement stays on the image and no longer fills the form.
        measurements:
          isBound && answers[key] !== value ? bindOnly(form, measurements, null, key) : measurements,
      });
    },
    [change, form],
  );

  const setDrawn = useCallback(
    (drawings: CaseDrawings) => {
      const { answers, measurements } = latest.current;
      const { visible } = formState(form, answers, computedValues(form, drawings));
      const next = bindMeasurements(form, measurements, drawings.measurements, visible);
      setDrawings(drawings);
      change({
        answers: {
          ...answers,
          ...measuredAnswers(form, measurements, next),
          ...drawnAnswers(form, answers, drawings),
        },
        measurements: next,
      });
    },
    [change, form],
  );

  const fillFrom = useCallback(
    (uuid: string, question: string) => {
      const { answers, measurements } = latest.current;
      const next = bindOnly(form, measurements, uuid, question);
      change({ answers: { ...answers, ...measuredAnswers(form, measurements, next) }, measurements: next });
    },
    [change, form],
  );

  const resolveConflict = useCallback(
    (keep: "here" | "server") => {
      if (restored.kind !== "conflict") return;
      setConflict(null);
      if (keep === "server") local.drop(read.id);
      else {
        change(restored.local);
        setGeneration((one) => one + 1);
      }
    },
    [restored, local, read.id, change],
  );

  return useMemo(
    () => ({
      content,
      saveState,
      conflict,
      generation,
      setAnswer,
      drawn,
      setDrawn,
      fillFrom,
      resolveConflict,
      look: (view: ViewState) => saver.current?.look(storedView(view)),
      sendable: () => toSend(latest.current),
      flush: async () => saver.current?.flush(),
      settle: async () => (saver.current ? saver.current.settle() : read.draft.revision),
      resume: () => saver.current?.change(latest.current),
      finish: () => {
        saver.current?.stop();
        local.forget(read.id);
      },
    }),
    [
      content,
      saveState,
      conflict,
      generation,
      setAnswer,
      drawn,
      setDrawn,
      fillFrom,
      resolveConflict,
      toSend,
      local,
      read.id,
      read.draft.revision,
    ],
  );
}
