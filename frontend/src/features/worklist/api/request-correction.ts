import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const requestedSchema = z.object({ status: z.literal("requested") });

/** Asks the desk to open a submitted read again. Errors: `reopening_open`, `study_not_reading`. */
export function requestCorrection(readId: string, reason: string): Promise<{ status: "requested" }> {
  return api.post(`/api/reader/reads/${readId}/correction-request`, { reason }, requestedSchema);
}
