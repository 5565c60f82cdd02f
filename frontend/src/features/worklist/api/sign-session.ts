import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const signedSchema = z.object({ meaning: z.string(), signed_at: z.string(), document_sha256: z.string() });
export type Signed = z.infer<typeof signedSchema>;

/** Signs a session whose cases are all read. Errors: `wrong_password`, `session_not_read`, `study_not_reading`. */
export function signSession(slug: string, ordinal: number, password: string): Promise<Signed> {
  return api.post(`/api/reader/studies/${slug}/sessions/${ordinal}/sign`, { password }, signedSchema);
}
