import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { Answer } from "../../../shared/forms/types";
import type { Measurement, StoredView } from "./read";
import { readPath } from "./read";

export interface DraftContent {
  answers: Record<string, Answer>;
  measurements: Measurement[];
}

const savedSchema = z.object({ revision: z.number(), saved_at: z.string() });
export type SavedDraft = z.infer<typeof savedSchema>;

export function putDraft(
  readId: string,
  draft: DraftContent & { revision: number; client_id: string; view?: StoredView },
  options: { keepalive?: boolean } = {},
): Promise<SavedDraft> {
  return api.put(`${readPath(readId)}/draft`, draft, savedSchema, options);
}
