export interface LockForm {
  missingReads: number;
  reason: string;
  isConfirmed: boolean;
}

export interface LockCheck {
  isReasonNeeded: boolean;
  /** Why the database cannot be locked with this form yet; null when it can. */
  problem: string | null;
}

export const REASON_MAX = 2000;

/** Whether the lock dialog may be sent: confirmed, and with a reason when reads are missing. */
export function checkLock({ missingReads, reason, isConfirmed }: LockForm): LockCheck {
  const isReasonNeeded = missingReads > 0;
  const length = reason.trim().length;
  let problem: string | null = null;
  if (isReasonNeeded && length === 0) problem = "Give the reason for locking without the missing reads.";
  else if (length > REASON_MAX) problem = `The reason may have ${REASON_MAX} characters; it has ${length}.`;
  else if (!isConfirmed) problem = "Confirm that the lock is final.";
  return { isReasonNeeded, problem };
}

export function readsMissingText(missingReads: number): string {
  if (missingReads === 0) return "All reads are submitted.";
  return missingReads === 1 ? "1 read is not submitted." : `${missingReads} reads are not submitted.`;
}
