import type { Read } from "../api/read";
import type { Submission } from "./submit-read";

/** Where the reader goes after a submission. */
export type Way = "next" | "worklist" | "feedback" | "feedback_and_end";

/**
 * On to the next case or step, or to the worklist where the server has none now. A training case shows its feedback
 * first; after the last one of an attempt the worklist tells how it went.
 */
export function wayAfter(submission: Exclude<Submission, { kind: "failed" }>, read: Read | undefined): Way {
  if (submission.kind === "corrected") return "worklist";
  const { next } = submission;
  const isOpen = next === null || next.status === "open";
  if (!read || read.status === "submitted" || !read.session.is_training) return isOpen ? "next" : "worklist";
  const goesOn =
    isOpen && (next === null || (next.session_ordinal === read.session.ordinal && next.position !== 1));
  return goesOn ? "feedback" : "feedback_and_end";
}
