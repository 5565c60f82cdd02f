import { segmentWords } from "../shared/forms/segment-words";
import { annotationWords } from "./measuring/words";
import type { CaseDrawings, DrawingTarget } from "./types";
import styles from "./viewer.module.css";

interface DrawingSummaryProps {
  drawings: CaseDrawings;
  targets: readonly DrawingTarget[];
}

/** What is drawn on the images, in words: the picture has no other text. */
export function DrawingSummary({ drawings, targets }: DrawingSummaryProps) {
  const label = (question: string) => targets.find((one) => one.question === question)?.label ?? question;
  return (
    <>
      <ul className={styles.srOnly} aria-label="Measurements">
        {drawings.measurements.map((one) => (
          <li key={one.uuid} data-measurement={one.uuid}>
            Slice {one.frame}: long axis {one.long_axis_mm.toFixed(1)} mm, short axis{" "}
            {one.short_axis_mm.toFixed(1)} mm
          </li>
        ))}
      </ul>
      <ul className={styles.srOnly} aria-label="Marks and outlines">
        {drawings.marks.map((one) => (
          <li key={one.uuid} data-mark={one.uuid}>
            {label(one.question)}: mark on slice {one.frame}
          </li>
        ))}
        {drawings.contours.map((one) => (
          <li key={one.uuid} data-contour={one.uuid} data-frame={one.frame}>
            {label(one.question)}: outline on slice {one.frame}, {one.area_mm2.toFixed(0)} mm²
          </li>
        ))}
      </ul>
      <ul className={styles.srOnly} aria-label="Painted segments">
        {(drawings.segments ?? []).map((one, place) => (
          <li key={one.painted?.id ?? place} data-segment-summary={one.painted?.id}>
            {label(one.question)}: {segmentWords(one)}
          </li>
        ))}
      </ul>
      <ul className={styles.srOnly} aria-label="Annotations">
        {drawings.annotations.map((one) => (
          <li key={one.uuid} data-annotation={one.uuid}>
            Slice {one.frame}: {annotationWords(one)}
          </li>
        ))}
      </ul>
    </>
  );
}
