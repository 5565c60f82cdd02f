import type { DraftContent } from "../api/put-draft";
import type { OpenRead } from "../api/read";
import { isSameContent } from "./draft-saver";
import type { LocalDraft } from "./local-draft";

export type Restored =
  | { kind: "server"; content: DraftContent }
  /** This browser has entries that the server has not. */
  | { kind: "local"; content: DraftContent; keptAt: number }
  /** So it has, but the server's draft was changed elsewhere since: the reader chooses. */
  | { kind: "conflict"; content: DraftContent; local: DraftContent; keptAt: number };

/** The draft to go on with, from what the server and what this browser holds. */
export function restoreDraft(
  draft: OpenRead["draft"],
  local: LocalDraft | null,
  sendable: (content: DraftContent) => DraftContent,
): Restored {
  const content: DraftContent = { answers: draft.answers, measurements: draft.measurements };
  if (local === null || isSameContent(local.content, content)) return { kind: "server", content };
  if (local.baseRevision === draft.revision) {
    return { kind: "local", content: local.content, keptAt: local.keptAt };
  }
  // The save went through and only its answer was lost: nothing was entered elsewhere.
  if (isSameContent(sendable(local.content), content)) {
    return { kind: "local", content: local.content, keptAt: local.keptAt };
  }
  return { kind: "conflict", content, local: local.content, keptAt: local.keptAt };
}
