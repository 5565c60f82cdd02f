import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const queuedSchema = z.object({ queued: z.number(), existing: z.number() });
export type Queued = z.infer<typeof queuedSchema>;

/** Queues the study's model for every case that lacks it. Errors: `study_locked`, `model_not_registered`. */
export function queuePredictions(slug: string): Promise<Queued> {
  return api.post(`/api/desk/studies/${slug}/predictions`, undefined, queuedSchema);
}
