import {
  type FocusEvent,
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { DrawingSummary } from "./DrawingSummary";
import { INITIAL_STATE } from "./initial-state";
import { type KeyPress, type ViewerAction, viewerAction } from "./keymap";
import { runAction } from "./run-action";
import { StackEngine } from "./stack-engine";
import type {
  CaseDrawings,
  DrawingTarget,
  ImageSource,
  StoredDrawings,
  ViewerSeries,
  ViewerTelemetry,
  ViewState,
} from "./types";
import { ViewerOverlay } from "./ViewerOverlay";
import { ViewerToolbar } from "./ViewerToolbar";
import styles from "./viewer.module.css";

export interface ViewerHandle {
  focus(): void;
  /** Do what a key means here; false when it means nothing. */
  pressKey(press: KeyPress): boolean;
  /** Show the slice of a drawing, or any other; `frame` is 1-based. */
  show(series: number, frame: number): void;
  /** Take up the tool of a question; once more lays it down. */
  arm(question: string): void;
  removeDrawing(uuid: string): void;
  rateMark(uuid: string, rating: string | number | null): void;
  /** How the viewer was used so far. */
  telemetry(): ViewerTelemetry | null;
}

export interface StackViewerProps {
  ref?: Ref<ViewerHandle>;
  source: ImageSource;
  series: readonly ViewerSeries[];
  /** Index of the series on the screen. */
  activeSeries: number;
  /** Questions that are answered by drawing; without them what was drawn is shown, and no mark or outline is added. */
  targets?: readonly DrawingTarget[];
  /** Drawings kept with the draft, drawn as soon as their series is known. */
  initialDrawings: StoredDrawings;
  /** How the images stood when the reader left them. */
  initialView?: ViewState | null;
  isLocked?: boolean;
  onSeriesChange: (series: number) => void;
  onDrawingsChange: (drawings: CaseDrawings) => void;
  /** The question that is drawn for now. */
  onArmedChange?: (question: string | null) => void;
  /** The view came to rest. */
  onViewChange?: (view: ViewState) => void;
  onSliceShown?: (series: number, frame: number) => void;
  onHelp?: () => void;
}

const NO_TARGETS: readonly DrawingTarget[] = [];
const NO_DRAWINGS: CaseDrawings = { measurements: [], marks: [], contours: [] };

/**
 * A stack of slices to scroll, window, zoom and measure. One case for its whole life: give a new `key` for a new case.
 *
 * `data-rendered`, `data-series`, `data-slice`, `data-window`, `data-loaded` and `data-image-rect` (left, top,
 * width, height of the image in CSS pixels), `data-tool` and `data-armed` tell what is on the screen.
 */
export function StackViewer(props: StackViewerProps) {
  const { activeSeries, isLocked = false, series, targets } = props;
  const [state, setState] = useState(INITIAL_STATE);
  const [drawings, setDrawings] = useState(NO_DRAWINGS);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const engine = useRef<StackEngine | null>(null);
  const shownSeries = useRef(activeSeries);

  const noteDrawings = useEffectEvent((next: CaseDrawings) => {
    setDrawings(next);
    props.onDrawingsChange(next);
  });
  const noteArmed = useEffectEvent((question: string | null) => props.onArmedChange?.(question));
  const noteView = useEffectEvent((view: ViewState) => props.onViewChange?.(view));
  const noteSlice = useEffectEvent((index: number, frame: number) => props.onSliceShown?.(index, frame));
  const create = useEffectEvent((element: HTMLDivElement) => {
    return new StackEngine(element, {
      source: props.source,
      series,
      targets: targets ?? null,
      drawings: props.initialDrawings,
      view: props.initialView ?? null,
      onState: setState,
      onDrawings: noteDrawings,
      onSliceShown: noteSlice,
      onView: noteView,
    });
  });

  useEffect(() => {
    if (!canvas.current) return;
    const started = create(canvas.current);
    engine.current = started;
    void started.start(shownSeries.current);
    return () => {
      engine.current = null;
      started.dispose();
    };
  }, []);

  useEffect(() => engine.current?.setTargets(targets ?? null), [targets]);

  useEffect(() => {
    if (shownSeries.current === activeSeries) return;
    shownSeries.current = activeSeries;
    void engine.current?.stage?.showSeries(activeSeries);
  }, [activeSeries]);

  useEffect(() => noteArmed(state.armed), [state.armed]);

  useEffect(() => {
    if (state.status === "ready") engine.current?.lock(isLocked);
  }, [isLocked, state.status]);

  const act = useCallback(
    (action: ViewerAction) => {
      const running = engine.current;
      if (!running) return;
      if (action.kind === "help") props.onHelp?.();
      else if (action.kind === "series") {
        const place = series.findIndex((one) => one.index === shownSeries.current);
        const next = series[place + action.delta];
        if (next) props.onSeriesChange(next.index);
      } else runAction(running, action);
    },
    [series, props.onHelp, props.onSeriesChange],
  );

  const pressKey = useCallback(
    (press: KeyPress): boolean => {
      const action = viewerAction(press);
      if (action) act(action);
      return action !== null;
    },
    [act],
  );

  useImperativeHandle(
    props.ref,
    () => ({
      focus: () => stage.current?.focus({ preventScroll: true }),
      pressKey,
      show: (index, frame) => {
        const stage = engine.current?.stage;
        if (index === shownSeries.current) stage?.scrollTo(frame);
        else {
          shownSeries.current = index;
          props.onSeriesChange(index);
          void stage?.showSeries(index, frame);
        }
      },
      arm: (question) => engine.current?.arm(question),
      removeDrawing: (uuid) => engine.current?.removeDrawing(uuid),
      rateMark: (uuid, rating) => engine.current?.rateMark(uuid, rating),
      telemetry: () => engine.current?.telemetry() ?? null,
    }),
    [pressKey, props.onSeriesChange],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (!pressKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const title = series.find((one) => one.index === state.series)?.title ?? "";
  const rect = state.imageRect;
  return (
    <div className={styles.viewer}>
      <ViewerToolbar state={state} targets={targets ?? NO_TARGETS} isLocked={isLocked} onAction={act} />
      <div
        ref={stage}
        className={styles.stage}
        role="application"
        aria-label={`Images, ${title}, slice ${state.slice} of ${state.slices}. Press ? for keys.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the viewer need its focus
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={keepFocusOnStage}
        onMouseDownCapture={(event) => {
          // While a slice loads the last one is on the screen, and a drawing would belong to the other.
          const isLoading = state.slice !== state.targetSlice;
          if (isLoading || (event.button === 0 && engine.current?.refusesDrawing())) event.stopPropagation();
        }}
        onContextMenu={(event) => event.preventDefault()}
        data-viewer
        data-rendered={state.status === "ready" && state.slice > 0}
        data-series={state.series}
        data-slice={state.slice}
        data-window={state.window ? `${state.window.center}/${state.window.width}` : undefined}
        data-tool={state.tool}
        data-armed={state.armed ?? undefined}
        data-loaded={`${state.loadedFrames}/${state.slices}`}
        data-image-rect={rect ? [rect.left, rect.top, rect.width, rect.height].join(",") : undefined}
      >
        <div ref={canvas} className={styles.canvas} data-viewer-canvas />
        <ViewerOverlay
          state={state}
          title={title}
          onRetryFrame={(frame) => void engine.current?.stage?.retryFrame(frame)}
          onRetrySeries={() => void engine.current?.stage?.showSeries(state.series)}
        />
        <DrawingSummary drawings={drawings} targets={targets ?? NO_TARGETS} />
      </div>
    </div>
  );
}

/** The library swallows every key while its own element has the focus, Tab included. */
function keepFocusOnStage(event: FocusEvent<HTMLDivElement>): void {
  const isInner = event.target instanceof Element && event.target.matches("[data-viewer-canvas]");
  if (isInner) event.currentTarget.focus({ preventScroll: true });
}
