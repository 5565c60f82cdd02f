import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { Timing } from "../model/timing";
import type { DraftContent } from "./put-draft";
import { readPath } from "./read";

const submittedSchema = z.object({
  status: z.literal("submitted"),
  has_feedback: z.boolean(),
  next: z.object({
    status: z.string(),
    session_ordinal: z.number().nullable(),
    position: z.number().nullable(),
  }),
});
export type Submitted = z.infer<typeof submittedSchema>;

export function postSubmit(
  readId: string,
  submission: DraftContent & { revision: number; idempotency_key: string; timing: Timing },
): Promise<Submitted> {
  return api.post(`${readPath(readId)}/submit`, submission, submittedSchema);
}
