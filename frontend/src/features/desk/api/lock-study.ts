import { api } from "../../../shared/api/client";
import { type DeskStudy, studySchema } from "./get-study";

/** Locks the database and computes the results. Errors: `reads_missing`, `truth_missing`, `analysis_impossible`. */
export function lockStudy(slug: string, reason: string): Promise<DeskStudy> {
  return api.post(`/api/desk/studies/${slug}/lock`, reason === "" ? {} : { reason }, studySchema);
}
