import { useEffect, useRef, useState } from "react";
import type { CaseEngine } from "./case-engine";
import type { ViewerSeries } from "./types";
import styles from "./viewer.module.css";

const SIZE = 72;

/** What a dragged series is called between the strip and a pane. */
export const DRAGGED_SERIES = "application/x-series";

interface ThumbnailsProps {
  series: readonly ViewerSeries[];
  /** Null while the first image is still coming, which nothing may delay. */
  engine: CaseEngine | null;
  /** Series on the screen. */
  shown: ReadonlySet<number>;
  /** The series of the active pane; null when that is empty. */
  active: number | null;
  onChoose: (series: number) => void;
}

/** The series of the case, to click for the active pane or to drag onto any. */
export function Thumbnails({ series, engine, shown, active, onChoose }: ThumbnailsProps) {
  return (
    <fieldset className={styles.strip} aria-label="Series of this case">
      {series.map((one) => (
        <button
          key={one.index}
          type="button"
          className={styles.thumbnail}
          aria-label={`Show ${one.title}, ${one.slices} slices`}
          aria-pressed={one.index === active}
          title={one.title}
          draggable
          onDragStart={(event) => event.dataTransfer.setData(DRAGGED_SERIES, String(one.index))}
          onClick={() => onChoose(one.index)}
          data-thumbnail={one.index}
          data-shown={shown.has(one.index) || undefined}
        >
          <Picture series={one.index} engine={engine} />
          <span className={styles.thumbnailTitle}>{one.title}</span>{" "}
          <span className={styles.thumbnailCount}>{one.slices}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** Painted once it is in sight. */
function Picture({ series, engine }: { series: number; engine: CaseEngine | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    const target = canvas.current;
    if (!target || !engine) return;
    let isGone = false;
    const density = window.devicePixelRatio;
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      void engine.store.thumbnail(series, Math.round(SIZE * density)).then((image) => {
        if (!image || isGone) return;
        target.width = image.width;
        target.height = image.height;
        target.style.width = `${image.width / density}px`;
        target.style.height = `${image.height / density}px`;
        target.getContext("2d")?.putImageData(new ImageData(image.pixels, image.width, image.height), 0, 0);
        setPainted(true);
      });
    });
    observer.observe(target);
    return () => {
      isGone = true;
      observer.disconnect();
    };
  }, [engine, series]);
  return (
    <span className={styles.thumbnailPicture}>
      <canvas ref={canvas} aria-hidden data-painted={isPainted} />
    </span>
  );
}
