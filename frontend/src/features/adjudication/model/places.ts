import type { OpenItem } from "../api/item";

/** A slice on which a reading has drawn. */
export interface DrawnPlace {
  question: string;
  label: string;
  series: number;
  frame: number;
}

/** Where a reading has drawn: each question's slices once, in the order of the form and of the slices. */
export function placesOf(item: OpenItem, letter: string | null): DrawnPlace[] {
  const original = item.originals.find((one) => one.letter === letter);
  if (!original) return [];
  const drawn = [...original.marks, ...original.contours];
  return item.form.questions.flatMap(({ key, label }) => {
    const own = drawn.filter(({ question }) => question === key);
    const slices = new Map(own.map((one) => [`${one.series}/${one.frame}`, one]));
    return [...slices.values()]
      .sort((a, b) => a.series - b.series || a.frame - b.frame)
      .map(({ series, frame }) => ({ question: key, label, series, frame }));
  });
}
