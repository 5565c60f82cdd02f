import { type AnalysisRun, isUnderWay } from "../api/analysis-runs";
import { formatLevel } from "./format";

export const SET_TEXT: Readonly<Record<AnalysisRun["analysis_set"], string>> = {
  "as-read": "As read",
  "per-protocol": "Per protocol",
};

export const STATE_TEXT: Readonly<Record<AnalysisRun["state"], string>> = {
  queued: "Waiting",
  running: "Running",
  done: "Done",
  failed: "Failed",
};

/** `As read, 95% intervals, seed 20260101`: what tells a run from another. */
export function runText(run: AnalysisRun): string {
  const added = run.supplement ? `, supplement ${run.supplement.number}` : "";
  return `${SET_TEXT[run.analysis_set]}, ${formatLevel(run.level)} intervals, seed ${run.seed}${added}`;
}

/** `Section 5 of 13: ROC analysis`; once all sections are done, their files are being written. */
export function progressText(run: AnalysisRun): string {
  if (run.state === "queued") return "Waiting for a free worker.";
  const { sections_done: done, sections_total: total, section } = run;
  if (total > 0 && done >= total) return "Writing the report and the files.";
  const number = `Section ${Math.min(done + 1, total)} of ${total}`;
  return section === null ? number : `${number}: ${section}`;
}

/** The run that is shown: the one of the address, else the newest finished default, else the nearest to it. */
export function shownRun(runs: readonly AnalysisRun[], asked: string | null): AnalysisRun | null {
  if (asked !== null) return runs.find((run) => run.id === asked) ?? null;
  const defaults = runs.filter((run) => run.is_default);
  const isDone = (run: AnalysisRun) => run.state === "done";
  return (
    defaults.find(isDone) ??
    defaults.find(isUnderWay) ??
    runs.find(isDone) ??
    runs.find(isUnderWay) ??
    runs[0] ??
    null
  );
}

export interface RunForm {
  analysis_set: AnalysisRun["analysis_set"];
  level: string;
  seed: string;
  /** Id of what is added to the study's records; empty for nothing. */
  supplement: string;
}

/** The largest seed that the server takes. */
const MAX_SEED = 2 ** 31 - 1;

/** Why the form cannot be sent, by field; the level is asked for in percent. */
export function formProblems(form: RunForm): { level?: string; seed?: string } {
  const problems: { level?: string; seed?: string } = {};
  const level = Number(form.level);
  if (form.level.trim() === "" || !(level >= 80 && level <= 99.9)) {
    problems.level = "A number from 80 to 99.9.";
  }
  const seed = Number(form.seed);
  if (form.seed.trim() === "" || !Number.isSafeInteger(seed) || seed < 0 || seed > MAX_SEED) {
    problems.seed = "A whole number from 0 to 2147483647.";
  }
  return problems;
}

/** 95 percent as 0.95, without the dust of the division. */
export function levelOf(percent: string): number {
  return Number((Number(percent) / 100).toFixed(6));
}
