import { useEffect, useRef, useSyncExternalStore } from "react";
import type { CaseEngine } from "./case-engine";
import { paintSlice } from "./mask-picture";
import styles from "./paint.module.css";
import { segmentColor } from "./segmentation/colors";
import type { PaintState, PaneState } from "./types";

interface MaskOverlayProps {
  engine: CaseEngine;
  state: PaneState;
  paint: PaintState;
  /** Whether the brush, or something of its size, is in hand on this pane. */
  hasBrush: boolean;
}

/** What is painted on the slice of a pane, over its image, and the brush under the mouse. */
export function MaskOverlay({ engine, state, paint, hasBrush }: MaskOverlayProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { painted } = engine;
  const version = useSyncExternalStore(painted.subscribe, () => painted.version);
  const { series, slice, geometry, placement, kind } = state;
  const { opacity, hasOutline } = paint;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version tells that the labels have changed
  useEffect(() => {
    const shown = canvas.current;
    if (!shown) return;
    const request = requestAnimationFrame(() => {
      const painting = slice > 0 ? painted.peek(series) : null;
      const segments = painting?.segments.filter((one) => painted.isVisible(series, one)) ?? [];
      // A stroke under way may paint a segment that is not there yet.
      const values = painting ? [...segments.map(({ value }) => value), painting.freeValue() ?? 0] : [];
      const labels = geometry && painted.labelsOn(series, kind === "stack" ? slice : geometry);
      const colors = new Map(
        values.filter((value) => value > 0).map((value) => [value, segmentColor(value)]),
      );
      const picture = labels && geometry && placement ? { labels, geometry, placement, colors } : null;
      paintSlice(shown, picture, { opacity, hasOutline });
      shown.dataset.maskCanvas = String(segments.length);
    });
    return () => cancelAnimationFrame(request);
  }, [painted, version, series, slice, geometry, placement, kind, opacity, hasOutline]);

  return (
    <>
      <canvas ref={canvas} className={styles.masks} data-mask-canvas aria-hidden />
      {hasBrush && state.mmPerPixel !== null && <BrushRing radiusPx={paint.brushMm / 2 / state.mmPerPixel} />}
    </>
  );
}

/** The size of the brush under the mouse. */
function BrushRing({ radiusPx }: { radiusPx: number }) {
  const ring = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shown = ring.current;
    const pane = shown?.closest<HTMLElement>("[data-pane]");
    if (!shown || !pane) return;
    const onMove = (event: PointerEvent) => {
      const at = pane.getBoundingClientRect();
      shown.style.transform = `translate(${event.clientX - at.left}px, ${event.clientY - at.top}px)`;
      shown.hidden = false;
    };
    const onLeave = () => {
      shown.hidden = true;
    };
    pane.addEventListener("pointermove", onMove);
    pane.addEventListener("pointerleave", onLeave);
    return () => {
      pane.removeEventListener("pointermove", onMove);
      pane.removeEventListener("pointerleave", onLeave);
    };
  }, []);
  const size = { width: 2 * radiusPx, height: 2 * radiusPx, margin: `${-radiusPx}px 0 0 ${-radiusPx}px` };
  return <div ref={ring} className={styles.brushRing} style={size} hidden aria-hidden />;
}
