import { useEffect, useRef, useSyncExternalStore } from "react";
import type { CaseEngine } from "./case-engine";
import { HEAT_COLORS, REGION_COLORS } from "./heat-colors";
import { paintSlice } from "./mask-picture";
import type { ModelOverlay, ModelOverlays } from "./model-overlays";
import styles from "./paint.module.css";
import type { PaneState } from "./types";

interface ModelOverlayViewProps {
  engine: CaseEngine;
  overlays: ModelOverlays;
  state: PaneState;
}

/** What a model shows on the slice of a pane, over its image and below what the reader drew. */
export function ModelOverlayView({ engine, overlays, state }: ModelOverlayViewProps) {
  const shown = useSyncExternalStore(overlays.subscribe, overlays.snapshot);
  if (shown.areHidden) return null;
  // A region lies on top of a map.
  return shown.overlays
    .filter(({ series, voxels, look }) => series === state.series && voxels !== null && look.isShown)
    .toSorted((a, b) => Number(a.kind === "mask") - Number(b.kind === "mask"))
    .map((one) => <OverlayCanvas key={one.name} engine={engine} overlay={one} state={state} />);
}

interface OverlayCanvasProps {
  engine: CaseEngine;
  overlay: ModelOverlay;
  state: PaneState;
}

function OverlayCanvas({ engine, overlay, state }: OverlayCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { name, kind, series, shape, voxels, look } = overlay;
  const { slice, geometry, placement, kind: paneKind } = state;
  const isFilled = kind === "heat" || look.isFilled;

  useEffect(() => {
    const shown = canvas.current;
    if (!shown) return;
    const request = requestAnimationFrame(() => {
      const place = paneKind === "stack" ? slice : geometry;
      const labels =
        voxels && slice > 0 && place !== null && engine.labelsOn(series, { labels: voxels, shape }, place);
      const colors = kind === "heat" ? HEAT_COLORS : REGION_COLORS;
      const isWhole = labels && geometry && labels.length === geometry.rows * geometry.columns;
      const picture = isWhole && placement ? { labels, geometry, placement, colors } : null;
      paintSlice(shown, picture, { opacity: isFilled ? 1 : 0, hasOutline: kind === "mask" });
      shown.dataset.painted = picture ? String(slice) : "";
    });
    return () => cancelAnimationFrame(request);
  }, [engine, series, shape, voxels, kind, slice, geometry, placement, paneKind, isFilled]);

  return (
    <canvas
      ref={canvas}
      className={styles.masks}
      style={{ opacity: look.opacity }}
      data-overlay-canvas={name}
      aria-hidden
    />
  );
}
