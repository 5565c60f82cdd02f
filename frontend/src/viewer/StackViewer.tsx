import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { useBarState } from "./bar-state";
import { CaseEngine, initialCase } from "./case-engine";
import { DrawingSummary } from "./DrawingSummary";
import { type Habit, type Habits, habitOf, NO_HABITS, withHabits } from "./habits";
import { INITIAL_PANE } from "./initial-state";
import type { KeyPress } from "./key-press";
import type { ViewerAction } from "./keymap";
import { KeysContext } from "./keys-context";
import { type Hanging, initialWorkspace, paneCount } from "./layout";
import { type MaskLayer, MaskLayersView } from "./MaskLayersView";
import { MaskOverlay } from "./MaskOverlay";
import { ModelOverlayView } from "./ModelOverlayView";
import type { ModelOverlays } from "./model-overlays";
import { NoteEditor } from "./NoteEditor";
import { PaintBar } from "./PaintBar";
import { PaneLines } from "./PaneLines";
import { PaneView } from "./PaneView";
import { ProbeLabel } from "./ProbeLabel";
import { runAction } from "./run-action";
import { Thumbnails } from "./Thumbnails";
import { isPaintTool } from "./tool-names";
import type {
  Annotation,
  CaseDrawings,
  DrawingTarget,
  ImageSource,
  PaintState,
  PaneState,
  StoredDrawings,
  StoredLabelmap,
  ViewerSeries,
  ViewerState,
  ViewerTelemetry,
  ViewState,
  WorkspaceState,
} from "./types";
import { ViewerToolbar } from "./ViewerToolbar";
import styles from "./viewer.module.css";

export interface ViewerHandle {
  focus(): void;
  /** Do what a key means here; false when it means nothing. */
  pressKey(press: KeyPress): boolean;
  /** Show the slice of a drawing, or any other; `frame` is 1-based. */
  show(series: number, frame: number): void;
  /** Show a drawing and take hold of it. */
  select(uuid: string, series: number, frame: number): void;
  /** Write the text of a note or an arrow. */
  write(uuid: string): void;
  /** Take up the tool of a question; once more lays it down. */
  arm(question: string): void;
  removeDrawing(uuid: string): void;
  rateMark(uuid: string, rating: string | number | null): void;
  /** Paint into this segment from now on; null begins another. */
  chooseSegment(id: string | null): void;
  nameSegment(id: string, words: Partial<Record<"label" | "status", string | null>>): void;
  toggleSegment(id: string): void;
  removeSegment(id: string): void;
  /** Hand over what was painted last, to be kept; resolves when it has been. */
  settle(): Promise<void>;
  /** How the viewer was used so far. */
  telemetry(): ViewerTelemetry | null;
}

export interface StackViewerProps {
  ref?: Ref<ViewerHandle>;
  source: ImageSource;
  series: readonly ViewerSeries[];
  /** Index of the series in the active pane. */
  activeSeries: number;
  /** The panes to begin with; null for one. */
  hanging?: Hanging | null;
  /** How the reader likes a case to begin. */
  habits?: Habits;
  /** The reader chose what may hold for the cases to come. */
  onHabit?: (habit: Habit) => void;
  /** Whether windows set by hand are among what they like. */
  remembersWindows?: boolean;
  /** Questions that are answered by drawing; without them what was drawn is shown, and no mark or outline is added. */
  targets?: readonly DrawingTarget[];
  /** Drawings kept with the draft, drawn as soon as their series is known. */
  initialDrawings: StoredDrawings;
  /** What a model shows on the images, once it may be seen. */
  overlays?: ModelOverlays | null;
  /** How the images stood when the reader left them. */
  initialView?: ViewState | null;
  isLocked?: boolean;
  /** Masks to be looked at, beside what is drawn here. */
  maskLayers?: readonly MaskLayer[];
  /** Tools beside the form that the protocol has; null for all of them. */
  allowedTools?: readonly string[] | null;
  onSeriesChange: (series: number) => void;
  onDrawingsChange: (drawings: CaseDrawings) => void;
  /** What was painted, packed to be kept. */
  onLabelmapsChange?: (labelmaps: readonly StoredLabelmap[]) => void;
  /** Something painted is still to be handed over, or nothing any more. */
  onUnkeptChange?: (isUnkept: boolean) => void;
  /** A segment is finished, and wants its name. */
  onSegmentDone?: (id: string) => void;
  /** The question that is drawn for now. */
  onArmedChange?: (question: string | null) => void;
  /** The view came to rest. */
  onViewChange?: (view: ViewState) => void;
  onSliceShown?: (series: number, frame: number) => void;
  /** All images of the case are there, but for those that failed. */
  onLoaded?: () => void;
  /** The first image stands on the screen, or cannot be shown, or takes long. */
  onStarted?: () => void;
  /** The image of the active pane stands on the screen, or cannot. */
  onImage?: () => void;
  /** Let the bars wait for the first image: nothing stood on the screen before it. */
  isImageFirst?: boolean;
  onHelp?: () => void;
}

