import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { Answer } from "../../../shared/forms/types";
import type { Annotation, Labelmap, Measurement, StoredView } from "./read";
import { readPath } from "./read-ahead";

/** Everything that a reader enters in a read; a part that is absent is empty. Parts are replaced and never changed. */
export interface DraftContent {
  answers: Record<string, Answer>;
  measurements: Measurement[];
  annotations?: readonly Annotation[];
  labelmaps?: readonly Labelmap[];
}

/** What goes over the wire: without `labelmaps` those that the server has stay. */
export type SentDraft = DraftContent & { revision: number; client_id: string; view?: StoredView };

const difference = z.object({ uuid: z.string(), field: z.string(), here: z.number(), server: z.number() });

const savedSchema = z.object({
  revision: z.number(),
  saved_at: z.string(),
  /** Values of drawings that the server does not have as this browser sent them. */
  differences: z.array(difference).optional(),
});
export type SavedDraft = z.infer<typeof savedSchema>;

/** Browsers let no more than 64 KiB of requests outlive a page. */
const KEEPALIVE_MOST = 60_000;

export function putDraft(
  readId: string,
  draft: SentDraft,
  options: { keepalive?: boolean } = {},
): Promise<SavedDraft> {
  const keepalive = options.keepalive === true && !draft.labelmaps && isSmall(draft);
  return api.put(`${readPath(readId)}/draft`, draft, savedSchema, { keepalive });
}

function isSmall(draft: SentDraft): boolean {
  return new Blob([JSON.stringify(draft)]).size < KEEPALIVE_MOST;
}
