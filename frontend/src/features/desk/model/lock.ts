import type { DeskStudy } from "../api/get-study";

export interface LockForm {
  missingReads: number;
  /** Discordant cases wait for an adjudicator. */
  isUnsettled: boolean;
  reason: string;
}

export interface LockCheck {
  isReasonNeeded: boolean;
  /** Why the lock cannot be requested with this form yet; null when it can. */
  problem: string | null;
}

export const REASON_MAX = 2000;

/** Whether the request for the lock may be sent: with a reason when reads or verdicts are missing. */
export function checkLock({ missingReads, isUnsettled, reason }: LockForm): LockCheck {
  const isReasonNeeded = missingReads > 0 || isUnsettled;
  const length = reason.trim().length;
  let problem: string | null = null;
  if (isReasonNeeded && length === 0) problem = "Give the reason for locking without what is missing.";
  else if (length > REASON_MAX) problem = `The reason may have ${REASON_MAX} characters; it has ${length}.`;
  return { isReasonNeeded, problem };
}

/** What is wrong with the confirmation, null when nothing is. */
export function confirmProblem(isUnderstood: boolean, password: string): string | null {
  if (!isUnderstood) return "Confirm that the lock is final.";
  return password === "" ? "Give your password." : null;
}

export function readsMissingText(missingReads: number): string {
  if (missingReads === 0) return "All reads are submitted.";
  return missingReads === 1 ? "1 read is not submitted." : `${missingReads} reads are not submitted.`;
}

/** What this person can do for the lock: be the first, wait for another, be the second, or nothing. */
export type LockStep = "request" | "wait" | "confirm" | "none";

export function lockStep(study: DeskStudy): LockStep {
  if (!study.permissions.lock) return "none";
  if (study.lock_request === null) return "request";
  return study.lock_request.is_own ? "wait" : "confirm";
}
