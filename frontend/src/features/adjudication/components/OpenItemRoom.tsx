import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { ApiError, isApiError } from "../../../shared/api/client";
import { KeyHelp } from "../../../viewer/KeyHelp";
import { KeysContext } from "../../../viewer/keys-context";
import { StackViewer, type ViewerHandle } from "../../../viewer/StackViewer";
import type { StoredDrawings, ViewState } from "../../../viewer/types";
import { useHabits, useKeyBindings } from "../../../viewer/use-habits";
import { imageSource } from "../api/image-source";
import { type Entries, type OpenItem, postSettle, putDraft } from "../api/item";
import { entryProblems, sendable } from "../model/entries";
import { EntriesSaver, type SaveState } from "../model/entries-saver";
import { placesOf } from "../model/places";
import styles from "../room.module.css";
import { useMasks } from "../use-masks";
import { ItemBar } from "./ItemBar";
import { SettleDialog } from "./SettleDialog";
import { VerdictPanel } from "./VerdictPanel";

const NO_DRAWINGS: StoredDrawings = { measurements: [], marks: [], contours: [] };

const FIRST_VIEW: ViewState = { series: 0, slice: 1, window: null, zoom: 1, pan: [0, 0] };

interface OpenItemRoomProps {
  item: OpenItem;
  /** The item cannot be worked on any more; the page asks the server what became of it. */
  onClosed: () => void;
  onReload: () => void;
  /** The verdict is given; `waiting` items are left. */
  onSettled: (waiting: number) => void;
}

/** The images, the readings beside them, and the verdict. */
export function OpenItemRoom({ item, onClosed, onReload, onSettled }: OpenItemRoomProps) {
  const queries = useQueryClient();
  const keys = useKeyBindings();
  const { settings, habits, onHabit } = useHabits(item.hanging);
  const [activeSeries, setActiveSeries] = useState(item.primary_series);
  const [shown, setShown] = useState<string | null>(null);
  const [hasHelp, setHelp] = useState(false);
  const [isConfirming, setConfirming] = useState(false);
  const [isSettling, setSettling] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const view = useRef<ViewState | null>(null);
  const [initialView, setInitialView] = useState<ViewState | null>(null);
  const viewer = useRef<ViewerHandle>(null);
  const key = useRef(crypto.randomUUID());
  const { entries, change, saveState, saver } = useEntries(item, onClosed);
  const source = useMemo(() => imageSource(item.id), [item.id]);
  const series = useMemo(() => item.series.map(viewerSeries), [item.series]);
  const masks = useMasks(item);
  const drawings = useMemo(() => drawingsOf(item, shown), [item, shown]);

  /** The viewer begins anew with other drawings, where the first of them lies. */
  const showDrawings = (letter: string | null) => {
    const [first] = placesOf(item, letter);
    const place = first ? { series: first.series, slice: first.frame } : {};
    setInitialView({ ...FIRST_VIEW, ...view.current, ...place });
    setActiveSeries(first?.series ?? activeSeries);
    setShown(letter);
  };
  const onChange = (next: Entries) => {
    change(next);
    if (Object.keys(problems).length > 0) setProblems(entryProblems(item, next));
  };
  const askToSettle = () => {
    const found = entryProblems(item, entries);
    setProblems(found);
    setRefusal(null);
    if (Object.keys(found).length === 0) setConfirming(true);
  };
  const settle = async () => {
    setConfirming(false);
    setSettling(true);
    try {
      const revision = (await saver.current?.flush()) ?? item.draft.revision;
      const waiting = await postSettle(item.id, {
        ...sendable(item, entries),
        revision,
        idempotency_key: key.current,
      });
      saver.current?.stop();
      await queries.invalidateQueries({ queryKey: ["adjudication", "worklist"] });
      onSettled(waiting);
    } catch (error) {
      setSettling(false);
      if (isApiError(error, "item_voided") || isApiError(error, "study_not_reading")) onClosed();
      else if (error instanceof ApiError) {
        setProblems({ ...error.fields });
        setRefusal(error.text);
      } else setRefusal("The verdict could not be sent. Please try again.");
    }
  };

  return (
    <div className={styles.room} data-item-state={isSettling ? "settling" : "open"}>
      <title>{`${item.alias} · Adjudication · Reading Room`}</title>
      <ItemBar
        item={item}
        saveState={saveState}
        activeSeries={activeSeries}
        onSeriesChange={setActiveSeries}
      />
      <main className={styles.body}>
        <KeysContext value={keys}>
          {settings.isSettled && (
            <StackViewer
              key={shown ?? "none"}
              habits={habits}
              onHabit={onHabit}
              remembersWindows={settings.preferences.remember_windows}
              ref={viewer}
              source={source}
              series={series}
              activeSeries={activeSeries}
              hanging={item.hanging}
              maskLayers={masks.layers}
              initialDrawings={drawings}
              initialView={initialView}
              isLocked={shown !== null}
              onSeriesChange={setActiveSeries}
              onDrawingsChange={ignoreDrawings}
              onViewChange={(next) => {
                view.current = next;
              }}
              onHelp={() => setHelp(true)}
            />
          )}
        </KeysContext>
        <VerdictPanel
          item={item}
          entries={entries}
          problems={problems}
          saveState={saveState}
          refusal={refusal}
          isSettling={isSettling}
          shownDrawings={shown}
          onShowDrawings={showDrawings}
          masks={masks}
          onShowPlace={(index, frame) => viewer.current?.show(index, frame)}
          onChange={onChange}
          onReload={onReload}
          onSettle={askToSettle}
        />
      </main>
      <SettleDialog
        item={item}
        isOpen={isConfirming}
        onConfirm={() => void settle()}
        onClose={() => setConfirming(false)}
      />
      <KeysContext value={keys}>
        <KeyHelp isOpen={hasHelp} onClose={() => setHelp(false)} settings={settings} hasPageActions={false} />
      </KeysContext>
    </div>
  );
}

