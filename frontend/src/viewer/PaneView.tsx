import { type FocusEvent, type MouseEvent, type ReactNode, type Ref, useEffect, useRef } from "react";
import type { CaseEngine } from "./case-engine";
import { followStroke } from "./paint-gesture";
import { DRAGGED_SERIES } from "./Thumbnails";
import type { PaneState } from "./types";
import { ViewerOverlay } from "./ViewerOverlay";
import styles from "./viewer.module.css";

interface PaneViewProps {
  ref: Ref<HTMLDivElement>;
  place: number;
  /** Null until there is one. */
  engine: CaseEngine | null;
  state: PaneState;
  title: string;
  /** Why the last drawing was not taken, on the pane that it concerns. */
  hint: string | null;
  isActive: boolean;
  /** Whether a click shows its place in every pane. */
  isCrosshair: boolean;
  /** One of several. */
  isOneOfMany: boolean;
  isMaximized: boolean;
  /** In the grid of panes, from 1. */
  row: number;
  column: number;
  /** Behind a maximized pane. */
  isHidden: boolean;
  /** Attributes that tell of the case, on the active pane. */
  caseData: Record<`data-${string}`, string | undefined>;
  /** Over the image, below the words. */
  overlay?: ReactNode;
  children?: ReactNode;
}

/** One image of the workspace with what is written over it. Being focused makes it the active one. */
export function PaneView(props: PaneViewProps) {
  const { place, engine, state, title, isActive } = props;
  const canvas = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (engine && canvas.current) return engine.attach(place, canvas.current);
  }, [engine, place]);

  const rect = state.imageRect;
  const stage = () => engine?.paneStage(place);
  /** The crosshair has the left button: tools do not see it. */
  const point = (event: MouseEvent<HTMLDivElement>) => {
    event.stopPropagation();
    const { left, top } = event.currentTarget.getBoundingClientRect();
    engine?.panes.pointTo(event.clientX - left, event.clientY - top);
  };
  const name =
    state.status === "empty" ? "Empty pane" : `Images, ${title}, slice ${state.slice} of ${state.slices}`;
  return (
    <div
      ref={props.ref}
      className={styles.stage}
      style={{ gridArea: props.isMaximized ? "1 / 1 / -1 / -1" : `${props.row} / ${props.column}` }}
      role="application"
      aria-label={`${name}. Press ? for keys.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the viewer need its focus
      tabIndex={0}
      onFocus={(event) => {
        keepFocusOnStage(event);
        engine?.panes.activate(place);
      }}
      onWheelCapture={() => engine?.panes.activate(place)}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(DRAGGED_SERIES)) event.preventDefault();
      }}
      onDrop={(event) => {
        const dropped = event.dataTransfer.getData(DRAGGED_SERIES);
        if (dropped === "") return;
        event.preventDefault();
        void engine?.panes.showSeries(Number(dropped), undefined, place);
        engine?.panes.activate(place);
      }}
      onMouseMoveCapture={(event) => {
        if (props.isCrosshair && event.buttons === 1) point(event);
      }}
      onMouseDownCapture={(event) => {
        engine?.panes.activate(place);
        if (props.isCrosshair && event.button === 0) {
          point(event);
          event.currentTarget.focus({ preventScroll: true });
          return;
        }
        // While a slice loads the last one is on the screen, and a drawing would belong to the other.
        const isLoading = state.slice !== state.targetSlice;
        if (isLoading || (event.button === 0 && engine?.hand.refusesDrawing())) event.stopPropagation();
        else if (event.button === 0 && engine?.hand.paintTool && isOnImage(event)) {
          event.stopPropagation();
          event.currentTarget.focus({ preventScroll: true });
          followStroke(engine, event.nativeEvent, event.currentTarget);
        }
      }}
      onDoubleClick={() => {
        if (!engine?.hand.paintTool) engine?.panes.toggleMaximized(place);
      }}
      onContextMenu={(event) => event.preventDefault()}
      data-pane={place}
      data-active={(isActive && props.isOneOfMany) || undefined}
      data-maximized={props.isMaximized || undefined}
      data-hidden={props.isHidden || undefined}
      data-viewer={isActive || undefined}
      data-pane-idle={!isActive || undefined}
      data-status={state.status}
      data-kind={state.kind}
      data-plane={state.plane ?? undefined}
      data-rendered={state.status === "ready" && state.slice > 0}
      data-series={state.series}
      data-slice={state.slice}
      data-window={state.window ? `${state.window.center}/${state.window.width}` : undefined}
      data-loaded={`${state.loadedFrames}/${state.slices}`}
      data-image-rect={rect ? [rect.left, rect.top, rect.width, rect.height].join(",") : undefined}
      {...(isActive ? props.caseData : undefined)}
    >
      <div ref={canvas} className={styles.canvas} data-viewer-canvas />
      {props.overlay}
      <ViewerOverlay
        state={{ ...state, hint: props.hint }}
        title={title}
        onRetryFrame={(frame) => void stage()?.retryFrame(frame)}
        onRetrySeries={() => void stage()?.showSeries(state.series)}
        onShowTaken={() => void engine?.panes.showPlane(null, place)}
      />
      {props.children}
    </div>
  );
}

/** Whether a press is on the image, and not on something to be pressed or filled over it. */
function isOnImage({ target }: MouseEvent<HTMLDivElement>): boolean {
  return !(target instanceof Element && target.closest("button, input, select, textarea, form"));
}

/** The library swallows every key while its own element has the focus, Tab included. */
function keepFocusOnStage(event: FocusEvent<HTMLDivElement>): void {
  const isInner = event.target instanceof Element && event.target.matches("[data-viewer-canvas]");
  if (isInner) event.currentTarget.focus({ preventScroll: true });
}
