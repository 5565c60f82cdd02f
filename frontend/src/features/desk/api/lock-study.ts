import { api } from "../../../shared/api/client";
import { type DeskStudy, studySchema } from "./get-study";

/** The first of two people asks for the lock. Errors: `reads_missing`, `truth_missing`, `lock_requested`. */
export function requestLock(slug: string, reason: string): Promise<DeskStudy> {
  return api.post(`/api/desk/studies/${slug}/lock/request`, reason === "" ? {} : { reason }, studySchema);
}

/** Takes the request back. Errors: `lock_not_requested`. */
export function withdrawLock(slug: string): Promise<DeskStudy> {
  return api.post(`/api/desk/studies/${slug}/lock/withdraw`, undefined, studySchema);
}

/**
 * The second person locks the database, and the results are computed. Errors: `wrong_password`, `lock_needs_two`,
 * `lock_not_requested`, `reads_missing`, `truth_missing`, `analysis_impossible`.
 */
export function confirmLock(slug: string, password: string): Promise<DeskStudy> {
  return api.post(`/api/desk/studies/${slug}/lock/confirm`, { password }, studySchema);
}
