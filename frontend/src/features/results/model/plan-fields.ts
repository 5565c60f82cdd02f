import { type ReadLines, readEndpoints, readLists, readWords } from "../../../shared/lib/plan-lines";
import type { PlanKey } from "../api/supplements";

/** What was written for a key of the plan, as it was written. */
export type PlanFields = Readonly<Record<string, string>>;

interface ReadPlan {
  plan: Record<string, unknown>;
  /** By key, why what was written cannot be read. */
  problems: Record<string, string>;
}

/** How a value of this kind is written. */
export const KIND_HINTS: Readonly<Record<PlanKey["kind"], string>> = {
  text: "One name",
  texts: "Names with commas between",
  number: "A number",
  numbers: "Numbers with commas between",
  pairs: "One pair a line, with a comma between the two",
  words: "One a line: its name, a colon, the word",
  lists: "One a line: its name, a colon, the groups with commas between",
  endpoints: "One a line: endpoint, time, a colon, the models with commas between",
};

/** Kinds that are written over several lines. */
export const LINED: ReadonlySet<PlanKey["kind"]> = new Set(["pairs", "words", "lists", "endpoints"]);

function parts(text: string, separator: RegExp | string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function numbersIn(text: string): number[] | null {
  const numbers = parts(text, ",").map(Number);
  return numbers.length > 0 && numbers.every(Number.isFinite) ? numbers : null;
}

function pairsIn(text: string): string[][] | null {
  const pairs = parts(text, "\n").map((line) => parts(line, ","));
  return pairs.length > 0 && pairs.every((pair) => pair.length === 2) ? pairs : null;
}

/** The value that was written, or null where it cannot be read. */
function readValue(kind: PlanKey["kind"], text: string): unknown {
  switch (kind) {
    case "text":
      return text.trim() || null;
    case "texts": {
      const names = parts(text, ",");
      return names.length > 0 ? names : null;
    }
    case "number": {
      const numbers = numbersIn(text);
      return numbers?.length === 1 ? numbers[0] : null;
    }
    case "numbers":
      return numbersIn(text);
    case "pairs":
      return pairsIn(text);
    case "words":
      return filled(text, readWords);
    case "lists":
      return filled(text, readLists);
    case "endpoints":
      return filled(text, readEndpoints);
  }
}

/** What the lines say, or null where they say nothing or cannot be read. */
function filled(text: string, read: (text: string) => ReadLines<unknown>): unknown {
  const found = read(text);
  return text.trim() !== "" && "value" in found ? found.value : null;
}

/** The plan of the fields that are there. */
export function planOf(fields: PlanFields, keys: readonly PlanKey[]): ReadPlan {
  const read: ReadPlan = { plan: {}, problems: {} };
  for (const { key, kind } of keys) {
    const text = fields[key];
    if (text === undefined) continue;
    const value = readValue(kind, text);
    if (value === null) read.problems[key] = `${KIND_HINTS[kind]}.`;
    else read.plan[key] = value;
  }
  return read;
}

/** A value of the plan as a person reads it. */
export function planText(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map((one: unknown) => (Array.isArray(one) ? one.join(" / ") : planText(one))).join(", ");
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, one]) => `${name} (${planText(one)})`)
      .join(", ");
  }
  return String(value);
}
