import { useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { checkForm, formState } from "../../../shared/forms/check";
import { focusQuestion } from "../../../shared/forms/components/ErrorSummary";
import { computedValues } from "../../../shared/forms/computed";
import type { Form } from "../../../shared/forms/types";
import { KeyHelp } from "../../../viewer/KeyHelp";
import { KeysContext } from "../../../viewer/keys-context";
import { ModelOverlays, type OverlayHabits } from "../../../viewer/model-overlays";
import { StackViewer, type ViewerHandle } from "../../../viewer/StackViewer";
import { useHabits } from "../../../viewer/use-habits";
import { imageSource } from "../api/image-source";
import type { OpenRead } from "../api/read";
import { leaveFirstLook } from "../first-look/page";
import { drawingTargets, keptLabelmaps, storedDrawings } from "../model/drawings";
import type { LocalDraft, LocalDrafts } from "../model/local-draft";
import { FORM_KEYS, type PageKey } from "../model/page-keys";
import type { ReadEvent } from "../model/read-state";
import { viewerSeries } from "../model/series";
import { LATE_AFTER_MS, refused, type Submission, submitCorrection, submitRead } from "../model/submit-read";
import { fetchUpcoming } from "../model/upcoming";
import { viewOf } from "../model/view";
import styles from "../reading-room.module.css";
import { MovablePanel } from "../second-window/MovablePanel";
import { SecondBar } from "../second-window/SecondBar";
import { raiseFirst } from "../second-window/second-window";
import { StandsIn } from "../second-window/use-dialog";
import { SecondWindowContext } from "../second-window/use-second-window";
import { useDraft } from "../use-draft";
import { usePageKeys } from "../use-page-keys";
import { useReadingClock } from "../use-reading-clock";
import type { TabClaimed } from "../use-tab-claim";
import { LeaveDialog } from "./LeaveDialog";
import { ReadPanel } from "./ReadPanel";
import { SubmitDialog } from "./SubmitDialog";
import { TopBar } from "./TopBar";

interface OpenReadingProps {
  read: OpenRead;
  local: LocalDrafts;
  overlayHabits: OverlayHabits;
  /** What this browser keeps of the read. */
  kept: LocalDraft | null;
  /** Nothing stands on the screen yet: the image comes before the form. */
  isImageFirst: boolean;
  claimed: TabClaimed;
  problems: Readonly<Record<string, string>>;
  refusal: string | null;
  /** For so long that it must be shown. */
  isSubmitting: boolean;
  dispatch: (event: ReadEvent) => void;
  onReload: () => void;
  /** The read is locked. */
  onSubmitted: (submission: Exclude<Submission, { kind: "failed" }>) => void;
}

/** The reading room with a case in it: the images, and the form beside them. */
export function OpenReading(props: OpenReadingProps) {
  const { read, local, kept, claimed, problems, refusal, isSubmitting, dispatch, onReload, onSubmitted } =
    props;
  const { isImageFirst } = props;
  const isHere = claimed.claim === "here";
  const { shown: second, toggle: toggleWindows } = useContext(SecondWindowContext);
  const { settings, habits, onHabit } = useHabits(read.hanging);
  const viewer = useRef<ViewerHandle>(null);
  const panel = useRef<HTMLElement>(null);
  const body = useRef<HTMLElement>(null);
  const [initialView] = useState(() => viewOf(read.draft.view, read.series));
  const [activeSeries, setActiveSeries] = useState(initialView?.series ?? read.primary_series);
  /** The window in which the reader is asked whether to submit. */
  const [confirming, setConfirming] = useState<Window | null>(null);
  const [hasHelp, setHelp] = useState(false);
  const [armed, setArmed] = useState<string | null>(null);
  const [hasForm, setForm] = useState(!isImageFirst);
  const isSending = useRef(false);
  const [overlays] = useState(() => new ModelOverlays(props.overlayHabits));
  const clock = useReadingClock(read, local, isHere);
  const onLocked = () => dispatch({ kind: "locked" });
  const settleImages = async () => viewer.current?.settle();
  const draft = useDraft(read, { local, kept, claimed, settleImages, onLocked, onGone: onReload });
  const isBarred = !isHere || draft.conflict !== null;
  const isLocked = isSubmitting || isBarred;
  const source = useMemo(() => imageSource(read.id), [read.id]);
  const series = useMemo(() => viewerSeries(read.series), [read.series]);
  const { visible } = formState(read.form, draft.content.answers, computedValues(read.form, draft.drawn));
  const asked = read.form.questions.filter(({ key }) => visible.has(key)).map(({ key }) => key);
  const askedKeys = asked.join(" ");
  const targets = useMemo(
    () => drawingTargets(read.form).filter(({ question }) => askedKeys.split(" ").includes(question)),
    [read.form, askedKeys],
  );

  const toImages = () => {
    if (second !== null) {
      // Keys go on to the images from there too, once no field takes them.
      (second.window.document.activeElement as HTMLElement | null)?.blur();
      raiseFirst(second);
    }
    viewer.current?.focus();
  };
  const toForm = () => second?.window.focus();
  const openHelp = useCallback(() => setHelp(true), []);
  const toSegment = useCallback(
    (id: string) => {
      second?.window.focus();
      focusSegment(panel.current, id);
    },
    [second],
  );
  const toQuestion = (key: string) => {
    toForm();
    focusQuestion(panel.current, key);
  };

  // Who comes back to one window goes on at the images.
  useEffect(() => {
    if (second !== null) return () => viewer.current?.focus();
  }, [second]);

  const askToSubmit = (from: Window) => {
    if (isLocked) return;
    const { problems: open } = checkForm(read.form, read.schema, draft.content.answers, {
      isComplete: true,
      computed: computedValues(read.form, draft.drawn),
    });
    dispatch({ kind: "incomplete", problems: open });
    const first = read.form.questions.find(({ key }) => key in open)?.key;
    if (first === undefined) setConfirming(from);
    else toQuestion(first);
  };

  const noteTelemetry = () => {
    const used = viewer.current?.telemetry();
    if (used) clock.current?.viewerUsed(used);
  };

  const send = async (reason: string): Promise<Submission> => {
    await viewer.current?.settle();
    if (read.status === "reopened") return submitCorrection(read.id, draft, local, reason);
    noteTelemetry();
    // The next step of the case begins where this one ends.
    if (read.step < read.steps) await draft.flush();
    // The feedback to a training case comes before the next one.
    const opensNext = !read.session.is_training;
    return submitRead(read.id, draft, local, clock.current, { opensNext });
  };

  /**
   * Nothing is to be reached while it is being sent. In one window the dialog sees to that, and whatever changed on
   * the page would be drawn before the next case; it covers one of two windows alone.
   */
  const setSending = (isUnderWay: boolean) => {
    isSending.current = isUnderWay;
    if (second === null) return;
    for (const part of [body.current, panel.current]) if (part) part.inert = isUnderWay;
  };

  const submit = async (reason: string) => {
    if (isSending.current) return;
    setSending(true);
    const late = setTimeout(() => dispatch({ kind: "submit_started" }), LATE_AFTER_MS);
    const outcome = await send(reason).catch(refused);
    clearTimeout(late);
    if (outcome.kind === "failed") {
      setSending(false);
      setConfirming(null);
      dispatch({ kind: "submit_failed", text: outcome.text, problems: outcome.problems });
      return;
    }
    // The case stays on the screen as it is, with the dialog, until the next one stands in its place.
    if (outcome.kind !== "submitted" || outcome.opened === null) {
      setConfirming(null);
      dispatch({ kind: "locked" });
    }
    onSubmitted(outcome);
  };

  const onKey = (key: PageKey, event: KeyboardEvent) => {
    if (hasHelp && event.key === "Escape") {
      setHelp(false);
      return;
    }
    switch (key.kind) {
      case "submit":
        event.preventDefault();
        askToSubmit(event.view ?? window);
        break;
      case "focus_image":
        toImages();
        break;
      case "focus_form":
        event.preventDefault();
        toQuestion(firstAsked(read.form));
        break;
      case "two_windows":
        event.preventDefault();
        toggleWindows();
        break;
      case "overlays":
        overlays.toggleAll();
        break;
      case "answer":
        draft.setAnswer(key.question, key.value);
        dispatch({ kind: "answered", question: key.question });
        break;
      case "viewer":
        if (viewer.current?.pressKey(event)) event.preventDefault();
    }
  };
  usePageKeys(read.form, useContext(KeysContext), isLocked || confirming !== null, onKey);

  return (
    <div className={styles.room} data-read={read.id} data-read-state={isSubmitting ? "saving" : "ready"}>
      <TopBar
        read={read}
        saveState={draft.saveState}
        activeSeries={activeSeries}
        onSeriesChange={setActiveSeries}
      />
      <main
        ref={body}
        className={styles.body}
        data-two-windows={second !== null || undefined}
        inert={isSubmitting}
      >
        {/* The panes and windows to begin with are part of the settings. */}
        {!settings.isSettled ? (
          <div className={styles.skeletonStage} />
        ) : (
          <>
            <StackViewer
              key={draft.generation}
              ref={viewer}
              source={source}
              series={series}
              activeSeries={activeSeries}
              hanging={read.hanging}
              habits={habits}
              onHabit={onHabit}
              remembersWindows={settings.preferences.remember_windows}
              targets={targets}
              initialDrawings={storedDrawings(read.form, draft.content)}
              overlays={overlays}
              initialView={initialView}
              allowedTools={read.tools}
              isLocked={isLocked}
              onSeriesChange={setActiveSeries}
              onDrawingsChange={draft.setDrawn}
              onLabelmapsChange={(labelmaps) => draft.setLabelmaps(keptLabelmaps(labelmaps))}
              onUnkeptChange={draft.expectLabelmaps}
              onSegmentDone={toSegment}
              onArmedChange={setArmed}
              onViewChange={(view) => {
                draft.look(view);
                noteTelemetry();
              }}
              onSliceShown={(index, frame) => clock.current?.sliceShown(index, frame)}
              onLoaded={() => {
                if (isHere && read.status === "draft") void fetchUpcoming(read.study.slug);
              }}
              isImageFirst={!hasForm}
              onStarted={() => setForm(true)}
              onImage={leaveFirstLook}
              onHelp={openHelp}
            />
            <FocusOnce viewer={viewer} />
          </>
        )}
        <MovablePanel second={second}>
          {second !== null && <SecondBar read={read} saveState={draft.saveState} onClose={toggleWindows} />}
          {hasForm ? (
            <ReadPanel
              read={read}
              draft={draft}
              problems={problems}
              refusal={refusal}
              isSubmitting={isSubmitting}
              isDisabled={isBarred}
              claimed={claimed}
              viewer={viewer}
              overlays={overlays}
              armed={armed}
              panel={panel}
              onAnswered={(question) => dispatch({ kind: "answered", question })}
              onReload={onReload}
              onSubmit={() => askToSubmit(second?.window ?? window)}
              onToImages={toImages}
              onAidShown={(isShown) => {
                if (isShown) clock.current?.aidOpened();
                else clock.current?.aidClosed();
              }}
            />
          ) : (
            <aside className={styles.panel} aria-label="Reading form" aria-busy />
          )}
        </MovablePanel>
      </main>
      <StandsIn value={confirming === second?.window ? second : null}>
        <SubmitDialog
          read={read}
          answers={draft.content.answers}
          isOpen={confirming !== null}
          isSubmitting={isSubmitting}
          onConfirm={(reason) => void submit(reason)}
          onClose={() => {
            if (!isSending.current) setConfirming(null);
          }}
        />
      </StandsIn>
      <LeaveDialog wouldLose={draft.liesHereAlone} />
      <KeyHelp isOpen={hasHelp} onClose={() => setHelp(false)} settings={settings} formKeys={FORM_KEYS} />
    </div>
  );
}

/** A new case begins with the keys on the image, unless the reader was at the form before the viewer had come. */
function FocusOnce({ viewer }: { viewer: React.RefObject<ViewerHandle | null> }) {
  useEffect(() => {
    if (!document.activeElement?.closest("[data-reading-panel]")) viewer.current?.focus();
  }, [viewer]);
  return null;
}

/** The first list of a segment in the form, where it is named. */
function focusSegment(panel: HTMLElement | null, id: string): void {
  panel?.querySelector<HTMLElement>(`[data-segment="${CSS.escape(id)}"] select`)?.focus();
}

/** The first question that is asked whatever the answers. */
function firstAsked(form: Form): string {
  return form.questions.find(({ kind, show_if }) => kind !== "derived" && show_if === undefined)?.key ?? "";
}
