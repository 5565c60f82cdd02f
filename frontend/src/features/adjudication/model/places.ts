import type { OpenItem, Original } from "../api/item";

/** A slice on which a reading has drawn. */
export interface DrawnPlace {
  question: string;
  label: string;
  series: number;
  frame: number;
}

/**
 * Where a reading has drawn: each question's slices once, in the order of the form and of the slices, and then those of
 * what it measured beside the form.
 */
export function placesOf(item: OpenItem, letter: string | null): DrawnPlace[] {
  const original = item.originals.find((one) => one.letter === letter);
  if (!original) return [];
  const annotations = original.annotations.map((one) => ({ ...one, question: "" }));
  const drawn = [...original.marks, ...original.contours, ...original.measurements, ...annotations];
  const named = [...item.form.questions, { key: "", label: "Measured" }];
  return named.flatMap(({ key, label }) => {
    const own = drawn.filter(({ question }) => question === key);
    const slices = new Map(own.map((one) => [`${one.series}/${one.frame}`, one]));
    return [...slices.values()]
      .sort((a, b) => a.series - b.series || a.frame - b.frame)
      .map(({ series, frame }) => ({ question: key, label, series, frame }));
  });
}

/** Whether a reading has anything to lay on the images but painted masks. */
export const hasDrawings = ({ marks, contours, measurements, annotations }: Original): boolean =>
  marks.length + contours.length + measurements.length + annotations.length > 0;
