import { segmentSize, segmentWords } from "../../../shared/forms/segment-words";
import type { Question } from "../../../shared/forms/types";
import type { MaskLayer } from "../../../viewer/MaskLayersView";
import { segmentColor } from "../../../viewer/segmentation/colors";
import type { OpenItem, Original, ShownLabelmap, ShownSegment } from "../api/item";

/** A segment that a reading has painted, and where it is looked at best. */
export interface PaintedPlace {
  id: string;
  /** The question, its words and sizes. */
  words: string;
  series: number;
  frame: number;
}

/** How masks are shown. */
export interface MaskLook {
  /** Of the areas, 0 to 1. */
  opacity: number;
  hasOutline: boolean;
}

/** The color of everything that a reading has painted. */
export const readingColor = (letter: string): string => segmentColor(letter.charCodeAt(0) - 64);

export const maskId = (letter: string, { question, series }: ShownLabelmap): string =>
  `${letter}/${question}/${series}`;

export const lettersWithMasks = (item: OpenItem): string[] =>
  item.originals.filter(({ labelmaps }) => labelmaps.length > 0).map(({ letter }) => letter);

/** What a reading has painted for a question. */
export const segmentsOf = ({ labelmaps }: Original, question: Question): ShownSegment[] =>
  labelmaps.filter((one) => one.question === question.key).flatMap(({ segments }) => segments);

/** A segment in few words, for a table. */
export function segmentName(segment: ShownSegment, question: Question): string {
  const word = (part: "labels" | "statuses", key: string | null) => {
    const words = question.kind === "mask" ? question[part] : undefined;
    return words?.find((one) => one.key === key)?.label ?? key;
  };
  const name = [word("labels", segment.label), word("statuses", segment.status)];
  const size = segmentSize({ ...segment, question: question.key });
  const borderline = segment.borderline ? "borderline" : null;
  return [...name, size, borderline].filter((one) => one !== null).join(", ");
}

/** The segments of a reading, question by question in the order of the form. */
export function paintedPlaces(item: OpenItem, letter: string): PaintedPlace[] {
  const original = item.originals.find((one) => one.letter === letter);
  return item.form.questions.flatMap((question) =>
    (original?.labelmaps ?? [])
      .filter((one) => one.question === question.key)
      .flatMap((labelmap) =>
        labelmap.segments.map((segment) => ({
          id: `${maskId(letter, labelmap)}/${segment.value}`,
          words: `${question.label}, ${wordsOf(segment, question)}`,
          series: labelmap.series,
          frame: segment.frame ?? segment.slices[Math.floor(segment.slices.length / 2)] ?? 1,
        })),
      ),
  );
}

function wordsOf(segment: ShownSegment, question: Question): string {
  const words = segmentWords(
    { ...segment, question: question.key },
    question.kind === "mask" ? question : undefined,
  );
  return segment.borderline ? `${words}, borderline` : words;
}

/** What is laid on the images: all that the readings in sight have painted, as far as it is unpacked. */
export function maskLayers(
  item: OpenItem,
  shown: ReadonlySet<string>,
  labels: ReadonlyMap<string, Uint8Array | null>,
  look: MaskLook,
): MaskLayer[] {
  return item.originals
    .filter(({ letter }) => shown.has(letter))
    .flatMap(({ letter, labelmaps }) =>
      labelmaps.flatMap((one): MaskLayer[] => {
        const id = maskId(letter, one);
        const unpacked = labels.get(id);
        if (!unpacked) return [];
        const colors = new Map(one.segments.map(({ value }) => [value, readingColor(letter)]));
        return [{ id, series: one.series, shape: one.shape, labels: unpacked, colors, ...look }];
      }),
    );
}
