import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { DraftContent } from "./put-draft";
import { readPath } from "./read-ahead";

const correctedSchema = z.object({ status: z.literal("corrected") });

/** Adds corrected answers to a read that was opened again; the first ones stay. */
export function postCorrection(
  readId: string,
  correction: DraftContent & { idempotency_key: string; reason: string },
): Promise<{ status: "corrected" }> {
  return api.post(`${readPath(readId)}/correction`, correction, correctedSchema);
}
