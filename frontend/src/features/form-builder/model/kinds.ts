import { isByVoxels, type Kind, type Question } from "../../../shared/forms/types";

/** What a new question can be: a kind, of masks also the one that is painted. */
export type NewKind = Kind | "painted";

/** What a coordinator is told of a kind of question before choosing it. */
export interface KindCard {
  kind: NewKind;
  title: string;
  /** What the reader does. */
  does: string;
}

export const KINDS: readonly KindCard[] = [
  { kind: "choice", title: "Choice", does: "One of several options, or all that apply." },
  { kind: "ordinal", title: "Scale", does: "A point on a scale with words, such as 1 to 5." },
  { kind: "yes_no", title: "Yes or no", does: "A single yes or no." },
  { kind: "location", title: "Location", does: "A place from a list, on a diagram when you like." },
  { kind: "measurement", title: "Measurement", does: "A long or short axis, drawn on the image or typed." },
  { kind: "number", title: "Number", does: "A number within a range." },
  { kind: "probability", title: "Probability", does: "From 0 to 100 percent, on a slider." },
  { kind: "mark", title: "Marks", does: "Points set on the images, each with a rating." },
  { kind: "mask", title: "Outline", does: "A region outlined slice by slice." },
  {
    kind: "painted",
    title: "Painted mask",
    does: "Structures painted voxel by voxel, each named and measured.",
  },
  { kind: "text", title: "Text", does: "Free text." },
  { kind: "derived", title: "Computed value", does: "Follows from other answers; nobody enters it." },
];

export const titleOf = (kind: NewKind): string => KINDS.find((one) => one.kind === kind)?.title ?? kind;

/** What a question is called in the list: a mask by how it is drawn. */
export const titleOfQuestion = (question: Question): string =>
  titleOf(isByVoxels(question) ? "painted" : question.kind);

const ANCHORS = [
  "Definitely absent",
  "Probably absent",
  "Uncertain",
  "Probably present",
  "Definitely present",
];
const scale = () => ANCHORS.map((label, place) => ({ value: place + 1, label }));
const options = () => [
  { value: "option_1", label: "Option 1" },
  { value: "option_2", label: "Option 2" },
];

/** A new question of a kind, as complete as it can be without knowing what it asks. */
export function newQuestion(kind: NewKind, key: string): Question {
  const base = { key, label: titleOf(kind), help: "", required: kind !== "text" && kind !== "derived" };
  switch (kind) {
    case "choice":
      return { ...base, kind, options: options() };
    case "ordinal":
      return { ...base, kind, options: scale() };
    case "location":
      return {
        ...base,
        kind,
        options: [
          { value: "right", label: "Right" },
          { value: "left", label: "Left" },
        ],
      };
    case "number":
      return { ...base, kind, min: 0, max: 100, step: 1 };
    case "measurement":
      return { ...base, kind, label: "Short axis", unit: "mm", min: 1, max: 60, step: 0.1, axis: "short" };
    case "mark":
      return { ...base, kind, options: scale(), max_marks: 10 };
    case "painted":
      return { ...base, kind: "mask", drawn_by: "voxels" };
    case "derived":
      return { ...base, kind, expr: "", type: "boolean" };
    default:
      return { ...base, kind };
  }
}
