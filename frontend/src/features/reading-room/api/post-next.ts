import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";

const nextSchema = z.object({ read_id: z.string() });

/** Opens the reader's next read of the study, or gives back the one that is open. */
export async function postNext(slug: string): Promise<string> {
  const { read_id } = await api.post(
    `/api/reader/studies/${encodeURIComponent(slug)}/next`,
    undefined,
    nextSchema,
  );
  return read_id;
}