/** What is measured here helps the eye and is not kept. */
function ignoreDrawings(): void {}

function viewerSeries({
  initial_slice,
  is_synthetic,
  title,
  slice_step_mm,
  ...one
}: OpenItem["series"][number]) {
  return {
    ...one,
    title: is_synthetic ? `${title} · synthetic` : title,
    initialSlice: initial_slice,
    sliceStepMm: slice_step_mm,
  };
}

function drawingsOf(item: OpenItem, letter: string | null): StoredDrawings {
  const original = item.originals.find((one) => one.letter === letter);
  if (!original) return NO_DRAWINGS;
  const { marks, contours, measurements, annotations } = original;
  return {
    marks,
    contours,
    measurements: measurements.map((one) => ({ ...one, tool: "bidirectional" })),
    annotations: annotations.map((one) => ({ ...one, text: null })),
  };
}

/** What is entered, saved as it changes. */
function useEntries(item: OpenItem, onClosed: () => void) {
  const { draft } = item;
  const [entries, setEntries] = useState<Entries>({
    answers: draft.answers,
    reason: draft.reason,
    attendees: draft.attendees,
  });
  const [saveState, setSaveState] = useState<SaveState>({ kind: "saved", at: draft.saved_at });
  const saver = useRef<EntriesSaver | null>(null);
  useEffect(() => {
    const started = new EntriesSaver({
      revision: draft.revision,
      savedAt: draft.saved_at,
      put: (next, keepalive) => putDraft(item.id, next, { keepalive }),
      onState: setSaveState,
    });
    saver.current = started;
    const saveNow = () => {
      if (document.visibilityState === "hidden") void started.flush(true);
    };
    document.addEventListener("visibilitychange", saveNow);
    return () => {
      document.removeEventListener("visibilitychange", saveNow);
      void started.flush(true).finally(() => started.stop());
    };
  }, [item.id, draft.revision, draft.saved_at]);
  useEffect(() => {
    if (saveState.kind === "closed") onClosed();
  }, [saveState.kind, onClosed]);
  const change = (next: Entries) => {
    setEntries(next);
    saver.current?.change(sendable(item, next));
  };
  return { entries, change, saveState, saver };
}
