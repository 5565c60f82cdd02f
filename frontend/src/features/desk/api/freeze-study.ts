import { api } from "../../../shared/api/client";
import { type DeskStudy, studySchema } from "./get-study";

/** Freezes the protocol and opens the study for reading. Errors: `no_cases`, `no_readers`, `study_phase`. */
export function freezeStudy(slug: string): Promise<DeskStudy> {
  return api.post(`/api/desk/studies/${slug}/freeze`, undefined, studySchema);
}
