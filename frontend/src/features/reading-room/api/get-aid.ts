import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { readPath } from "./read";

const aidSchema = z.object({
  model: z.object({ id: z.string(), semver: z.string(), title: z.string(), weights_status: z.string() }),
  status: z.enum(["available", "missing"]),
  score: z.number().nullable(),
  probability: z.number().nullable(),
  probability_note: z.string(),
  cut_off: z.number().nullable(),
  is_positive: z.boolean().nullable(),
  near_cut_off: z.boolean().nullable(),
  numeric_uncertainty: z.number().nullable(),
  notes: z.array(z.string()),
  synthetic: z.boolean(),
});
export type Aid = z.infer<typeof aidSchema>;

/** The model's output; the server answers 404 unless the protocol releases it now, and logs that it was shown. */
export function getAid(readId: string): Promise<Aid> {
  return api.get(`${readPath(readId)}/aid`, aidSchema);
}
