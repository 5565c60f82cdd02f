import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const openedSchema = z.object({ read_id: z.string() });

/** Opens the next case, or gives back the open draft. Errors: `washout_running`, `nothing_left`, `study_not_reading`. */
export async function openNext(slug: string): Promise<string> {
  const opened = await api.post(`/api/reader/studies/${slug}/next`, undefined, openedSchema);
  return opened.read_id;
}
