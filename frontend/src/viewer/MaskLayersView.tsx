import { useEffect, useRef } from "react";
import type { CaseEngine } from "./case-engine";
import { paintSlice } from "./mask-picture";
import styles from "./paint.module.css";
import type { Shape } from "./segmentation/box";
import type { PaneState } from "./types";

/** A mask that is looked at and not changed. */
export interface MaskLayer {
  id: string;
  series: number;
  shape: Shape;
  /** A byte a voxel, slice by slice. */
  labels: Uint8Array;
  /** Of the labels that are shown. */
  colors: ReadonlyMap<number, string>;
  /** Of the areas, 0 to 1. */
  opacity: number;
  hasOutline: boolean;
}

interface MaskLayersProps {
  engine: CaseEngine;
  layers: readonly MaskLayer[];
  state: PaneState;
}

/** Masks on the slice of a pane, over its image, the first of them lowest. */
export function MaskLayersView({ engine, layers, state }: MaskLayersProps) {
  return layers
    .filter(({ series }) => series === state.series)
    .map((layer) => <LayerCanvas key={layer.id} engine={engine} layer={layer} state={state} />);
}

function LayerCanvas({ engine, layer, state }: { engine: CaseEngine; layer: MaskLayer; state: PaneState }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { slice, geometry, placement, kind } = state;

  useEffect(() => {
    const shown = canvas.current;
    if (!shown) return;
    const request = requestAnimationFrame(() => {
      const { series, colors, opacity, hasOutline } = layer;
      const place = kind === "stack" ? slice : geometry;
      const labels = slice > 0 && place !== null ? engine.labelsOn(series, layer, place) : null;
      const isWhole = labels && geometry && labels.length === geometry.rows * geometry.columns;
      const picture = isWhole && placement ? { labels, geometry, placement, colors } : null;
      paintSlice(shown, picture, { opacity, hasOutline });
      shown.dataset.painted = picture ? String(slice) : "";
    });
    return () => cancelAnimationFrame(request);
  }, [engine, layer, slice, geometry, placement, kind]);

  return <canvas ref={canvas} className={styles.masks} data-mask-layer={layer.id} aria-hidden />;
}
