import { type Section, sectionOf } from "../../../shared/lib/protocol-parts";
import type { CellLoad, DesignSummary, Problem } from "../api/protocol";

const NUMBER = new Intl.NumberFormat("en-US");

export function count(value: number): string {
  return NUMBER.format(value);
}

/** Minutes as hours for people: `45 min`, `5.0 h`, `122 h`. */
export function duration(minutes: number): string {
  if (minutes < 60) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 100 ? `${hours.toFixed(1)} h` : `${NUMBER.format(Math.round(hours))} h`;
}

export function plural(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? "" : "s"}`;
}

/** One value where all are equal, else the smallest and the largest. */
export function span(values: readonly number[], text: (value: number) => string = count): string {
  if (values.length === 0) return "–";
  const low = Math.min(...values);
  const high = Math.max(...values);
  return text(low) === text(high) ? text(low) : `${text(low)} – ${text(high)}`;
}

function staffed(summary: DesignSummary): CellLoad[] {
  return summary.cells.filter((cell) => cell.readers > 0);
}

export function readsPerReader(summary: DesignSummary): string {
  return span(staffed(summary).map((cell) => cell.reads));
}

export function hoursPerReader(summary: DesignSummary): string {
  return span(
    staffed(summary).map((cell) => cell.minutes),
    duration,
  );
}

/** Days from the first to the last of them, both counted. */
export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1;
}

export function blockingProblems(problems: readonly Problem[]): Problem[] {
  return problems.filter((problem) => problem.is_blocking);
}

export function problemCounts(
  problems: readonly Problem[],
): Map<Section, { blocking: number; advice: number }> {
  const counts = new Map<Section, { blocking: number; advice: number }>();
  for (const problem of problems) {
    const section = sectionOf(problem.path);
    const before = counts.get(section) ?? { blocking: 0, advice: 0 };
    counts.set(section, {
      blocking: before.blocking + (problem.is_blocking ? 1 : 0),
      advice: before.advice + (problem.is_blocking ? 0 : 1),
    });
  }
  return counts;
}

/** `Age: 61; MRI: after treatment` as lines; a piece without a colon is a note. */
export function toldLines(text: string): { label: string; value: string }[] {
  return text
    .split(";")
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "")
    .map((piece) => {
      const [label = "", ...value] = piece.split(":");
      return value.length === 0
        ? { label: "Note", value: label.trim() }
        : { label: label.trim() || "Note", value: value.join(":").trim() || "–" };
    });
}

/** A short name from a title: small letters, digits and single hyphens. */
export function slugOf(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50)
    .replace(/-+$/, "");
}
