import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { formState, soundAnswers } from "../../shared/forms/check";
import { computedValues } from "../../shared/forms/computed";
import type { Drawings } from "../../shared/forms/drawn";
import type { Answer } from "../../shared/forms/types";
import type { CaseDrawings, ViewState } from "../../viewer/types";
import { type DraftContent, putDraft } from "./api/put-draft";
import { getRead, type Labelmap, type OpenRead } from "./api/read";
import { isSameContent } from "./model/content";
import { DraftSaver, type SaveState } from "./model/draft-saver";
import { drawnAnswers } from "./model/drawings";
import { type Kept, keyOf, type LocalDraft, type LocalDrafts } from "./model/local-draft";
import { bindMeasurements, bindOnly, measuredAnswers } from "./model/measured";
import { type Difference, keptNotes } from "./model/notes";
import { contentOf, restoreDraft } from "./model/restore";
import { storedView } from "./model/view";
import type { TabClaimed } from "./use-tab-claim";

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
  /** What of the drawings the server measures otherwise. */
  differences: readonly Difference[];
  setDrawn: (drawn: CaseDrawings) => void;
  /** What was painted; the array is replaced when any of it changes. */
  setLabelmaps: (labelmaps: readonly Labelmap[]) => void;
  /** Something painted is to come as labelmaps in a moment, or all of it has come. */
  expectLabelmaps: (isComing: boolean) => void;
  /** Let a measurement fill the pair of axes of a question. */
  fillFrom: (uuid: string, question: string) => void;
  /** Whether something lies in this page alone, and is lost with it. */
  liesHereAlone: () => boolean;
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

const WATCHING: SaveState = { kind: "watching" };
const UNSAVED: SaveState = { kind: "unsaved" };
const NOTHING_DRAWN: Drawings = { marks: [], contours: [] };

interface DraftOptions {
  local: LocalDrafts;
  /** What this browser keeps of the read. */
  kept: LocalDraft | null;
  /** Whether this tab is the one that writes. */
  claimed: TabClaimed;
  /** Have everything that is painted handed over. */
  settleImages: () => Promise<void>;
  onLocked: () => void;
  /** The read is not one of whoever is signed in now. */
  onGone: () => void;
}

