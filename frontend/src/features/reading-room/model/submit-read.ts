import { ApiError, isApiError } from "../../../shared/api/client";
import { postCorrection } from "../api/post-correction";
import { postSubmit, type Submitted } from "../api/post-submit";
import type { DraftContent } from "../api/put-draft";
import type { LocalDrafts } from "./local-draft";
import { drawingWords, refusedParts } from "./refused-parts";
import type { ReadingClock } from "./timing";

export type Submission =
  /** `next` is null where another tab or try has submitted the read; `opened` is what comes next, where it is open. */
  | { kind: "submitted"; next: Submitted["next"] | null; opened: Submitted["opened"] }
  | { kind: "corrected" }
  | { kind: "failed"; text: string; problems: Readonly<Record<string, string>> };

interface SubmittableDraft {
  sendable: () => DraftContent;
  /** The revision on which the submission rests. */
  settle: () => Promise<number>;
  resume: () => void;
  finish: () => void;
}

/** What takes less than this is over before a sign of waiting could be read: it would only flicker. */
export const LATE_AFTER_MS = 300;

/**
 * Submit a read once and for all.
 *
 * The key is the same for every try, so that a submission whose answer was lost is not refused as a second one. With
 * `opensNext` the server opens what comes next on the same way.
 */
export async function submitRead(
  readId: string,
  draft: SubmittableDraft,
  local: LocalDrafts,
  clock: ReadingClock | null,
  { opensNext = false } = {},
): Promise<Submission> {
  if (clock === null) return failed("The page is not ready yet. Please try again.");
  const revision = await draft.settle();
  const sent = draft.sendable();
  try {
    const { next, opened } = await postSubmit(readId, {
      ...sent,
      revision,
      idempotency_key: local.submissionId(readId),
      timing: clock.report(),
      open_next: opensNext,
    });
    draft.finish();
    return { kind: "submitted", next, opened };
  } catch (error) {
    if (isApiError(error, "read_locked")) {
      draft.finish();
      return { kind: "submitted", next: null, opened: null };
    }
    draft.resume();
    return refused(error, sent);
  }
}

/** Submit the correction of a read that was opened again, once, under the same key for every try. */
export async function submitCorrection(
  readId: string,
  draft: SubmittableDraft,
  local: LocalDrafts,
  reason: string,
): Promise<Submission> {
  const sent = draft.sendable();
  try {
    const idempotency_key = local.submissionId(readId);
    await postCorrection(readId, { ...sent, idempotency_key, reason });
    draft.finish();
    return { kind: "corrected" };
  } catch (error) {
    return refused(error, sent);
  }
}

/** What an error on the way to a submission says to the reader; a drawing at fault is named. */
export function refused(error: unknown, sent: DraftContent | null = null): Submission & { kind: "failed" } {
  if (!(error instanceof ApiError)) return failed("Something unexpected happened. Nothing is lost.");
  if (error.isOffline)
    return failed("Not submitted: the server cannot be reached. Your answers are kept here.");
  if (error.status === 404) return failed("Not submitted: this case is not one of whoever is signed in now.");
  const parts = sent === null ? [] : refusedParts(error, sent);
  const drawn = parts.flatMap((one) => (one.kind === "answer" ? [] : [drawingWords(one)]));
  return failed([error.text, ...drawn].join(" "), error.fields);
}

function failed(
  text: string,
  problems: Readonly<Record<string, string>> = {},
): Submission & { kind: "failed" } {
  return { kind: "failed", text, problems };
}
