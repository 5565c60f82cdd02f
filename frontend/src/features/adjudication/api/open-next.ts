import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const openedSchema = z.object({ item_id: z.string() });

/** Opens the next item, or gives back the open one. Errors: `nothing_to_adjudicate`, `study_not_reading`. */
export async function openNext(slug: string): Promise<string> {
  const opened = await api.post(`/api/adjudicator/studies/${slug}/next`, undefined, openedSchema);
  return opened.item_id;
}
