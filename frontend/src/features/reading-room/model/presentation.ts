import type { QuestionOf } from "../api/read";

type Option = QuestionOf<"location">["options"][number];

export interface Region {
  region: string;
  right: Option;
  left: Option;
}

/** Options that come in right and left pairs, as rows of regions; null when they do not. */
export function bySide(options: readonly Option[]): Region[] | null {
  const find = (value: string) => options.find((option) => option.value === value);
  const rights = options.filter((option) => String(option.value).startsWith("right_"));
  const regions = rights.flatMap((right) => {
    const left = find(String(right.value).replace(/^right_/, "left_"));
    const words = right.label.replace(/^right\s+/i, "");
    return left ? [{ region: words.charAt(0).toUpperCase() + words.slice(1), right, left }] : [];
  });
  return regions.length > 0 && regions.length * 2 === options.length ? regions : null;
}

/** The points of a scale that no count of criteria stands for. */
export function openValues(
  question: QuestionOf<"derived">,
  scale: QuestionOf<"ordinal"> | undefined,
): (string | number)[] {
  const { rule } = question;
  if (rule.op !== "count_true" || !scale) return [];
  const suggested = new Set(Object.values(rule.map));
  return scale.options.map((option) => option.value).filter((value) => !suggested.has(value));
}

/** The probability at the model's cut-off, when its probability is the inverse logit of its score; else null. */
export function cutOffProbability(aid: {
  score: number | null;
  probability: number | null;
  cut_off: number | null;
}): number | null {
  if (aid.score === null || aid.probability === null || aid.cut_off === null) return null;
  const isInverseLogit = Math.abs(inverseLogit(aid.score) - aid.probability) < 1e-6;
  return isInverseLogit ? inverseLogit(aid.cut_off) : null;
}

function inverseLogit(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
