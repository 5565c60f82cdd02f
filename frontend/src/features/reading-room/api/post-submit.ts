import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import type { Timing } from "../model/timing";
import type { DraftContent } from "./put-draft";
import { type OpenRead, openRead } from "./read";
import { readPath } from "./read-ahead";

const submittedSchema = z.object({
  status: z.literal("submitted"),
  has_feedback: z.boolean(),
  next: z.object({
    status: z.string(),
    session_ordinal: z.number().nullable(),
    position: z.number().nullable(),
  }),
  opened: openRead.nullable().default(null),
});

export interface Submitted extends z.infer<typeof submittedSchema> {
  /** The read that comes next, open, where it was asked for and no rule is against it. */
  opened: OpenRead | null;
}

export function postSubmit(
  readId: string,
  submission: DraftContent & {
    revision: number;
    idempotency_key: string;
    timing: Timing;
    open_next: boolean;
  },
): Promise<Submitted> {
  return api.post<Submitted>(
    `${readPath(readId)}/submit`,
    submission,
    submittedSchema as z.ZodType<Submitted>,
  );
}
