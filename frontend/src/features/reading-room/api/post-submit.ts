import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { DraftContent } from "./put-draft";
import { readPath } from "./read";

export interface Timing {
  first_image_ms: number | null;
  first_interaction_ms: number | null;
  active_ms: number;
  wall_ms: number;
  slices_seen: number;
  slices_total: number;
  clicks: number;
}

const submittedSchema = z.object({
  status: z.literal("submitted"),
  next: z.object({ status: z.string() }),
});
export type Submitted = z.infer<typeof submittedSchema>;

export function postSubmit(
  readId: string,
  submission: DraftContent & { revision: number; idempotency_key: string; timing: Timing },
): Promise<Submitted> {
  return api.post(`${readPath(readId)}/submit`, submission, submittedSchema);
}
