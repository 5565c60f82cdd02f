/** Parts of an analysis plan that are written a line each: a name, a colon, and what is said of it. */

export type ReadLines<Value> = { value: Value } | { problem: string };

export interface EventProbability {
  endpoint: string;
  by: number;
  models: string[];
}

/** The pieces between commas, without the spaces around them; nothing for an empty text. */
export function pieces(text: string): string[] {
  return text.trim() === "" ? [] : text.split(",").map((piece) => piece.trim());
}

/** A number written with digits and a point, or null. */
export function plainNumber(text: string): number | null {
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : null;
}

/** The lines that say something, each parted at its last colon: a name may hold one itself. */
export function parted(text: string, example: string): ReadLines<[string, string][]> {
  const found: [string, string][] = [];
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const at = line.lastIndexOf(":");
    const [name, rest] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (at < 0 || name === "" || rest === "") {
      return { problem: `“${line.trim()}” is not written as: ${example}.` };
    }
    if (found.some(([other]) => other === name)) return { problem: `“${name}” stands here twice.` };
    found.push([name, rest]);
  }
  return { value: found };
}

/** A word by name. */
export function readWords(text: string, known?: readonly string[]): ReadLines<Record<string, string>> {
  const lines = parted(text, "name: word");
  if ("problem" in lines) return lines;
  const wrong = lines.value.find(([, word]) => known !== undefined && !known.includes(word));
  if (wrong !== undefined) return { problem: `“${wrong[1]}” is none of ${known?.join(", ")}.` };
  return { value: Object.fromEntries(lines.value) };
}

/** Two names or more by name. */
export function readLists(text: string): ReadLines<Record<string, string[]>> {
  const lines = parted(text, "name: first, second");
  if ("problem" in lines) return lines;
  const found = lines.value.map(([name, rest]) => [name, pieces(rest)] as const);
  for (const [name, own] of found) {
    if (own.includes("")) return { problem: `A name is missing beside a comma of “${name}”.` };
    if (own.length < 2) return { problem: `“${name}” needs two or more.` };
    const twice = own.find((one, index) => own.indexOf(one) !== index);
    if (twice !== undefined) return { problem: `“${twice}” of “${name}” stands there twice.` };
  }
  return { value: Object.fromEntries(found) };
}

/** Models whose probabilities are those of an endpoint's event by a time. */
export function readEndpoints(text: string): ReadLines<EventProbability[]> {
  const lines = parted(text, "endpoint, time: model, model");
  if ("problem" in lines) return lines;
  const found: EventProbability[] = [];
  for (const [head, rest] of lines.value) {
    const [endpoint, time, ...more] = pieces(head);
    const by = plainNumber(time ?? "");
    const models = pieces(rest);
    if (!endpoint || more.length > 0 || by === null || by <= 0) {
      return { problem: `“${head}” is no endpoint, a comma and a time above 0.` };
    }
    if (models.includes("")) return { problem: `A model is missing beside a comma of “${endpoint}”.` };
    const twice = models.find((one, index) => models.indexOf(one) !== index);
    if (twice !== undefined) return { problem: `“${twice}” of “${endpoint}” stands there twice.` };
    if (found.some((one) => one.endpoint === endpoint))
      return { problem: `“${endpoint}” stands here twice.` };
    found.push({ endpoint, by, models });
  }
  return { value: found };
}

export function wordsText(value: Readonly<Record<string, string>>): string {
  return Object.entries(value)
    .map(([name, word]) => `${name}: ${word}`)
    .join("\n");
}

export function listsText(value: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(value)
    .map(([name, own]) => `${name}: ${own.join(", ")}`)
    .join("\n");
}

export function endpointsText(value: readonly EventProbability[]): string {
  return value.map(({ endpoint, by, models }) => `${endpoint}, ${by}: ${models.join(", ")}`).join("\n");
}
