import type { QuestionOf } from "../../../shared/forms/types";
import { freeKey, keyFromLabel } from "./edit";

/** What a segment of a painted mask can be called: a key, which is stored, and a label, which is shown. */
export type Word = NonNullable<QuestionOf<"mask">["labels"]>[number];

/** The server keeps no more of each. */
export const MOST_WORDS = 50;

/** One word more, with a key of its own. */
export function addWord(words: readonly Word[], label: string): Word[] {
  return [...words, { key: freeKey(keyFromLabel(label), keysOf(words)), label }];
}

/** A new label of a word; its key follows for as long as it says the same. */
export function relabelWord(words: readonly Word[], place: number, label: string): Word[] {
  const word = words[place] as Word;
  const taken = keysOf(words.toSpliced(place, 1));
  const automatic = (text: string) => freeKey(keyFromLabel(text), taken);
  const follows = word.key === automatic(word.label);
  return words.with(place, { key: follows ? automatic(label) : word.key, label });
}

/** Every region on every side, region by region, as "left obturator"; a list that is empty adds nothing to the other. */
export function combinations(regions: readonly string[], sides: readonly string[]): string[] {
  if (regions.length === 0) return [...sides];
  if (sides.length === 0) return [...regions];
  return regions.flatMap((region) => sides.map((side) => `${side} ${region}`));
}

/** The words with those that are missing of the labels given. */
export function withLabels(words: readonly Word[], labels: readonly string[]): Word[] {
  const known = new Set(words.map(({ label }) => label));
  return labels.filter((label) => !known.has(label)).reduce(addWord, [...words]);
}

/** The pieces of a text between commas or lines, each once. */
export function piecesOf(text: string): string[] {
  const pieces = text
    .split(/[,\n]/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
  return [...new Set(pieces)];
}

const keysOf = (words: readonly Word[]): Set<string> => new Set(words.map(({ key }) => key));
