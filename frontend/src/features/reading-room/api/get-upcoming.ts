import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { type SeriesInfo, seriesSchema } from "./read";

/** The images that come next, under the id that their read will have; none where no case may be opened then. */
export interface Upcoming {
  read_id: string | null;
  series: SeriesInfo[];
}

const upcomingSchema = z.object({ read_id: z.string().nullable(), series: z.array(seriesSchema) });

export function getUpcoming(slug: string): Promise<Upcoming> {
  return api.get<Upcoming>(`/api/reader/studies/${encodeURIComponent(slug)}/upcoming`, upcomingSchema);
}