/** The draft of an open read: what the reader entered, kept here at once and on the server a moment later. */
export function useDraft(read: OpenRead, options: DraftOptions): Draft {
  const { local, kept, claimed, onLocked, onGone } = options;
  const { form, schema } = read;
  const { isHeld, onLeave } = claimed;
  const isHere = claimed.claim === "here";
  const toSend = useCallback(
    (content: DraftContent): DraftContent => ({
      ...content,
      answers: soundAnswers(form, schema, content.answers),
    }),
    [form, schema],
  );
  const [restored] = useState(() => restoreDraft(read.draft, kept, toSend));
  const [content, setContent] = useState(restored.content);
  const [conflict, setConflict] = useState(restored.kind === "conflict" ? restored : null);
  const [generation, setGeneration] = useState(0);
  const [drawn, setDrawings] = useState<Drawings>(NOTHING_DRAWN);
  const [differences, setDifferences] = useState<readonly Difference[]>([]);
  const [draftKey] = useState(() => keyOf(read));
  const isCorrection = read.status === "reopened";
  const [saveState, setSaveState] = useState<SaveState>(
    isCorrection ? { kind: "kept", kept: "kept" } : { kind: "saved", at: read.draft.saved_at },
  );
  const latest = useRef(content);
  const saver = useRef<DraftSaver | null>(null);
  const noteLocked = useEffectEvent(onLocked);
  const noteGone = useEffectEvent(onGone);
  const settleImages = useEffectEvent(() => options.settleImages());
  const [isComing, setComing] = useState(false);
  const isExpecting = useRef(false);
  /** While the reader has not chosen between two drafts, neither is changed. */
  const isUndecided = useRef(restored.kind === "conflict");
  /** Nothing of a correction lies on the server; `kept` is null while this browser is still writing. */
  const correction = useRef({ kept: "kept" as Kept | null, keeping: Promise.resolve<Kept>("kept") });

  useEffect(() => {
    if (isCorrection || !isHere) return;
    const started = new DraftSaver({
      draft: draftKey,
      content: contentOf(read.draft),
      keptAt: restored.kind === "local" ? restored.keptAt : undefined,
      revision: read.draft.revision,
      savedAt: read.draft.saved_at,
      server: {
        put: async (draft, keepalive) => {
          const saved = await putDraft(read.id, draft, { keepalive });
          setDifferences(saved.differences ?? []);
          return saved;
        },
        current: async () => {
          const now = await getRead(read.id);
          return now.status === "draft" ? now.draft : null;
        },
      },
      local,
      sendable: toSend,
      onState: setSaveState,
      onLocked: () => {
        void local.forget(draftKey);
        noteLocked();
      },
      onGone: () => noteGone(),
    });
    saver.current = started;
    onLeave(async () => {
      // What cannot be packed is still coming, and is not safe.
      await settleImages().catch(() => {});
      await started.flush();
      return started.isSafe();
    });
    // Entries that cannot be sent yet are kept here and are nothing to save.
    const isUnsaved = !isSameContent(toSend(restored.content), contentOf(read.draft));
    if (restored.kind === "local" && isUnsaved) started.change(restored.content);
    const saveNow = () => {
      if (document.visibilityState === "hidden") void started.flushAll();
    };
    const warn = (event: BeforeUnloadEvent) => {
      if (started.wouldLose) event.preventDefault();
    };
    document.addEventListener("visibilitychange", saveNow);
    window.addEventListener("beforeunload", warn);
    return () => {
      document.removeEventListener("visibilitychange", saveNow);
      window.removeEventListener("beforeunload", warn);
      // Another tab that went on has all of it already, and must not find it saved under its feet.
      if (!isHeld()) started.stop();
      else void started.flushAll().finally(() => started.stop());
    };
  }, [read.id, read.draft, draftKey, isCorrection, isHere, isHeld, onLeave, local, toSend, restored]);

  useEffect(() => {
    if (!isCorrection || !isHere) return;
    onLeave(async () => {
      await settleImages().catch(() => {});
      return (await correction.current.keeping) === "kept" && !isExpecting.current;
    });
    const warn = (event: BeforeUnloadEvent) => {
      if (isExpecting.current || correction.current.kept !== "kept") event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isCorrection, isHere, onLeave]);

  const change = useCallback(
    (next: DraftContent) => {
      if (!isHere || isUndecided.current || isSameContent(next, latest.current)) return;
      latest.current = next;
      setContent(next);
      saver.current?.change(next);
      if (!isCorrection) return;
      const entered = { content: next, baseRevision: read.draft.revision, keptAt: Date.now(), saveId: "" };
      const keeping = local.keep(draftKey, entered);
      correction.current = { kept: null, keeping };
      setSaveState(UNSAVED);
      void keeping.then((kept) => {
        if (correction.current.keeping !== keeping) return;
        correction.current.kept = kept;
        setSaveState({ kind: "kept", kept });
      });
    },
    [isCorrection, isHere, local, draftKey, read.draft.revision],
  );

  const setAnswer = useCallback(
    (key: string, value: Answer) => {
      const { answers, measurements } = latest.current;
      const isBound = measurements.some((one) => one.question === key);
      change({
        ...latest.current,
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
        ...latest.current,
        answers: {
          ...answers,
          ...measuredAnswers(form, measurements, next),
          ...drawnAnswers(form, answers, drawings),
        },
        measurements: next,
        annotations: keptNotes(latest.current.annotations ?? [], drawings.annotations),
      });
    },
    [change, form],
  );

  const fillFrom = useCallback(
    (uuid: string, question: string) => {
      const { answers, measurements } = latest.current;
      const next = bindOnly(form, measurements, uuid, question);
      const filled = { ...answers, ...measuredAnswers(form, measurements, next) };
      change({ ...latest.current, answers: filled, measurements: next });
    },
    [change, form],
  );

  const setLabelmaps = useCallback(
    (labelmaps: readonly Labelmap[]) => change({ ...latest.current, labelmaps }),
    [change],
  );

  const expectLabelmaps = useCallback((isExpected: boolean) => {
    saver.current?.expect(isExpected);
    isExpecting.current = isExpected;
    setComing(isExpected);
  }, []);

  const resolveConflict = useCallback(
    (keep: "here" | "server") => {
      if (restored.kind !== "conflict") return;
      setConflict(null);
      isUndecided.current = false;
      if (keep === "server") void local.drop(draftKey);
      else {
        change(restored.local);
        setGeneration((one) => one + 1);
      }
    },
    [restored, local, draftKey, change],
  );

  const shown: SaveState = isCorrection && isComing ? UNSAVED : saveState;
  return useMemo(
    () => ({
      content,
      saveState: isHere ? shown : WATCHING,
      conflict,
      generation,
      setAnswer,
      drawn,
      differences,
      setDrawn,
      setLabelmaps,
      expectLabelmaps,
      fillFrom,
      resolveConflict,
      // While this browser still writes it is not known, and mostly safe a moment later.
      liesHereAlone: () => saver.current?.liesHereAlone ?? !["kept", null].includes(correction.current.kept),
      look: (view: ViewState) => saver.current?.look(storedView(view)),
      sendable: () => saver.current?.unsent(latest.current) ?? toSend(latest.current),
      flush: async () => saver.current?.flush(),
      settle: async () => (saver.current ? saver.current.settle() : read.draft.revision),
      resume: () => saver.current?.change(latest.current),
      finish: () => {
        saver.current?.stop();
        correction.current.kept = "kept";
        void local.forget(draftKey);
      },
    }),
    [
      content,
      isHere,
      shown,
      conflict,
      generation,
      setAnswer,
      drawn,
      differences,
      setDrawn,
      setLabelmaps,
      expectLabelmaps,
      fillFrom,
      resolveConflict,
      toSend,
      local,
      draftKey,
      read.draft.revision,
    ],
  );
}
