import { type Answer, type Answers, isByVoxels, type Question } from "../../../shared/forms/types";
import type { OpenItem, ShownAnswer } from "../api/item";
import { segmentName, segmentsOf } from "./masks";

/** A question with what each reading says of it. */
export interface ComparisonRow {
  question: Question;
  /** By reading, in the order of the letters. */
  cells: string[];
  /** Of a painted mask its segments in words, by reading. */
  segments: string[][];
  /** How far the masks of each two readings agree; empty for other questions. */
  overlaps: string[];
  /** Why the readings are discordant by the protocol; null where they are not. */
  discordance: string | null;
  /** Whether the verdict answers it. */
  isOpen: boolean;
  /** What stands without a verdict, and how it came about; null where nothing does. */
  standing: { text: string; how: string } | null;
}

const HOW_WORDS = {
  unanimous: "All agree",
  concordant: "Within the limit",
  majority: "Majority",
} as const;

/**
 * The form as a table, question by question. Free text is no part of it: the readings come without it. `values` are
 * the form's with what was entered so far: computed questions follow from them.
 */
export function comparisonRows(item: OpenItem, values: Answers): ComparisonRow[] {
  return item.form.questions
    .filter(({ kind }) => kind !== "text")
    .map((question) => {
      const fixed = item.fixed.find((one) => one.question === question.key);
      return {
        question,
        cells: item.originals.map(({ answers }) => answerWords(question, answers[question.key] ?? null)),
        segments: item.originals.map((original) =>
          segmentsOf(original, question).map((one) => segmentName(one, question)),
        ),
        overlaps: item.agreement
          .filter((one) => one.question === question.key)
          .map(({ letters, dice }) => `${letters.join(" and ")}: ${dice.toFixed(2)}`),
        discordance: item.discordant.find((one) => one.question === question.key)?.words ?? null,
        isOpen: item.to_settle.includes(question.key),
        standing: fixed
          ? { text: standingWords(question, fixed.value, fixed.how), how: HOW_WORDS[fixed.how] }
          : followingWords(question, values[question.key] ?? null),
      };
    });
}

function standingWords(question: Question, value: ShownAnswer, how: keyof typeof HOW_WORDS): string {
  const isDrawn = question.kind === "mark" || question.kind === "mask";
  return isDrawn && how === "concordant" ? "Drawings agree" : answerWords(question, value);
}

/** A computed value, which follows from the answers that stand. */
function followingWords(question: Question, value: Answer): ComparisonRow["standing"] {
  if (question.kind !== "derived" || value === null || typeof value === "object") return null;
  return { text: answerWords(question, value), how: "Follows" };
}

/** An answer in words; a dash where there is none. */
export function answerWords(question: Question, value: ShownAnswer): string {
  if (value === null || value === "") return "–";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.map((one) => optionWords(question, one)).join(", ") || "–";
  if (typeof value === "object") return drawingWords(question, value.count);
  const text = optionWords(question, value);
  const unit = question.kind === "probability" ? "%" : "unit" in question ? question.unit : undefined;
  return unit ? `${text} ${unit}` : text;
}

function drawingWords(question: Question, count: number): string {
  if (count === 0) return "Nothing drawn";
  const one = question.kind === "mark" ? "mark" : isByVoxels(question) ? "segment" : "outline";
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

function optionWords(question: Question, value: string | number): string {
  const options = "options" in question ? (question.options ?? []) : [];
  const option = options.find((one) => one.value === value);
  if (question.kind === "ordinal" && option) return `${option.value} ${option.label}`;
  return option?.label ?? String(value);
}
