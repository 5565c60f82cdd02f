import { ApiError, isApiError } from "../../../shared/api/client";
import { postSubmit } from "../api/post-submit";
import type { DraftContent } from "../api/put-draft";
import type { LocalDrafts } from "./local-draft";
import type { ReadingClock } from "./timing";

export type Submission =
  | { kind: "submitted"; hasNext: boolean }
  | { kind: "failed"; text: string; problems: Readonly<Record<string, string>> };

interface SubmittableDraft {
  sendable: () => DraftContent;
  /** The revision on which the submission rests. */
  settle: () => Promise<number>;
  resume: () => void;
  finish: () => void;
}

/**
 * Submit a read once and for all.
 *
 * The key is the same for every try, so that a submission whose answer was lost is not refused as a second one.
 */
export async function submitRead(
  readId: string,
  draft: SubmittableDraft,
  local: LocalDrafts,
  clock: ReadingClock | null,
): Promise<Submission> {
  if (clock === null) return failed("The page is not ready yet. Please try again.");
  const revision = await draft.settle();
  try {
    const { next } = await postSubmit(readId, {
      ...draft.sendable(),
      revision,
      idempotency_key: local.submissionId(readId),
      timing: clock.report(),
    });
    draft.finish();
    return { kind: "submitted", hasNext: next.status === "open" };
  } catch (error) {
    if (isApiError(error, "read_locked")) {
      draft.finish();
      return { kind: "submitted", hasNext: true };
    }
    draft.resume();
    if (!(error instanceof ApiError)) return failed("Something unexpected happened. Nothing is lost.");
    if (error.isOffline)
      return failed("Not submitted: the server cannot be reached. Your answers are kept here.");
    return failed(error.text, error.fields);
  }
}

function failed(text: string, problems: Readonly<Record<string, string>> = {}): Submission {
  return { kind: "failed", text, problems };
}
