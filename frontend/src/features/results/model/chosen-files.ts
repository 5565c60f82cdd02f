/** What may be given together, and what a name must end in. */
export interface FileRules {
  endings: readonly string[];
  /** One of this ending holds all the others, and comes alone. */
  archive?: string;
  /** The only names that are known, where there are such. */
  names?: readonly string[];
}

export const DATASET_RULES: FileRules = { endings: [".csv", ".json", ".zip"], archive: ".zip" };

/** The chosen files with further ones; the later of two of one name stays. */
export function withFiles(chosen: readonly File[], more: readonly File[]): File[] {
  const byName = new Map([...chosen, ...more].map((file) => [file.name, file]));
  return [...byName.values()];
}

/** Why these files cannot be sent; null where they can. */
export function filesProblem(files: readonly File[], rules: FileRules): string | null {
  const names = files.map((file) => file.name);
  const isKnown = (name: string) => rules.endings.some((ending) => name.toLowerCase().endsWith(ending));
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0) return `Not ${listed(rules.endings)}: ${unknown.join(", ")}.`;
  const others = rules.names === undefined ? [] : names.filter((name) => !rules.names?.includes(name));
  if (others.length > 0) return `Not known by this name: ${others.join(", ")}.`;
  const { archive } = rules;
  if (
    archive !== undefined &&
    names.length > 1 &&
    names.some((name) => name.toLowerCase().endsWith(archive))
  ) {
    return `Give one ${archive} file alone, or the files without it.`;
  }
  return null;
}

/** `.csv, .json or .zip`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
