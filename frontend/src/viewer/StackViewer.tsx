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
import { type KeyPress, type ViewerAction, viewerAction } from "./keymap";
import { runAction } from "./run-action";
import { INITIAL_STATE, StackEngine } from "./stack-engine";
import type { BidirectionalMeasurement, ImageSource, ViewerSeries } from "./types";
import { ViewerOverlay } from "./ViewerOverlay";
import { ViewerToolbar } from "./ViewerToolbar";
import styles from "./viewer.module.css";

export interface ViewerHandle {
  focus(): void;
  /** Do what a key means here; false when it means nothing. */
  pressKey(press: KeyPress): boolean;
  /** Show the slice of a measurement, or any other; `frame` is 1-based. */
  show(series: number, frame: number): void;
  removeMeasurement(uuid: string): void;
}

export interface StackViewerProps {
  ref?: Ref<ViewerHandle>;
  source: ImageSource;
  series: readonly ViewerSeries[];
  /** Index of the series on the screen. */
  activeSeries: number;
  /** Stored measurements, drawn when their series is first shown. */
  initialMeasurements: readonly BidirectionalMeasurement[];
  isLocked?: boolean;
  onSeriesChange: (series: number) => void;
  onMeasurementsChange: (measurements: BidirectionalMeasurement[]) => void;
  onSliceShown?: (series: number, frame: number) => void;
  onHelp?: () => void;
}

/**
 * A stack of slices to scroll, window, zoom and measure. One case for its whole life: give a new `key` for a new case.
 *
 * `data-rendered`, `data-series`, `data-slice`, `data-window`, `data-loaded` and `data-image-rect` (left, top,
 * width, height of the image in CSS pixels) tell what is on the screen.
 */
export function StackViewer(props: StackViewerProps) {
  const { activeSeries, isLocked = false, series } = props;
  const [state, setState] = useState(INITIAL_STATE);
  const [measurements, setMeasurements] = useState(props.initialMeasurements);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const engine = useRef<StackEngine | null>(null);
  const shownSeries = useRef(activeSeries);

  const noteMeasurements = useEffectEvent((next: BidirectionalMeasurement[]) => {
    setMeasurements(next);
    props.onMeasurementsChange(next);
  });
  const noteSlice = useEffectEvent((index: number, frame: number) => props.onSliceShown?.(index, frame));
  const create = useEffectEvent((element: HTMLDivElement) => {
    return new StackEngine(element, {
      source: props.source,
      series,
      measurements: props.initialMeasurements,
      onState: setState,
      onMeasurements: noteMeasurements,
      onSliceShown: noteSlice,
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

  useEffect(() => {
    if (shownSeries.current === activeSeries) return;
    shownSeries.current = activeSeries;
    void engine.current?.showSeries(activeSeries);
  }, [activeSeries]);

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
        if (index === shownSeries.current) engine.current?.scrollTo(frame);
        else {
          shownSeries.current = index;
          props.onSeriesChange(index);
          void engine.current?.showSeries(index, frame);
        }
      },
      removeMeasurement: (uuid) => engine.current?.removeMeasurement(uuid),
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
      <ViewerToolbar state={state} isLocked={isLocked} onAction={act} />
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
          if (state.slice !== state.targetSlice) event.stopPropagation();
        }}
        onContextMenu={(event) => event.preventDefault()}
        data-viewer
        data-rendered={state.status === "ready" && state.slice > 0}
        data-series={state.series}
        data-slice={state.slice}
        data-window={state.window ? `${state.window.center}/${state.window.width}` : undefined}
        data-tool={state.tool}
        data-loaded={`${state.loadedFrames}/${state.slices}`}
        data-image-rect={rect ? [rect.left, rect.top, rect.width, rect.height].join(",") : undefined}
      >
        <div ref={canvas} className={styles.canvas} data-viewer-canvas />
        <ViewerOverlay
          state={state}
          title={title}
          onRetryFrame={(frame) => void engine.current?.retryFrame(frame)}
          onRetrySeries={() => void engine.current?.showSeries(state.series)}
        />
        <ul className={styles.srOnly} aria-label="Measurements">
          {measurements.map((one) => (
            <li key={one.uuid} data-measurement={one.uuid}>
              Slice {one.frame}: long axis {one.long_axis_mm.toFixed(1)} mm, short axis{" "}
              {one.short_axis_mm.toFixed(1)} mm
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** The library swallows every key while its own element has the focus, Tab included. */
function keepFocusOnStage(event: FocusEvent<HTMLDivElement>): void {
  const isInner = event.target instanceof Element && event.target.matches("[data-viewer-canvas]");
  if (isInner) event.currentTarget.focus({ preventScroll: true });
}
