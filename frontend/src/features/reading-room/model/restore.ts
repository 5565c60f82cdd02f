import type { DraftContent } from "../api/put-draft";
import type { OpenRead } from "../api/read";
import { hasDrawings, isAllSent, isSameContent } from "./content";
import type { LocalDraft } from "./local-draft";
import { changesAfter } from "./save-id";

export type Restored =
  | { kind: "server"; content: DraftContent }
  /** This browser has entries that the server has not. */
  | { kind: "local"; content: DraftContent; keptAt: number }
  /** So it has, but the server's draft was changed elsewhere since: the reader chooses. */
  | { kind: "conflict"; content: DraftContent; local: DraftContent; keptAt: number };

/** What the reader entered, without what the server says of it. */
export function contentOf(draft: DraftContent): DraftContent {
  const { answers, measurements, annotations = [], labelmaps = [] } = draft;
  return { answers, measurements, annotations, labelmaps };
}

/** The draft to go on with, from what the server and what this browser holds. */
export function restoreDraft(
  draft: OpenRead["draft"],
  local: LocalDraft | null,
  sendable: (content: DraftContent) => DraftContent,
): Restored {
  const content = contentOf(draft);
  if (local === null) return { kind: "server", content };
  const known = { ...local.content, labelmaps: local.content.labelmaps ?? content.labelmaps };
  if (isSameContent(known, content)) return { kind: "server", content };
  const kept: Restored = { kind: "local", content: contentOf(known), keptAt: local.keptAt };
  if (local.baseRevision === draft.revision) return kept;
  // The page that kept it saved it too, and only the answer was lost: the later of the two goes on.
  const lead = changesAfter(draft.client_id, local.saveId);
  const hasAll = lead === 0 && isAllSent(known, sendable(known)) && hasDrawings(content, known);
  if (lead !== null) return lead > 0 || hasAll ? { kind: "server", content } : kept;
  // The save went through and only its answer was lost: nothing was entered elsewhere.
  if (isSameContent(sendable(known), content)) return kept;
  return { kind: "conflict", content, local: kept.content, keptAt: local.keptAt };
}
