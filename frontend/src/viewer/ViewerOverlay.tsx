import { Button } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { scaleBar } from "./scale-bar";
import { positionText, thicknessText } from "./slice-words";
import type { MprPlane, OrientationLetters, PaneState } from "./types";
import styles from "./viewer.module.css";
import { formatWindowValue } from "./window";

interface OverlayProps {
  state: PaneState & { hint: string | null };
  title: string;
  onRetryFrame: (frame: number) => void;
  onRetrySeries: () => void;
  /** Show the series as it was taken, where it cannot be shown in another plane. */
  onShowTaken: () => void;
}

/** What is written over the image: never a name, never a date. */
export function ViewerOverlay(props: OverlayProps) {
  const { state, title, onRetryFrame, onRetrySeries, onShowTaken } = props;
  const hasFailed = state.failedFrames.includes(state.targetSlice) && state.slice !== state.targetSlice;
  return (
    <>
      <Words state={state} title={title} />
      {state.slices > 1 && <Track state={state} />}
      {state.slice > 0 && !state.canMeasure && (
        <div className={styles.notice}>This series has no pixel spacing: nothing can be measured on it.</div>
      )}
      {state.hint !== null && (
        <div className={styles.notice} role="status" data-hint>
          {state.hint}
        </div>
      )}
      {state.status === "failed" && (
        <div className={styles.cover} role="alert">
          <span>{state.errorText}</span>
          {state.canRetry && (
            <Button variant="default" onClick={onRetrySeries}>
              Try again
            </Button>
          )}
          {!state.canRetry && state.kind === "mpr" && (
            <Button variant="default" onClick={onShowTaken}>
              Show it as it was taken
            </Button>
          )}
        </div>
      )}
      {state.status !== "failed" && hasFailed && (
        <div className={styles.cover} role="alert">
          <span>Slice {state.targetSlice} could not be loaded.</span>
          <Button variant="default" onClick={() => onRetryFrame(state.targetSlice)}>
            Load it again
          </Button>
        </div>
      )}
      {state.status === "empty" && <div className={styles.cover}>{state.errorText}</div>}
      {state.status === "loading" && state.slice === 0 && !hasFailed && (
        <div className={styles.cover} role="status">
          Loading images…
        </div>
      )}
    </>
  );
}

const PLANE_LABELS: Readonly<Record<MprPlane, string>> = {
  acquired: "Reformatted",
  axial: "Axial plane",
  sagittal: "Sagittal plane",
  coronal: "Coronal plane",
};

/** What is written at the edges, as large as the pane has room for. */
function Words({ state, title }: { state: PaneState; title: string }) {
  const { ref, width } = useElementSize();
  return (
    <div ref={ref} className={styles.words} data-words>
      {state.slice > 0 && <Corners state={state} title={title} paneWidth={width} />}
      {state.letters && <Letters letters={state.letters} />}
    </div>
  );
}

/** The scale bar leaves the middle of the edge to the letter. */
const longestBar = (paneWidth: number): number => Math.max(48, Math.min(160, 0.3 * paneWidth));

interface CornersProps {
  state: PaneState;
  title: string;
  /** In CSS pixels. */
  paneWidth: number;
}

function Corners({ state, title, paneWidth }: CornersProps) {
  const bar = state.mmPerPixel === null ? null : scaleBar(state.mmPerPixel, longestBar(paneWidth));
  const { window } = state;
  const thickness = state.geometry && thicknessText(state.geometry, state.stepMm);
  const isWaiting = state.targetSlice !== state.slice && state.targetSlice > 0;
  const isIncomplete =
    state.kind === "stack" && state.loadedFrames < state.slices && state.failedFrames.length === 0;
  return (
    <>
      <div className={`${styles.overlay} ${styles.topLeft}`}>
        <div className={styles.title}>{title}</div>
        {state.plane !== null && <div>{PLANE_LABELS[state.plane]}</div>}
        <div className={styles.dim}>
          <span>{`Slice ${state.slice} / ${state.slices}${isWaiting || state.geometry ? " · " : ""}`}</span>
          {isWaiting && <span>{`loading ${state.targetSlice}…`}</span>}
          {!isWaiting && state.geometry && <span>{positionText(state.geometry)}</span>}
        </div>
        {thickness !== null && <div className={styles.dim}>{thickness}</div>}
      </div>
      <div className={`${styles.overlay} ${styles.bottomLeft}`}>
        {isIncomplete && (
          <div className={styles.dim}>
            Loading {state.loadedFrames} / {state.slices}
          </div>
        )}
        {state.failedFrames.length > 0 && (
          <div>
            {state.failedFrames.length === 1 ? "1 slice" : `${state.failedFrames.length} slices`} not loaded
          </div>
        )}
        {window && (
          <div className={styles.dim}>
            <span>{`C ${formatWindowValue(window.center, window.width)} · `}</span>
            <span>{`W ${formatWindowValue(window.width, window.width)}`}</span>
            {state.isInverted && <span>{" · inverted"}</span>}
          </div>
        )}
      </div>
      {bar && (
        <div className={`${styles.overlay} ${styles.bottomRight}`} style={{ right: 22 }}>
          <span className={styles.scale} style={{ width: bar.pixels }} data-scale-bar />
          <div className={styles.dim}>{bar.mm >= 10 ? `${bar.mm / 10} cm` : `${bar.mm} mm`}</div>
        </div>
      )}
    </>
  );
}

function Letters({ letters }: { letters: OrientationLetters }) {
  return (
    <div
      role="img"
      aria-label={`Left edge ${letters.left}, right ${letters.right}, top ${letters.top}, bottom ${letters.bottom}`}
    >
      <span className={`${styles.overlay} ${styles.letter} ${styles.letterTop}`} data-edge="top">
        {letters.top}
      </span>
      <span className={`${styles.overlay} ${styles.letter} ${styles.letterBottom}`} data-edge="bottom">
        {letters.bottom}
      </span>
      <span className={`${styles.overlay} ${styles.letter} ${styles.letterLeft}`} data-edge="left">
        {letters.left}
      </span>
      <span className={`${styles.overlay} ${styles.letter} ${styles.letterRight}`} data-edge="right">
        {letters.right}
      </span>
    </div>
  );
}

function Track({ state }: { state: PaneState }) {
  const place = (state.targetSlice - 1) / (state.slices - 1);
  return (
    <div className={styles.track} aria-hidden>
      <div
        className={styles.trackLoaded}
        style={{ height: `${state.kind === "mpr" ? 100 : (100 * state.loadedFrames) / state.slices}%` }}
      />
      <div className={styles.trackThumb} style={{ top: `calc(${place * 100}% - ${place * 3}px)` }} />
    </div>
  );
}