/** What waits for the first image waits no longer than this. */
const LONGEST_WAIT_MS = 1500;
const NO_LAYERS: readonly MaskLayer[] = [];
const NO_TARGETS: readonly DrawingTarget[] = [];
const NO_DRAWINGS: CaseDrawings = { measurements: [], marks: [], contours: [], annotations: [] };

/**
 * The images of a case in one or more panes, to scroll, window, zoom and draw on. One case for its whole life: give a
 * new `key` for a new case.
 *
 * The active pane is `data-viewer`, the others are `data-pane-idle`, and each has its place in `data-pane`.
 * `data-rendered`, `data-series`, `data-slice`, `data-window`, `data-loaded` and `data-image-rect` (left, top,
 * width, height of the image in CSS pixels) tell what is on the screen; `data-tool` and `data-armed` are those of the
 * case.
 */
export function StackViewer(props: StackViewerProps) {
  const { activeSeries, isLocked = false, series, targets } = props;
  const keys = useContext(KeysContext);
  const [habits] = useState(props.habits ?? NO_HABITS);
  const [workspace] = useState(() => {
    const hung = initialWorkspace(props.hanging ?? null, series, activeSeries, props.initialView ?? null);
    return withHabits(hung, habits, series);
  });
  const [state, setState] = useState<WorkspaceState>(() => ({
    case: initialCase(workspace),
    panes: workspace.contents.map(() => INITIAL_PANE),
  }));
  const [drawings, setDrawings] = useState(NO_DRAWINGS);
  const [running, setRunning] = useState<CaseEngine | null>(null);
  const elements = useRef(new Map<number, HTMLDivElement>());
  const engine = useRef<CaseEngine | null>(null);
  const shownSeries = useRef(activeSeries);
  const active: ViewerState = useMemo(
    () => ({ ...(state.panes[state.case.active] ?? INITIAL_PANE), ...state.case }),
    [state],
  );

  const bars = useBarState(active);

  const noteDrawings = useEffectEvent((next: CaseDrawings) => {
    setDrawings(next);
    props.onDrawingsChange(next);
  });
  const noteLabelmaps = useEffectEvent((labelmaps: readonly StoredLabelmap[]) =>
    props.onLabelmapsChange?.(labelmaps),
  );
  const noteUnkept = useEffectEvent((isUnkept: boolean) => props.onUnkeptChange?.(isUnkept));
  const noteArmed = useEffectEvent((question: string | null) => props.onArmedChange?.(question));
  const noteHabit = useEffectEvent((habit: Habit) => props.onHabit?.(habit));
  const remembersWindows = useEffectEvent(() => props.remembersWindows ?? false);
  const noteView = useEffectEvent((view: ViewState) => props.onViewChange?.(view));
  const noteSlice = useEffectEvent((index: number, frame: number) => props.onSliceShown?.(index, frame));
  const noteSeries = useEffectEvent((index: number) => {
    if (shownSeries.current === index) return;
    shownSeries.current = index;
    props.onSeriesChange(index);
  });
  const noteLoaded = useEffectEvent(() => props.onLoaded?.());
  const create = useEffectEvent(() => {
    return new CaseEngine({
      source: props.source,
      series,
      workspace,
      targets: targets ?? null,
      drawings: props.initialDrawings,
      allowedTools: props.allowedTools ?? null,
      view: props.initialView ?? null,
      habits,
      onHabit: noteHabit,
      remembersWindows,
      onState: setState,
      onDrawings: noteDrawings,
      onLabelmaps: noteLabelmaps,
      onUnkept: noteUnkept,
      onSliceShown: noteSlice,
      onSeries: noteSeries,
      onView: noteView,
      onLoaded: noteLoaded,
    });
  });

  useEffect(() => {
    const started = create();
    engine.current = started;
    setRunning(started);
    return () => {
      engine.current = null;
      setRunning(null);
      started.dispose();
    };
  }, []);

  useEffect(() => engine.current?.hand.setTargets(targets ?? null), [targets]);

  useEffect(() => {
    if (shownSeries.current === activeSeries) return;
    shownSeries.current = activeSeries;
    void engine.current?.panes.showSeries(activeSeries);
  }, [activeSeries]);

  const { drags } = props.habits ?? NO_HABITS;
  useEffect(() => engine.current?.setDrags(drags), [drags]);

  useEffect(() => noteArmed(active.armed), [active.armed]);

  useEffect(() => {
    if (active.status === "ready") engine.current?.lock(isLocked);
  }, [isLocked, active.status]);

  const focusPane = useCallback((place: number) => {
    elements.current.get(place)?.focus({ preventScroll: true });
  }, []);

  const act = useCallback(
    (action: ViewerAction) => {
      const running = engine.current;
      if (!running) return;
      if (action.kind === "help") props.onHelp?.();
      else if (action.kind === "series") {
        const place = series.findIndex((one) => one.index === shownSeries.current);
        const next = series[place + action.delta];
        if (next) props.onSeriesChange(next.index);
      } else if (action.kind === "pane") focusPane(running.panes.neighbor(action.delta));
      else {
        runAction(running, action);
        const habit = habitOf(action, running.caseState);
        if (habit) props.onHabit?.(habit);
      }
    },
    [series, props.onHelp, props.onHabit, props.onSeriesChange, focusPane],
  );

  const pressKey = useCallback(
    (press: KeyPress): boolean => {
      const action = keys.viewerAction(press);
      if (action) act(action);
      return action !== null;
    },
    [act, keys],
  );

  useImperativeHandle(
    props.ref,
    () => ({
      focus: () => focusPane(engine.current?.panes.activePlace ?? workspace.active),
      pressKey,
      show: (index, frame) => {
        engine.current?.panes.showSlice(index, frame);
      },
      select: (uuid, index, frame) => engine.current?.select(uuid, index, frame),
      write: (uuid) => engine.current?.startWriting(uuid),
      arm: (question) => engine.current?.hand.arm(question),
      removeDrawing: (uuid) => engine.current?.removeDrawing(uuid),
      rateMark: (uuid, rating) => engine.current?.rateMark(uuid, rating),
      chooseSegment: (id) => engine.current?.desk.choose(id),
      nameSegment: (id, words) => engine.current?.desk.name(id, words),
      toggleSegment: (id) => engine.current?.painted.toggleVisible(id),
      removeSegment: (id) => engine.current?.desk.remove(id),
      settle: async () => engine.current?.settle(),
      telemetry: () => engine.current?.telemetry() ?? null,
    }),
    [pressKey, focusPane, workspace],
  );

  const { onSegmentDone } = props;
  const finishSegment = useCallback(() => {
    const running = engine.current;
    running?.desk.keep();
    if (running?.painted.active != null) onSegmentDone?.(running.painted.active);
  }, [onSegmentDone]);
  const setCineSpeed = useCallback((speed: number) => engine.current?.setCineSpeed(speed), []);
  const showPaint = useCallback((change: Partial<PaintState>) => engine.current?.showPaint(change), []);
  const focusActive = useCallback(() => focusPane(engine.current?.panes.activePlace ?? 0), [focusPane]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Buttons over the image keep the keys that press them.
    const isPressing = event.key === "Enter" || event.key === " ";
    if (isPressing && event.target instanceof Element && event.target.closest("button")) return;
    const isDone = event.key === "Enter" && engine.current?.hand.paintTool != null;
    if (isDone) finishSegment();
    else if (!pressKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const shownInfo = series.find(({ index }) => index === active.series);
  const shownPanes = state.panes.filter(({ status }) => status !== "empty");
  // The first image is not to be delayed by small ones of other series.
  const [isStarted, setStarted] = useState(false);
  if (!isStarted && (active.status === "empty" || state.panes.some(isSettled))) setStarted(true);
  useEffect(() => {
    const timer = setTimeout(() => setStarted(true), LONGEST_WAIT_MS);
    return () => clearTimeout(timer);
  }, []);
  const noteStarted = useEffectEvent(() => props.onStarted?.());
  useEffect(() => {
    if (isStarted) noteStarted();
  }, [isStarted]);
  const hasImage = active.status === "empty" || isSettled(active);
  const noteImage = useEffectEvent(() => props.onImage?.());
  useEffect(() => {
    if (hasImage) noteImage();
  }, [hasImage]);
  const hasBars = isStarted || !props.isImageFirst;
  const titleOf = (index: number) => series.find((one) => one.index === index)?.title ?? "";
  const { layout, maximized, writing, tool } = state.case;
  const hasBrush = isPaintTool(tool) && tool !== "grow" && !isLocked;
  const noted = drawings.annotations.find(({ uuid }) => uuid === writing);
  const written =
    writing === null ? null : { uuid: writing, text: noted?.text ?? "", label: writingLabel(noted) };
  return (
    <div className={styles.viewer}>
      {!hasBars && <div className={styles.toolbar} />}
      {hasBars && (
        <ViewerToolbar
          state={bars}
          targets={targets ?? NO_TARGETS}
          isLocked={isLocked}
          onAction={act}
          allowedTools={props.allowedTools ?? null}
          onCineSpeed={setCineSpeed}
          series={shownInfo}
        />
      )}
      {(targets ?? NO_TARGETS).some(({ tool }) => tool === "paint") && (
        <PaintBar
          state={bars}
          paint={active.paint}
          desk={running?.desk ?? null}
          isLocked={isLocked}
          onAction={act}
          onPaint={showPaint}
          onKeep={finishSegment}
          onLeave={focusActive}
        />
      )}
      <div className={styles.workbench}>
        {series.length > 1 && (
          <Thumbnails
            series={series}
            engine={isStarted ? running : null}
            shown={new Set(shownPanes.map((pane) => pane.series))}
            active={active.status === "empty" ? null : active.series}
            onChoose={(index) => void running?.panes.showSeries(index)}
          />
        )}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: keys come from the panes, which have the focus */}
        <div
          className={styles.panes}
          style={{
            gridTemplateColumns: `repeat(${layout.columns}, minmax(0, 1fr))`,
            gridTemplateRows: `repeat(${layout.rows}, minmax(0, 1fr))`,
          }}
          onKeyDown={onKeyDown}
          data-layout={`${layout.rows}x${layout.columns}`}
        >
          {Array.from({ length: paneCount(layout) }, (_, place) => (
            <PaneView
              // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
              key={place}
              ref={(element) => {
                if (element) elements.current.set(place, element);
                return () => void elements.current.delete(place);
              }}
              place={place}
              engine={running}
              state={state.panes[place] ?? INITIAL_PANE}
              title={titleOf(state.panes[place]?.series ?? 0)}
              hint={place === state.case.active ? state.case.hint : null}
              isActive={place === state.case.active}
              isCrosshair={state.case.isCrosshair}
              overlay={
                <>
                  {running && props.overlays && (
                    <ModelOverlayView
                      engine={running}
                      overlays={props.overlays}
                      state={state.panes[place] ?? INITIAL_PANE}
                    />
                  )}
                  {running && (
                    <MaskOverlay
                      engine={running}
                      state={state.panes[place] ?? INITIAL_PANE}
                      paint={state.case.paint}
                      hasBrush={hasBrush && place === state.case.active}
                    />
                  )}
                  {running && (
                    <MaskLayersView
                      engine={running}
                      layers={props.maskLayers ?? NO_LAYERS}
                      state={state.panes[place] ?? INITIAL_PANE}
                    />
                  )}
                  <PaneLines
                    state={state.panes[place] ?? INITIAL_PANE}
                    activeSlice={place !== state.case.active && state.case.hasLines ? active.geometry : null}
                    crosshair={state.case.isCrosshair ? state.case.crosshair : null}
                  />
                </>
              }
              isOneOfMany={paneCount(layout) > 1}
              isMaximized={place === maximized}
              row={Math.floor(place / layout.columns) + 1}
              column={(place % layout.columns) + 1}
              isHidden={maximized !== null && place !== maximized}
              caseData={{ "data-tool": state.case.tool, "data-armed": state.case.armed ?? undefined }}
            >
              {place === state.case.active && (
                <DrawingSummary drawings={drawings} targets={targets ?? NO_TARGETS} />
              )}
              {place === state.case.active && written !== null && (
                <NoteEditor
                  key={written.uuid}
                  label={written.label}
                  text={written.text}
                  onType={(text) => running?.typeText(text)}
                  onDone={(text) => {
                    running?.finishWriting(text);
                    focusPane(place);
                  }}
                />
              )}
              {running && state.case.tool === "probe" && (
                <ProbeLabel
                  engine={running}
                  place={place}
                  isReformatted={state.panes[place]?.kind === "mpr"}
                />
              )}
            </PaneView>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Whether a pane has drawn its image, or cannot. */
function isSettled({ status, slice, targetSlice, failedFrames }: PaneState): boolean {
  return status === "failed" || (status === "ready" && (slice > 0 || failedFrames.includes(targetSlice)));
}

const writingLabel = (noted: Annotation | undefined): string =>
  noted?.tool === "arrow" ? "Label of the arrow" : "Note";
